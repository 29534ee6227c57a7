import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';

import { address, anew, given, MODEL } from '../support/digit_model.js';
import { tensor, tf, use } from '../support/tensorflow.js';

use();
const { loadLane } = await import('../../../models/tfjs/src/lanes.js');

beforeEach(anew);

const TIMES_255 = { shape: [28, 28, 1], scale: 255 };

test('a layers model whose input has another shape is refused, as by predict()', async () => {
  tf.model = async () => ({
    ...MODEL,
    inputs: [{ name: 'input_1', shape: [null, 20, 20, 1] }],
  });
  const lane = await loadLane('layers', address());
  await assert.rejects(
    async () => lane.predict(new Float32Array(784)),
    /Error when checking : expected input_1 to have shape \[null,20,20,1\] but got array/,
  );
  assert.equal(given.length, 0);
});

test('the same question gets the same lane, another one another', async () => {
  const lane = await loadLane('graph', address());
  assert.equal(await loadLane('graph', address()), lane);
  assert.notEqual(await loadLane('graph', address(), { input: TIMES_255 }), lane);
  assert.notEqual(await loadLane('graph', address(), { backend: 'wasm' }), lane);
  assert.notEqual(await loadLane('layers', address()), lane);
});

test('whoever waits for a model is told what share of its files has arrived', async () => {
  /** @type {number[]} */
  const shares = [];
  const lane = await loadLane('graph', address(), {
    onProgress: (share) => shares.push(share),
    open: (url, onProgress) => ({
      load: async () => {
        for (const share of [0.5, 1]) onProgress?.(share);
        return /** @type {any} */ (tf.model(url));
      },
    }),
  });
  assert.deepEqual(shares, [0.5, 1]);
  assert.equal(await loadLane('graph', address()), lane);
});

test('a load that failed says of what, and is tried again', async () => {
  tf.model = async () => Promise.reject(new Error('404'));
  await assert.rejects(loadLane('graph', address()), {
    message: `The graph model (${address().split('/').slice(-2).join('/')}) could not be loaded: 404`,
  });
  tf.model = async () => MODEL;
  await loadLane('graph', address());
});

test('a lane that was freed is loaded anew', async () => {
  const lane = await loadLane('graph', address());
  await lane.dispose();
  assert.equal(tf.disposedModels, 1);
  assert.notEqual(await loadLane('graph', address()), lane);
});

test('an answer that cannot be read leaves no tensor, and the next prediction its turn', async () => {
  const lane = await loadLane('graph', address());
  const lost = async () => Promise.reject(new Error('the GPU was lost'));
  tf.model = async () => ({
    ...MODEL,
    run: (input) => ({
      .../** @type {import('../support/tensorflow.js').Tensor} */ (MODEL.run(input)),
      data: lost,
    }),
  });
  const broken = await loadLane('graph', `${address()}?broken`);
  await assert.rejects(broken.predict(new Float32Array(784)), /the GPU was lost/);
  assert.equal(tf.alive, 0);
  await lane.predict(new Float32Array(784));
});

test('a graph with a loop is waited for, and leaves no tensor', async () => {
  tf.model = async () => ({ ...MODEL, modelTopology: { node: [{ op: 'While' }] } });
  const lane = await loadLane('graph', address());
  const pixels = new Float32Array(784).fill(0.25);
  const { probabilities } = await lane.predict(pixels);
  const found = await lane.activations(pixels, ['dense', 'argmax']);
  assert.deepEqual(tf.executed, ['executeAsync', 'executeAsync']);
  assert.deepEqual([...probabilities], [0.25, 0.75]);
  assert.deepEqual([found.length, tf.alive], [1, 0]);
});

test('a graph without one is not waited for', async () => {
  tf.model = async () => ({ ...MODEL, modelTopology: { node: [{ op: 'Conv2D' }] } });
  await (await loadLane('graph', address())).predict(new Float32Array(784));
  assert.deepEqual(tf.executed, ['execute']);
});

test('a loop that fails half-way leaves no tensor', async () => {
  tf.model = async () => ({
    ...MODEL,
    modelTopology: { node: [{ op: 'While' }] },
    run: async () => {
      tensor(new Float32Array(8), [8]);
      throw new Error('only rank-1 bias');
    },
  });
  const lane = await loadLane('graph', address());
  await assert.rejects(lane.predict(new Float32Array(784)), /only rank-1 bias/);
  assert.equal(tf.alive, 0);
});
