import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';

import { settle } from '../support/clock.js';
import { address, anew, MODEL } from '../support/digit_model.js';
import { Deferred } from '../support/engine.js';
import { tensor, tf, use } from '../support/tensorflow.js';

use();
const { loadLane } = await import('../../../models/tfjs/src/lanes.js');
const { useBackend } = await import('../../../models/tfjs/src/backends.js');

beforeEach(anew);

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
      loadLane('graph', address(), { backend: /** @type {'wasm' | 'webgl'} */ (backend) }),
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
  const lane = await loadLane('graph', address());
  const both = [1, 2].map(() => lane.predict(new Float32Array(784)));
  await settle();
  assert.equal(ran, 1);
  gate.resolve(new Float32Array(2));
  await Promise.all(both);
  assert.equal(ran, 2);
});

test('a backend that does not run is said, not taken for another', async () => {
  tf.runs = (name) => name !== 'webgl';
  await assert.rejects(
    loadLane('graph', address(), { backend: 'webgl' }),
    /the backend webgl is not running/,
  );
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
  const lane = await loadLane('graph', address(), { backend: 'cpu' });
  const predicted = lane.predict(new Float32Array(784));
  await settle();
  const other = useBackend('webgl');
  await settle();
  assert.equal(tf.current, 'cpu');
  gate.resolve(tensor(new Float32Array(2), [1, 2]));
  await Promise.all([predicted, other]);
  assert.equal(tf.current, 'webgl');
});
