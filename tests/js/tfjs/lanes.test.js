import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';

import { settle } from '../support/clock.js';
import { Deferred } from '../support/engine.js';
import { reset, tensor, tf, use } from '../support/tensorflow.js';

use();
const { loadLane } = await import('../../../models/tfjs/src/lanes.js');
const { useBackend } = await import('../../../models/tfjs/src/backends.js');

/** Pixels that a model was given. @type {Float32Array[]} */
let given;
/** Each test has models of its own: lanes are kept by their address. */
let url = '';
let tests = 0;

beforeEach(() => {
  reset();
  given = [];
  tests += 1;
  url = `https://host/${tests}/model.json`;
  tf.model = async () => MODEL;
});

/** Two classes: the first pixel of each digit, and what it lacks to one. @type {import('../support/tensorflow.js').StubModel} */
const MODEL = {
  inputs: [{ name: 'input_1', shape: [null, 28, 28, 1] }],
  outputs: [1],
  run: ({ values, shape: [digits] }, names) => {
    given.push(values);
    const answers = Float32Array.from({ length: 2 * digits }, (_, at) => {
      const first = values[(at >> 1) * 784];
      return at % 2 ? 1 - first : first;
    });
    if (!names) return tensor(answers, [digits, 2]);
    return names.map((name) =>
      tensor(
        answers,
        name === 'shape' ? [2] : [digits, 2],
        name === 'argmax' ? 'int32' : 'float32',
      ),
    );
  },
};

test('a batch is predicted digit by digit, and no tensor stays', async () => {
  const lane = await loadLane('graph', url);
  const pixels = new Float32Array(2 * 784).fill(0.25, 0, 784);
  const { probabilities, classes } = await lane.predict(pixels);
  assert.deepEqual([[...probabilities], classes, tf.alive], [[0.25, 0.75, 0, 1], 2, 0]);
});

test('pixels are scaled for the model, and stay as they are', async () => {
  const pixels = new Float32Array(784).fill(0.5);
  await (await loadLane('graph', url, { scale: 255 })).predict(pixels);
  assert.deepEqual([given[0][0], pixels[0]], [127.5, 0.5]);
});

test('a layers model whose input has another shape is refused, as by predict()', async () => {
  tf.model = async () => ({
    ...MODEL,
    inputs: [{ name: 'input_1', shape: [null, 20, 20, 1] }],
  });
  const lane = await loadLane('layers', url);
  await assert.rejects(
    async () => lane.predict(new Float32Array(784)),
    /Error when checking : expected input_1 to have shape \[null,20,20,1\] but got array/,
  );
  assert.equal(given.length, 0);
});

test('pixels of another number are refused', async () => {
  const lane = await loadLane('graph', url);
  for (const [values, digits] of [
    [783, 1],
    [784, 2],
    [0, 0],
    [784, 0.5],
  ]) {
    await assert.rejects(
      lane.predict(new Float32Array(values), digits),
      /Expected 784 pixel values a digit/,
    );
  }
  await assert.rejects(lane.activations(new Float32Array(3)), /Expected 784/);
});

test('the same question gets the same lane, another one another', async () => {
  const lane = await loadLane('graph', url);
  assert.equal(await loadLane('graph', url), lane);
  assert.notEqual(await loadLane('graph', url, { scale: 255 }), lane);
  assert.notEqual(await loadLane('graph', url, { backend: 'wasm' }), lane);
  assert.notEqual(await loadLane('layers', url), lane);
});

test('a load that failed says of what, and is tried again', async () => {
  tf.model = async () => Promise.reject(new Error('404'));
  await assert.rejects(loadLane('graph', url), {
    message: `The graph model (${tests}/model.json) could not be loaded: 404`,
  });
  tf.model = async () => MODEL;
  await loadLane('graph', url);
});

test('a model of two inputs is refused', async () => {
  tf.model = async () => ({ ...MODEL, inputs: [1, 2] });
  await assert.rejects(
    loadLane('layers', url),
    /it has 2 inputs; expected one input, a batch of digits/,
  );
});

test('a lane that was freed is loaded anew', async () => {
  const lane = await loadLane('graph', url);
  await lane.dispose();
  assert.equal(tf.disposedModels, 1);
  assert.notEqual(await loadLane('graph', url), lane);
});

test('lanes of two backends that predict at once each run on their own', async () => {
  /** @type {string[]} */
  const ran = [];
  tf.model = async () => ({
    ...MODEL,
    run: (input) => {
      ran.push(tf.current);
      return MODEL.run(input);
    },
  });
  const lanes = await Promise.all(
    ['wasm', 'webgl'].map((backend) =>
      loadLane('graph', url, { backend: /** @type {'wasm' | 'webgl'} */ (backend) }),
    ),
  );
  await Promise.all([0, 1, 0, 1].map((at) => lanes[at].predict(new Float32Array(784))));
  assert.deepEqual(ran, ['wasm', 'webgl', 'wasm', 'webgl']);
});

test('a prediction whose answer is still read holds the next one back', async () => {
  const gate = /** @type {Deferred<Float32Array>} */ (new Deferred());
  let ran = 0;
  tf.model = async () => ({
    ...MODEL,
    run: (input) => {
      ran += 1;
      return {
        .../** @type {import('../support/tensorflow.js').Tensor} */ (MODEL.run(input)),
        data: () => gate.promise,
      };
    },
  });
  const lane = await loadLane('graph', url);
  const both = [1, 2].map(() => lane.predict(new Float32Array(784)));
  await settle();
  assert.equal(ran, 1);
  gate.resolve(new Float32Array(2));
  await Promise.all(both);
  assert.equal(ran, 2);
});

test('an answer that cannot be read leaves no tensor, and the next prediction its turn', async () => {
  const lane = await loadLane('graph', url);
  const lost = async () => Promise.reject(new Error('the GPU was lost'));
  tf.model = async () => ({
    ...MODEL,
    run: (input) => ({
      .../** @type {import('../support/tensorflow.js').Tensor} */ (MODEL.run(input)),
      data: lost,
    }),
  });
  const broken = await loadLane('graph', `${url}?broken`);
  await assert.rejects(broken.predict(new Float32Array(784)), /the GPU was lost/);
  assert.equal(tf.alive, 0);
  await lane.predict(new Float32Array(784));
});

test('a backend that does not run is said, not taken for another', async () => {
  tf.runs = (name) => name !== 'webgl';
  await assert.rejects(
    loadLane('graph', url, { backend: 'webgl' }),
    /the backend webgl is not running/,
  );
});

test('the first prediction of a lane is kept apart from those after it', async () => {
  const lane = await loadLane('graph', url);
  assert.equal(lane.firstMs, null);
  const { steadyMs, firstMs } = await lane.run(new Float32Array(784), { repeats: 3 });
  assert.deepEqual([steadyMs.length, given.length], [3, 4]);
  assert.equal(lane.firstMs, firstMs);
  await lane.predict(new Float32Array(784));
  assert.equal(lane.firstMs, firstMs);
});

test('of what operations give only floats with a place for each digit are shown, and no tensor stays', async () => {
  const lane = await loadLane('graph', url);
  const found = await lane.activations(new Float32Array(3 * 784), ['dense', 'argmax', 'shape']);
  assert.deepEqual(
    found.map(({ name, shape, values }) => [name, shape, values.length]),
    [['dense', [3, 2], 6]],
  );
  assert.equal(tf.alive, 0);
});

test('an operation that is asked alone is fed with what is given, and says why it gives nothing', async () => {
  /** @type {unknown[]} */
  const fed = [];
  tf.model = async () => ({
    ...MODEL,
    run: (input, names = []) => {
      fed.push(Object.keys(input), names);
      if (names[0] === 'broken') throw new Error('no kernel');
      return [tensor(new Float32Array([5, 6]), [1, 2])];
    },
  });
  const lane = await loadLane('graph', `${url}?own`);
  const conv = { name: 'conv', shape: [1, 2], values: new Float32Array([1, 2]) };
  const { outputs, errors } = await lane.own(
    new Float32Array(784),
    [conv],
    [
      ['dense', ['conv']],
      ['broken', ['conv']],
    ],
  );
  assert.deepEqual(fed, [['conv'], ['dense'], ['conv'], ['broken']]);
  assert.deepEqual(
    outputs.map(({ name, values }) => [name, ...values]),
    [['dense', 5, 6]],
  );
  assert.deepEqual(errors, [['broken', 'no kernel']]);
});

test('a graph with a loop is waited for, and leaves no tensor', async () => {
  tf.model = async () => ({ ...MODEL, modelTopology: { node: [{ op: 'While' }] } });
  const lane = await loadLane('graph', url);
  const pixels = new Float32Array(784).fill(0.25);
  const { probabilities } = await lane.predict(pixels);
  const found = await lane.activations(pixels, ['dense', 'argmax']);
  assert.deepEqual(tf.executed, ['executeAsync', 'executeAsync']);
  assert.deepEqual([...probabilities], [0.25, 0.75]);
  assert.deepEqual([found.length, tf.alive], [1, 0]);
});

test('a graph without one is not waited for', async () => {
  tf.model = async () => ({ ...MODEL, modelTopology: { node: [{ op: 'Conv2D' }] } });
  await (await loadLane('graph', url)).predict(new Float32Array(784));
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
  const lane = await loadLane('graph', url);
  await assert.rejects(lane.predict(new Float32Array(784)), /only rank-1 bias/);
  assert.equal(tf.alive, 0);
});

test('another backend that is asked for meanwhile waits until a loop has ended', async () => {
  const gate = /** @type {Deferred<import('../support/tensorflow.js').Tensor>} */ (new Deferred());
  tf.model = async () => ({
    ...MODEL,
    modelTopology: { node: [{ op: 'While' }] },
    run: () => gate.promise,
  });
  tf.factories.set('webgl', async () => ({}));
  await useBackend('webgl');
  const lane = await loadLane('graph', url, { backend: 'cpu' });
  const predicted = lane.predict(new Float32Array(784));
  await settle();
  const other = useBackend('webgl');
  await settle();
  assert.equal(tf.current, 'cpu');
  gate.resolve(tensor(new Float32Array(2), [1, 2]));
  await Promise.all([predicted, other]);
  assert.equal(tf.current, 'webgl');
});
