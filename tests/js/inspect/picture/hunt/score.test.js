import assert from 'node:assert/strict';
import { test } from 'node:test';

import { score } from '../../../../../app/inspect/picture/hunt/score.js';

/** @type {import('../../../../../app/inspect/picture/hunt/score.js').Judge} */
const SOFTMAX = { row: 3, head: 'softmax', scale: null, answers: 'probabilities' };
const of = (/** @type {number[]} */ ...values) => Float32Array.from(values);

test('a changed top class counts by what the less sure one means it', () => {
  const { flips } = score(SOFTMAX, of(0.6, 0.3, 0.1), of(0.3, 0.4, 0.3));
  assert.ok(Math.abs(flips - Math.log(0.4 / 0.3)) < 1e-6);
});

test('an unchanged one counts by what is lacking', () => {
  const { flips } = score(SOFTMAX, of(0.6, 0.3, 0.1), of(0.5, 0.25, 0.25));
  assert.ok(Math.abs(flips + Math.log(2)) < 1e-6);
});

test('one sigmoid is two classes, values are none', () => {
  const judge = { ...SOFTMAX, row: 1, head: /** @type {const} */ ('values'), scale: 1 };
  assert.ok(score({ ...judge, answers: 'sigmoid' }, of(0.4), of(0.6)).flips > 0);
  assert.equal(score({ ...judge, answers: 'values' }, of(0.4), of(0.6)).flips, -Infinity);
});

test('NaN in one of them is farther than any number, in both it is none', () => {
  assert.equal(score(SOFTMAX, of(1, 0, 0), of(Number.NaN, 0, 0)).apart, Infinity);
  assert.equal(score(SOFTMAX, of(Number.NaN, 0, 0), of(Number.NaN, 0, 0)).apart, 0);
});
