/**
 * The browser's lanes. Streamlit calls the default export at every change of `data`; each panel
 * then brings the latest digit through TensorFlow.js, paints both answers at once and reports them
 * to Python. A digit that arrives meanwhile replaces the one before: no old answer is ever shown.
 *
 * @typedef {import('../models/tfjs/src/main.js')} Engine
 * @typedef {'cpu' | 'wasm' | 'webgl' | 'webgpu'} Backend
 * @typedef {'graph' | 'layers'} Format
 *
 * @typedef {object} Data
 * @property {string | null} bundle  path of the bundle's entry below served/, null when not built
 * @property {{name: string, version: string, paths: Record<Format, string>, scale: number,
 *   classes: string[]}} model
 * @property {'auto' | Backend} backend
 * @property {{id: string, pixels: string} | null} digit  784 float32, little-endian, base64
 *
 * @typedef {object} Answer
 * @property {Format} format
 * @property {number[] | null} probabilities
 * @property {number | null} loadMs
 * @property {number | null} firstMs
 * @property {number[]} steadyMs
 * @property {string | null} error
 */

import {
  FORMATS, decode, describe, keepFastestBackend, keptChoice, loadEngine, pickBackend, reason, served,
} from './engine.js';
import { paintAnswer, paintWaiting } from './paint.js';

/** Runs of each lane and time for both. A hiccup may not leave too few to compare, a slow backend not hold the page. */
const TIMED_RUNS = { enough: 8, repeats: 10, budgetMs: 12, mostMs: 60 };

/** @type {WeakMap<Element, Panel>} */
const panels = new WeakMap();

/**
 * @param {{data: Data, parentElement: HTMLElement, setStateValue: (name: string, value: unknown) => void}} component
 */
export default function browserLanes({ data, parentElement, setStateValue }) {
  const root = /** @type {HTMLElement} */ (parentElement.querySelector('.dp-lanes'));
  const panel = panels.get(root) ?? new Panel(root);
  panels.set(root, panel);
  panel.show(data, (report) => setStateValue('report', report));
  return () => panel.close();
}

class Panel {
  /** @param {HTMLElement} root */
  constructor(root) {
    this.root = root;
    /** @type {Data | null} */
    this.data = null;
    this.asked = '';
    this.busy = false;
    this.measuring = false;
    this.closed = false;
    /** @type {Data | null} */
    this.answered = null;
    /** @type {(report: object) => void} */
    this.report = () => {};
  }

  /**
   * @param {Data} data
   * @param {(report: object) => void} report
   */
  show(data, report) {
    this.report = report;
    const asked = JSON.stringify([data.digit?.id, data.backend, data.model, data.bundle]);
    if (asked === this.asked) return;
    this.asked = asked;
    this.data = data;
    paintWaiting(this.root, data);
    void this.work();
  }

  close() {
    this.closed = true;
  }

  /** Whether `data` is still what the page shows. @param {Data} data */
  isCurrent(data) {
    return this.data === data && !this.closed;
  }

  /** Answer the latest digit, until there is no later one. */
  async work() {
    if (this.busy) return;
    this.busy = true;
    try {
      while (this.data && this.data !== this.answered && !this.closed) {
        this.answered = this.data;
        await this.answer(this.data);
      }
    } finally {
      this.busy = false;
    }
  }

  /** @param {Data} data */
  async answer(data) {
    /** @type {Backend | null} */
    let backend = null;
    let fallback = null;
    /** @type {Record<string, string>} */
    let environment = {};
    /** @type {Answer[]} */
    let answers = [];
    try {
      const engine = await loadEngine(data.bundle);
      environment = describe(engine);
      ({ backend, fallback } = await pickBackend(engine, data.backend));
      const runs = [];
      for (const format of FORMATS) runs.push(await this.first(engine, data, format));
      answers = await this.timed(data, runs);
    } catch (error) {
      answers = FORMATS.map((format) => failed(format, error));
    }
    if (!this.isCurrent(data)) return;
    for (const answer of answers) paintAnswer(this.root, answer, data);
    if (data.digit === null) return;
    const { digit, model } = data;
    const lanes = answers;
    this.report({ digit: digit.id, model: model.name, asked: data.backend, backend, fallback, lanes, environment });
    if (data.backend === 'auto' && backend !== null) this.measureSoon(data);
  }

  /**
   * The first answer must not wait for a measurement: it is made once the page has time, and the
   * next digits use what was fastest.
   * @param {Data} data
   */
  measureSoon(data) {
    if (keptChoice() !== null || this.measuring) return;
    this.measuring = true;
    setTimeout(async () => {
      while (this.busy && !this.closed) await new Promise((resolve) => setTimeout(resolve, 200));
      if (this.closed) return; // another page may be measuring by now
      this.busy = true;
      try {
        await keepFastestBackend(await loadEngine(data.bundle), data.model);
      } catch {
        // What is in use stays in use.
      } finally {
        this.busy = false;
        this.measuring = false;
        void this.work();
      }
    }, 1500);
  }

  /**
   * One lane's answer, painted at once. The first prediction is made on a blank digit right after
   * loading, so that no drawing waits for it.
   * @param {Engine} engine
   * @param {Data} data
   * @param {Format} format
   */
  async first(engine, data, format) {
    try {
      const { name, version, paths, scale } = data.model;
      const url = served(`models/${name}/${version}/${paths[format]}`);
      const lane = await engine.loadLane(format, url, { scale });
      if (lane.firstMs === null) await lane.predict(new Float32Array(lane.size), 1);
      if (data.digit === null || !this.isCurrent(data)) return { format, lane, answer: null };
      const { probabilities, ms } = await lane.predict(decode(data.digit.pixels), 1);
      const { loadMs, firstMs } = lane;
      const answer = { format, probabilities: [...probabilities], loadMs, firstMs, steadyMs: [ms], error: null };
      if (this.isCurrent(data)) paintAnswer(this.root, answer, data);
      return { format, lane, answer };
    } catch (error) {
      return { format, lane: null, answer: failed(format, error) };
    }
  }

  /**
   * Both lanes again for the clock, in turns so that what slows the machine slows both, and each
   * turn the other way round. The answers are painted before; their own time, after the page had
   * been busy with other things, is no steady one.
   * @param {Data} data
   * @param {{lane: import('../models/tfjs/src/lanes.js').Lane | null, format: Format, answer: Answer | null}[]} runs
   * @returns {Promise<Answer[]>}
   */
  async timed(data, runs) {
    const answers = runs.flatMap(({ answer }) => answer ?? []);
    if (data.digit === null) return answers;
    await new Promise((resolve) => void setTimeout(resolve, 0)); // the page shows the answers
    const digit = decode(data.digit.pixels);
    const pairs = runs.flatMap(({ lane, answer }) => (lane && answer?.probabilities ? [{ lane, answer }] : []));
    for (const { answer } of pairs) answer.steadyMs = [];
    const begin = performance.now();
    for (let turn = 0; turn < TIMED_RUNS.repeats && this.isCurrent(data); turn += 1) {
      for (const { lane, answer } of pairs) answer.steadyMs.push((await lane.predict(digit, 1)).ms);
      pairs.reverse();
      const passed = performance.now() - begin;
      if (passed > (turn + 1 < TIMED_RUNS.enough ? TIMED_RUNS.mostMs : TIMED_RUNS.budgetMs)) break;
    }
    return answers;
  }
}

/**
 * @param {Format} format
 * @param {unknown} error
 * @returns {Answer}
 */
const failed = (format, error) => ({
  format, probabilities: null, loadMs: null, firstMs: null, steadyMs: [], error: reason(error),
});
