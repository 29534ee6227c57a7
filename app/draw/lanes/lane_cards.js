/**
 * The browser's two lane cards, painted in place: a lane's digit, its probability, its time.
 *
 * @import {Format} from '../../frontend/tfjs.js'
 * @import {Answer, Data} from './predict.js'
 */

import { FORMATS } from '../../frontend/tfjs.js';
import { milliseconds, percent } from '../../ui/figures.js';

/**
 * @param {HTMLElement} root
 * @param {Data} data
 */
export function paintWaiting(root, data) {
  if (root.childElementCount === 0) root.append(...FORMATS.map(card));
  for (const format of FORMATS) {
    const note = data.digit ? '…' : 'ready';
    paint(root, format, data.digit ? 'waiting' : 'empty', { digit: '–', sure: note, time: '' });
  }
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
  const top = probabilities.indexOf(Math.max(...probabilities));
  paint(root, format, 'answered', {
    digit: data.model.classes[top],
    sure: percent(probabilities[top]),
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
  card.toggleAttribute('data-long', words.digit.length > 2); // a class may be a word
  for (const [part, text] of Object.entries(words)) {
    /** @type {HTMLElement} */ (card.querySelector(`.dp-${part}`)).textContent = text;
  }
}
