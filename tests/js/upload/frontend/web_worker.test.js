import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';

import { until } from '../../support/clock.js';
import { setGlobals } from '../../support/dom.js';
import { served, stubEngine, stubLane, sure } from '../../support/engine.js';
import '../../support/served/engine.js'; // so that it is there at once

const JOB = {
  engine: new URL('../../support/served/engine.js', import.meta.url).href,
  backend: 'wasm',
  input: { shape: [28, 28, 1], scale: 1 },
  size: 784,
  set: 'https://host/served/sets/t',
  models: { graph: 'graph.json', layers: 'layers.json' },
};

/** The thread, seen from itself. @type {EventTarget} */
let own;
/** What it said, and whether it closed. @type {unknown[]} */
let said;
/** Addresses that it posted to. @type {string[]} */
let posted;
let started = 0;

beforeEach(() => {
  own = new EventTarget();
  said = [];
  posted = [];
  served.engine = stubEngine({ loadLane: async () => stubLane({ predict: async () => sure(3) }) });
  setGlobals({
    scheduler: { postTask: async () => {} },
    addEventListener: own.addEventListener.bind(own),
    postMessage: (/** @type {unknown} */ message) => said.push(message),
    close: () => said.push('closed'),
    fetch: async (/** @type {string} */ url, /** @type {RequestInit} */ { method } = {}) => {
      if (method !== 'POST') return new Response(new Uint8Array(784));
      posted.push(url.replace(/\?.*/, '').replace(JOB.set, ''));
      return Response.json({ goOn: true });
    },
  });
});

/** The page's message. @param {unknown} data */
const tell = (data) => own.dispatchEvent(new MessageEvent('message', { data }));

/** A thread that has its job. */
function begin() {
  started += 1;
  void import(`../../../../app/upload/frontend/web_worker.js?${started}`);
  return until(() => said.length > 0 || !tell(JOB)); // once it listens
}

test('a thread asks for parts one by one, the next before it predicts one, and says when none is left', async () => {
  await begin();
  assert.deepEqual(said, ['next']);
  tell({ start: 0, stop: 1 });
  await until(() => said.length === 2);
  assert.deepEqual(said, ['next', 'next']);
  tell(null);
  await until(() => said.includes('closed'));
  assert.deepEqual(said, ['next', 'next', 'done', 'closed']);
  assert.deepEqual(posted, ['/answers/graph', '/answers/layers']);
});

test('it starts the backend without threads of its own', async () => {
  /** @type {unknown[]} */
  const asked = [];
  served.engine.useBackend = async (...given) => {
    asked.push(given);
    return { backend: 'wasm', initMs: 1 };
  };
  await begin();
  assert.deepEqual(asked, [['wasm', { threads: false }]]);
});

test('a thread in which the backend does not start says so', async () => {
  served.engine.useBackend = async () => Promise.reject(new Error('no GPU in a thread'));
  await begin();
  assert.deepEqual(said, ['unable', 'closed']);
});

test('a thread tells the page what share of the weights has arrived', async () => {
  served.engine = stubEngine({
    loadLane: async (_format, _url, options) => {
      options?.onProgress?.(0.5);
      return stubLane({ predict: async () => sure(3) });
    },
  });
  await begin();
  tell({ start: 0, stop: 1 });
  await until(() => said.some((each) => typeof each === 'object'));
  assert.deepEqual(
    said.find((each) => typeof each === 'object'),
    { format: 'graph', share: 0.5 },
  );
});
