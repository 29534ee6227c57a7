/**
 * How far apart two answers to a picture are, and whether they change its top class: what
 * models/verify/hunt/measure.py says, number for number.
 *
 * @import {Score} from './climb.js'
 *
 * @typedef {object} Judge
 * @property {number} row  how many of an answer's values are compared together
 * @property {'softmax' | 'values'} head
 * @property {number | null} scale  of values, what a distance is a share of, if the answer has no larger one
 * @property {'probabilities' | 'logits' | 'sigmoid' | 'values'} answers  what they are
 */

import { distance } from '../../../frontend/judge.js';

const BELOW = 1e-30; // as the rule has it

/**
 * Above 0 `flips` says how much both mean their own top class, in natural logarithms of
 * probabilities; below 0 by how much they lack another one.
 * @param {Judge} judge
 * @param {Float32Array} one
 * @param {Float32Array} other
 * @returns {Score}
 */
export function score({ row, head, scale, answers }, one, other) {
  const flips =
    one.length === row ? flipped(logarithms(one, answers), logarithms(other, answers)) : -Infinity;
  if (![one, other].some((each) => each.every(Number.isFinite))) return { apart: 0, flips };
  const own = scale && one.reduce((most, each) => Math.max(most, Math.abs(each)), scale);
  const expected = { answer: Array.from(one), row, head, scale: own, bound: 0 };
  const apart = distance(expected, other);
  return { apart: Number.isNaN(apart) ? Infinity : apart, flips };
}

/** @param {Float32Array} answer @param {Judge['answers']} kind */
function logarithms(answer, kind) {
  if (kind === 'values') return [];
  if (kind === 'logits') return [...answer];
  const [first] = answer;
  const all = kind === 'sigmoid' && answer.length === 1 ? [1 - first, first] : [...answer];
  return all.map((each) => Math.log(Math.max(each, BELOW)));
}

/** @param {number[]} one @param {number[]} other */
function flipped(one, other) {
  if (one.length < 2) return -Infinity;
  const top = one.indexOf(Math.max(...one));
  const second = other.map((each, at) => (at === top ? -Infinity : each));
  const rival = second.indexOf(Math.max(...second));
  const lacks = other[rival] - other[top];
  const flips = lacks > 0 ? Math.min(one[top] - one[rival], lacks) : lacks;
  return Number.isFinite(flips) ? flips : -Infinity;
}
