import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';

import { encode } from '../../../app/frontend/tfjs.js';
import inspect from '../../../app/inspect/browser_lanes.js';
import { settle, until } from '../support/clock.js';
import { componentOf, element, newPage, setGlobals } from '../support/dom.js';
import { BUNDLE, Deferred, served, stubEngine, stubLane, sure } from '../support/engine.js';
import '../support/served/engine.js'; // so that it is there at once

/**
 * @typedef {{format: string, parts: object[], values: string, error: string | null,
 *   answers: string, ms: number, failure: string | null}} LaneReport
 */
/** @typedef {{token: string, backend: string | null, fallback: string | null, lanes: LaneReport[]}} Report */

/** @type {HTMLElement} */
let root;
/** @type {Report[]} */
let reports;
/** What lanes were asked for: names of operations. @type {(readonly string[])[]} */
let asked;
/** What a lane waits for. @type {Promise<unknown>} */
let gate;

/** As the browser's, for what is a Blob. */
class StubFileReader {
  /** @type {string | null} */
  result = null;
  onload = () => {};

  /** @param {Blob} blob */
  async readAsDataURL(blob) {
    const bytes = Buffer.from(await blob.arrayBuffer());
    this.result = bytes.length
      ? `data:application/octet-stream;base64,${bytes.toString('base64')}`
      : 'data:';
    this.onload();
  }
}

const PARTS = [
  { name: 'dense', shape: [1, 3], values: Float32Array.of(1, 2, 3) },
  { name: 'softmax', shape: [1, 2], values: Float32Array.of(0.25, 0.75) },
];

beforeEach(() => {
  newPage();
  setGlobals({ FileReader: StubFileReader });
  root = element('div', { className: 'dp-inspect' });
  [reports, asked, gate] = [[], [], Promise.resolve()];
  served.engine = stubEngine({
    loadLane: async () =>
      stubLane({
        activations: async (_, names = []) => {
          asked.push(names);
          await gate;
          return PARTS;
        },
      }),
  });
});

/** Python asks, or asks nothing. @param {string | null} token @param {{bundle?: string | null, most?: number, each?: number, sample?: string | null}} [its] */
function show(token, { bundle = BUNDLE, most = 5, each = 5, sample = null } = {}) {
  const model = {
    name: 'mnist',
    version: 'v1',
    paths: { graph: 'g.json', layers: 'l.json' },
    input: { shape: [28, 28, 1], scale: 1 },
  };
  const ask =
    token === null
      ? null
      : {
          token,
          model,
          backend: /** @type {const} */ ('wasm'),
          operations: ['one', 'two'],
          most,
          each,
          size: 784,
          pixels: encode(new Uint8Array(784)),
          sample,
        };
  const setTriggerValue = (/** @type {string} */ _, /** @type {unknown} */ value) =>
    void reports.push(/** @type {Report} */ (value));
  return inspect(componentOf(root, { bundle, ask }, setTriggerValue));
}

test('every part of both lanes is sent, its numbers one after the other', async () => {
  show('t');
  await until(() => reports.length > 0);
  const [{ lanes, ...report }] = reports;
  assert.deepEqual(report, { token: 't', backend: 'wasm', fallback: null });
  for (const { parts, values, error } of lanes) {
    assert.deepEqual(parts, [
      { name: 'dense', shape: [1, 3] },
      { name: 'softmax', shape: [1, 2] },
    ]);
    const bytes = Uint8Array.from(Buffer.from(values, 'base64'));
    assert.deepEqual(new Float32Array(bytes.buffer), Float32Array.of(1, 2, 3, 0.25, 0.75));
    assert.equal(error, null);
  }
  assert.deepEqual(asked, [['one', 'two'], []], 'a layers model shows every layer');
});

test('a question is answered once, however often the page runs', async () => {
  show('t');
  show('t');
  await until(() => reports.length > 0);
  show('t');
  show(null);
  await settle();
  assert.deepEqual([reports.length, asked.length], [1, 2]);
});

test('an answer for an older question that arrives late is not sent', async () => {
  const first = new Deferred();
  gate = first.promise;
  show('one');
  await until(() => asked.length > 0);
  gate = Promise.resolve();
  show('two');
  await until(() => reports.length > 0);
  first.resolve(undefined);
  await settle();
  assert.deepEqual(
    reports.map(({ token }) => token),
    ['two'],
  );
});

test('a page that is left while a lane is busy sends nothing', async () => {
  const busy = new Deferred();
  gate = busy.promise;
  const leave = show('t');
  await until(() => asked.length > 0);
  leave();
  busy.resolve(undefined);
  await settle();
  assert.deepEqual(reports, []);
});

test('a lane that fails says why; the other one is sent', async () => {
  const well = served.engine.loadLane;
  served.engine.loadLane = async (...given) =>
    given[0] === 'graph' ? Promise.reject(new Error('x'.repeat(600))) : well(...given);
  show('t');
  await until(() => reports.length > 0);
  assert.deepEqual(reports[0].lanes[0], {
    format: 'graph',
    parts: [],
    values: '',
    error: 'x'.repeat(500),
    answers: '',
    ms: 0,
    failure: null,
  });
  assert.equal(reports[0].lanes[1].error, null);
});

test('a lane that gives more numbers than the page takes sends none', async () => {
  show('t', { most: 4 });
  await until(() => reports.length > 0);
  assert.deepEqual(
    reports[0].lanes.map(({ values, error }) => [values, error]),
    Array(2).fill(['', 'Its layers give 5 numbers for one picture; this page takes 4.']),
  );
});

test('the ready digits are predicted twice, and the second time is sent with the answers', async () => {
  let runs = 0;
  served.engine.loadLane = async () =>
    stubLane({
      predict: async () => {
        runs += 1;
        return sure(3, 10 * runs);
      },
      activations: async () => PARTS,
    });
  show('t', { sample: encode(new Uint8Array(2 * 784)) });
  await until(() => reports.length > 0);
  const times = reports[0].lanes.map(({ ms }) => ms);
  assert.deepEqual(times, [20, 40]);
  for (const { answers, failure } of reports[0].lanes) {
    const bytes = Uint8Array.from(Buffer.from(answers, 'base64'));
    assert.deepEqual(new Float32Array(bytes.buffer), sure(3).probabilities);
    assert.equal(failure, null);
  }
});

test('without ready digits none are predicted', async () => {
  const lane = stubLane({ activations: async () => PARTS });
  served.engine.loadLane = async () => lane;
  show('t');
  await until(() => reports.length > 0);
  assert.deepEqual(lane.predicted, []);
});

test('a lane that cannot answer the ready digits says why, and its layers are sent', async () => {
  served.engine.loadLane = async () =>
    stubLane({
      predict: () => Promise.reject(new Error('no memory')),
      activations: async () => PARTS,
    });
  show('t', { sample: encode(new Uint8Array(784)) });
  await until(() => reports.length > 0);
  for (const { answers, failure, error } of reports[0].lanes)
    assert.deepEqual([answers, failure, error], ['', 'no memory', null]);
});

test('where TensorFlow.js is not installed both lanes say so', async () => {
  show('t', { bundle: null });
  await until(() => reports.length > 0);
  assert.equal(reports[0].lanes.length, 2);
  for (const { error, failure } of reports[0].lanes) {
    assert.match(String(error), /not installed on this server/);
    assert.equal(failure, error);
  }
});

test('of a layer that is too large some rows and columns are sent, and its whole shape', async () => {
  const values = Float32Array.from({ length: 16 }, (_, at) => at);
  served.engine.loadLane = async () =>
    stubLane({ activations: async () => [{ name: 'conv', shape: [1, 4, 4, 1], values }] });
  show('t', { each: 4 });
  await until(() => reports.length > 0);
  for (const lane of reports[0].lanes) {
    assert.deepEqual(lane.parts, [{ name: 'conv', shape: [1, 4, 4, 1] }]);
    const bytes = Uint8Array.from(Buffer.from(lane.values, 'base64'));
    assert.deepEqual(new Float32Array(bytes.buffer), Float32Array.of(0, 2, 8, 10));
  }
});
