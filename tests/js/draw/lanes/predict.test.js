import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';

import { failed, load, predict } from '../../../../app/draw/lanes/predict.js';
import { newPage } from '../../support/dom.js';
import { stubEngine, stubLane, sure } from '../../support/engine.js';

const { model: MODEL } = (await import('../../support/lanes.js')).wanted();
const PIXELS = new Float32Array(784).fill(0.5);
const ignore = () => {};

beforeEach(newPage);

/** @param {import('../../../../models/tfjs/src/lanes.js').Lane} lane @param {object} its */
const loaded = (lane, its = {}) =>
  load(stubEngine({ loadLane: async () => lane }), { ...MODEL, ...its }, 'graph', 'wasm', ignore);

test('a new lane predicts a blank digit, so that no drawing waits for the first prediction', async () => {
  const lane = stubLane();
  assert.deepEqual(await loaded(lane), { format: 'graph', lane });
  assert.deepEqual(lane.predicted, [new Float32Array(784)]);
});

test('a lane that is warm already predicts nothing', async () => {
  const lane = stubLane({ firstMs: 90 });
  await loaded(lane);
  assert.equal(lane.predicted.length, 0);
});

test('a lane of larger pictures does not: a blank one would double the wait for the first', async () => {
  const lane = stubLane();
  await loaded(lane, { isDigit: false });
  assert.equal(lane.predicted.length, 0);
});

test("the model is asked for at its version's address, with its input and its backend", async () => {
  /** @type {unknown[]} */
  const asked = [];
  const engine = stubEngine({
    loadLane: async (...given) => {
      asked.push(given);
      return stubLane();
    },
  });
  await load(engine, MODEL, 'layers', 'cpu', ignore);
  const url = new URL('../../support/served/models/mnist/v1/l.json', import.meta.url).href;
  const options = { input: MODEL.input, backend: 'cpu', onProgress: ignore };
  assert.deepEqual(asked, [['layers', url, options]]);
});

test('a lane that cannot be loaded has its reason', async () => {
  const error = new Error('it is gone');
  const engine = stubEngine({ loadLane: async () => Promise.reject(error) });
  const found = await load(engine, MODEL, 'graph', 'wasm', ignore);
  assert.deepEqual(found, { format: 'graph', lane: null, error });
});

test("an answer is the lane's own, with its times", async () => {
  const lane = stubLane({ firstMs: 90, predict: async () => sure(7, 2) });
  assert.deepEqual(await predict(lane, 'graph', PIXELS), {
    format: 'graph',
    probabilities: [0, 0, 0, 0, 0, 0, 0, 1, 0, 0],
    loadMs: 20,
    firstMs: 90,
    steadyMs: [2],
    error: null,
  });
});

test('an answer that holds no numbers is a failure', async () => {
  for (const wrong of [NaN, Infinity]) {
    const probabilities = new Float32Array(10).fill(wrong, 4, 5);
    const lane = stubLane({ predict: async () => ({ probabilities, classes: 10, ms: 1 }) });
    const answer = await predict(lane, 'graph', PIXELS);
    assert.match(answer.error ?? '', /no numbers/);
    assert.equal(answer.probabilities, null);
  }
});

test('a lane that fails says why', async () => {
  const lane = stubLane({ predict: async () => Promise.reject(new Error('it is lost')) });
  assert.deepEqual(await predict(lane, 'layers', PIXELS), failed('layers', 'it is lost'));
});
