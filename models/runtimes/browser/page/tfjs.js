/** TensorFlow.js as an engine of run.js: the bundle that pages import. */

/**
 * @typedef {object} LaneJob
 * @property {string} entry  of the bundle
 * @property {import('../../../tfjs/src/main.js').BackendName} backend
 * @property {boolean} threads  whether WebAssembly may use threads
 * @property {number | null} cores  how many processors the page sees; null for those that are there
 * @property {import('../../../tfjs/src/main.js').Format} format
 * @property {string} model  the address of model.json
 * @property {string[] | null} inputs
 * @property {string[] | null} outputs
 * @property {number | null} fixed
 */

/**
 * @param {LaneJob} job
 * @returns {Promise<import('./run.js').Engine>}
 */
export async function open(job) {
  const { entry, backend, threads, cores, format, model, inputs, outputs, fixed } = job;
  // WebAssembly gets half of them, and four at most, whatever it is told.
  if (cores) Object.defineProperty(navigator, 'hardwareConcurrency', { value: cores });
  /** @type {typeof import('../../../tfjs/src/main.js')} */
  const tfjs = await import(new URL(entry, location.href).href);
  await tfjs.useBackend(backend, { threads });
  const url = new URL(model, location.href).href;
  const ends = { inputs, outputs };
  const loaded = await tfjs.loadModel(format, url, { backend, ends, fixed });
  const { gpu, tfjs: version } = tfjs.describeEnvironment();
  const renderer = backend === 'webgl' ? gpu : backend === 'webgpu' ? await adapter() : null;
  const used = backend === 'wasm' ? await tfjs.wasmThreads() : null;
  return {
    loadMs: loaded.loadMs,
    about: { tfjs: version, threads: used, ...renderer },
    answer: (given, n) => loaded.answer(given, n),
    alive: () => tfjs.memory().tensors,
    dispose: () => loaded.dispose(),
  };
}

/** What WebGPU computes on. */
async function adapter() {
  const info = (await navigator.gpu.requestAdapter({ powerPreference: 'high-performance' }))?.info;
  if (!info) return null;
  const renderer = [info.vendor, info.architecture, info.device, info.description].join(' ').trim();
  const software = info.isFallbackAdapter === true || /swiftshader|llvmpipe/i.test(renderer);
  return { renderer, software };
}
