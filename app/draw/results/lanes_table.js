/**
 * The cards of the browser's lanes, painted in place: a lane's class, its probability, its time.
 *
 * @import {Format} from '../../frontend/tfjs.js'
 * @import {Answer, Data} from './predict.js'
 */

import { milliseconds, percent } from '../../ui/figures.js';
import { formatsOf } from './predict.js';
import { probabilities as shown } from './probabilities.js';

/**
 * @param {HTMLElement} root
 * @param {Data} data
 */
export function paintWaiting(root, data) {
  const formats = formatsOf(data);
  const there = [...root.children].map((each) => /** @type {HTMLElement} */ (each).dataset.format);
  if (String(there) !== String(formats)) root.replaceChildren(...formats.map(card));
  for (const format of formats) paintNote(root, format, data, data.digit ? '…' : 'ready');
}

/**
 * @param {HTMLElement} root
 * @param {Format} format
 * @param {Data} data
 * @param {number} share  of the weights that has arrived
 */
export function paintLoading(root, format, data, share) {
  const then = data.digit ? '…' : 'ready';
  paintNote(root, format, data, share < 1 ? `loading, ${Math.floor(100 * share)} %` : then);
}

/** @param {HTMLElement} root @param {Format} format @param {Data} data @param {string} note */
function paintNote(root, format, data, note) {
  paint(root, format, data.digit ? 'waiting' : 'empty', { digit: '–', sure: note, time: '' });
}

/**
 * @param {HTMLElement} root
 * @param {Answer} answer
 * @param {Data} data
 */
export function paintAnswer(root, { format, probabilities, steadyMs, error }, data) {
  if (probabilities === null) {
    paint(root, format, 'failed', { digit: '×', sure: error ?? '', time: '' });
    return;
  }
  const values = shown(probabilities, data.model.answers);
  const top = values.reduce((best, value, at) => (value > values[best] ? at : best), 0);
  paint(root, format, 'answered', {
    digit: data.model.classes[top],
    sure: percent(values[top]),
    time: milliseconds(median(steadyMs)),
  });
}

/** The median as in Python: the mean of the middle two of an even number of times. @param {number[]} times */
export function median(times) {
  const sorted = [...times].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** @param {Format} format */
function card(format) {
  const element = document.createElement('div');
  element.className = `dp-card dp-${format}`;
  element.dataset.format = format;
  for (const part of ['name', 'digit', 'sure', 'time']) {
    const line = element.appendChild(document.createElement('div'));
    line.className = `dp-${part}`;
  }
  /** @type {HTMLElement} */ (element.querySelector('.dp-name')).textContent = format;
  return element;
}

/**
 * @param {HTMLElement} root
 * @param {Format} format
 * @param {'waiting' | 'empty' | 'failed' | 'answered'} state
 * @param {{digit: string, sure: string, time: string}} words
 */
function paint(root, format, state, words) {
  const card = /** @type {HTMLElement} */ (root.querySelector(`[data-format=${format}]`));
  card.dataset.state = state;
  const isWord = words.digit.length > 2; // a class may be one, and is cut off where it is long
  card.toggleAttribute('data-long', isWord);
  card.title = isWord ? words.digit : '';
  for (const [part, text] of Object.entries(words)) {
    /** @type {HTMLElement} */ (card.querySelector(`.dp-${part}`)).textContent = text;
  }
}
