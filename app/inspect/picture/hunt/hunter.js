/**
 * Finds the picture on which a model's two formats differ most: a component that runs a web worker,
 * shows how far it is, and reports once, at the end.
 *
 * @import {Component} from '../../../frontend/component.js'
 * @import {Backend, Model} from '../../../frontend/tfjs.js'
 * @import {Judge} from './score.js'
 * @import {Job, Result} from './search.js'
 *
 * @typedef {object} Run
 * @property {string} token  identifies the run; its report has the same
 * @property {boolean} stopped  whether to end with what is found so far
 * @property {Model} model
 * @property {'auto' | Backend} backend
 * @property {string} pictures  the real ones' levels, base64
 * @property {number} size  how many values a picture has
 * @property {Omit<import('./climb.js').Ground, 'real'>} ground
 * @property {Judge} judge
 * @property {number} seconds
 *
 * @typedef {{bundle: string | null, worker: string, run: Run | null}} Data
 * @typedef {{share: number, asked: number, apart: number}} Step
 */

import { mounted } from '../../../frontend/component.js';
import { paintNothing, paintProgress } from '../../../frontend/progress_bar.js';
import {
  decodeLevels,
  encode,
  formatsOf,
  keptChoice,
  loadEngine,
  modelAddress,
  pickBackend,
  reason,
  served,
} from '../../../frontend/tfjs.js';
import { underRoot } from '../../../streamlit_internals/root_address.js';
import { plain } from '../../../ui/figures.js';
import { search } from './search.js';

const FEW = 8; // pictures at once in the page, which stands still meanwhile

export default mounted(
  '.dp-hunt',
  (root) => new Hunter(root),
  (hunter, /** @type {Component<Data>} */ { data, setTriggerValue }) =>
    hunter.show(data, (report) => setTriggerValue('report', report)),
);

class Hunter {
  /** @param {HTMLElement} root */
  constructor(root) {
    this.root = root;
    /** The last run's token. @type {string | null} */
    this.token = null;
    /** @type {Worker | null} */
    this.worker = null;
    this.stopped = false;
    this.hasBegun = false;
    /** @type {(report: object) => void} */
    this.report = () => {};
  }

  /**
   * @param {Data} data
   * @param {(report: object) => void} report
   */
  show(data, report) {
    this.report = report;
    const { run } = data;
    if (run === null) {
      this.close();
      return;
    }
    if (run.token !== this.token) this.begin(data, run);
    if (run.stopped && !this.stopped) this.stop(run);
  }

  close() {
    this.worker?.terminate();
    this.worker = null;
    this.token = null;
    this.stopped = true;
    paintNothing(this.root);
  }

  /** @param {Data} data @param {Run} run */
  begin(data, run) {
    this.close();
    [this.token, this.stopped, this.hasBegun] = [run.token, false, false];
    const backend = run.backend === 'auto' ? (keptChoice() ?? 'wasm') : run.backend;
    this.paint({ share: 0, text: 'Fetching both formats …' });
    if (data.bundle === null) {
      this.end(run, backend, { why: 'TensorFlow.js is not installed on this server.' });
      return;
    }
    const job = jobOf(run, data.bundle, backend);
    const worker = new Worker(underRoot(data.worker), { type: 'module' });
    this.worker = worker;
    worker.addEventListener('message', ({ data: { kind, result, why, ...step } }) => {
      if (kind === 'step') this.step(step);
      else if (kind === 'unable') void this.inPage(data, run, job);
      else this.end(run, backend, { result, why });
    });
    worker.addEventListener('error', ({ message }) => {
      if (this.hasBegun)
        this.end(run, backend, { why: `A thread of the browser broke off: ${message}` });
      else void this.inPage(data, run, job);
    });
    worker.postMessage(job);
  }

  /** @param {Run} run */
  stop(run) {
    this.stopped = true;
    if (this.hasBegun) this.worker?.postMessage('stop');
    else this.end(run, null, {}); // nothing is found yet
  }

  /** @param {Data} data @param {Run} run @param {Job} job */
  async inPage({ bundle }, run, job) {
    this.worker?.terminate();
    this.worker = null;
    const isOurs = () => this.token === run.token;
    try {
      const engine = await loadEngine(bundle);
      const { backend } = await pickBackend(engine, run.backend);
      const ground = { ...job.ground, count: Math.min(FEW, job.ground.count) };
      const result = await search(engine, { ...job, backend, ground }, async (share, now) => {
        if (isOurs()) this.step({ share, asked: now.asked, apart: now.best.apart[0].apart });
        await new Promise((resolve) => setTimeout(resolve, 0)); // the page draws, and hears of a stop
        return isOurs() && !this.stopped;
      });
      if (isOurs()) this.end(run, backend, { result });
    } catch (error) {
      if (isOurs()) this.end(run, null, { why: reason(error) });
    }
  }

  /** @param {Step} step */
  step({ share, asked, apart }) {
    this.hasBegun = true;
    const text = `${asked.toLocaleString('en')} pictures, at most ${plain(apart)} apart`;
    this.paint({ share, text });
  }

  /** @param {{share: number, text: string}} now */
  paint(now) {
    paintProgress(this.root, { ...now, name: 'Search in your browser' });
  }

  /**
   * @param {Run} run
   * @param {Backend | null} backend
   * @param {{result?: Result, why?: string}} how
   */
  end({ token }, backend, { result, why }) {
    this.worker?.terminate();
    this.worker = null;
    paintNothing(this.root);
    const { steps = 0, asked = 0, ms = 0 } = result ?? {};
    const found = (result?.found ?? []).map(sent);
    const error = why === undefined ? null : why.slice(0, 500);
    this.report({ token, backend, steps, asked, ms, found, error });
  }
}

/** @param {Result['found'][number]} found */
const sent = ({ levels, origin, answers }) => ({
  levels: encode(levels),
  origin,
  answers: answers.map((each) => encode(new Uint8Array(each.buffer))),
});

/**
 * @param {Run} run
 * @param {string} bundle
 * @param {Backend} backend
 * @returns {Job}
 */
function jobOf({ model, pictures, size, ground, judge, seconds }, bundle, backend) {
  const all = decodeLevels(pictures);
  const real = Array.from({ length: all.length / size }, (_, at) =>
    all.slice(at * size, (at + 1) * size),
  );
  const models = formatsOf(model).map((format) => ({ format, url: modelAddress(model, format) }));
  const { input } = model;
  return {
    engine: served(bundle),
    backend,
    models,
    input,
    ground: { ...ground, real },
    judge,
    seconds,
  };
}
