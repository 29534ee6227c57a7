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

import { announceScripts } from '../frontend/announce.js';
import { mounted } from '../frontend/component.js';
import { encode, keptChoice, reason } from '../frontend/tfjs.js';
import { pictureOfAddress, withoutPicture, writeAddress } from './address.js';
import { Board } from './canvas/board.js';
import { levels } from './canvas/digit_from_strokes.js';
import { BrowserLanes } from './lanes/browser_lanes.js';
import { LiveReading } from './lanes/live.js';
import { Rest } from './lanes/rest.js';
import { pictureLevels } from './picture/picture_input.js';
import { levelsOf } from './picture/ready_pictures.js';
import { Reader } from './reading/reader.js';
import { refused } from './results/prompts.js';
import { ResultsView } from './results/results_view.js';
import { storedAs } from './studio_data.js';

const YOURS = 'Yours';

export default mounted(
  '.dp-studio',
  (root) => new Studio(root),
  (studio, /** @type {Component<Data>} */ { data, setTriggerValue }) =>
    studio.show(data, setTriggerValue),
);

export class Studio {
  /** @param {HTMLElement} root */
  constructor(root) {
    /** What is shown; null after Clear. @type {Picture | null} */
    this.picture = null;
    /** Number of the picture that is shown. What comes of an earlier one is dropped. */
    this.turn = 0;
    /** @type {'auto' | Backend} */
    this.backend = 'auto';
    /** Ends the making of a picture that another has taken the place of. */
    this.making = new AbortController();
    this.board = new Board(root, {
      begun: () => this.begun(),
      moved: (paths) => this.moved(paths),
      drawn: (paths) => void this.drawn(paths),
      back: (picture) => this.read(picture),
      picked: (example) => void this.make(example.name, () => levelsOf(example)),
      given: (file) => this.make('Your picture', (signal) => this.prepared(file, signal)),
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
    const before = /** @type {Data | undefined} */ (this.data);
    // A new session knows nothing of this page: its server was started anew, or slept.
    const isNewSession = before !== undefined && before.session !== given.session;
    const isAsked = !isNewSession && before?.shown.version !== given.shown.version;
    const data = storedAs(given, isAsked || !before ? given.weights : before.model.weights);
    this.data = data;
    this.tell = tell;
    const isOther = before?.model.name !== data.model.name;
    const hasChanged =
      isOther ||
      before?.model.version !== data.model.version ||
      before?.model.weights !== data.model.weights ||
      before?.bundle !== data.bundle;
    if (before === undefined || isAsked) this.backend = data.backend;
    if (hasChanged) {
      this.board.begin(data);
      this.results.begin(data, this.backend);
      this.announce(data);
      void this.lanes.use(this.wanted());
    }
    const fits = String(before?.picture.shape) === String(data.picture.shape);
    const { paths, isDrawing } = this.board.pad;
    const isDrawn = (paths.length > 0 || isDrawing) && data.picture.hasCanvas;
    // A drawing becomes another picture for another model.
    if (isAsked) this.read(pictureOfAddress(data));
    else if (isOther && isDrawn) void this.drawn(paths);
    else if (!fits) this.read(pictureOfAddress(data));
    else if (hasChanged || isNewSession) this.again();
    if (before === undefined) this.board.pad.pen.catchUp();
  }

  /** The scripts that TensorFlow.js begins with are those of its default backend. @param {Data} data */
  announce({ first }) {
    const backend = this.backend === 'auto' ? keptChoice() : this.backend;
    if (backend === null || backend === 'wasm') {
      announceScripts(first.map((path) => `served/${path}`));
    }
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
    const ofDigit = this.data?.model.isDigit ? levels({ objects: paths }) : null;
    if (ofDigit !== null) return this.read({ levels: encode(ofDigit), label: YOURS, paths });
    await this.make(YOURS, (signal) => this.prepared({ objects: paths }, signal), paths);
  }

  /** @param {Blob | {objects: object[]}} given @param {AbortSignal} signal */
  prepared(given, signal) {
    const { addresses } = /** @type {Data} */ (this.data);
    return pictureLevels(addresses.picture, given, signal);
  }

  /**
   * Read a picture that has to be fetched or made first.
   * @param {string} label
   * @param {(signal: AbortSignal) => Promise<string>} levels
   * @param {Path[]} paths
   */
  async make(label, levels, paths = []) {
    const { turn, signal } = this.next();
    try {
      const made = await levels(signal);
      if (turn !== this.turn) return;
      this.read({ levels: made, label, paths });
    } catch (error) {
      if (turn !== this.turn) return;
      // What is shown is read on; of strokes without a picture there is nothing to show.
      if (paths.length === 0) this.again();
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
    const { turn } = this;
    return {
      wanted: this.wanted(),
      weights: model.weights,
      address: addresses.reading,
      picture,
      isCurrent: () => turn === this.turn,
    };
  }

  /** @param {Picture} picture */
  async answer(picture) {
    const asked = this.asked(picture);
    await this.reader.read(asked);
    if (asked.isCurrent()) void this.rest.begin(asked.wanted, picture.levels);
  }

  /** The next picture's number; what is on its way of an earlier one is ended. */
  next() {
    this.turn += 1;
    this.reader.end();
    this.rest.end();
    this.live.stop();
    this.making.abort();
    this.making = new AbortController();
    this.board.say(null);
    return { turn: this.turn, signal: this.making.signal };
  }

  /**
   * Write the page's address, and tell Streamlit what is shown.
   * @param {string | null} query  without a question mark; null to keep the present one
   */
  say(query) {
    const { picture, data } = this;
    if (query !== null) writeAddress(query, picture?.label);
    this.tell?.('visit', {
      model: data?.model.name,
      levels: picture?.levels ?? null,
      label: picture?.label ?? '',
      strokes: picture?.paths ?? [],
      asked: this.backend,
      backend: this.reader.ranOn,
      weights: data?.model.weights,
      query: location.search,
    });
  }

  close() {
    this.next();
    this.board.close();
    this.results.close();
  }
}
