import assert from 'node:assert/strict';
import { test } from 'node:test';

import { difference, isReproduced } from '../../../../models/tfjs/src/report/difference.js';

/** @param {number[]} shape @param {number[]} values */
const of = (shape, ...values) => ({ shape, values: Float32Array.from(values) });

test('the largest difference counts, and the same infinity is none', () => {
  assert.equal(difference(of([3], 1, 2, 3), of([3], 1, 2.5, 3.25)), 0.5);
  assert.equal(difference(of([2], Infinity, 1), of([2], Infinity, 1)), 0);
  assert.equal(difference(of([2], Infinity, 1), of([2], -Infinity, 1)), Infinity);
});

test('NaN on either side, and another shape, give NaN', () => {
  assert.ok(Number.isNaN(difference(of([2], 1, Number.NaN), of([2], 9, 1))));
  assert.ok(Number.isNaN(difference(of([2], 9, 1), of([2], Number.NaN, 1))));
  assert.ok(Number.isNaN(difference(of([2], 1, 2), of([1, 2], 1, 2))));
});

const known = { expected: of([2], 1, 2), measured: of([2], 1, 2.5), difference: 0.5, noise: 0.01 };

test('the same difference, but for rounding, is reproduced; another is not', () => {
  assert.ok(isReproduced(known, of([2], 1, 2.505)));
  assert.ok(!isReproduced(known, of([2], 1, 2)));
  assert.ok(!isReproduced(known, of([2], 1, 3)));
  assert.ok(!isReproduced(known, of([1, 2], 1, 2.5)));
  assert.ok(!isReproduced(known, of([2], 1, Number.NaN)));
  assert.ok(!isReproduced(known, null));
});

test('an error is reproduced by an error, another shape by the same shape, NaN by NaN', () => {
  const failed = { ...known, measured: null, difference: null };
  assert.ok(isReproduced(failed, null));
  assert.ok(!isReproduced(failed, of([2], 1, 2)));
  const shaped = { ...known, measured: of([1], 1), difference: null };
  assert.ok(isReproduced(shaped, of([1], 3)));
  assert.ok(!isReproduced(shaped, of([2], 1, 2)));
  const nan = { ...known, measured: of([2], 1, Number.NaN), difference: null };
  assert.ok(isReproduced(nan, of([2], Number.NaN, 2)));
  assert.ok(!isReproduced(nan, of([2], 1, 2)));
});
