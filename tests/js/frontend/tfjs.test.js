import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';

import {
  decode,
  describe,
  encode,
  keepFastestBackend,
  keptChoice,
  loadEngine,
  pickBackend,
  reason,
  served,
} from '../../../app/frontend/tfjs.js';
import { newPage } from '../support/dom.js';
import { BUNDLE, stubEngine } from '../support/engine.js';

const MODEL = {
  name: 'mnist',
  version: 'v1',
  paths: { graph: 'g.json', layers: 'l.json' },
  input: { shape: [28, 28, 1], scale: 255 },
};

beforeEach(newPage);

test('TensorFlow.js is loaded once', async () => {
  const loading = loadEngine(BUNDLE);
  assert.equal(loadEngine(BUNDLE), loading);
  assert.equal(typeof (await loading).loadLane, 'function');
});

test('a load that failed is forgotten, so that the next call tries again', async () => {
  const loading = loadEngine('missing.js');
  await assert.rejects(loading, /missing\.js/);
  const again = loadEngine('missing.js');
  assert.notEqual(again, loading);
  await assert.rejects(again, /missing\.js/);
});

test('where it is not installed the operator is told how', () => {
  assert.throws(() => loadEngine(null), /not installed on this server; its log says why/);
});

test('a backend that was asked for is used', async () => {
  assert.deepEqual(await pickBackend(stubEngine(), 'webgl'), { backend: 'webgl', fallback: null });
});

test('where that one does not work, another one does, and the reason is told', async () => {
  /** @type {unknown[]} */
  const candidates = [];
  const engine = stubEngine({
    useBackend: async () => Promise.reject(new Error('no GPU')),
    chooseBackend: async (...given) => {
      candidates.push(...given);
      return { backend: 'cpu', tried: [] };
    },
  });
  assert.deepEqual(await pickBackend(engine, 'webgl'), { backend: 'cpu', fallback: 'no GPU' });
  assert.deepEqual(candidates, [['wasm', 'webgpu', 'cpu']]);
});

test('without a choice the first that works is used, until one was measured fastest in this tab', async () => {
  const engine = stubEngine({
    chooseBackend: async (_, probe) => ({ backend: probe ? 'webgpu' : 'wasm', tried: [] }),
  });
  assert.equal(keptChoice(), null);
  assert.deepEqual(await pickBackend(engine, 'auto'), { backend: 'wasm', fallback: null });
  await keepFastestBackend(engine, MODEL);
  assert.equal(keptChoice(), 'webgpu');
  assert.deepEqual(await pickBackend(engine, 'auto'), { backend: 'webgpu', fallback: null });
  assert.deepEqual(await pickBackend(engine, 'cpu'), { backend: 'cpu', fallback: null });
});

test('backends are measured by the graph model, all of them', async () => {
  /** @type {unknown[]} */
  const asked = [];
  const engine = stubEngine({
    chooseBackend: async (...given) => {
      asked.push(...given);
      return { backend: 'wasm', tried: [] };
    },
  });
  await keepFastestBackend(engine, MODEL);
  assert.deepEqual(asked, [
    engine.BACKENDS,
    { format: 'graph', url: served('models/mnist/v1/g.json'), input: MODEL.input },
  ]);
});

test('plain JavaScript is not measured with a large picture, and the one format of a model is', async () => {
  /** @type {unknown[]} */
  const asked = [];
  const engine = stubEngine({
    chooseBackend: async (...given) => {
      asked.push(...given);
      return { backend: 'wasm', tried: [] };
    },
  });
  const input = { shape: [224, 224, 3], scale: 1 };
  await keepFastestBackend(engine, { ...MODEL, paths: { layers: 'l.json' }, input });
  assert.deepEqual(asked, [
    ['wasm', 'webgpu', 'webgl'],
    { format: 'layers', url: served('models/mnist/v1/l.json'), input },
  ]);
});

test('a report says of a browser what can be known of it', () => {
  assert.deepEqual(describe(stubEngine()), {
    browser: 'Stub 1.0',
    cores: '4',
    gpu: 'none',
    'cross-origin isolated': 'yes',
    'TensorFlow.js': '4.22.0',
  });
  const environment = {
    userAgent: 'Other',
    cores: null,
    gpu: { vendor: 'v', renderer: 'Adreno', software: false },
    webgpu: true,
    crossOriginIsolated: false,
    tfjs: '4.22.0',
  };
  assert.deepEqual(describe(stubEngine({ describeEnvironment: () => environment })), {
    browser: 'Other',
    cores: 'unknown',
    gpu: 'Adreno',
    'cross-origin isolated': 'no',
    'TensorFlow.js': '4.22.0',
  });
});

test('levels travel there and back, and become the numbers that Python divides them to', () => {
  const levels = Uint8Array.from({ length: 256 }, (_, level) => level);
  assert.deepEqual(
    decode(encode(levels)),
    Float32Array.from(levels, (level) => level / 255),
  );
});

test('a reason is the message of an error, or what was thrown', () => {
  assert.equal(reason(new TypeError('no network')), 'no network');
  assert.equal(reason('no network'), 'no network');
});
