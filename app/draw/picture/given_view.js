/** The very pixels that every version is given, and a line that says what became of the picture. */

import { decodeLevels } from '../../frontend/tfjs.js';

/** Pixels a side: in a larger picture a grid would hide it. */
const GRID = 64;

/** @typedef {readonly number[]} Shape  height, width, and channels where there are several */

export class GivenView {
  /** @param {HTMLElement} root */
  constructor(root) {
    this.place = document.createElement('div');
    this.place.className = 'dp-pixels';
    this.note = document.createElement('p');
    this.note.className = 'dp-how';
    root.replaceChildren(this.place, this.note);
  }

  /** @param {Shape} shape @param {string} says */
  begin(shape, says) {
    this.shape = shape;
    this.note.textContent = says;
  }

  /** @param {string | null} levels  base64 */
  show(levels) {
    const shape = this.shape ?? [28, 28];
    this.place.toggleAttribute('data-none', levels === null);
    if (levels === null) {
      this.place.replaceChildren();
      return;
    }
    const [height, width] = shape;
    const image = document.createElement('img');
    image.alt = `The ${width}×${height} picture that every version is given`;
    image.src = pictureUrl(levels, shape);
    this.place.toggleAttribute('data-fine', Math.max(height, width) > GRID);
    this.place.style.setProperty('--grid', String(width));
    this.place.style.aspectRatio = `${width} / ${height}`;
    this.place.replaceChildren(image);
  }
}

/** A picture's levels as a PNG in a data: URL. @param {string} levels  base64 @param {Shape} shape */
export function pictureUrl(levels, shape) {
  const canvas = document.createElement('canvas');
  paintLevels(canvas, levels, shape);
  return canvas.toDataURL();
}

/**
 * Paint levels on a canvas of the picture's own size.
 * @param {HTMLCanvasElement} canvas
 * @param {string} levels  base64
 * @param {Shape} shape
 */
export function paintLevels(canvas, levels, [height, width, channels = 1]) {
  canvas.width = width;
  canvas.height = height;
  const bytes = decodeLevels(levels);
  const image = new ImageData(width, height);
  for (let pixel = 0; pixel < width * height; pixel += 1) {
    for (let channel = 0; channel < 4; channel += 1) {
      const at = channels === 1 ? pixel : pixel * channels + channel;
      image.data[pixel * 4 + channel] = channel < Math.max(channels, 3) ? bytes[at] : 255;
    }
  }
  canvas.getContext('2d')?.putImageData(image, 0, 0);
}
