/** LiteRT.js as an engine: a .tflite on WebAssembly or WebGPU, on one thread. */
import { loadAndCompile, loadLiteRt, Tensor } from '@litertjs/core';

import { now } from '../../src/timing.js';
import { fetched, graphicsCard, rowByRow } from './values.js';

/** @typedef {import('./values.js').LaneJob} LaneJob */

/** The runtime is started once in a page. @type {Promise<unknown> | undefined} */
let started;

/**
 * @param {LaneJob} job
 * @returns {Promise<import('./values.js').Engine>}
 * @throws {Error} where it cannot run the model on that backend alone
 */
export async function open({ model: url, backend, dtypes }) {
  const about = backend === 'webgpu' ? await graphicsCard() : {};
  started ??= loadLiteRt(new URL('.', import.meta.url).href);
  await started;
  const begin = now();
  const content = await fetched(new URL(url, location.href).href);
  // Said, so that no card decides: in float16 it would be another model.
  const model = await loadAndCompile(content, {
    accelerator: backend,
    ...(backend === 'webgpu' && { gpuOptions: { precision: 'fp32' } }),
  });
  const loadMs = now() - begin;
  if (backend === 'webgpu' && !model.isFullyAccelerated) {
    model.delete();
    throw new Error('LiteRT.js has no WebGPU kernel for a part of it, and runs it on WebAssembly.');
  }
  return rowByRow({
    loadMs,
    about,
    dtypes,
    run: (row) => run(model, row),
    dispose: async () => model.delete(),
  });
}

/**
 * @param {import('@litertjs/core').Model} model
 * @param {ReturnType<typeof import('./values.js').rowOf>} row
 */
async function run(model, row) {
  const inputs = Object.fromEntries(
    row.map(({ name, shape, values }) => [
      name,
      new Tensor(/** @type {Float32Array} */ (values), shape),
    ]),
  );
  try {
    const outputs = await model.run(inputs);
    /** @type {Record<string, import('./values.js').Output>} */
    const read = {};
    for (const [name, tensor] of Object.entries(outputs)) {
      const shape = [...tensor.type.layout.dimensions];
      read[name] = { shape, values: /** @type {Float32Array} */ (await tensor.data()) };
      tensor.delete();
    }
    return read;
  } finally {
    for (const tensor of Object.values(inputs)) tensor.delete();
  }
}
