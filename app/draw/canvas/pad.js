/**
 * The pad: the package's canvas, which stays for as long as the page does, and the pen over it.
 *
 * The canvas has the pad's size in the screen's own pixels, so that strokes are sharp. Everything else
 * reckons in the pad's units, of which it has 280 a side on every screen (`strokes.js`).
 *
 * @import {Path, Point} from './digit_from_strokes.js'
 */

import { PackageCanvas } from '../../streamlit_internals/canvas_package.js';
import { Pen } from './pen.js';
import { PEN, SIDE, scaled } from './strokes.js';

/**
 * @typedef {object} Listener
 * @property {() => void} begun  a stroke begins
 * @property {(points: Point[]) => void} moved  the points of the stroke so far, in the pad's units
 * @property {(paths: Path[]) => void} drawn  a stroke has ended: all that are on the pad
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
    /** Pixels of the screen for a unit of the pad. */
    this.ratio = 1;
    /** The stroke that is being drawn, in the pad's units. @type {Point[]} */
    this.stroke = [];
    this.canvas = new PackageCanvas(root);
    this.closed = false;
    const over = /** @type {HTMLElement} */ (root.querySelector('.dp-pen'));
    this.pen = new Pen(over, {
      down: (x, y) => this.down(x, y),
      move: (points) => this.move(points),
      up: () => this.up(),
      abandon: () => this.abandon(),
    });
    this.resized = new ResizeObserver(() => this.fit());
  }

  /** @param {string} script  URL path of the package's script */
  async start(script) {
    await this.canvas.load(script);
    if (this.closed) return;
    this.fit();
    this.resized.observe(this.root);
    this.root.dataset.ready = '';
  }

  /** Give the canvas the pad's size on this screen. */
  fit() {
    const { clientWidth } = this.root;
    const ratio = (clientWidth * devicePixelRatio) / SIDE;
    if (clientWidth === 0 || this.canvas.start === null) return; // hidden
    if (this.canvas.upper !== null && ratio === this.ratio) return;
    this.ratio = ratio;
    this.paint();
  }

  /** Show these strokes, in place of any others. @param {Path[]} paths */
  show(paths) {
    this.paths = paths;
    this.paint();
  }

  paint() {
    this.root.toggleAttribute('data-drawn', this.paths.length > 0);
    if (this.canvas.start === null) return; // `start` does
    const { ratio } = this;
    const objects = this.paths.map((path) => scaled(path, ratio));
    this.canvas.show({ size: Math.round(SIDE * ratio), pen: PEN * ratio, objects });
  }

  /** @param {number} x @param {number} y  of the window, in CSS pixels */
  down(x, y) {
    if (this.canvas.upper === null) return;
    this.stroke = [this.unit(x, y)];
    this.listener.begun();
    this.root.toggleAttribute('data-drawn', true);
    this.tell('mousedown', x, y);
  }

  /** @param {Point[]} points  of the window, in CSS pixels */
  move(points) {
    if (this.stroke.length === 0) return;
    for (const [x, y] of points) {
      this.stroke.push(this.unit(x, y));
      this.tell('mousemove', x, y);
    }
    this.listener.moved(this.stroke);
  }

  up() {
    if (this.stroke.length === 0) return;
    this.end();
    this.paths = /** @type {Path[]} */ (this.canvas.take()).map((path) =>
      scaled(path, 1 / this.ratio),
    );
    this.listener.drawn(this.paths);
  }

  /** Take the stroke that is being drawn away, as if it had not begun. */
  abandon() {
    if (this.stroke.length === 0) return;
    this.end();
    this.canvas.take(); // what is on the canvas differs from what `paint` shows
    this.paint();
  }

  end() {
    const [x, y] = this.stroke[this.stroke.length - 1];
    this.stroke = [];
    const { left, top, width } = this.root.getBoundingClientRect();
    this.tell('mouseup', left + (x * width) / SIDE, top + (y * width) / SIDE);
  }

  /** Fabric hears of the pen as of a mouse, whatever pen it is. @param {string} type @param {number} x @param {number} y */
  tell(type, x, y) {
    const buttons = type === 'mouseup' ? 0 : 1;
    const init = { clientX: x, clientY: y, button: 0, buttons, bubbles: true, composed: true };
    this.canvas.upper?.dispatchEvent(new MouseEvent(type, init));
  }

  /** A point of the window in the pad's units. @param {number} x @param {number} y @returns {Point} */
  unit(x, y) {
    const { left, top, width } = this.root.getBoundingClientRect();
    return [((x - left) * SIDE) / width, ((y - top) * SIDE) / width];
  }

  close() {
    this.closed = true;
    this.resized.disconnect();
    this.pen.close();
    this.canvas.close();
  }
}
