import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';

import { until } from '../../../support/clock.js';
import { setGlobals } from '../../../support/dom.js';
import { served, stubEngine, stubLane } from '../../../support/engine.js';
import '../../../support/served/engine.js'; // so that it is there at once

/** @typedef {import('../../../../../app/inspect/picture/hunt/search.js').Result} Result */
/** @typedef {{kind: string, result?: Result, why?: string, asked?: number, apart?: number}} Said */

/** @type {import('../../../../../app/inspect/picture/hunt/search.js').Job} */
const JOB = {
  engine: new URL('../../../support/served/engine.js', import.meta.url).href,
  backend: 'wasm',
  models: [
    { format: 'graph', url: 'graph.json' },
    { format: 'layers', url: 'layers.json' },
  ],
  input: { shape: [4, 4, 1], scale: 1 },
  ground: {
    real: [new Uint8Array(16).fill(60), new Uint8Array(16).fill(90)],
    width: 4,
    channels: 1,
    limits: { linf: 0.3, rms: 0.3 },
    seed: 0,
    count: 16,
  },
  judge: { row: 2, head: 'softmax', scale: null, answers: 'probabilities' },
  seconds: 0.2,
};

/** The thread, seen from itself. @type {EventTarget} */
let own;
/** @type {Said[]} */
let said;
/** How many pictures lanes were asked for at once. @type {number[]} */
let sizes;
let started = 0;

/** Reads the lighter half, the second one with more weight on the right. @param {number} more */
const lane = (more) =>
  stubLane({
    predict: async (pixels, n = pixels.length / 16) => {
      sizes.push(n);
      const probabilities = new Float32Array(2 * n);
      for (let at = 0; at < n; at += 1) {
        const [left, right] = [0, 2].map((from) =>
          pixels
            .subarray(at * 16, at * 16 + 16)
            .reduce((sum, each, place) => sum + ((place % 4) >> 1 === from >> 1 ? each : 0), 0),
        );
        const share = 1 / (1 + Math.exp(left - more * right));
        probabilities.set([1 - share, share], 2 * at);
      }
      return { probabilities, classes: 2, ms: 1 };
    },
  });

beforeEach(() => {
  own = new EventTarget();
  [said, sizes] = [[], []];
  served.engine = stubEngine({ loadLane: async (format) => lane(format === 'graph' ? 1 : 1.2) });
  setGlobals({
    addEventListener: own.addEventListener.bind(own),
    postMessage: (/** @type {Said} */ message) => said.push(message),
    close: () => said.push({ kind: 'closed' }),
  });
});

/** The page's message. @param {unknown} data */
const tell = (data) => own.dispatchEvent(new MessageEvent('message', { data }));

/** A thread that has its job. @param {object} [job] */
function begin(job = JOB) {
  started += 1;
  void import(`../../../../../app/inspect/picture/hunt/web_worker.js?${started}`);
  return until(() => said.length > 0 || !tell(job)); // once it listens
}

const ended = () => until(() => said.at(-1)?.kind === 'closed');

test('it says how far it is, and gives the picture whose class changes, asked alone', async () => {
  await begin();
  await ended();
  assert.equal(said[0].kind, 'step');
  const { result } = /** @type {{result: Result}} */ (said.at(-2));
  const [changed, farthest] = result.found;
  const [one, other] = changed.answers;
  assert.notEqual(one[0] > one[1], other[0] > other[1]);
  assert.equal(sizes.at(-1), 1);
  assert.ok(result.asked >= 16 && result.steps >= 1 && result.ms >= 200);
  assert.equal(farthest.levels.length, 16);
});

test('it stops when told, with what is found so far', async () => {
  await begin({ ...JOB, seconds: 1e6 });
  tell('stop');
  await ended();
  assert.equal(said.at(-2)?.kind, 'done');
});

test('a slow model is asked for fewer pictures at once', async () => {
  const now = performance.now();
  let clock = 0;
  setGlobals({ performance: { now: () => now + clock } });
  served.engine.loadLane = async () =>
    stubLane({
      predict: async (_, n = 1) => {
        sizes.push(n);
        clock += 30 * n;
        return { probabilities: new Float32Array(2 * n).fill(0.5), classes: 2, ms: 30 };
      },
    });
  await begin();
  await ended();
  assert.ok(Math.max(...sizes) <= 5, `${sizes}`);
  setGlobals({ performance });
});

test('a backend that does not start, and a lane that fails, are told apart', async () => {
  served.engine.useBackend = async () => Promise.reject(new Error('no GPU in a thread'));
  await begin();
  await ended();
  assert.deepEqual(said, [{ kind: 'unable' }, { kind: 'closed' }]);
  said = [];
  served.engine = stubEngine({ loadLane: async () => Promise.reject(new Error('eaten')) });
  await begin();
  await ended();
  assert.deepEqual(said, [{ kind: 'failed', why: 'eaten' }, { kind: 'closed' }]);
});
