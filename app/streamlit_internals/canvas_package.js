/**
 * The canvas of the package streamlit-drawable-canvas, run by our component.
 *
 * Relied on: the default export of the package's script takes what Streamlit passes to a component and
 * returns a function that ends it; it finds the element `.canvas-root` and adds canvases to it, of which
 * Fabric's upper one takes mouse events; called again with another `initialDrawing` or size it shows
 * that in place; the first button of its toolbar sends the drawing at once, as the state `drawing` with
 * Fabric.js's JSON as `raw`. If one of these changes, a stroke is drawn and never read
 * (tests/e2e/pages/draw).
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
  /** @param {HTMLElement} parent  around the element `.canvas-root` */
  constructor(parent) {
    this.parent = parent;
    /** @type {((component: object) => (() => void) | undefined) | null} */
    this.start = null;
    /** @type {(() => void) | null} */
    this.end = null;
    /** @type {object[]} */
    this.drawn = [];
    /** Told with the strokes: the package shows again only what differs from what it was told. */
    this.shown = 0;
  }

  /** Load the package's script. @param {string} path  its URL path below the app's root */
  async load(path) {
    ({ default: this.start } = await import(underRoot(path)));
  }

  /** Show these strokes, in place of any others. @param {Surface} surface */
  show({ size, pen, objects }) {
    this.shown += 1;
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
    this.end?.();
  }
}
