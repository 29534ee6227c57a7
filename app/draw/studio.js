/**
 * The Draw page's component: pad, lanes, results and charts, whose parts call each other.
 *
 * A picture is shown, and what all lanes read of it (`reading/reader.js`). Streamlit is told once what is
 * shown.
 *
 * @import {Component} from '../frontend/component.js'
 * @import {Backend} from '../frontend/tfjs.js'
 * @import {Path} from './canvas/digit_from_strokes.js'
 * @import {Wanted} from './lanes/browser_lanes.js'
 * @import {Asked} from './reading/reader.js'
 * @import {Data, Picture, Weights} from './studio_data.js'
 *
 * @typedef {(name: string, value: unknown) => void} Tell
 */

import { announceEngine } from '../frontend/announce.js';
import { mounted } from '../frontend/component.js';
import { reason } from '../frontend/tfjs.js';
import { pictureOfAddress, withoutPicture, writeAddress } from './address.js';
import { Board } from './canvas/board.js';
import { BrowserLanes } from './lanes/browser_lanes.js';
import { LiveReading } from './lanes/live.js';
import { Rest } from './lanes/rest.js';
import { digitOfStrokes, ofExample, ofFile, ofStrokes } from './pictures.js';
import { Reader } from './reading/reader.js';
import { refused } from './results/prompts.js';
import { ResultsView } from './results/results_view.js';
import { changes, storedAs, visitOf } from './studio_data.js';

export default mounted(
  '.dp-studio',
  (root) => new Studio(root),
  (studio, /** @type {Component<Data>} */ { data, setTriggerValue }) =>
    studio.show(data, setTriggerValue),
);

export class Studio {
  /** @param {HTMLElement} root */
  constructor(root) {
    /** What Streamlit said last. @type {Data | null} */
    this.data = null;
    /** What is shown; null after Clear. @type {Picture | null} */
    this.picture = null;
    /** @type {'auto' | Backend} */
    this.backend = 'auto';
    /** Of the picture that is shown. What comes of an earlier one is ended, or dropped. */
    this.turn = new AbortController();
    this.board = new Board(root, {
      begun: () => this.begun(),
      moved: (paths) => this.moved(paths),
      drawn: (paths) => void this.drawn(paths),
      back: (picture) => this.read(picture),
      picked: (example) => void this.make(() => ofExample(example)),
      given: (file) => this.make((data, signal) => ofFile(data, file, signal)),
    });
    this.results = new ResultsView(root, this.board.ready, {
      backend: (backend) => this.runOn(backend),
      search: () => this.picture && this.reader.again(this.asked(this.picture)),
      weights: (weights) => this.store(weights),
      opened: (picture) => this.read(picture),
    });
    this.lanes = new BrowserLanes((format, share) => this.results.loading(format, share));
    this.reader = new Reader(this.lanes, this.results, (query) => this.say(query));
    this.rest = new Rest(this.lanes, () => root.toggleAttribute('data-idle', true));
    this.live = new LiveReading(this.lanes, (answers) => this.results.live(answers));
  }

  /** Show what Streamlit says: another model, another link, or nothing new. @param {Data} given @param {Tell} tell */
  show(given, tell) {
    const before = this.data;
    const { data, isNewSession, isAsked, isOther, fits, hasChanged } = changes(before, given);
    this.data = data;
    this.tell = tell;
    if (before === null || isAsked) this.backend = data.backend;
    if (hasChanged) {
      this.board.begin(data);
      this.results.begin(data, this.backend);
      announceEngine(data.first, this.backend);
      void this.lanes.use(this.wanted());
    }
    const { paths, isDrawing } = this.board.pad;
    const isDrawn = (paths.length > 0 || isDrawing) && data.picture.hasCanvas;
    // A drawing becomes another picture for another model.
    if (isAsked) this.read(pictureOfAddress(data));
    else if (isOther && isDrawn) void this.drawn(paths);
    else if (!fits) this.read(pictureOfAddress(data));
    else if (hasChanged || isNewSession) this.again();
    if (before === null) this.board.pad.pen.catchUp();
  }

  /** What the browser's lanes run. @returns {Wanted} */
  wanted() {
    const { bundle, model } = /** @type {Data} */ (this.data);
    return { bundle, model, backend: this.backend };
  }

  /** @param {'auto' | Backend} backend */
  runOn(backend) {
    this.backend = backend;
    this.again();
  }

  /** Let all versions have their weights stored like this. @param {Weights} weights */
  store(weights) {
    if (!this.data) return;
    this.data = storedAs(this.data, weights);
    this.results.begin(this.data, this.backend);
    void this.lanes.use(this.wanted());
    this.again();
  }

  begun() {
    this.next(); // what is on its way is of an older picture
    this.results.begun();
  }

  /** The pen moves. @param {Path[]} paths  that are on the pad, with the stroke so far */
  moved(paths) {
    if (this.data?.model.isDigit) this.live.follow(paths);
  }

  /** The pen is up, or strokes were taken back. @param {Path[]} paths */
  async drawn(paths) {
    if (paths.length === 0) return this.read(null);
    const digit = digitOfStrokes(this.data, paths);
    if (digit !== null) return this.read(digit);
    await this.make((data, signal) => ofStrokes(data, paths, signal), true);
  }

  /**
   * Read a picture that has to be fetched or made first.
   * @param {(data: Data, signal: AbortSignal) => Promise<Picture>} made
   * @param {boolean} isDrawn
   */
  async make(made, isDrawn = false) {
    const signal = this.next();
    try {
      const picture = await made(/** @type {Data} */ (this.data), signal);
      if (!signal.aborted) this.read(picture);
    } catch (error) {
      if (signal.aborted) return;
      // What is shown is read on; of strokes without a picture there is nothing to show.
      if (!isDrawn) this.again();
      else this.results.fail(refused(reason(error)));
      this.board.say(reason(error));
    }
  }

  /** Read again what is shown, or the strokes of which no picture has come yet. */
  again() {
    const { paths, picture } = this.board.history.now;
    if (picture === undefined && paths.length > 0) void this.drawn(paths);
    else this.read(this.picture);
  }

  /** Show a picture, and what every lane reads. @param {Picture | null} picture */
  read(picture) {
    this.next();
    this.picture = picture;
    this.board.show(picture);
    if (picture === null) {
      this.results.empty();
      this.say(withoutPicture());
      return;
    }
    void this.answer(picture);
  }

  /** What is asked of a picture's lanes. @param {Picture} picture @returns {Asked} */
  asked(picture) {
    const { addresses, model } = /** @type {Data} */ (this.data);
    const { signal } = this.turn;
    return {
      wanted: this.wanted(),
      weights: model.weights,
      address: addresses.reading,
      picture,
      isCurrent: () => !signal.aborted,
    };
  }

  /** @param {Picture} picture */
  async answer(picture) {
    const asked = this.asked(picture);
    await this.reader.read(asked);
    if (asked.isCurrent()) void this.rest.begin(asked.wanted, picture.levels);
  }

  /** The next picture's turn; what is on its way of an earlier one is ended. */
  next() {
    this.turn.abort();
    this.turn = new AbortController();
    this.reader.end();
    this.rest.end();
    this.live.stop();
    this.board.say(null);
    return this.turn.signal;
  }

  /**
   * Write the page's address, and tell Streamlit what is shown.
   * @param {string | null} query  without a question mark; null to keep the present one
   */
  say(query) {
    const { data, picture, backend, reader } = this;
    if (query !== null) writeAddress(query, picture?.label);
    this.tell?.('visit', visitOf(data, picture, { asked: backend, backend: reader.ranOn }));
  }

  close() {
    this.next();
    this.board.close();
    this.results.close();
  }
}
