import assert from 'node:assert/strict';
import { test } from 'node:test';

import { snippet } from '../../../../models/tfjs/src/report/snippet.js';

/** What the code calls: it is run with this in place of the package. */
function recorder() {
  /** @type {any[]} */
  const printed = [];
  const found = (/** @type {any} */ given) => ({ print: () => printed.push(given) });
  const model = {
    predict: (/** @type {any} */ given) => found(given),
    executeAsync: async (/** @type {any} */ ...given) => found(given),
  };
  const tf = {
    io: { fromMemory: (/** @type {any} */ given) => given },
    loadGraphModel: async (/** @type {any} */ given) => printed.push(given) && model,
    loadLayersModel: async (/** @type {any} */ given) => printed.push(given) && model,
    env: () => ({ set: (/** @type {any[]} */ ...flag) => printed.push(flag) }),
    setBackend: async (/** @type {string} */ name) => printed.push(name),
    tensor: (/** @type {any} */ values, /** @type {any} */ shape) => ({
      values: [...values],
      shape,
    }),
  };
  return { printed, tf };
}

/** @param {string} code @param {any} tf */
function run(code, tf) {
  const body = code.replace(/^import .*$/m, '');
  return Object.getPrototypeOf(async () => {}).constructor('tf', body)(tf);
}

const hostile = "</script>'\u2028`$".concat('{1}\n// \\');
const given = /** @type {const} */ ({
  topology: { node: [{ name: hostile }] },
  weights: [],
  data: 'AACAPw==',
  output: hostile,
});
const floats = { name: hostile, shape: [1, 1], dtype: 'float32', data: 'AACAPw==' };

test('a graph is loaded from the code alone and asked for the operation, whatever its name', async () => {
  const { printed, tf } = recorder();
  const operation = /** @type {any} */ ({ ...given, format: 'graph', inputs: [floats] });
  await run(snippet(operation, { backend: 'cpu', flags: {}, wanted: '1,\n2' }), tf);
  assert.equal(printed[0], 'cpu');
  assert.deepEqual(printed[1].modelTopology, given.topology);
  assert.deepEqual([...new Float32Array(printed[1].weightData)], [1]);
  assert.deepEqual(printed[2], [{ [hostile]: { values: [1], shape: [1, 1] } }, hostile]);
});

test('a layers model gets its inputs in their order, whole numbers among them', async () => {
  const { printed, tf } = recorder();
  const words = { name: 'given_1', shape: [1, 2], dtype: 'int32', data: 'AQAAAAIAAAA=' };
  const operation = /** @type {any} */ ({ ...given, format: 'layers', inputs: [floats, words] });
  await run(snippet(operation, { backend: 'wasm', flags: {}, wanted: '1' }), tf);
  assert.deepEqual(
    printed[2].map((/** @type {any} */ each) => each.values),
    [[1], [1, 2]],
  );
});

test('flags are set before the backend is', async () => {
  const { printed, tf } = recorder();
  const operation = /** @type {any} */ ({ ...given, format: 'graph', inputs: [floats] });
  await run(
    snippet(operation, { backend: 'webgl', flags: { WEBGL_PACK: false }, wanted: '1' }),
    tf,
  );
  assert.deepEqual(printed.slice(0, 2), [['WEBGL_PACK', false], 'webgl']);
});
