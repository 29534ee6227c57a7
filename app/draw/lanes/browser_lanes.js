/**
 * `Panel` runs the latest digit through TensorFlow.js, paints both answers and reports them to
 * Python. A digit that arrives meanwhile replaces the one before: no outdated answer is ever shown.
 *
 * A drawing does not wait for Python: `canvas.js` asks the panel first. The panel preprocesses the
 * drawing and answers, and the answers are sent to Python with the drawing.
 *
 * @import {Backend, Format, Lane} from '../../frontend/tfjs.js'
 * @import {Drawn} from '../events.js'
 * @import {Answer, Data} from './predict.js'
 */

import {
  describe,
  encode,
  keepFastestBackend,
  keptChoice,
  loadEngine,
  pickBackend,
} from '../../frontend/tfjs.js';
import { levels } from '../canvas/digit_from_strokes.js';
import { DRAWN, LIFTED, padThere, SEEN } from '../events.js';
import { paintAnswer, paintLoading, paintWaiting } from './lane_cards.js';
import { failed, firstAnswer, formatsOf, pixelsOf } from './predict.js';
import { EarlyTimes, steady } from './steady_times.js';

/** How long a drawing waits for its answers, at most: Python would take as long to ask for them. */
const AHEAD_MS = 60;

/** How long Python may still send the digit before the drawing. */
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
    /** Whether the lanes answered last time without failure, so that they will answer fast. */
    this.swift = false;
    /** While a drawing is on its way to Python: the previous question, which Python may repeat. */
    this.outdated = '';
    /** The lanes that answered last. @type {Lane[]} */
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
   * Show the previous digit after all: nothing else came since, so the drawing was undone.
   * @param {Data} data
   * @param {(report: object) => void} report
   */
  showIfStill(data, report) {
    if (this.outdated !== question(data) || this.closed) return;
    this.outdated = '';
    this.show(data, report);
  }

  /** Make this the digit that the page shows. @param {Data} data @param {string} asked */
  take(data, asked) {
    this.asked = asked;
    this.data = data;
    paintWaiting(this.root, data);
  }

  /**
   * Answer a drawing before Python has seen it. If the lanes are loaded and idle, this sets
   * `drawn.answer`, a promise of the answers or null. Late answers are reported like any others.
   * @param {Drawn} drawn
   */
  ahead(drawn) {
    if (this.busy || !this.swift || !this.data?.model.isDigit) return;
    const drawnLevels = levels(drawn.drawing);
    if (drawnLevels === null) return;
    const before = this.asked;
    const data = { ...this.data, digit: encode(drawnLevels), id: null };
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
      if (report === null) void answering.then((answers) => answers && this.report(answers));
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

  /** Answer until the latest digit is answered. */
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

  /** Paint both lanes' answers, and return them as Python's `BrowserAnswers`. @param {Data} data @returns {Promise<object | null>} */
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
      for (const format of formatsOf(data)) {
        const loading = (/** @type {number} */ share) => this.loading(data, format, share);
        runs.push(await firstAnswer(engine, data, format, () => this.isCurrent(data), loading));
        const { answer } = runs[runs.length - 1];
        if (answer !== null && this.isCurrent(data)) paintAnswer(this.root, answer, data);
      }
      answers = await this.timed(data, runs);
    } catch (error) {
      answers = formatsOf(data).map((format) => failed(format, error));
    }
    if (!this.isCurrent(data)) return null;
    this.swift = answers.every(({ error }) => error === null);
    for (const answer of answers) paintAnswer(this.root, answer, data);
    const { digit, id, model, backend: asked } = data;
    if (digit === null) return null;
    if (asked === 'auto' && backend !== null) this.measureSoon(data);
    // A large picture need not travel back: Python knows it by name.
    return {
      digit: id ?? digit,
      model: model.name,
      asked,
      backend,
      fallback,
      lanes: answers,
      environment,
    };
  }

  /**
   * Measure the backends once the page is idle, so that the first answer does not wait for it. The
   * next digits use the fastest one.
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

  /** Mark the page as idle: no measurement of the backends is pending. */
  rests() {
    this.root.dataset.idle = '';
  }

  /**
   * Time both lanes, unless that was done a moment ago. The time of the answer itself is not steady:
   * the page was busy with other things before.
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

  /**
   * Show that weights arrive, on the card of the picture that is shown by now.
   * @param {Data} data
   * @param {Format} format
   * @param {number} share
   */
  loading(data, format, share) {
    const current = this.data ?? data;
    if (current.model.name === data.model.name && !this.closed)
      paintLoading(this.root, format, current, share);
  }

  /** @param {Lane[]} lanes @param {Data} data */
  async clock(lanes, data) {
    await new Promise((resolve) => void setTimeout(resolve, 0)); // the page shows the answers
    return steady(lanes, pixelsOf(data, lanes[0].size), () => this.isCurrent(data));
  }

  /** Take the times while the pen is lifted and may come back. */
  lifted() {
    const { data } = this;
    if (this.busy || !this.swift || data === null || this.lanes.length === 0) return;
    const pixels = pixelsOf(data, this.lanes[0].size);
    this.early.take(this.lanes, pixels, () => !this.busy && this.isCurrent(data));
  }
}

/** An identifier of what is asked of the lanes. @param {Data} data */
const question = ({ session, digit, backend, model, bundle }) =>
  JSON.stringify([session, digit, backend, model, bundle]);
