/**
 * The pad: the package's canvas, which stays for as long as the page does, and the pens over it.
 *
 * The canvas has the pad's size in the screen's own pixels, so that strokes are sharp. Everything else
 * reckons in the pad's units, of which it has 280 a side on every screen (`strokes.js`).
 *
 * @import {Path, Point} from './digit_from_strokes.js'
 */

import { PackageCanvas } from '../../streamlit_internals/canvas_package.js';
import { EarlyInk } from './early_ink.js';
import { KeyboardPen } from './keyboard_pen.js';
import { Pen } from './pen.js';
import { isBlot, PEN, pathOf, SIDE, scaled, way } from './strokes.js';

/**
 * @typedef {object} Listener
 * @property {() => void} begun  a stroke begins
 * @property {(points: Point[]) => void} moved  the points of the stroke so far, in the pad's units
 * @property {(paths: Path[]) => void} drawn  a stroke has ended: all that are on the pad
 * @property {() => void} abandoned  the stroke is as if it had not begun
 */

export class Pad {
  /**
   * @param {HTMLElement} root
   * @param {Listener} listener
   */
  constructor(root, listener) {
    this.root = root;
    this.listener = listener;
    /** The strokes that are shown, in the pad's units. @type {Path[]} */
    this.paths = [];
    /** Pixels of the canvas for a unit of the pad; 0 until it is shown. */
    this.ratio = 0;
    /** The stroke that is being drawn, in the pad's units. @type {Point[]} */
    this.stroke = [];
    const place = /** @type {HTMLElement} */ (root.querySelector('.dp-canvas'));
    this.canvas = new PackageCanvas(place);
    this.early = new EarlyInk(root);
    this.closed = false;
    const over = /** @type {HTMLElement} */ (root.querySelector('.dp-pen'));
    const cursor = /** @type {HTMLElement} */ (root.querySelector('.dp-cursor'));
    const up = () => this.end();
    const abandon = () => this.abandon();
    // The keyboard's stroke ends before a pointer's begins: its listener is the first.
    this.keys = new KeyboardPen(over, cursor, {
      isDrawing: () => this.isDrawing,
      down: (point) => this.begin(point),
      move: (points) => this.extend(points),
      up,
      abandon,
    });
    this.pen = new Pen(over, {
      down: (point) => this.begin(this.unit(point)),
      move: (points) => this.extend(points.map((point) => this.unit(point))),
      up,
      cancel: () => this.cancel(),
      abandon,
    });
    this.resized = new ResizeObserver(() => this.fit());
    this.ended = new AbortController();
  }

  get isDrawing() {
    return this.stroke.length > 0;
  }

  /** @param {string} script  URL path of the package's script */
  async start(script) {
    await this.canvas.load(script);
    if (this.closed) return;
    this.fit();
    this.resized.observe(this.root);
    // A screen of other pixels, or the browser's zoom, may leave the pad's size as it is.
    addEventListener('resize', () => this.fit(), { signal: this.ended.signal });
    this.root.dataset.ready = '';
  }

  /** Give the canvas the pad's size on this screen; while a stroke is drawn, after it. */
  fit() {
    if (!this.isDrawing && this.ratioNow() !== this.ratio) this.paint();
  }

  ratioNow() {
    return (this.root.clientWidth * devicePixelRatio) / SIDE;
  }

  /** Show these strokes, in place of any others, and of one that is being drawn. @param {Path[]} paths */
  show(paths) {
    this.lift();
    this.paths = paths;
    this.paint();
  }

  paint() {
    const { stroke } = this;
    if (this.canvas.start === null || this.isDrawing) {
      this.early.show(this.isDrawing ? [...this.paths, pathOf(stroke)] : this.paths);
      return;
    }
    const ratio = this.ratioNow();
    this.ratio = ratio;
    if (ratio === 0) return; // hidden: it is painted once it is shown
    const objects = this.paths.map((path) => scaled(path, ratio));
    this.canvas.show({ size: Math.round(SIDE * ratio), pen: PEN * ratio, objects });
    this.early.clear();
  }

  /** @param {Point} point */
  begin(point) {
    this.stroke = [point];
    this.root.toggleAttribute('data-down', true);
    this.listener.begun();
    this.draw('mousedown', [point]);
  }

  /** @param {Point[]} points */
  extend(points) {
    if (!this.isDrawing) return;
    for (const point of points) {
      const more = way(this.stroke[this.stroke.length - 1], point);
      this.stroke.push(...more);
      this.draw('mousemove', more);
    }
    this.listener.moved(this.stroke);
  }

  end() {
    if (!this.isDrawing) return;
    const own = pathOf(this.stroke);
    this.lift();
    const drawn = /** @type {Path[]} */ (this.canvas.take());
    const last = drawn.length > this.paths.length ? drawn[drawn.length - 1] : null;
    this.paths = [...this.paths, last ? scaled(last, 1 / this.ratio) : own];
    // The package may have been about to show other strokes as this one began, or not be there yet.
    if (drawn.length !== this.paths.length) this.paint();
    else this.fit();
    this.listener.drawn(this.paths);
  }

  /** The system took the pointer away, for a call, a gesture or a palm: a blot was none of the pen's. */
  cancel() {
    if (this.isDrawing && isBlot(this.stroke)) this.abandon();
    else this.end();
  }

  /** Take the stroke that is being drawn away, as if it had not begun. */
  abandon() {
    if (!this.isDrawing) return;
    this.show(this.paths);
    this.listener.abandoned();
  }

  /** The stroke that is being drawn is none any more. */
  lift() {
    if (!this.isDrawing) return;
    const last = this.stroke[this.stroke.length - 1];
    this.stroke = [];
    this.root.toggleAttribute('data-down', false);
    this.draw('mouseup', [last]);
  }

  /** @param {'mousedown' | 'mousemove' | 'mouseup'} type @param {Point[]} points */
  draw(type, points) {
    if (this.canvas.upper !== null) {
      for (const [x, y] of points) this.canvas.draw(type, [x * this.ratio, y * this.ratio]);
    } else if (this.isDrawing) this.paint();
  }

  /** A point of the window, in CSS pixels, in the pad's units. @param {Point} point @returns {Point} */
  unit([x, y]) {
    const { left, top, width } = this.root.getBoundingClientRect();
    return [((x - left) * SIDE) / width, ((y - top) * SIDE) / width];
  }

  close() {
    this.closed = true;
    this.resized.disconnect();
    this.ended.abort();
    this.keys.close();
    this.pen.close();
    this.canvas.close();
  }
}
