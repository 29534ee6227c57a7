/** TensorFlow.js as an engine of run.js: the bundle that pages import. */
import { sizeOf } from './inputs.js';
import { say } from './messages.js';

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
 * @property {string[]} [look]  operations of a graph model
 * @property {{file: string, parts: {name: string, shape: number[]}[]}} [given]  known outputs
 * @property {[string, string[]][]} [feeds]  parts, each with those known that it is computed from
 */

/**
 * @param {LaneJob} job
 * @param {number} lane
 * @returns {Promise<import('./run.js').Engine>}
 */
export async function open(job, lane) {
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
    look: async (given, n) => {
      await tell(lane, 'outputs', await loaded.look(given, n, job.look ?? []));
      const known = job.given ? await knownParts(job.given) : [];
      const own = await loaded.own(given, n, known, job.feeds ?? []);
      await tell(lane, 'own', own.outputs);
      return { errors: own.errors };
    },
    dispose: () => loaded.dispose(),
  };
}

/**
 * @param {number} lane
 * @param {string} of
 * @param {readonly import('../../../tfjs/src/tensors.js').Activation[]} parts
 */
async function tell(lane, of, parts) {
  for (const { name, shape, values } of parts) {
    await say({ kind: 'part', lane, of, name, shape }, [values]);
  }
}

/** @param {NonNullable<LaneJob['given']>} given */
async function knownParts({ file, parts }) {
  const values = new Float32Array(await (await fetch(file)).arrayBuffer());
  let start = 0;
  return parts.map(({ name, shape }) => {
    const end = start + sizeOf(shape);
    const each = { name, shape, values: values.subarray(start, end) };
    start = end;
    return each;
  });
}

/** What WebGPU computes on. */
async function adapter() {
  const info = (await navigator.gpu.requestAdapter({ powerPreference: 'high-performance' }))?.info;
  if (!info) return null;
  const renderer = [info.vendor, info.architecture, info.device, info.description].join(' ').trim();
  const software = info.isFallbackAdapter === true || /swiftshader|llvmpipe/i.test(renderer);
  return { renderer, software };
}
