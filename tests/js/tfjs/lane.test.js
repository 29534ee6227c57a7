import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';

import { address, anew, given, MODEL } from '../support/digit_model.js';
import { tensor, tf, use } from '../support/tensorflow.js';

use();
const { loadLane } = await import('../../../models/tfjs/src/lanes.js');

beforeEach(anew);

const TIMES_255 = { shape: [28, 28, 1], scale: 255 };

test('a batch is predicted digit by digit, and no tensor stays', async () => {
  const lane = await loadLane('graph', address());
  const pixels = new Float32Array(2 * 784).fill(0.25, 0, 784);
  const { probabilities, classes } = await lane.predict(pixels);
  assert.deepEqual([[...probabilities], classes, tf.alive], [[0.25, 0.75, 0, 1], 2, 0]);
});

test('pixels are scaled for the model, and stay as they are', async () => {
  const pixels = new Float32Array(784).fill(0.5);
  await (await loadLane('graph', address(), { input: TIMES_255 })).predict(pixels);
  assert.deepEqual([given[0][0], pixels[0]], [127.5, 0.5]);
});

test('pixels of another number are refused', async () => {
  const lane = await loadLane('graph', address());
  for (const [values, digits] of [
    [783, 1],
    [784, 2],
    [0, 0],
    [784, 0.5],
  ]) {
    await assert.rejects(
      lane.predict(new Float32Array(values), digits),
      /Expected 784 pixel values a picture/,
    );
  }
  await assert.rejects(lane.activations(new Float32Array(3)), /Expected 784/);
});

test('the first prediction of a lane is kept apart from those after it', async () => {
  const lane = await loadLane('graph', address());
  assert.equal(lane.firstMs, null);
  const { steadyMs, firstMs } = await lane.run(new Float32Array(784), { repeats: 3 });
  assert.deepEqual([steadyMs.length, given.length], [3, 4]);
  assert.equal(lane.firstMs, firstMs);
  await lane.predict(new Float32Array(784));
  assert.equal(lane.firstMs, firstMs);
});

test('the answer of every prediction that is timed is handed over, the first too', async () => {
  const lane = await loadLane('graph', address());
  const pixels = new Float32Array(2 * 784).fill(0.25, 0, 784);
  /** @type {number[][]} */
  const answers = [];
  const each = (/** @type {Float32Array} */ values) => void answers.push([...values]);
  const { steadyMs } = await lane.run(pixels, { n: 2, repeats: 3, each });
  assert.equal(steadyMs.length, 3);
  assert.deepEqual(answers, Array(4).fill([0.25, 0.75, 0, 1]));
});

test('of what operations give only floats with a place for each digit are shown, and no tensor stays', async () => {
  const lane = await loadLane('graph', address());
  const found = await lane.activations(new Float32Array(3 * 784), ['dense', 'argmax', 'shape']);
  assert.deepEqual(
    found.map(({ name, shape, values }) => [name, shape, values.length]),
    [['dense', [3, 2], 6]],
  );
  assert.equal(tf.alive, 0);
});

test('what is no model of one picture is refused, with a way out', async () => {
  for (const [inputs, words] of [
    [[{ name: 'a' }, { name: 'b' }], 'it has 2 inputs; a page gives one input, a picture.'],
    [
      [{ name: 'a', dtype: 'int32' }],
      'it has an input of int32; a page gives one input, a picture.',
    ],
  ]) {
    tf.model = async () => ({ ...MODEL, inputs: /** @type {unknown[]} */ (inputs) });
    await assert.rejects(
      loadLane('layers', address()),
      ({ message }) => message.includes(words) && message.includes('`digit-parity verify`'),
    );
  }
  assert.equal(tf.disposedModels, 2);
});

test('of several outputs the first is shown', async () => {
  tf.model = async () => ({
    ...MODEL,
    outputs: [1, 2],
    run: () => [
      tensor(new Float32Array([0.25, 0.75]), [1, 2]),
      tensor(new Float32Array(4), [1, 4]),
    ],
  });
  const { probabilities, classes } = await (await loadLane('layers', address())).predict(
    new Float32Array(784),
  );
  assert.deepEqual([[...probabilities], classes, tf.alive], [[0.25, 0.75], 2, 0]);
});

test("a picture goes in as the model's manifest says", async () => {
  const input = /** @type {import('../../../models/tfjs/src/picture_input.js').Input} */ ({
    shape: [3, 1, 2],
    scale: 2,
    offset: -1,
    layout: 'CHW',
    order: 'bgr',
  });
  /** @type {unknown[]} */
  const shapes = [];
  tf.model = async () => ({
    ...MODEL,
    inputs: [{ name: 'x', shape: [null, 3, 1, 2] }],
    run: (tensors) => {
      const [{ values, shape }] = /** @type {import('../support/tensorflow.js').Tensor[]} */ (
        [tensors].flat()
      );
      shapes.push(shape, [...values]);
      return tensor(new Float32Array(2), [1, 2]);
    },
  });
  const lane = await loadLane('graph', address(), { input });
  await lane.predict(Float32Array.from([0, 0.5, 1, 0, 0.5, 1]));
  assert.deepEqual(shapes, [
    [1, 3, 1, 2],
    [1, 1, 0, 0, -1, -1],
  ]);
});
