/**
 * A picture of a result, to show to others: the picture that was read, the verdict, the device, the
 * model.
 *
 * @import {Result} from './actions.js'
 *
 * @typedef {object} Text
 * @property {string} text
 * @property {number} size  in pixels, of a card that has room
 * @property {string} colour
 * @property {number} [weight]
 * @property {number} [before]  pixels above
 * @property {number} [after]  pixels below
 */

import { paintLevels } from '../../picture/given_view.js';

const WIDTH = 1200;
const HEIGHT = 630; // as previews of links have it
const MARGIN = 60;
const SIDE = HEIGHT - 2 * MARGIN;
/** Long sentences are written smaller, so that all of them are there. */
const STEP = 0.05;
const SMALLEST = 0.4;
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
  const times = SIDE / Math.max(small.width, small.height);
  pen.drawImage(small, MARGIN, MARGIN, small.width * times, small.height * times);
  const family = getComputedStyle(document.body).fontFamily;
  const texts = textsOf({ data, reading });
  let scale = 1;
  while (write(pen, texts, family, scale, false) > HEIGHT - MARGIN && scale > SMALLEST)
    scale -= STEP;
  write(pen, texts, family, scale, true);
}

/**
 * What is written beside the picture.
 * @param {Pick<Result, 'data' | 'reading'>} result
 * @returns {Text[]}
 */
function textsOf({ data, reading: { verdict, lanes } }) {
  const colour = TONES[verdict.kind];
  return [
    { text: 'Did the conversion keep the model?', size: 26, colour: SOFT },
    { text: verdict.headline, size: 44, colour, weight: 700 },
    { text: verdict.detail, size: 24, colour: INK, after: 16 },
    ...lanes.map((lane) => ({
      text: `${lane.name}: ${lane.reads ?? '–'}`,
      size: 24,
      colour: INK,
    })),
    {
      text: `${data.model.title} · ${device()} · Digit Parity`,
      size: 22,
      colour: SOFT,
      before: 16,
    },
  ];
}

/**
 * Write the texts below each other, or only measure them. Returns where the last one ends.
 * @param {CanvasRenderingContext2D} pen
 * @param {Text[]} texts
 * @param {string} family
 * @param {number} scale
 * @param {boolean} isPainted
 */
function write(pen, texts, family, scale, isPainted) {
  const left = 2 * MARGIN + SIDE;
  let top = MARGIN;
  for (const { text, size, colour, weight = 400, before = 0, after = 0 } of texts) {
    pen.fillStyle = colour;
    pen.font = `${weight} ${size * scale}px ${family}`;
    top += before * scale;
    const width = (/** @type {string} */ each) => pen.measureText(each).width;
    for (const line of linesOf(text, width, WIDTH - MARGIN - left)) {
      top += size * scale * 1.25;
      if (isPainted) pen.fillText(line, left, top);
    }
    top += after * scale;
  }
  return top;
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
  // Edge and Opera name Chrome too, and Android names Linux.
  const first = (/** @type {string[]} */ names) => names.find((each) => userAgent.includes(each));
  const browser = first(['Firefox', 'Edg', 'OPR', 'Chrome', 'Safari']) ?? 'a browser';
  const system = first(['Windows', 'Android', 'iPhone', 'iPad', 'Macintosh', 'Linux']) ?? '';
  return [
    browser.replace('Edg', 'Edge').replace('OPR', 'Opera'),
    system.replace('Macintosh', 'Mac'),
  ]
    .filter(Boolean)
    .join(' on ');
}
