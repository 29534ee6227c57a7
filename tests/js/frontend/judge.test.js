import assert from 'node:assert/strict';
import { test } from 'node:test';

import { distance } from '../../../app/frontend/judge.js';

// Number for number beside Python's judge: tests/app/benchmark/test_expected.py.

/** @typedef {import('../../../app/frontend/judge.js').Expected} Expected */

/** @type {Expected} */
const SOFTMAX = { answer: [0.1, 0.7, 0.2], row: 3, bound: 1e-6, head: 'softmax', scale: null };
/** @type {Expected} */
const VALUES = { answer: [-4, 2], row: 2, bound: 1e-6, head: 'values', scale: null };

test('an equal answer is at no distance', () => {
  const near = Float32Array.from(SOFTMAX.answer);
  assert(distance(SOFTMAX, near) < 1e-6);
  assert.equal(distance(VALUES, Float32Array.of(-4, 2)), 0);
});

test('values are compared as a share of the scale, or of the largest', () => {
  assert.equal(distance(VALUES, Float32Array.of(-4, 3)), 0.25);
  assert.equal(distance({ ...VALUES, scale: 10 }, Float32Array.of(-4, 3)), 0.1);
  assert.equal(distance({ ...VALUES, answer: [0, 0] }, Float32Array.of(0, 3)), 3);
});

test('a tolerance is on each value, less the share that it may be off', () => {
  /** @type {Expected} */
  const judge = { ...VALUES, head: 'tolerance', rtol: 0.5 };
  assert.equal(distance(judge, Float32Array.of(-7, 2.5)), 1);
  assert.equal(distance(judge, Float32Array.of(-5, 2)), 0);
});

test('every row of an answer counts, by itself', () => {
  const two = { ...VALUES, answer: [-4, 2, 1, 1] };
  assert.equal(distance(two, Float32Array.of(-4, 2, 1, 3)), 0.5);
});

test('NaN is NaN wherever it stands, and infinity is far', () => {
  for (const expected of [SOFTMAX, VALUES]) {
    for (const at of expected.answer.keys()) {
      const values = Float32Array.from(expected.answer);
      values[at] = NaN;
      assert(Number.isNaN(distance(expected, values)));
      values[at] = Infinity;
      assert(!(distance(expected, values) <= 1));
    }
  }
});
