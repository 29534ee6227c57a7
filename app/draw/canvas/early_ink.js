/**
 * Ink on the pad before the package's script is there. The first stroke of a visit is not lost.
 *
 * @import {Path} from './digit_from_strokes.js'
 */

import { INK, PEN, SIDE } from './strokes.js';

/** Units: a line without any length is not drawn. */
const DOT = 0.01;

export class EarlyInk {
  /** @param {HTMLElement} pad */
  constructor(pad) {
    this.pad = pad;
    /** @type {HTMLCanvasElement | null} */
    this.canvas = null;
  }

  /** Show these strokes, in place of any others. @param {Path[]} paths  in the pad's units */
  show(paths) {
    if (paths.length === 0 || this.pad.clientWidth === 0) {
      this.clear();
      return;
    }
    const canvas = this.canvas ?? this.begin();
    const size = Math.round(this.pad.clientWidth * devicePixelRatio);
    canvas.width = size; // which empties it
    canvas.height = size;
    const pen = canvas.getContext('2d');
    if (pen === null) return;
    pen.scale(size / SIDE, size / SIDE);
    pen.lineWidth = PEN;
    pen.lineCap = 'round';
    pen.lineJoin = 'round';
    pen.strokeStyle = INK;
    for (const { path } of paths) {
      pen.beginPath();
      for (const [name, ...numbers] of path) follow(pen, name, numbers);
      pen.stroke();
    }
  }

  begin() {
    this.canvas = document.createElement('canvas');
    this.canvas.className = 'dp-early';
    this.canvas.ariaHidden = 'true';
    this.pad.prepend(this.canvas); // below the pen
    return this.canvas;
  }

  clear() {
    this.canvas?.remove();
    this.canvas = null;
  }
}

/** @param {CanvasRenderingContext2D} pen @param {string} name @param {number[]} numbers */
function follow(pen, name, [x, y, endX, endY]) {
  if (name === 'M') {
    pen.moveTo(x, y);
    pen.lineTo(x + DOT, y);
  } else if (name === 'L') pen.lineTo(x, y);
  else pen.quadraticCurveTo(x, y, endX, endY);
}
