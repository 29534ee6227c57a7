import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';

import { failed, firstAnswer, pixelsOf } from '../../../../app/draw/lanes/predict.js';
import { encode } from '../../../../app/frontend/tfjs.js';
import { newPage } from '../../support/dom.js';
import { stubEngine, stubLane, sure } from '../../support/engine.js';

const DIGIT = Uint8Array.from({ length: 784 }, (_, at) => at % 256);

/** @type {import('../../../../app/draw/lanes/predict.js').Data} */
const DATA = {
  session: 's',
  bundle: 'engine.js',
  backend: 'wasm',
  digit: encode(DIGIT),
  id: null,
  model: {
    name: 'mnist',
    version: 'v1',
    paths: { graph: 'g.json', layers: 'l.json' },
    input: { shape: [28, 28, 1], scale: 255 },
    isDigit: true,
    answers: 'probabilities',
    classes: [],
  },
};
const current = () => true;

beforeEach(newPage);

test('a new lane predicts a blank digit first, so that no drawing waits for that', async () => {
  const lane = stubLane({ predict: async (pixels) => sure(7, pixels[255] === 0 ? 90 : 2) });
  const { answer } = await firstAnswer(
    stubEngine({ loadLane: async () => lane }),
    DATA,
    'graph',
    current,
  );
  assert.deepEqual(
    lane.predicted.map((pixels) => pixels[255]),
    [0, 1],
  );
  const probabilities = [0, 0, 0, 0, 0, 0, 0, 1, 0, 0];
  assert.deepEqual(answer, {
    format: 'graph',
    probabilities,
    loadMs: 20,
    firstMs: 90,
    steadyMs: [2],
    error: null,
  });
});

test('a picture that is there is predicted at once: a blank one would double the wait', async () => {
  const lane = stubLane();
  const model = { ...DATA.model, isDigit: false };
  const engine = stubEngine({ loadLane: async () => lane });
  await firstAnswer(engine, { ...DATA, model }, 'graph', current);
  assert.equal(lane.predicted.length, 1);
});

test('a lane that is warm already predicts once', async () => {
  const lane = stubLane({ firstMs: 90 });
  await firstAnswer(stubEngine({ loadLane: async () => lane }), DATA, 'graph', current);
  assert.equal(lane.predicted.length, 1);
});

test('an empty canvas loads and warms the lane, and has no answer', async () => {
  const lane = stubLane();
  const run = await firstAnswer(
    stubEngine({ loadLane: async () => lane }),
    { ...DATA, digit: null },
    'graph',
    current,
  );
  assert.deepEqual(run, { format: 'graph', lane, answer: null });
  assert.equal(lane.predicted.length, 1);
});

test('a digit that was replaced while the lane was loading is not predicted', async () => {
  const lane = stubLane({ firstMs: 90 });
  const run = await firstAnswer(
    stubEngine({ loadLane: async () => lane }),
    DATA,
    'graph',
    () => false,
  );
  assert.deepEqual([run.answer, lane.predicted.length], [null, 0]);
});

test("the model is asked for at its version's address, with its input", async () => {
  /** @type {unknown[]} */
  const asked = [];
  const engine = stubEngine({
    loadLane: async (...given) => {
      asked.push(given);
      return stubLane();
    },
  });
  const onProgress = () => {};
  await firstAnswer(engine, DATA, 'layers', current, onProgress);
  const url = new URL('../../support/served/models/mnist/v1/l.json', import.meta.url).href;
  assert.deepEqual(asked, [['layers', url, { input: DATA.model.input, onProgress }]]);
});

test('an answer that holds no numbers is a failure', async () => {
  for (const wrong of [NaN, Infinity]) {
    const probabilities = new Float32Array(10).fill(wrong, 4, 5);
    const lane = stubLane({ predict: async () => ({ probabilities, classes: 10, ms: 1 }) });
    const run = await firstAnswer(
      stubEngine({ loadLane: async () => lane }),
      DATA,
      'graph',
      current,
    );
    assert.equal(run.lane, null);
    assert.match(run.answer?.error ?? '', /no numbers/);
    assert.equal(run.answer?.probabilities, null);
  }
});

test('a lane that cannot be loaded says why', async () => {
  const engine = stubEngine({ loadLane: async () => Promise.reject(new Error('it is gone')) });
  assert.deepEqual(await firstAnswer(engine, DATA, 'graph', current), {
    format: 'graph',
    lane: null,
    answer: failed('graph', new Error('it is gone')),
  });
  assert.equal(failed('graph', 'it is gone').error, 'it is gone');
});

test('the pixels are those of the digit, or blank', () => {
  assert.deepEqual(
    pixelsOf(DATA, 784),
    Float32Array.from(DIGIT, (level) => level / 255),
  );
  assert.deepEqual(pixelsOf({ ...DATA, digit: null }, 12), new Float32Array(12));
});
