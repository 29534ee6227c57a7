/**
 * A whole set through TensorFlow.js in the browser, in threads of their own, so that the page stays
 * free. A backend that does not work in such a thread computes in the page.
 *
 * @import {Component} from '../../frontend/component.js'
 * @import {Backend, Model} from '../../frontend/tfjs.js'
 * @import {Job, Part} from './set_runner.js'
 *
 * @typedef {object} Data
 * @property {string} bundle  path of the bundle's entry below served/
 * @property {string} worker  path of the thread's script
 * @property {Model} model
 * @property {'auto' | Backend} backend
 * @property {{token: string, images: number} | null} set  what to predict, null for nothing
 */

import { mounted } from '../../frontend/component.js';
import {
  FORMATS,
  keptChoice,
  loadEngine,
  modelAddress,
  pickBackend,
  served,
} from '../../frontend/tfjs.js';
import { underRoot } from '../../streamlit_internals/root_address.js';
import { batchInPage, fail, runLanes } from './set_runner.js';

const PART = 1024; // digits that a thread takes at once, for both formats
const LAST_PART = 128; // ... towards the end, so that all threads end together
const THREAD_FOR = 512; // digits that are worth another thread, which loads everything again
const MOST_THREADS = 4; // each holds TensorFlow.js and both models

export default mounted(
  '.dp-upload',
  () => new Runner(),
  (runner, /** @type {Component<Data>} */ { data, setStateValue }) =>
    runner.show(data, (token) => setStateValue('ended', token)),
);

class Runner {
  constructor() {
    /** The set that is under way. @type {string | null} */
    this.token = null;
    this.stop = new AbortController();
  }

  /**
   * @param {Data | null} data
   * @param {(token: string) => void} [ended]  called when nothing more will come of a set
   */
  show(data, ended = () => {}) {
    const token = data?.set?.token ?? null;
    if (token === this.token) return;
    this.token = token;
    this.stop.abort();
    this.stop = new AbortController();
    if (data?.set)
      work(data, data.set, () => ended(/** @type {string} */ (token)), this.stop.signal);
  }

  close() {
    this.show(null);
  }
}

/**
 * Every thread takes the next part when it is done with one. Where none can start, the page computes,
 * and only then loads TensorFlow.js itself.
 * @param {Data} data
 * @param {{token: string, images: number}} of
 * @param {() => void} ended
 * @param {AbortSignal} stopped
 */
function work({ bundle, worker, model, backend: asked }, { token, images }, ended, stopped) {
  const set = served(`sets/${token}`);
  const models = { graph: modelAddress(model, 'graph'), layers: modelAddress(model, 'layers') };
  const backend = asked === 'auto' ? (keptChoice() ?? 'wasm') : asked;
  const job = { engine: served(bundle), backend, models, scale: model.scale, set };
  const threads = Math.min(threadsFor(backend), Math.ceil(images / THREAD_FOR));
  const parts = partsOf(images, threads);
  const take = () => parts.shift() ?? null;
  let [unable, done] = [0, 0];
  /** @param {'unable' | 'done'} how */
  const left = async (how) => {
    if (how === 'unable') unable += 1;
    else done += 1;
    if (unable + done < threads) return;
    if (unable === threads) await inPage();
    if (!stopped.aborted) ended();
  };
  const inPage = async () => {
    try {
      const engine = await loadEngine(bundle);
      const works = await pickBackend(engine, asked);
      await runLanes(
        engine,
        { ...job, backend: works.backend },
        async () => take(),
        batchInPage,
        stopped,
      );
    } catch (error) {
      for (const format of FORMATS) await fail(set, format, error);
    }
  };
  for (let each = 0; each < threads; each += 1) begin(underRoot(worker), job, take, left, stopped);
}

/**
 * What there is to do, in order. A thread holds one part and has asked for the next: the fewer digits
 * are left, the smaller the parts.
 * @param {number} images
 * @param {number} threads
 * @returns {Part[]}
 */
function partsOf(images, threads) {
  const parts = [];
  for (let start = 0, stop = 0; start < images; start = stop) {
    const share = Math.ceil((images - start) / (4 * threads));
    const size = threads > 1 ? Math.min(PART, Math.max(LAST_PART, share)) : PART;
    stop = Math.min(start + size, images);
    parts.push({ start, stop });
  }
  return parts;
}

/**
 * One is left for the page where there are more than two processors. A GPU is one for all.
 * @param {Backend} backend
 */
function threadsFor(backend) {
  if (backend === 'webgl' || backend === 'webgpu') return 1;
  const processors = navigator.hardwareConcurrency ?? 1;
  return Math.min(processors > 2 ? processors - 1 : processors, MOST_THREADS);
}

/**
 * A thread, which asks for a part by `next`, says `unable` when the backend does not start in it and
 * `done` when there is no part left.
 * @param {string} script
 * @param {Job} job
 * @param {() => Part | null} take
 * @param {(how: 'unable' | 'done') => void} left
 * @param {AbortSignal} stopped
 */
function begin(script, job, take, left, stopped) {
  const thread = new Worker(script, { type: 'module' });
  let began = false;
  stopped.addEventListener('abort', () => thread.terminate());
  thread.addEventListener('message', ({ data: said }) => {
    began = true;
    if (said === 'next') thread.postMessage(take());
    else left(said);
  });
  thread.addEventListener('error', async ({ message }) => {
    thread.terminate();
    if (began)
      for (const format of FORMATS)
        await fail(job.set, format, `A thread of the browser broke off: ${message}`);
    left(began ? 'done' : 'unable');
  });
  thread.postMessage(job);
}
