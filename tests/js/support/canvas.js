/** Canvases that note what is painted: a letter is half as wide as its font is high. */

import { StubElement, setGlobals } from './dom.js';

/** @typedef {{text: string, x: number, y: number, font: string, colour: string}} Written */

/** What was written on any canvas. @type {Written[]} */
export let written = [];
/** The bytes of the last picture that was put on a canvas. @type {number[]} */
export let painted = [];

class StubCanvas extends StubElement {
  constructor() {
    super('canvas');
    this.width = 0;
    this.height = 0;
    this.pen = {
      fillStyle: '',
      font: '',
      fillRect() {},
      drawImage() {},
      putImageData: (/** @type {{data: Uint8ClampedArray}} */ image) => {
        painted = [...image.data];
      },
      measureText: (/** @type {string} */ text) => ({ width: text.length * this.#size() * 0.5 }),
      fillText: (/** @type {string} */ text, /** @type {number} */ x, /** @type {number} */ y) => {
        written.push({ text, x, y, font: this.pen.font, colour: this.pen.fillStyle });
      },
    };
  }

  #size() {
    return Number(/ ([\d.]+)px/.exec(this.pen.font)?.[1]);
  }

  getContext() {
    return this.pen;
  }

  toDataURL() {
    return `data:${painted.slice(0, 4)}`;
  }

  /** @param {(blob: Blob | null) => void} done @param {string} [type] */
  toBlob(done, type = 'image/png') {
    done(new Blob(['a picture'], { type }));
  }
}

/** Let the page, which is new, make such canvases. */
export function newCanvases() {
  written = [];
  painted = [];
  const make = document.createElement.bind(document);
  Object.assign(document, {
    createElement: (/** @type {string} */ tag) => (tag === 'canvas' ? new StubCanvas() : make(tag)),
    body: make('body'),
  });
  setGlobals({
    ImageData: class {
      /** @param {number} width @param {number} height */
      constructor(width, height) {
        this.data = new Uint8ClampedArray(4 * width * height);
      }
    },
  });
}
