import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';

import uploadLanes from '../../../../app/upload/frontend/browser_lanes.js';
import { settle, until } from '../../support/clock.js';
import { componentOf, element, newPage, setGlobals } from '../../support/dom.js';
import { BUNDLE, Deferred, served, stubEngine, stubLane, sure } from '../../support/engine.js';
import '../../support/served/engine.js'; // so that it is there at once

/** @typedef {import('../../../../app/upload/frontend/browser_lanes.js').Data} Data */
/** @typedef {import('../../../../app/upload/frontend/set_runner.js').Job} Job */
/** @typedef {import('../../../../app/upload/frontend/set_runner.js').Part} Part */

/** The page's side of a thread. What the page says to it is kept, what it says the test says. */
class StubWorker extends EventTarget {
  /** @param {string} script */
  constructor(script) {
    super();
    this.script = script;
    /** @type {unknown[]} */
    this.told = [];
    this.terminated = false;
    threads.push(this);
  }

  /** @param {unknown} message */
  postMessage(message) {
    this.told.push(message);
  }

  terminate() {
    this.terminated = true;
  }

  /** @param {'next' | 'unable' | 'done' | {format: string, share: number}} data */
  async says(data) {
    this.dispatchEvent(new MessageEvent('message', { data }));
    await settle();
  }

  /** @param {string} message */
  async breaks(message) {
    this.dispatchEvent(Object.assign(new Event('error'), { message }));
    await settle();
  }

  /** Asks for a part, and gets it. @returns {Promise<Part | null>} */
  async next() {
    await this.says('next');
    return /** @type {Part | null} */ (this.told.at(-1));
  }
}

/** @type {StubWorker[]} */
let threads;
/** Tokens of sets that ended. @type {unknown[]} */
let ended;
/** What was posted to the server, by its address. @type {Map<string, unknown>} */
let posted;
/** @type {HTMLElement} */
let root;

beforeEach(() => {
  newPage();
  root = element('div', { className: 'dp-upload' });
  [threads, ended, posted] = [[], [], new Map()];
  served.engine = stubEngine({ loadLane: async () => stubLane({ predict: async () => sure(3) }) });
  setGlobals({
    Worker: StubWorker,
    navigator: { hardwareConcurrency: 4 },
    scheduler: { postTask: async () => {} },
    fetch: async (/** @type {string} */ url, /** @type {RequestInit} */ { method, body } = {}) => {
      if (method !== 'POST') return new Response(new Uint8Array(784));
      posted.set(url.replace(/.*\/sets\//, '').replace(/\?.*/, ''), body);
      return Response.json({ goOn: true });
    },
  });
});

/**
 * Python asks for a set, or for nothing.
 * @param {Partial<import('../../../../app/upload/frontend/browser_lanes.js').TestSet> | null} its
 * @param {Data['backend']} [backend]
 * @param {Data['model']['paths']} [paths]
 */
function show(its, backend = 'wasm', paths = { graph: 'g.json', layers: 'l.json' }) {
  const set = its && { token: 't', images: 10, size: 784, part: 1_024, ...its };
  const model = {
    name: 'mnist',
    version: 'v1',
    paths,
    input: { shape: [28, 28, 1], scale: 255 },
  };
  const data = { bundle: BUNDLE, worker: 'served/app/h/web_worker.js', model, backend, set };
  const setStateValue = (/** @type {string} */ _, /** @type {unknown} */ token) =>
    ended.push(token);
  return uploadLanes(componentOf(root, data, setStateValue));
}

test('a thread gets the job first, with the addresses of all that it needs', () => {
  show({ token: 't', images: 10 });
  const at = (/** @type {string} */ path) => new URL(`../../support/${path}`, import.meta.url).href;
  assert.deepEqual(
    threads.map(({ script, told }) => [script, told]),
    [
      [
        at('served/app/h/web_worker.js'),
        [
          {
            engine: at('served/engine.js'),
            backend: 'wasm',
            input: { shape: [28, 28, 1], scale: 255 },
            size: 784,
            set: at('served/sets/t'),
            models: {
              graph: at('served/models/mnist/v1/g.json'),
              layers: at('served/models/mnist/v1/l.json'),
            },
          },
        ],
      ],
    ],
  );
});

test('there are as many threads as the set is worth, and processors but one, four at most', () => {
  /** @param {number} processors @param {number} images @param {Data['backend']} [backend] */
  function count(processors, images, backend) {
    threads = [];
    setGlobals({ navigator: { hardwareConcurrency: processors } });
    show({ token: `${processors} ${images} ${backend}`, images }, backend);
    return threads.length;
  }
  assert.deepEqual(
    [count(1, 9_999), count(2, 9_999), count(3, 9_999), count(4, 9_999), count(16, 9_999)],
    [1, 2, 2, 3, 4],
  );
  assert.deepEqual([count(16, 512), count(16, 513), count(16, 1_025)], [1, 2, 3]);
  assert.deepEqual([count(16, 9_999, 'webgl'), count(16, 9_999, 'webgpu')], [1, 1]);
});

test('large pictures are worth more threads, though never more than there are pictures', () => {
  const size = 224 * 224 * 3;
  show({ images: 2, size, part: 26 });
  assert.equal(threads.length, 1, 'two take no longer than 384 digits');
  threads = [];
  show({ token: 'more', images: 9, size, part: 26 });
  assert.equal(threads.length, 3);
  threads = [];
  show({ token: 'one', images: 1, size: 1 << 24, part: 1 });
  assert.equal(threads.length, 1);
});

test('no part is larger than the server sends', async () => {
  show({ images: 60, size: 224 * 224 * 3, part: 26 });
  /** @type {(Part | null)[]} */
  const taken = [];
  do taken.push(await threads[0].next());
  while (taken.at(-1) !== null);
  assert.deepEqual(taken, [
    { start: 0, stop: 26 },
    { start: 26, stop: 52 },
    { start: 52, stop: 60 },
    null,
  ]);
});

test('a model of one format has one lane', async () => {
  show({}, 'wasm', { layers: 'l.json' });
  const { models } = /** @type {Job} */ (threads[0].told[0]);
  assert.deepEqual(Object.keys(models), ['layers']);
  await threads[0].next();
  await threads[0].breaks('out of memory');
  assert.deepEqual([...posted.keys()], ['t/failure/layers']);
});

test('the threads take every digit once, in parts that get smaller towards the end', async () => {
  show({ token: 't', images: 10_000 });
  /** @type {Part[]} */
  const taken = [];
  for (let turn = 0; ; turn += 1) {
    const part = await threads[turn % 3].next();
    if (part === null) break;
    taken.push(part);
  }
  assert.deepEqual(
    taken.map(({ start }) => start),
    [0, ...taken.slice(0, -1).map(({ stop }) => stop)],
  );
  assert.equal(taken.at(-1)?.stop, 10_000);
  const sizes = taken.map(({ start, stop }) => stop - start);
  assert.equal(sizes[0], 834);
  assert.deepEqual(
    sizes.slice(0, -1),
    sizes.slice(0, -1).sort((a, b) => b - a),
  );
  assert.equal(Math.min(...sizes.slice(0, -1)), 128);
});

test('one thread alone takes parts of one size', async () => {
  setGlobals({ navigator: { hardwareConcurrency: 1 } });
  show({ token: 't', images: 2_500 });
  assert.deepEqual(
    [
      await threads[0].next(),
      await threads[0].next(),
      await threads[0].next(),
      await threads[0].next(),
    ],
    [{ start: 0, stop: 1_024 }, { start: 1_024, stop: 2_048 }, { start: 2_048, stop: 2_500 }, null],
  );
});

test('a set has ended when all its threads are done', async () => {
  show({ token: 't', images: 2_000 });
  for (const thread of threads) {
    assert.deepEqual(ended, []);
    await thread.says('done');
  }
  assert.deepEqual(ended, ['t']);
});

test('a set that is shown again goes on', () => {
  show({ token: 't', images: 10 });
  show({ token: 't', images: 10 });
  assert.deepEqual(
    threads.map(({ terminated }) => terminated),
    [false],
  );
});

test('another set, none, and a page that is left stop the threads', () => {
  show({ token: 'one', images: 10 });
  show({ token: 'two', images: 10 });
  assert.deepEqual(
    threads.map(({ terminated }) => terminated),
    [true, false],
  );
  show(null);
  const close = show({ token: 'three', images: 10 });
  close();
  assert.deepEqual(
    threads.map(({ terminated }) => terminated),
    [true, true, true],
  );
});

test('a set that was stopped does not end, whatever its threads still say', async () => {
  show({ token: 'one', images: 10 });
  show({ token: 'two', images: 10 });
  await threads[0].says('done');
  assert.deepEqual(ended, []);
  await threads[1].says('done');
  assert.deepEqual(ended, ['two']);
});

test('where no thread can start, the page computes the set, and then it has ended', async () => {
  show({ token: 't', images: 600 });
  await threads[0].says('unable');
  assert.deepEqual([[...posted.keys()], ended], [[], []]);
  await threads[1].says('unable');
  await until(() => ended.length > 0);
  assert.deepEqual([[...posted.keys()], ended], [['t/answers/graph', 't/answers/layers'], ['t']]);
});

test('while one thread works, the page does not', async () => {
  show({ token: 't', images: 600 });
  await threads[0].says('unable');
  await threads[1].next();
  await threads[1].says('done');
  assert.deepEqual([posted.size, ended], [0, ['t']]);
});

test('a set that is stopped while the page computes does not end', async () => {
  const gate = /** @type {Deferred<ReturnType<typeof sure>>} */ (new Deferred());
  const lane = stubLane({ predict: () => gate.promise });
  served.engine = stubEngine({ loadLane: async () => lane });
  const close = show({ token: 't', images: 10 });
  await threads[0].says('unable');
  await until(() => lane.predicted.length > 0);
  close();
  gate.resolve(sure(3));
  await settle();
  assert.deepEqual([posted.size, ended], [0, []]);
});

test('where neither threads nor the page can compute, the server is told why, of both lanes', async () => {
  served.engine = stubEngine({
    useBackend: async () => Promise.reject(new Error('no wasm')),
    chooseBackend: async () => Promise.reject(new Error('No backend works here.')),
  });
  show({ token: 't', images: 10 });
  await threads[0].says('unable');
  await until(() => ended.length > 0);
  assert.deepEqual(Object.fromEntries(posted), {
    't/failure/graph': 'No backend works here.',
    't/failure/layers': 'No backend works here.',
  });
});

test('a thread whose script does not load is one that cannot start', async () => {
  show({ token: 't', images: 10 });
  await threads[0].breaks('no script');
  await until(() => ended.length > 0);
  assert.deepEqual([...posted.keys()], ['t/answers/graph', 't/answers/layers']);
});

test('a thread that breaks off in the middle fails both lanes, and counts as done', async () => {
  show({ token: 't', images: 600 });
  await threads[0].next();
  await threads[0].breaks('out of memory');
  assert.equal(threads[0].terminated, true);
  assert.equal(posted.get('t/failure/graph'), 'A thread of the browser broke off: out of memory');
  assert.equal(posted.get('t/failure/layers'), 'A thread of the browser broke off: out of memory');
  await threads[1].says('unable');
  assert.deepEqual([posted.size, ended], [2, ['t']]);
});

test('without a choice of backend, what was measured in this tab is used, or wasm', () => {
  show({ token: 'one', images: 10 }, 'auto');
  sessionStorage.setItem('digit-parity-backend', 'cpu');
  show({ token: 'two', images: 10 }, 'auto');
  assert.deepEqual(
    threads.map(({ told: [job] }) => /** @type {Job} */ (job).backend),
    ['wasm', 'cpu'],
  );
});

test('how much of the weights is here is shown until all of it is, of the thread that has most', async () => {
  show({ token: 't', images: 9_999 });
  const words = () => root.textContent;
  assert.equal(words(), '');
  await threads[0].says({ format: 'graph', share: 0.25 });
  assert.equal(words(), 'Weights in your browser: graph: 25 %');
  await threads[1].says({ format: 'graph', share: 0.1 });
  await threads[1].says({ format: 'layers', share: 0.509 });
  assert.equal(words(), 'Weights in your browser: graph: 25 %, layers: 50 %');
  await threads[0].says({ format: 'graph', share: 1 });
  assert.equal(words(), 'Weights in your browser: layers: 50 %');
  await threads[0].says({ format: 'layers', share: 1 });
  assert.equal(words(), '');
});

test('a set that is stopped while weights arrive leaves no word of them', async () => {
  show({ token: 't', images: 10 });
  await threads[0].says({ format: 'graph', share: 0.25 });
  show(null);
  assert.equal(root.textContent, '');
  await threads[0].says({ format: 'graph', share: 0.5 });
  assert.equal(root.textContent, '');
});
