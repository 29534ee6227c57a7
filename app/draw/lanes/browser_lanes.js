/**
 * The browser's lanes: loaded once for each model and backend, asked for one picture after the other.
 *
 * @import {Backend, Engine, Format, Lane, Model} from '../../frontend/tfjs.js'
 * @import {Kind} from './probabilities.js'
 * @import {Answer} from './predict.js'
 *
 * @typedef {object} Wanted  what runs
 * @property {string | null} bundle  path of the bundle's entry below served/, null when not built
 * @property {Model & {classes: string[], isDigit: boolean, answers: Kind, files?: Partial<Record<Format, string[]>>}} model
 *   `files`: all of a small model, below its URL, in the order in which they are fetched
 * @property {'auto' | Backend} backend
 *
 * @typedef {object} Loaded
 * @property {Engine} [engine]
 * @property {Backend | null} backend
 * @property {string | null} fallback
 * @property {Record<string, string>} environment
 * @property {{format: Format, lane: Lane | null, error?: unknown}[]} lanes
 *
 * @typedef {object} Report  what the browser's lanes answered, as `posted.py` takes it
 * @property {Backend | null} backend
 * @property {string | null} fallback
 * @property {Record<string, string>} environment
 * @property {Answer[]} lanes
 */

import { announceFiles } from '../../frontend/announce.js';
import { decode, describe, formatsOf, loadEngine, pickBackend } from '../../frontend/tfjs.js';
import { failed, load, predict } from './predict.js';
import { PooledTimes, steady } from './steady_times.js';

/** A lane that takes longer is not asked while the pen moves: two of them must fit into a frame of 50 ms. */
const LIVE_MS = 20;

export class BrowserLanes {
  /** @param {(format: Format, share: number) => void} onProgress  told what share of a lane's weights is there */
  constructor(onProgress) {
    this.onProgress = onProgress;
    this.times = new PooledTimes();
    /** The lanes that were asked for last, on their way or there. @type {Promise<Loaded> | null} */
    this.ready = null;
    /** The same, once they are there without a failure. @type {Loaded | null} */
    this.loaded = null;
    /** What they run. */
    this.running = '';
  }

  /** Load these lanes, unless they are the present ones. @param {Wanted} wanted @returns {Promise<Loaded>} */
  use(wanted) {
    const running = nameOf(wanted);
    if (this.ready !== null && running === this.running) return this.ready;
    this.running = running;
    this.loaded = null;
    const ready = this.load(wanted, (format, share) => {
      if (ready === this.ready) this.onProgress(format, share);
    });
    this.ready = ready;
    void ready.then((loaded) => {
      if (ready !== this.ready) return;
      if (isWhole(loaded)) this.loaded = loaded;
      // A lane that failed to load is tried again with the next picture: the network may be back.
      else this.ready = null;
    });
    return ready;
  }

  /** Let lanes that are there take the place of these, of which they are a faster kind. @param {Wanted} wanted @param {Loaded} loaded */
  replace(wanted, loaded) {
    if (this.loaded === null || nameOf(wanted) !== this.running || !isWhole(loaded)) return;
    this.loaded = loaded;
    this.ready = Promise.resolve(loaded);
  }

  /** @param {Wanted} wanted @param {(format: Format, share: number) => void} onProgress @returns {Promise<Loaded>} */
  async load({ bundle, model, backend: asked }, onProgress = () => {}) {
    /** @type {Loaded} */
    const loaded = { backend: null, fallback: null, environment: {}, lanes: [] };
    try {
      const engine = await loadEngine(bundle);
      const formats = formatsOf(model);
      announceFiles(filesOf(model, formats[0]));
      const picked = await pickBackend(engine, asked);
      Object.assign(loaded, { engine, environment: describe(engine) }, picked);
      for (const [at, format] of formats.entries()) {
        const progress = (/** @type {number} */ share) => {
          onProgress(format, share);
          // The next one's come while this lane is built. Both at once would both be late.
          if (share === 1) announceFiles(filesOf(model, formats[at + 1]));
        };
        loaded.lanes.push(await load(engine, model, format, picked.backend, progress));
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
    for (const { format, lane, error } of lanes) {
      if (!isCurrent()) return null;
      const answer = lane ? await predict(lane, format, pixels) : failed(format, error);
      answers.push(lane ? this.withTimes(lane, answer) : answer);
      if (isCurrent()) onAnswer(answer);
    }
    const there = lanes.flatMap(({ lane }, at) => (lane && !answers[at].error ? lane : []));
    if (!there.every((lane) => this.times.enough(lane))) {
      await new Promise((resolve) => void setTimeout(resolve, 0)); // the page shows the answers
      await this.time(there, pixels, isCurrent);
    }
    if (!isCurrent()) return null;
    const timed = answers.map((answer, at) => this.withTimes(lanes[at].lane, answer));
    return { backend, fallback, environment, lanes: timed };
  }

  /**
   * What the lanes answer while the pen moves; null while they load, or are slow or fail.
   * @param {Float32Array} pixels
   * @param {() => boolean} isCurrent
   * @returns {Promise<Answer[] | null>}
   */
  async live(pixels, isCurrent) {
    /** @type {Answer[]} */
    const answers = [];
    for (const { format, lane } of this.loaded?.lanes ?? []) {
      if (lane === null || !isCurrent() || this.isSlow(lane)) return null;
      const answer = await predict(lane, format, pixels);
      if (answer.probabilities === null) return null;
      answers.push(this.withTimes(lane, answer));
    }
    return answers.length > 0 ? answers : null;
  }

  /**
   * Time these lanes, and keep their times: a lane takes as long for one picture as for another. The
   * times are those of whole turns: `models/parity/advice/faster.py` compares them pair by pair.
   * @param {Lane[]} lanes
   * @param {Float32Array} pixels
   * @param {() => boolean} goOn
   */
  async time(lanes, pixels, goOn) {
    try {
      const taken = await steady(lanes, pixels, goOn);
      for (const [at, lane] of lanes.entries()) this.times.add(lane, taken[at]);
    } catch {
      // A lane that is lost says so with the next picture.
    }
  }

  /** @param {Lane} lane */
  isSlow(lane) {
    const times = this.times.of(lane);
    return times.length > 0 && times.every((ms) => ms > LIVE_MS);
  }

  /** The answer with the lane's times of the visit in the place of its own. @param {Lane | null} lane @param {Answer} answer */
  withTimes(lane, answer) {
    const times = lane ? this.times.of(lane) : [];
    return times.length > 0 && answer.error === null ? { ...answer, steadyMs: times } : answer;
  }
}

/** Lanes are the same where this text is. @param {Wanted} wanted */
const nameOf = ({ bundle, model: { name, version, paths }, backend }) =>
  JSON.stringify([bundle, name, version, paths, backend]);

/** URL paths of a format's files, below the app's root. @param {Wanted['model']} model @param {Format | undefined} format */
const filesOf = ({ name, version, files = {} }, format) =>
  ((format && files[format]) || []).map((path) => `served/models/${name}/${version}/${path}`);

/** @param {Loaded} loaded */
const isWhole = ({ lanes }) => lanes.every(({ lane }) => lane !== null);
