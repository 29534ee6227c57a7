/** ONNX Runtime Web as an engine: an .onnx on WebAssembly or WebGPU, on one thread. */
import { now } from '../../src/timing.js';
import { fetched, graphicsCard, rowByRow } from './values.js';

/**
 * @typedef {import('./values.js').LaneJob} LaneJob
 * @typedef {typeof import('onnxruntime-web/wasm')} Runtime
 */

/**
 * @param {Runtime} ort  the package's build for that backend
 * @param {string} wasm  the address of its .wasm file
 * @param {LaneJob} job
 * @returns {Promise<import('./values.js').Engine>}
 */
export async function openWith(ort, wasm, { model: url, backend, dtypes }) {
  const about = backend === 'webgpu' ? await graphicsCard() : {};
  ort.env.logLevel = 'error';
  ort.env.wasm.numThreads = 1;
  ort.env.wasm.wasmPaths = { wasm };
  const begin = now();
  const content = await fetched(new URL(url, location.href).href);
  const session = await ort.InferenceSession.create(content, { executionProviders: [backend] });
  return rowByRow({
    loadMs: now() - begin, // the runtime starts with its first session, and is in this time
    about,
    dtypes,
    run: (row) => run(ort, session, row),
    dispose: () => session.release(),
  });
}

/**
 * @param {Runtime} ort
 * @param {import('onnxruntime-web/wasm').Session} session
 * @param {ReturnType<typeof import('./values.js').rowOf>} row
 */
async function run(ort, session, row) {
  const inputs = Object.fromEntries(
    row.map(({ name, dtype, shape, values }) => [name, new ort.Tensor(dtype, values, shape)]),
  );
  const outputs = await session.run(inputs);
  /** @type {Record<string, import('./values.js').Output>} */
  const read = {};
  for (const name of session.outputNames) {
    const values = /** @type {Float32Array} */ (await outputs[name].getData());
    read[name] = { shape: [...outputs[name].dims], values };
    outputs[name].dispose();
  }
  return read;
}
