/**
 * A whole set through TensorFlow.js in the browser: in threads of their own, so that the page stays
 * free, each format in one where a processor is left beside them. A backend that does not work in
 * such a thread computes in the page.
 *
 * @typedef {import('./upload_lane.js').Job} Job
 * @typedef {'graph' | 'layers'} Format
 *
 * @typedef {object} Data
 * @property {string | null} bundle  path of the bundle's entry below served/, null when not built
 * @property {string} worker         path of the thread's script
 * @property {{name: string, version: string, paths: Record<Format, string>, scale: number}} model
 * @property {'auto' | 'cpu' | 'wasm' | 'webgl' | 'webgpu'} backend
 * @property {{token: string, images: number} | null} set  what to predict, null for nothing
 */

import { FORMATS, loadEngine, pickBackend, served, underRoot } from './engine.js';
import { fail, runLanes, startEngine } from './upload_lane.js';

/** @type {WeakMap<Element, Runner>} */
const runners = new WeakMap();

/** @param {{data: Data, parentElement: HTMLElement}} component */
export default function uploadLanes({ data, parentElement }) {
  const root = /** @type {HTMLElement} */ (parentElement.querySelector('.dp-upload'));
  const runner = runners.get(root) ?? new Runner();
  runners.set(root, runner);
  runner.show(data);
  return () => runner.show(null);
}

class Runner {
  constructor() {
    /** The set that is under way. @type {string | null} */
    this.token = null;
    this.stop = new AbortController();
  }

  /** @param {Data | null} data */
  show(data) {
    const token = data?.set?.token ?? null;
    if (token === this.token) return;
    this.token = token;
    this.stop.abort();
    this.stop = new AbortController();
    if (data?.set) void work(data, data.set, this.stop.signal);
  }
}

/**
 * @param {Data} data
 * @param {{token: string, images: number}} of
 * @param {AbortSignal} stopped
 */
async function work({ bundle, worker, model, backend: asked }, { token, images }, stopped) {
  const set = served(`sets/${token}`);
  try {
    const { backend } = await pickBackend(await loadEngine(bundle), asked);
    const engine = served(/** @type {string} */ (bundle));
    const files = `models/${model.name}/${model.version}`;
    const jobs = FORMATS.map((format) => (
      { engine, backend, format, model: served(`${files}/${model.paths[format]}`), scale: model.scale, set, images }
    ));
    const apart = (navigator.hardwareConcurrency ?? 2) > jobs.length;
    for (const each of apart ? jobs.map((job) => [job]) : [jobs]) start(underRoot(worker), each, stopped);
  } catch (error) {
    for (const format of FORMATS) await fail({ set, format }, error);
  }
}

/**
 * Lanes in a thread or, where that cannot be, here.
 * @param {string} script
 * @param {Job[]} jobs
 * @param {AbortSignal} stopped
 */
function start(script, jobs, stopped) {
  if (stopped.aborted) return;
  const thread = new Worker(script, { type: 'module' });
  stopped.addEventListener('abort', () => thread.terminate());
  const here = async () => {
    thread.terminate();
    try {
      await runLanes(await startEngine(jobs[0]), jobs, stopped);
    } catch (error) {
      for (const job of jobs) await fail(job, error);
    }
  };
  thread.addEventListener('message', here, { once: true });
  thread.addEventListener('error', here, { once: true });
  thread.postMessage(jobs);
}
