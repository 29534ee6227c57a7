/**
 * The board: the pad with its buttons, the ways to give a picture, and the pixels that are given.
 *
 * @import {Data, Picture} from '../studio.js'
 * @import {Example} from '../picture/ready_pictures.js'
 * @import {Path} from './digit_from_strokes.js'
 */

import { reason } from '../../frontend/tfjs.js';
import { showAssumed } from '../picture/assumed_view.js';
import { GivenView, paintLevels } from '../picture/given_view.js';
import { PictureInput } from '../picture/picture_input.js';
import { ReadyPictures } from '../picture/ready_pictures.js';
import { Pad } from './pad.js';
import { History, pathOf } from './strokes.js';

/**
 * @typedef {object} Listener
 * @property {() => void} begun  a stroke begins
 * @property {(paths: Path[]) => void} moved  it goes on: all strokes with it
 * @property {(paths: Path[]) => void} drawn  the strokes have changed
 * @property {() => void} abandoned  a stroke that began is none
 * @property {(example: Example) => void} picked
 * @property {(file: Blob) => Promise<void>} given
 */

export class Board {
  /** @param {HTMLElement} root @param {Listener} listener */
  constructor(root, listener) {
    this.root = root;
    this.listener = listener;
    this.history = new History();
    this.hasCanvas = false;
    this.started = false;
    /** Ends once the pad takes strokes, or the page has none. @type {Promise<void>} */
    this.ready = new Promise((resolve) => {
      this.isReady = resolve;
    });
    this.pad = new Pad(find(root, '.dp-pad'), {
      begun: () => this.begun(),
      moved: (points) => listener.moved([...this.pad.paths, pathOf(points)]),
      drawn: (paths) => this.drawn(paths),
      abandoned: () => listener.abandoned(),
    });
    this.given = new GivenView(find(root, '.dp-given'));
    this.examples = new ReadyPictures(find(root, '.dp-ready'), listener.picked);
    this.input = new PictureInput(find(root, '.dp-picture-input'), listener.given);
    for (const act of /** @type {const} */ (['undo', 'redo', 'clear'])) {
      this.button(act).onclick = () => this[act]();
    }
  }

  /** @param {'undo' | 'redo' | 'clear'} act */
  button(act) {
    return /** @type {HTMLButtonElement} */ (find(this.root, `[data-act=${act}]`));
  }

  /** Show what this model takes. @param {Data} data */
  begin({ picture, assumed, examples, canvasScript, model }) {
    this.shape = picture.shape;
    this.hasCanvas = picture.hasCanvas;
    this.hint = model.isDigit ? 'Draw here' : 'Draw here, or give a picture';
    this.given.begin(picture.shape, picture.says);
    showAssumed(find(this.root, '.dp-assumed'), assumed);
    this.examples.begin(examples);
    this.input.begin(picture);
    if (!picture.hasCanvas) this.isReady?.();
    else if (!this.started) void this.start(canvasScript);
  }

  /** @param {string} script */
  async start(script) {
    this.started = true;
    try {
      await this.pad.start(script);
    } catch (error) {
      this.started = false;
      this.say(`The canvas could not be loaded: ${reason(error)}. Reload the page.`);
    }
    this.isReady?.();
  }

  /** Show a picture that is read. @param {Picture | null} picture */
  show(picture) {
    const paths = picture?.paths ?? [];
    if (paths !== this.history.now) {
      this.history.begin(paths);
      this.pad.show(paths);
    }
    this.ghost(paths.length === 0 ? (picture?.levels ?? null) : null);
    this.given.show(picture?.levels ?? null);
    find(this.root, '.dp-picture-label').textContent = picture?.label ?? '';
    find(this.root, '.dp-hint').textContent = picture === null ? (this.hint ?? '') : '';
    this.buttons(picture !== null);
  }

  /** What was read and was not drawn here is on the pad, too, fainter than ink. @param {string | null} levels */
  ghost(levels) {
    const ghost = /** @type {HTMLCanvasElement} */ (find(this.root, '.dp-ghost'));
    ghost.hidden = levels === null;
    if (levels !== null && this.shape) paintLevels(ghost, levels, this.shape);
    else ghost.width = 1; // which empties it
  }

  begun() {
    this.ghost(null);
    find(this.root, '.dp-hint').textContent = '';
    find(this.root, '.dp-picture-label').textContent = '';
    this.listener.begun();
  }

  /** @param {Path[]} paths */
  drawn(paths) {
    this.history.add(paths);
    this.listener.drawn(paths);
  }

  undo() {
    this.step(this.history.undo());
  }

  redo() {
    this.step(this.history.redo());
  }

  clear() {
    this.history.add([]);
    this.step([]);
  }

  /** @param {Path[] | null} paths */
  step(paths) {
    if (paths === null) return;
    this.pad.show(paths);
    this.listener.drawn(paths);
  }

  /** @param {boolean} isThere  whether a picture is shown */
  buttons(isThere) {
    this.button('undo').disabled = this.history.before.length === 0;
    this.button('redo').disabled = this.history.after.length === 0;
    this.button('clear').disabled = !isThere;
  }

  /** Say why a picture could not be read. @param {string | null} problem */
  say(problem) {
    this.input.say(problem);
  }

  close() {
    this.pad.close();
    this.input.close();
  }
}

/** @param {HTMLElement} root @param {string} place */
function find(root, place) {
  return /** @type {HTMLElement} */ (root.querySelector(place));
}
