/**
 * Drawing by keyboard: arrows move a cursor, space puts the pen down and takes it up, Escape abandons the
 * stroke. The pad's description says so.
 *
 * @import {Point} from './digit_from_strokes.js'
 */

import { SIDE } from './strokes.js';

/** Units of the pad that an arrow moves, and one with Shift. */
const STEP = 8;
const LARGE = 40;
/** @type {Record<string, Point>} */
const WAYS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

/**
 * @typedef {object} Strokes  points are in the pad's units
 * @property {() => boolean} isDrawing
 * @property {(point: Point) => void} down
 * @property {(points: Point[]) => void} move
 * @property {() => void} up
 * @property {() => void} abandon
 */

export class KeyboardPen {
  /**
   * @param {HTMLElement} over  the element over the pad, which has the focus
   * @param {HTMLElement} cursor  shows where the pen is
   * @param {Strokes} strokes
   */
  constructor(over, cursor, strokes) {
    this.over = over;
    this.cursor = cursor;
    this.strokes = strokes;
    /** @type {Point} */
    this.at = [SIDE / 2, SIDE / 2];
    /** Arrows that are held: two of them go across. @type {Set<string>} */
    this.held = new Set();
    this.hasBegun = false;
    this.ended = new AbortController();
    const { signal } = this.ended;
    over.addEventListener('keydown', (event) => this.press(event), { signal });
    over.addEventListener('keyup', ({ key }) => this.held.delete(key), { signal });
    over.addEventListener('focus', () => this.show(over.matches(':focus-visible')), { signal });
    over.addEventListener('blur', () => this.leave(), { signal });
    over.addEventListener('pointerdown', () => this.leave(), { signal });
  }

  /** Whether the stroke that is being drawn is the keyboard's. */
  get isDown() {
    return this.hasBegun && this.strokes.isDrawing();
  }

  /** @param {KeyboardEvent} event */
  press(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (this.strokes.isDrawing() && !this.isDown) return; // a pointer draws
    if (event.key in WAYS) this.move(event.key, event.shiftKey ? LARGE : STEP);
    else if (event.key === ' ') this.toggle(event.repeat);
    else if (event.key === 'Escape' && this.isDown) this.strokes.abandon();
    else return;
    event.preventDefault(); // the page does not scroll
    this.show(true);
  }

  /** @param {string} key @param {number} step */
  move(key, step) {
    this.held.add(key);
    const ways = [...this.held].map((each) => WAYS[each]);
    const end = (/** @type {0 | 1} */ axis) =>
      Math.min(Math.max(this.at[axis] + step * sum(ways.map((way) => way[axis])), 0), SIDE);
    this.at = [end(0), end(1)];
    if (this.isDown) this.strokes.move([this.at]);
  }

  /** @param {boolean} isRepeated  the key is held */
  toggle(isRepeated) {
    if (isRepeated) return;
    if (this.isDown) {
      this.strokes.up();
      return;
    }
    this.hasBegun = true;
    this.strokes.down(this.at);
  }

  /** @param {boolean} isThere */
  show(isThere) {
    this.cursor.hidden = !isThere;
    this.cursor.style.left = `${(this.at[0] / SIDE) * 100}%`;
    this.cursor.style.top = `${(this.at[1] / SIDE) * 100}%`;
  }

  /** Another pointer draws, or another element has the focus: what was drawn is a stroke. */
  leave() {
    this.held.clear();
    this.show(false);
    if (this.isDown) this.strokes.up();
    this.hasBegun = false;
  }

  close() {
    this.ended.abort();
  }
}

/** @param {number[]} numbers */
const sum = (numbers) => numbers.reduce((total, each) => total + each, 0);
