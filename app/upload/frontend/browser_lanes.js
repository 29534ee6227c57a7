/**
 * Runs a whole test set through TensorFlow.js in web workers, so that the page stays responsive. A
 * backend that does not work in a web worker computes in the page. It shows how much of a model has
 * arrived, and nothing else.
 *
 * @import {Component} from '../../frontend/component.js'
 * @import {Backend, Format, Model} from '../../frontend/tfjs.js'
 * @import {Job, Part} from './set_runner.js'
 *
 * @typedef {object} Data
 * @property {string} bundle  path of the bundle's entry below served/
 * @property {string} worker  path of the web worker's script
 * @property {Model} model
 * @property {'auto' | Backend} backend
 * @property {TestSet | null} set  the test set to predict, null for none
 * @property {readonly string[]} [kinds]  suffixes of files that are read
 *
 * @typedef {object} TestSet
 * @property {string} token
 * @property {number} images
 * @property {number} size  how many values a picture has
 * @property {number} part  how many pictures are fetched, and their answers sent, at once
 */

import { mounted } from '../../frontend/component.js';
import {
  formatsOf,
  keptChoice,
  loadEngine,
  modelAddress,
  pickBackend,
  served,
} from '../../frontend/tfjs.js';
import { offer } from '../../streamlit_internals/file_uploader.js';
import { underRoot } from '../../streamlit_internals/root_address.js';
import { batchInPage, fail, lanesOf, runLanes } from './set_runner.js';

const LAST_PART = 128; // towards the end a part is smaller, so that all web workers end together
const VALUES_PER_WEB_WORKER = 512 * 784; // of pictures: each web worker loads everything again
const MOST_WEB_WORKERS = 4; // each holds TensorFlow.js and both models

export default mounted(
  '.dp-upload',
  (root) => new Runner(root),
  (runner, /** @type {Component<Data>} */ { data, setStateValue }) =>
    runner.show(data, (token) => setStateValue('ended', token)),
);

class Runner {
  /** @param {HTMLElement} root */
  constructor(root) {
    this.root = root;
    /** The test set in progress. @type {string | null} */
    this.token = null;
    this.stop = new AbortController();
  }

  /**
   * @param {Data | null} data
   * @param {(token: string) => void} [ended]  called when a test set has ended
   */
  show(data, ended = () => {}) {
    if (data) offer(data.kinds ?? []);
    const token = data?.set?.token ?? null;
    if (token === this.token) return;
    this.token = token;
    this.stop.abort();
    this.stop = new AbortController();
    this.root.textContent = '';
    if (!data?.set) return;
    const arrives = arrivalIn(this.root, this.stop.signal);
    work(data, data.set, () => ended(/** @type {string} */ (token)), this.stop.signal, arrives);
  }

  close() {
    this.show(null);
  }
}

/**
 * Shows in `root` what share of a format's weights is here: of the web worker that has most of them,
 * as all fetch the same. Nothing is shown of what is complete.
 * @param {HTMLElement} root
 * @param {AbortSignal} stopped
 */
function arrivalIn(root, stopped) {
  /** @type {Map<Format, number>} */
  const shares = new Map();
  return (/** @type {Format} */ format, /** @type {number} */ share) => {
    shares.set(format, Math.max(share, shares.get(format) ?? 0));
    const parts = [...shares].filter(([, each]) => each < 1);
    const words = parts.map(([each, part]) => `${each}: ${Math.floor(part * 100)} %`);
    if (!stopped.aborted)
      root.textContent = words.length ? `Weights in your browser: ${words.join(', ')}` : '';
  };
}

/**
 * Each web worker takes the next part when it is done with one. If none can start, the page computes,
 * and only then loads TensorFlow.js itself.
 * @param {Data} data
 * @param {TestSet} testSet
 * @param {() => void} ended
 * @param {AbortSignal} stopped
 * @param {(format: Format, share: number) => void} arrives
 */
function work({ bundle, worker, model, backend: choice }, testSet, ended, stopped, arrives) {
  const { token, images, size } = testSet;
  const set = served(`sets/${token}`);
  const formats = formatsOf(model);
  const models = Object.fromEntries(formats.map((format) => [format, modelAddress(model, format)]));
  const backend = choice === 'auto' ? (keptChoice() ?? 'wasm') : choice;
  const job = { engine: served(bundle), backend, models, input: model.input, size, set };
  const enough = Math.ceil((images * size) / VALUES_PER_WEB_WORKER);
  const webWorkers = Math.min(webWorkersFor(backend), enough, images);
  const parts = partsOf(testSet, webWorkers);
  const take = () => parts.shift() ?? null;
  let [unable, done] = [0, 0];
  /** @param {'unable' | 'done'} how */
  const onEnd = async (how) => {
    if (how === 'unable') unable += 1;
    else done += 1;
    if (unable + done < webWorkers) return;
    if (unable === webWorkers) await inPage();
    if (!stopped.aborted) ended();
  };
  const inPage = async () => {
    try {
      const engine = await loadEngine(bundle);
      const works = await pickBackend(engine, choice);
      await runLanes(
        engine,
        { ...job, backend: works.backend },
        async () => take(),
        batchInPage,
        stopped,
        arrives,
      );
    } catch (error) {
      for (const format of formats) await fail(set, format, error);
    }
  };
  for (let started = 0; started < webWorkers; started += 1)
    begin(underRoot(worker), job, take, onEnd, stopped, arrives);
}

/**
 * The parts, in order. A web worker holds one part and has asked for the next, so parts get smaller
 * the fewer pictures are left.
 * @param {TestSet} testSet
 * @param {number} webWorkers
 * @returns {Part[]}
 */
function partsOf({ images, part }, webWorkers) {
  const parts = [];
  for (let start = 0, stop = 0; start < images; start = stop) {
    const share = Math.ceil((images - start) / (4 * webWorkers));
    const size = webWorkers > 1 ? Math.min(part, Math.max(LAST_PART, share)) : part;
    stop = Math.min(start + size, images);
    parts.push({ start, stop });
  }
  return parts;
}

/**
 * How many web workers to start. Of more than two processors, one is left for the page. All share
 * one GPU.
 * @param {Backend} backend
 */
function webWorkersFor(backend) {
  if (backend === 'webgl' || backend === 'webgpu') return 1;
  const processors = navigator.hardwareConcurrency ?? 1;
  return Math.min(processors > 2 ? processors - 1 : processors, MOST_WEB_WORKERS);
}

/**
 * Starts a web worker. It asks for a part by `next`, and ends with `unable` if the backend does not
 * start in it, or with `done` when no part is left.
 * @param {string} script
 * @param {Job} job
 * @param {() => Part | null} take
 * @param {(how: 'unable' | 'done') => void} onEnd
 * @param {AbortSignal} stopped
 * @param {(format: Format, share: number) => void} arrives
 */
function begin(script, job, take, onEnd, stopped, arrives) {
  const webWorker = new Worker(script, { type: 'module' });
  let began = false;
  stopped.addEventListener('abort', () => webWorker.terminate());
  webWorker.addEventListener('message', ({ data: message }) => {
    began = true;
    if (message === 'next') webWorker.postMessage(take());
    else if (typeof message === 'object') arrives(message.format, message.share);
    else onEnd(message);
  });
  webWorker.addEventListener('error', async ({ message }) => {
    webWorker.terminate();
    if (began)
      for (const format of lanesOf(job))
        await fail(job.set, format, `A thread of the browser broke off: ${message}`);
    onEnd(began ? 'done' : 'unable');
  });
  webWorker.postMessage(job);
}
