/** Backends: fetch one on demand, start it or fail with a clear error, choose one by measuring. */
import * as tf from '@tensorflow/tfjs-core';

import { describeGpu } from './environment.js';
import { loadLane } from './lanes.js';
import { memoise, reason } from './promises.js';
import { median, now } from './timing.js';
import { inTurn } from './turns.js';

tf.enableProdMode(); // no checks of every value for NaN, no advice on the console

/** @typedef {'cpu' | 'wasm' | 'webgl' | 'webgpu'} BackendName */

/**
 * @typedef {object} Choice
 * @property {BackendName} backend
 * @property {{backend: BackendName, ok: boolean, ms: number | null, error: string | null}[]} tried
 *   in the order tried; `ms` is the median of one prediction, null if not measured
 */

/**
 * @typedef {object} Options
 * @property {string | Record<string, string>} [wasmPaths]  where the .wasm files are, if not beside the bundle
 * @property {boolean} [threads]  whether WebAssembly may use threads if it can; true by default
 */

/** Each backend is a chunk of its own. @type {Record<BackendName, () => Promise<unknown>>} */
const CHUNKS = {
  cpu: () => import('./backends/cpu.js'),
  wasm: () => import('./backends/wasm.js'),
  webgl: () => import('./backends/webgl.js'),
  webgpu: () => import('./backends/webgpu.js'),
};

/** In order of preference when nothing is measured. @type {readonly BackendName[]} */
export const BACKENDS = ['wasm', 'webgpu', 'webgl', 'cpu'];

/** @type {Map<string, Promise<number>>} */
const started = new Map();

/**
 * Start a backend (once) and make it the current one.
 * @param {BackendName} name
 * @param {Options} [options]
 * @returns {Promise<{backend: BackendName, initMs: number}>} `initMs`: time to fetch and start it
 * @throws {Error} that says which backend does not work here, and why
 */
export async function useBackend(name, options = {}) {
  if (!Object.hasOwn(CHUNKS, name)) {
    throw new Error(`There is no backend ${name}. Expected one of ${BACKENDS.join(', ')}.`);
  }
  const initMs = await memoise(started, name, () => start(name, options));
  await inTurn(() => tf.setBackend(name)); // a loop that is being run goes on on its own backend
  return { backend: name, initMs };
}

/**
 * On how many threads WebAssembly computes, once it is started.
 * @returns {Promise<number>}
 */
export const wasmThreads = async () => (await import('./backends/wasm.js')).threads();

/**
 * TensorFlow.js keeps a failed backend as the current one, logs the reason and returns `false`.
 * So the factory is called here: its error reaches the caller and nothing else changes.
 * @param {BackendName} name
 * @param {Options} options
 * @returns {Promise<number>} milliseconds
 */
async function start(name, options) {
  const begin = now();
  try {
    const chunk = await CHUNKS[name]();
    if (name === 'wasm') /** @type {typeof import('./backends/wasm.js')} */ (chunk).locate(options);
    if (name === 'webgpu')
      await /** @type {typeof import('./backends/webgpu.js')} */ (chunk).need();
    const factory = tf.findBackendFactory(name);
    if (!factory) throw new Error('this browser does not offer it');
    const instance = await factory();
    tf.removeBackend(name);
    tf.registerBackend(name, () => instance);
  } catch (error) {
    throw new Error(`The backend ${name} does not work here: ${reason(error)}`);
  }
  return now() - begin;
}

/**
 * The first candidate that works or, given a probe, the one whose median prediction is fastest.
 * WebGL on a software GPU is tried only if it is the only candidate: it takes a second to start and
 * is the slowest.
 * @param {readonly BackendName[]} [candidates]
 * @param {{format: import('./lanes.js').Format, url: string,
 *   input?: import('./picture_input.js').Input, pixels?: Float32Array, budgetMs?: number}} [probe]
 * @returns {Promise<Choice>}
 * @throws {Error} when no candidate works, with each one's reason
 */
export async function chooseBackend(candidates = BACKENDS, probe) {
  /** @type {Choice['tried']} */
  const tried = [];
  for (const backend of candidates) {
    if (backend === 'webgl' && describeGpu()?.software && candidates.length > 1) {
      const error = `Not tried: WebGL here is drawn in software (${describeGpu()?.renderer}).`;
      tried.push({ backend, ok: false, ms: null, error });
      continue;
    }
    try {
      await useBackend(backend);
      const ms = probe ? await medianPrediction(backend, probe) : null;
      tried.push({ backend, ok: true, ms, error: null });
      if (!probe) break;
    } catch (error) {
      tried.push({ backend, ok: false, ms: null, error: reason(error) });
    }
  }
  const working = tried.filter((one) => one.ok);
  if (working.length === 0) {
    throw new Error(`No backend works here. ${tried.map((one) => one.error).join(' ')}`);
  }
  const best = working.reduce((a, b) => ((b.ms ?? 0) < (a.ms ?? 0) ? b : a));
  await useBackend(best.backend);
  return { backend: best.backend, tried };
}

/**
 * @param {BackendName} backend
 * @param {NonNullable<Parameters<typeof chooseBackend>[1]>} probe
 */
async function medianPrediction(backend, { format, url, input, pixels, budgetMs = 30 }) {
  const lane = await loadLane(format, url, { backend, input });
  const picture = pixels ?? new Float32Array(lane.size).fill(0.5);
  const { steadyMs } = await lane.run(picture, { repeats: 20, budgetMs });
  return median(steadyMs);
}
