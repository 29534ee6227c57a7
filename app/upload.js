/**
 * A whole set through TensorFlow.js in the browser, in threads of their own, so that the page stays
 * free. A backend that does not work in such a thread computes in the page.
 *
 * @typedef {import('./upload_lane.js').Job} Job
 * @typedef {import('./upload_lane.js').Part} Part
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

const PART = 500; // digits that a thread takes at once
const MOST_THREADS = 4; // each holds TensorFlow.js and both models

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
    const files = `models/${model.name}/${model.version}`;
    const models = { graph: served(`${files}/${model.paths.graph}`), layers: served(`${files}/${model.paths.layers}`) };
    const engine = served(/** @type {string} */ (bundle));
    const parts = partsOf(images);
    const threads = Math.min(threadsFor(backend), parts.length / FORMATS.length);
    compute(underRoot(worker), { engine, backend, models, scale: model.scale, set }, parts, threads, stopped);
  } catch (error) {
    for (const format of FORMATS) await fail(set, format, error);
  }
}

/**
 * What there is to do, both formats in turn, so that what slows the machine slows both alike.
 * @param {number} images
 * @returns {Part[]}
 */
function partsOf(images) {
  const starts = Array.from({ length: Math.ceil(images / PART) }, (_, part) => part * PART);
  return starts.flatMap((start) => (
    FORMATS.map((format) => ({ format, start, stop: Math.min(start + PART, images) }))
  ));
}

/**
 * One is left for the page where there are more than two processors. A GPU is one for all.
 * @param {'cpu' | 'wasm' | 'webgl' | 'webgpu'} backend
 */
function threadsFor(backend) {
  if (backend === 'webgl' || backend === 'webgpu') return 1;
  const processors = navigator.hardwareConcurrency ?? 1;
  return Math.min(processors > 2 ? processors - 1 : processors, MOST_THREADS);
}

/**
 * Every thread takes the next part when it is done with one. Where none can start, the page computes.
 * @param {string} script
 * @param {Job} job
 * @param {Part[]} parts
 * @param {number} threads
 * @param {AbortSignal} stopped
 */
function compute(script, job, parts, threads, stopped) {
  const take = () => parts.shift() ?? null;
  let unable = 0;
  const here = async () => {
    unable += 1;
    if (unable < threads) return;
    try {
      await runLanes(await startEngine(job), job, async () => take(), stopped);
    } catch (error) {
      for (const format of FORMATS) await fail(job.set, format, error);
    }
  };
  for (let each = 0; each < threads && !stopped.aborted; each += 1) begin(script, job, take, here, stopped);
}

/**
 * A thread, which asks for a part by `next` and says `unable` when the backend does not start in it.
 * @param {string} script
 * @param {Job} job
 * @param {() => Part | null} take
 * @param {() => void} unable
 * @param {AbortSignal} stopped
 */
function begin(script, job, take, unable, stopped) {
  const thread = new Worker(script, { type: 'module' });
  let began = false;
  const end = () => {
    thread.terminate();
    if (!began) unable();
  };
  stopped.addEventListener('abort', () => thread.terminate());
  thread.addEventListener('message', ({ data: said }) => {
    if (said === 'unable') end();
    else thread.postMessage(take());
    began = said === 'next';
  });
  thread.addEventListener('error', ({ message }) => {
    if (began) for (const format of FORMATS) void fail(job.set, format, `A thread of the browser broke off: ${message}`);
    end();
  });
  thread.postMessage(job);
}
