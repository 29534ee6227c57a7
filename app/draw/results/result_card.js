/**
 * A picture of a result, to show to others: the picture that was read, the verdict, the device, the
 * model.
 *
 * @import {Result} from './actions.js'
 */

import { paintLevels } from '../picture/given_view.js';
import { nameOf } from './lanes_table.js';

const WIDTH = 1200;
const HEIGHT = 630; // as previews of links have it
const MARGIN = 60;
const SIDE = HEIGHT - 2 * MARGIN;
const INK = '#18202c';
const SOFT = '#566173';
/** @type {Record<string, string>} */
const TONES = {
  agree: '#0b7a4b',
  differ: '#b3261e',
  failed: '#b3261e',
  unsure: '#8a5a00',
  waiting: '#475569',
};

/** @param {Result} result @returns {Promise<Blob>} a PNG */
export async function cardOf(result) {
  const canvas = document.createElement('canvas');
  canvas.width = WIDTH;
  canvas.height = HEIGHT;
  const pen = /** @type {CanvasRenderingContext2D} */ (canvas.getContext('2d'));
  paint(pen, result);
  return new Promise((resolve, reject) =>
    canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error('the browser made none')))),
  );
}

/** @param {CanvasRenderingContext2D} pen @param {Result} result */
function paint(pen, { data, picture, reading }) {
  pen.fillStyle = '#fff';
  pen.fillRect(0, 0, WIDTH, HEIGHT);
  pen.fillStyle = TONES[reading.verdict.kind];
  pen.fillRect(0, 0, WIDTH, 12);
  const small = document.createElement('canvas');
  paintLevels(small, picture.levels, data.picture.shape);
  pen.imageSmoothingEnabled = false;
  const scale = SIDE / Math.max(small.width, small.height);
  pen.drawImage(small, MARGIN, MARGIN, small.width * scale, small.height * scale);
  const left = 2 * MARGIN + SIDE;
  const family = getComputedStyle(document.body).fontFamily;
  let top = MARGIN;
  const write = (
    /** @type {string} */ text,
    /** @type {number} */ size,
    /** @type {string} */ colour,
    weight = 400,
  ) => {
    pen.fillStyle = colour;
    pen.font = `${weight} ${size}px ${family}`;
    for (const line of linesOf(
      text,
      (each) => pen.measureText(each).width,
      WIDTH - MARGIN - left,
    )) {
      top += size * 1.25;
      pen.fillText(line, left, top);
    }
  };
  write('Did the conversion keep the model?', 26, SOFT);
  write(reading.verdict.headline, 44, TONES[reading.verdict.kind], 700);
  write(reading.verdict.detail, 24, INK);
  top += 16;
  for (const lane of reading.lanes) write(`${nameOf(lane)}: ${lane.reads ?? '–'}`, 24, INK);
  top += 16;
  write(`${data.model.title} · ${device()} · Digit Parity`, 22, SOFT);
}

/**
 * Text in lines that are no wider than `most`.
 * @param {string} text
 * @param {(text: string) => number} width
 * @param {number} most
 */
export function linesOf(text, width, most) {
  /** @type {string[]} */
  const lines = [];
  for (const word of text.split(' ')) {
    const longer = lines.length ? `${lines[lines.length - 1]} ${word}` : word;
    if (lines.length > 0 && width(longer) <= most) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines;
}

/** The browser and the system, as far as they tell. */
function device() {
  const { userAgent } = navigator;
  const browser = /(Firefox|Edg|OPR|Chrome|Safari)\/[\d.]+/.exec(userAgent)?.[1] ?? 'a browser';
  const system = /(Windows|Android|iPhone|iPad|Macintosh|Linux)/.exec(userAgent)?.[1] ?? '';
  return [
    browser.replace('Edg', 'Edge').replace('OPR', 'Opera'),
    system.replace('Macintosh', 'Mac'),
  ]
    .filter(Boolean)
    .join(' on ');
}
