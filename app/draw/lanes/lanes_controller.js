/**
 * A panel brings the latest digit through TensorFlow.js, paints both answers at once and reports
 * them to Python. A digit that arrives meanwhile replaces the one before: no old answer is ever shown.
 *
 * What is drawn need not wait for Python: `canvas.js` asks the panel first, which makes the digit
 * itself and answers, and the answers travel with the drawing.
 *
 * @import {Backend, Format, Lane} from '../../frontend/tfjs.js'
 * @import {Drawn} from '../events.js'
 * @import {Answer, Data} from './predict.js'
 */

import {
  describe,
  encode,
  FORMATS,
  keepFastestBackend,
  keptChoice,
  loadEngine,
  pickBackend,
} from '../../frontend/tfjs.js';
import { levels } from '../canvas/digit_from_strokes.js';
import { DRAWN, LIFTED, padThere, SEEN } from '../events.js';
import { paintAnswer, paintWaiting } from './lane_cards.js';
import { failed, firstAnswer, pixelsOf } from './predict.js';
import { EarlyTimes, steady } from './steady_times.js';

/** What a drawing waits for its answers, at most: no longer than Python would take to ask for them. */
const AHEAD_MS = 60;

/** So long Python may still send the digit before a drawing. */
const OUTDATED_MS = 1000;

export class Panel {
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
    /** Whether the last answer had no failure, so that the next will not be long. */
    this.swift = false;
    /** While a drawing is on its way to Python: what Python may still send of the digit before. */
    this.outdated = '';
    /** Those of the last answer. @type {Lane[]} */
    this.lanes = [];
    this.early = new EarlyTimes();
    this.ended = new AbortController();
    const { signal } = this.ended;
    document.addEventListener(
      DRAWN,
      (event) => this.ahead(/** @type {CustomEvent} */ (event).detail),
      { signal },
    );
    document.addEventListener(LIFTED, () => this.lifted(), { signal });
  }

  /**
   * @param {Data} data
   * @param {(report: object) => void} report
   */
  show(data, report) {
    this.report = report;
    document.dispatchEvent(new Event(SEEN));
    const asked = question(data);
    if (asked === this.outdated) {
      setTimeout(() => this.showIfStill(data, report), OUTDATED_MS);
      return;
    }
    this.outdated = '';
    if (asked === this.asked) return;
    this.take(data, asked);
    void this.work();
  }

  /**
   * Python went back to the digit before, for the drawing was taken back: nothing else came since.
   * @param {Data} data
   * @param {(report: object) => void} report
   */
  showIfStill(data, report) {
    if (this.outdated !== question(data) || this.closed) return;
    this.outdated = '';
    this.show(data, report);
  }

  /** From now on this is what the page shows. @param {Data} data @param {string} asked */
  take(data, asked) {
    this.asked = asked;
    this.data = data;
    paintWaiting(this.root, data);
  }

  /**
   * Answer a drawing that Python has not seen yet. Sets `drawn.answer`, a promise of a report or
   * of null, when the lanes are loaded and idle; what comes late is reported as any other.
   * @param {Drawn} drawn
   */
  ahead(drawn) {
    if (this.busy || !this.swift || this.data === null) return;
    const drawnLevels = levels(drawn.drawing);
    if (drawnLevels === null) return;
    const before = this.asked;
    const data = { ...this.data, digit: encode(drawnLevels) };
    const asked = question(data);
    if (asked === before) return;
    this.outdated = before;
    this.take(data, asked);
    this.answered = data;
    this.busy = true;
    const answering = this.answer(data).finally(() => {
      this.busy = false;
      void this.work();
    });
    const late = new Promise((resolve) => void setTimeout(resolve, AHEAD_MS, null));
    drawn.answer = Promise.race([answering, late]).then((report) => {
      if (report === null) void answering.then((found) => found && this.report(found));
      return report;
    });
  }

  close() {
    this.closed = true;
    this.ended.abort();
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
        const report = await this.answer(this.data);
        if (report !== null) this.report(report);
      }
    } finally {
      this.busy = false;
    }
  }

  /** Paint what both lanes answer, and return the report. @param {Data} data @returns {Promise<object | null>} */
  async answer(data) {
    /** @type {Backend | null} */
    let backend = null;
    let fallback = null;
    /** @type {Record<string, string>} */
    let environment = {};
    /** @type {Answer[]} */
    let answers = [];
    try {
      await padThere();
      const engine = await loadEngine(data.bundle);
      environment = describe(engine);
      ({ backend, fallback } = await pickBackend(engine, data.backend));
      const runs = [];
      for (const format of FORMATS) {
        runs.push(await firstAnswer(engine, data, format, () => this.isCurrent(data)));
        const { answer } = runs[runs.length - 1];
        if (answer !== null && this.isCurrent(data)) paintAnswer(this.root, answer, data);
      }
      answers = await this.timed(data, runs);
    } catch (error) {
      answers = FORMATS.map((format) => failed(format, error));
    }
    if (!this.isCurrent(data)) return null;
    this.swift = answers.every(({ error }) => error === null);
    for (const answer of answers) paintAnswer(this.root, answer, data);
    const { digit, model, backend: asked } = data;
    if (digit === null) return null;
    if (asked === 'auto' && backend !== null) this.measureSoon(data);
    return { digit, model: model.name, asked, backend, fallback, lanes: answers, environment };
  }

  /**
   * The first answer must not wait for a measurement: it is made once the page has time, and the
   * next digits use what was fastest.
   * @param {Data} data
   */
  measureSoon(data) {
    if (this.measuring) return;
    if (keptChoice() !== null) {
      this.rests();
      return;
    }
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
        this.rests();
        void this.work();
      }
    }, 1500);
  }

  /** For whoever waits for a page at rest: no measurement of the backends is to come. */
  rests() {
    this.root.dataset.idle = '';
  }

  /**
   * Both lanes again for the clock, unless that was done a moment ago. The answers are painted
   * before; their own time, after the page had been busy with other things, is no steady one.
   * @param {Data} data
   * @param {{lane: Lane | null, format: Format, answer: Answer | null}[]} runs
   * @returns {Promise<Answer[]>}
   */
  async timed(data, runs) {
    const pairs = runs.flatMap(({ lane, answer }) =>
      lane && answer?.probabilities ? [{ lane, answer }] : [],
    );
    this.lanes = runs.flatMap(({ lane }) => lane ?? []);
    if (data.digit !== null && pairs.length > 0) {
      const lanes = pairs.map(({ lane }) => lane);
      const times = (await this.early.of(lanes)) ?? (await this.clock(lanes, data));
      for (const [number, { answer }] of pairs.entries()) answer.steadyMs = times[number];
    }
    return runs.flatMap(({ answer }) => answer ?? []);
  }

  /** @param {Lane[]} lanes @param {Data} data */
  async clock(lanes, data) {
    await new Promise((resolve) => void setTimeout(resolve, 0)); // the page shows the answers
    return steady(lanes, pixelsOf(data), () => this.isCurrent(data));
  }

  /** The pen was lifted and may come back: time for the clock. */
  lifted() {
    const { data } = this;
    if (this.busy || !this.swift || data === null) return;
    this.early.take(this.lanes, pixelsOf(data), () => !this.busy && this.isCurrent(data));
  }
}

/** What tells one question from the next. @param {Data} data */
const question = ({ session, digit, backend, model, bundle }) =>
  JSON.stringify([session, digit, backend, model, bundle]);
