import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';

import { encode } from '../../../../../app/frontend/tfjs.js';
import hunt from '../../../../../app/inspect/picture/hunt/hunter.js';
import { settle, until } from '../../../support/clock.js';
import { componentOf, element, newPage, setGlobals } from '../../../support/dom.js';
import { BUNDLE, served, stubEngine, stubLane, sure } from '../../../support/engine.js';
import '../../../support/served/engine.js'; // so that it is there at once

/** @typedef {import('../../../../../app/inspect/picture/hunt/hunter.js').Run} Run */
/** @typedef {import('../../../../../app/inspect/picture/hunt/hunter.js').Data} Data */
/** @typedef {import('../../../../../app/inspect/picture/hunt/search.js').Job} Job */
/** @typedef {{token: string, found: {levels: string, answers: string[]}[], error: string | null, backend: string | null}} Report */

/** The page's side of a thread. */
class StubWorker extends EventTarget {
  constructor() {
    super();
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

  /** @param {object} data */
  async says(data) {
    this.dispatchEvent(new MessageEvent('message', { data }));
    await settle();
  }
}

/** @type {StubWorker[]} */
let threads;
/** @type {Report[]} */
let reports;
/** @type {HTMLElement} */
let root;

/** @type {Run} */
const RUN = {
  token: 'a',
  stopped: false,
  model: {
    name: 'mnist',
    version: 'v',
    paths: { graph: 'graph.json', layers: 'layers.json' },
    input: { shape: [28, 28, 1], scale: 1 },
  },
  backend: 'auto',
  pictures: encode(new Uint8Array(3 * 784).fill(7)),
  size: 784,
  ground: { width: 28, channels: 1, limits: { linf: 0.3, rms: 0.1 }, seed: 0, count: 64 },
  judge: { row: 10, head: 'softmax', scale: null, answers: 'probabilities' },
  seconds: 0.01,
};
const STEP = { kind: 'step', share: 0.5, asked: 1_280, apart: 0.0000034 };

beforeEach(() => {
  newPage();
  root = element('div', { className: 'dp-hunt' });
  [threads, reports] = [[], []];
  served.engine = stubEngine({
    loadLane: async () =>
      stubLane({
        predict: async (_, n = 1) => ({
          ...sure(3),
          probabilities: Float32Array.from({ length: 10 * n }, (_, at) => Number(at % 10 === 3)),
        }),
      }),
  });
  setGlobals({ Worker: StubWorker, sessionStorage: { getItem: () => null } });
});

/** @param {Partial<Run> | null} its */
const show = (its) => {
  const run = its && { ...RUN, ...its };
  const data = /** @type {Data} */ ({ bundle: BUNDLE, worker: 'w.js', run });
  const report = (/** @type {string} */ _, /** @type {unknown} */ value) =>
    reports.push(/** @type {Report} */ (value));
  return hunt(componentOf(root, data, report));
};

const status = () => root.querySelector('[role=status]')?.textContent;

test('a thread gets the two formats and the pictures, once, and the page says how far it is', async () => {
  show({});
  show({});
  assert.equal(threads.length, 1);
  const [job] = /** @type {Job[]} */ (threads[0].told);
  assert.deepEqual(
    job.models.map(({ format }) => format),
    ['graph', 'layers'],
  );
  assert.equal(job.ground.real.length, 3);
  assert.equal(job.backend, 'wasm');
  await threads[0].says(STEP);
  assert.equal(status(), 'In your browser: 1,280 pictures, at most 0.0000034 apart');
  assert.deepEqual(reports, []);
});

test('it reports once, at the end, and shows nothing then', async () => {
  show({});
  const answers = [Float32Array.of(1, 0), Float32Array.of(0, 1)];
  const found = { levels: Uint8Array.of(1, 2), origin: 2, answers };
  await threads[0].says({ kind: 'done', result: { steps: 9, asked: 99, ms: 5, found: [found] } });
  const sent = answers.map((each) => encode(new Uint8Array(each.buffer)));
  assert.deepEqual(reports, [
    {
      token: 'a',
      backend: 'wasm',
      steps: 9,
      asked: 99,
      ms: 5,
      found: [{ levels: encode(Uint8Array.of(1, 2)), origin: 2, answers: sent }],
      error: null,
    },
  ]);
  assert.equal(root.childElementCount, 0);
});

test('a stop asks for what there is, and ends at once what has not begun', async () => {
  show({});
  await threads[0].says(STEP);
  show({ stopped: true });
  show({ stopped: true });
  assert.deepEqual(threads[0].told.slice(1), ['stop']);
  show({ token: 'b' });
  assert.ok(threads[0].terminated);
  show({ token: 'b', stopped: true });
  assert.deepEqual(
    reports.map(({ token, found }) => [token, found]),
    [['b', []]],
  );
  assert.ok(threads[1].terminated);
});

test('it ends when the part is closed, or nothing is searched any more', () => {
  const close = show({});
  close();
  assert.ok(threads[0].terminated);
  show({ token: 'b' });
  show(null);
  assert.ok(threads[1].terminated);
  assert.equal(root.childElementCount, 0);
  assert.deepEqual(reports, []);
});

test('where a thread cannot compute, the page does', async () => {
  show({});
  await threads[0].says({ kind: 'unable' });
  await until(() => reports.length === 1);
  assert.equal(reports[0].error, null);
  assert.equal(reports[0].found[0].levels, encode(new Uint8Array(784).fill(7)));
});

test('what fails is said', async () => {
  show({});
  await threads[0].says({ kind: 'failed', why: 'x'.repeat(999) });
  assert.equal(reports[0].error, 'x'.repeat(500));
  show({ token: 'b' });
  await threads[1].says(STEP);
  threads[1].dispatchEvent(Object.assign(new Event('error'), { message: 'no memory' }));
  assert.match(String(reports[1].error), /broke off: no memory/);
});
