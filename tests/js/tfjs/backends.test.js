import assert from 'node:assert/strict';
import { beforeEach, mock, test } from 'node:test';

import { settle, until } from '../support/clock.js';
import { setGlobals } from '../support/dom.js';
import { Deferred } from '../support/engine.js';
import { reset, tensor, tf, use } from '../support/tensorflow.js';

use();

/** @typedef {import('../../../models/tfjs/src/backends.js').BackendName} BackendName */

/** Modules that have started nothing yet. @type {typeof import('../../../models/tfjs/src/backends.js')} */
let backends;
let asked = 0;

/** A page whose WebGL is drawn on the processor: it is asked once, so for all tests. */
const SOFTWARE_GPU = {
  createElement: () => ({
    getContext: () => ({ getExtension: () => null, getParameter: () => 'SwiftShader' }),
  }),
};

/** How long a prediction takes on each backend. */
const PREDICTION_MS = { cpu: 2, wasm: 20, webgl: 5, webgpu: 5 };

beforeEach(async () => {
  reset();
  setGlobals({ document: SOFTWARE_GPU, navigator: { gpu: { requestAdapter: async () => ({}) } } });
  let passed = 0;
  mock.restoreAll();
  mock.method(performance, 'now', () => passed);
  for (const name of Object.keys(PREDICTION_MS)) tf.factories.set(name, async () => ({}));
  tf.model = async () => ({
    inputs: [{ name: 'input_1', shape: [null, 28, 28, 1] }],
    outputs: [1],
    run: () => {
      passed += PREDICTION_MS[/** @type {BackendName} */ (tf.current)];
      return tensor(new Float32Array(10), [1, 10]);
    },
  });
  asked += 1;
  backends = await import(`../../../models/tfjs/src/backends.js?${asked}`);
});

/** @param {string} name @param {string} why */
const breaks = (name, why) => tf.factories.set(name, async () => Promise.reject(new Error(why)));

test('a backend is started once, and is the current one from then on', async () => {
  let started = 0;
  tf.factories.set('wasm', async () => {
    started += 1;
    return {};
  });
  assert.deepEqual(await backends.useBackend('wasm'), { backend: 'wasm', initMs: 0 });
  await backends.useBackend('cpu');
  assert.equal(tf.current, 'cpu');
  await backends.useBackend('wasm');
  await tf.factories.get('wasm')?.(); // as TensorFlow.js does to use it
  assert.deepEqual([started, tf.current], [1, 'wasm']);
});

test('a backend that is asked for twice at once is started once', async () => {
  const gate = new Deferred();
  let started = 0;
  tf.factories.set('wasm', async () => {
    started += 1;
    await gate.promise;
    return {};
  });
  const both = [backends.useBackend('wasm'), backends.useBackend('wasm')];
  await until(() => started > 0);
  await settle();
  gate.resolve(undefined);
  await Promise.all(both);
  assert.equal(started, 1);
});

test('what does not start says why, leaves the current one, and is tried again', async () => {
  breaks('webgl', 'no GPU');
  await assert.rejects(backends.useBackend('webgl'), {
    message: 'The backend webgl does not work here: no GPU',
  });
  assert.equal(tf.current, 'cpu');
  tf.factories.set('webgl', async () => ({}));
  await backends.useBackend('webgl');
  assert.equal(tf.current, 'webgl');
});

test('what the browser does not offer, or nobody does, is said', async () => {
  tf.factories.delete('webgl');
  await assert.rejects(backends.useBackend('webgl'), /this browser does not offer it/);
  await assert.rejects(
    backends.useBackend(/** @type {BackendName} */ ('toString')),
    /There is no backend toString\. Expected one of wasm/,
  );
});

test('WebGPU is asked for before it is started', async () => {
  setGlobals({ navigator: {} });
  await assert.rejects(backends.useBackend('webgpu'), /does not offer WebGPU/);
  setGlobals({ navigator: { gpu: { requestAdapter: async () => null } } });
  await assert.rejects(backends.useBackend('webgpu'), /finds no graphics card/);
});

test('without a probe the first that works is chosen, and no other is started', async () => {
  breaks('wasm', 'no wasm');
  const { backend, tried } = await backends.chooseBackend();
  assert.equal(backend, 'webgpu');
  assert.deepEqual(tried, [
    { backend: 'wasm', ok: false, ms: null, error: 'The backend wasm does not work here: no wasm' },
    { backend: 'webgpu', ok: true, ms: null, error: null },
  ]);
});

test('with a probe the fastest is chosen, and is the current one in the end', async () => {
  const probe = /** @type {const} */ ({ format: 'graph', url: 'm/model.json' });
  const { backend, tried } = await backends.chooseBackend(
    ['wasm', 'cpu', 'webgpu', 'webgl'],
    probe,
  );
  assert.equal(backend, 'cpu');
  assert.deepEqual(
    tried.map(({ backend: name, ms }) => [name, ms]),
    [
      ['wasm', 20],
      ['cpu', 2],
      ['webgpu', 5],
      ['webgl', null],
    ],
  );
  assert.equal(tf.current, 'cpu');
});

test('a backend on which the probe fails is not chosen', async () => {
  tf.model = async () => Promise.reject(new Error('no such file'));
  const probe = /** @type {const} */ ({ format: 'graph', url: 'm/other.json' });
  await assert.rejects(
    backends.chooseBackend(['wasm', 'cpu'], probe),
    /No backend works here\. .*no such file/,
  );
});

test('a software GPU is not measured, unless nothing else is left', async () => {
  const { backend, tried } = await backends.chooseBackend(['webgl', 'cpu']);
  assert.equal(backend, 'cpu');
  assert.match(
    String(tried[0].error),
    /^Not tried: WebGL here is drawn in software \(SwiftShader\)\.$/,
  );
  assert.equal((await backends.chooseBackend(['webgl'])).backend, 'webgl');
});

test('it tells on how many threads WebAssembly computes', async () => {
  await backends.useBackend('wasm');
  assert.equal(await backends.wasmThreads(), 2);
});
