/**
 * The browser's lanes: loaded once for each model and backend, asked for one picture after the other.
 *
 * @import {Backend, Engine, Format, Lane, Model} from '../../frontend/tfjs.js'
 * @import {Kind} from './probabilities.js'
 * @import {Answer} from './predict.js'
 *
 * @typedef {object} Wanted  what runs
 * @property {string | null} bundle  path of the bundle's entry below served/, null when not built
 * @property {Model & {classes: string[], isDigit: boolean, answers: Kind}} model
 * @property {'auto' | Backend} backend
 *
 * @typedef {object} Report  what the browser's lanes answered, as `posted.py` takes it
 * @property {Backend | null} backend
 * @property {string | null} fallback
 * @property {Record<string, string>} environment
 * @property {Answer[]} lanes
 */

import {
  decode,
  describe,
  formatsOf,
  keepFastestBackend,
  keptChoice,
  loadEngine,
  pickBackend,
} from '../../frontend/tfjs.js';
import { failed, load, predict } from './predict.js';
import { PooledTimes, steady } from './steady_times.js';

/** How long the page rests before the backends are measured. */
const REST_MS = 1500;

export class BrowserLanes {
  /**
   * @param {(format: Format, share: number) => void} onProgress  told what share of a lane's weights is there
   * @param {() => void} onRest  told once no measurement of the backends is pending
   */
  constructor(onProgress, onRest) {
    this.onProgress = onProgress;
    this.onRest = onRest;
    this.times = new PooledTimes();
    /** What is loaded, of which `question`. @type {{wanted: Wanted, ready: Promise<Loaded>} | null} */
    this.loading = null;
    /** The same, once all its lanes are there without a failure. @type {Loaded | null} */
    this.loaded = null;
    this.busy = false;
    this.closed = false;
    this.measured = false;
  }

  /** Load these lanes, unless they are the present ones. @param {Wanted} wanted */
  use(wanted) {
    if (this.loading !== null && same(this.loading.wanted, wanted)) return this.loading.ready;
    this.loaded = null;
    const ready = this.load(wanted);
    this.loading = { wanted, ready };
    void ready.then((loaded) => {
      const isCurrent = this.loading?.ready === ready;
      if (isCurrent && loaded.lanes.every(({ lane }) => lane !== null)) this.loaded = loaded;
      // A lane that failed to load is tried again with the next picture: the network may be back.
      else if (isCurrent) this.loading = null;
    });
    return ready;
  }

  /** @param {Wanted} wanted @returns {Promise<Loaded>} */
  async load({ bundle, model, backend: asked }) {
    /** @type {Loaded} */
    const loaded = { backend: null, fallback: null, environment: {}, lanes: [] };
    try {
      const engine = await loadEngine(bundle);
      loaded.engine = engine;
      loaded.environment = describe(engine);
      Object.assign(loaded, await pickBackend(engine, asked));
      for (const format of formatsOf(model)) {
        const progress = (/** @type {number} */ share) => this.onProgress(format, share);
        loaded.lanes.push(await load(engine, model, format, progress));
      }
    } catch (error) {
      loaded.lanes = formatsOf(model).map((format) => ({ format, lane: null, error }));
    }
    return loaded;
  }

  /**
   * What every lane answers for a picture; null where `isCurrent` says meanwhile that it is not wanted.
   * @param {Wanted} wanted
   * @param {string} levels  base64
   * @param {() => boolean} isCurrent
   * @param {(answer: Answer) => void} onAnswer  told of each lane as it answers
   * @returns {Promise<Report | null>}
   */
  async answer(wanted, levels, isCurrent, onAnswer) {
    const { backend, fallback, environment, lanes } = await this.use(wanted);
    const pixels = decode(levels);
    /** @type {Answer[]} */
    const answers = [];
    this.busy = true;
    try {
      for (const { format, lane, error } of lanes) {
        if (!isCurrent()) return null;
        const answer = lane ? await predict(lane, format, pixels) : failed(format, error);
        answers.push(answer);
        if (isCurrent()) onAnswer(answer);
      }
      await this.time(lanes, pixels, isCurrent);
    } finally {
      this.busy = false;
    }
    if (!isCurrent()) return null;
    for (const [at, answer] of answers.entries()) {
      const { lane } = lanes[at];
      if (lane && answer.probabilities) answer.steadyMs = this.times.of(lane);
    }
    if (wanted.backend === 'auto' && backend !== null) this.measureSoon(wanted);
    return { backend, fallback, environment, lanes: answers };
  }

  /**
   * What the lanes answer while the pen moves; null while they load or are busy.
   * @param {Uint8Array} levels
   * @returns {Promise<Answer[] | null>}
   */
  async live(levels) {
    const { loaded } = this;
    if (loaded === null || this.busy) return null;
    this.busy = true;
    try {
      const pixels = Float32Array.from(levels, (each) => each / 255);
      const answers = [];
      for (const { format, lane } of loaded.lanes) {
        if (lane === null) return null;
        const answer = await predict(lane, format, pixels);
        this.times.add(lane, answer.steadyMs);
        answers.push(answer);
      }
      return answers;
    } finally {
      this.busy = false;
    }
  }

  /**
   * Time the lanes, unless enough times are known: a lane takes as long for one picture as for another.
   * @param {Loaded['lanes']} loaded
   * @param {Float32Array} pixels
   * @param {() => boolean} isCurrent
   */
  async time(loaded, pixels, isCurrent) {
    const lanes = loaded.flatMap(({ lane }) => lane ?? []);
    if (lanes.length === 0 || lanes.every((lane) => this.times.enough(lane))) return;
    await new Promise((resolve) => void setTimeout(resolve, 0)); // the page shows the answers
    const taken = await steady(lanes, pixels, isCurrent);
    for (const [at, lane] of lanes.entries()) this.times.add(lane, taken[at]);
  }

  /**
   * Measure the backends once the page is idle, so that no answer waits for it. The next pictures use
   * the fastest one.
   * @param {Wanted} wanted
   */
  measureSoon(wanted) {
    if (this.measured) return;
    this.measured = true;
    const engine = this.loaded?.engine;
    if (keptChoice() !== null || engine === undefined) {
      this.onRest();
      return;
    }
    setTimeout(async () => {
      while (this.busy && !this.closed) await new Promise((resolve) => setTimeout(resolve, 200));
      if (this.closed) return; // another page may be measuring by now
      this.busy = true;
      try {
        await keepFastestBackend(engine, wanted.model);
        this.loading = null; // the next picture runs on the fastest
        this.loaded = null;
      } catch {
        // What is in use stays in use.
      } finally {
        this.busy = false;
        this.onRest();
      }
    }, REST_MS);
  }

  close() {
    this.closed = true;
  }
}

/**
 * @typedef {object} Loaded
 * @property {Engine} [engine]
 * @property {Backend | null} backend
 * @property {string | null} fallback
 * @property {Record<string, string>} environment
 * @property {{format: Format, lane: Lane | null, error?: unknown}[]} lanes
 */

/** Whether both ask for the same lanes. @param {Wanted} one @param {Wanted} other */
function same(one, other) {
  const asked = (/** @type {Wanted} */ { bundle, model, backend }) =>
    JSON.stringify([bundle, model.name, model.version, model.paths, backend]);
  return asked(one) === asked(other);
}
