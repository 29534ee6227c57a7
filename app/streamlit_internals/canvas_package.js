/**
 * The canvas of the package streamlit-drawable-canvas, run by our component.
 *
 * Relied on: the default export of the package's script takes what Streamlit passes to a component and
 * returns a function that ends it; it finds the element `.canvas-root` and adds canvases to it, of which
 * Fabric's upper one takes mouse events, on the document while a button is down; called again with
 * another `initialDrawing` or size it shows that in place, after some promises; the first button of its
 * toolbar sends the drawing at once, as the state `drawing` with Fabric.js's JSON as `raw`. If one of
 * these changes, a stroke is drawn and never read (tests/e2e/pages/draw).
 */

import { underRoot } from './root_address.js';

/**
 * @typedef {object} Surface  what the package is told to show
 * @property {number} size  pixels of the canvas's own, a side
 * @property {number} pen  of these, the width of a stroke
 * @property {object[]} objects  strokes as Fabric.js writes them
 */

const INK = '#FFFFFF';

export class PackageCanvas {
  /** @param {HTMLElement} place  an element of its own, in which the package makes its canvases */
  constructor(place) {
    place.className += ' canvas-root'; // the package looks for it
    this.parent = /** @type {HTMLElement} */ (place.parentElement);
    /** @type {((component: object) => (() => void) | undefined) | null} */
    this.start = null;
    /** @type {(() => void) | null} */
    this.end = null;
    /** @type {object[]} */
    this.drawn = [];
    /** Told with the strokes: the package shows again only what differs from what it was told. */
    this.shown = 0;
    /** Pixels a side. */
    this.size = 0;
    /** Whether the package may still be loading what it was told to show. */
    this.isLoading = false;
    /** What is to be shown after that. @type {Surface | null} */
    this.next = null;
  }

  /** Load the package's script. @param {string} path  its URL path below the app's root */
  async load(path) {
    ({ default: this.start } = await import(underRoot(path)));
  }

  /**
   * Show these strokes, in place of any others. Fabric.js needs more promises for more strokes: of two
   * drawings in one turn of the event loop the former could be loaded last. So the second waits.
   * @param {Surface} surface
   */
  show(surface) {
    if (this.isLoading) {
      this.next = surface;
      return;
    }
    this.tell(surface);
    this.isLoading = true;
    setTimeout(() => {
      this.isLoading = false;
      const { next } = this;
      this.next = null;
      if (next) this.show(next);
    });
  }

  /** @param {Surface} surface */
  tell({ size, pen, objects }) {
    this.shown += 1;
    this.size = size;
    const data = {
      fillColor: INK,
      strokeWidth: pen,
      strokeColor: INK,
      backgroundColor: '',
      backgroundImageURL: null,
      realtimeUpdateStreamlit: false, // or it sends 200 ms after a stroke; `take` asks at once
      canvasWidth: size,
      canvasHeight: size,
      drawingMode: 'freedraw',
      initialDrawing: { objects, background: '', shown: this.shown },
      displayRadius: 1,
      returnImageData: false,
      disabled: false,
      backgroundImageFit: 'stretch',
      maxDisplayHeight: null,
      fontSize: 20,
      label: '',
    };
    const setStateValue = (/** @type {string} */ name, /** @type {any} */ value) => {
      if (name === 'drawing') this.drawn = value.raw.objects;
    };
    this.end = this.start?.({ data, parentElement: this.parent, setStateValue }) ?? null;
  }

  /**
   * The pen is down, moves or is up. Fabric.js hears of it as of a mouse, whatever it is.
   * @param {'mousedown' | 'mousemove' | 'mouseup'} type
   * @param {readonly [number, number]} point  in the canvas's own pixels
   */
  draw(type, [x, y]) {
    const { upper } = this;
    if (upper === null) return;
    const { left, top, width } = upper.getBoundingClientRect();
    const clientX = left + (x * width) / this.size;
    const clientY = top + (y * width) / this.size;
    const buttons = type === 'mouseup' ? 0 : 1;
    const init = { clientX, clientY, button: 0, buttons, bubbles: true, composed: true };
    upper.dispatchEvent(new MouseEvent(type, init));
  }

  /** The strokes that are on the canvas now, as Fabric.js writes them. @returns {object[]} */
  take() {
    /** @type {HTMLElement | null} */ (this.parent.querySelector('.dc-toolbar button'))?.click();
    return this.drawn;
  }

  /** Fabric's canvas that takes strokes; null until the script has made it. */
  get upper() {
    return /** @type {HTMLCanvasElement | null} */ (this.parent.querySelector('.upper-canvas'));
  }

  close() {
    this.next = null;
    this.end?.();
  }
}
