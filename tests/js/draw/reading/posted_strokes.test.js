import assert from 'node:assert/strict';
import { test } from 'node:test';

import { pathOf } from '../../../../app/draw/canvas/strokes.js';
import { pointsOf } from '../../../../app/draw/reading/posted_strokes.js';

test('each stroke is a list of points in tenths of a unit', () => {
  const [stroke, other] = pointsOf([
    pathOf([
      [10.04, 20],
      [30.26, 40],
    ]),
    pathOf([[5, 5]]),
  ]);
  assert.deepEqual(stroke, [
    [10, 20],
    [30.3, 40],
  ]);
  assert.deepEqual(other, [[5, 5]]);
});

test('points that are close to the one before are left out, but for the last', () => {
  const [stroke] = pointsOf([
    pathOf([
      [10, 10],
      [10.4, 10],
      [11.2, 10],
      [11.4, 10],
    ]),
  ]);
  assert.deepEqual(stroke, [
    [10, 10],
    [11.2, 10],
    [11.4, 10],
  ]);
});

test('a scribble of more points than the server takes is not sent', () => {
  const path = pathOf(Array.from({ length: 2_001 }, (_, at) => [at % 2 ? 0 : 9, at % 3 ? 0 : 9]));
  assert.equal(pointsOf([path]).length, 1);
  assert.deepEqual(pointsOf([path, path]), []);
});

test('a drawing without strokes has none', () => {
  assert.deepEqual(pointsOf([]), []);
});

test('of more strokes than the server takes none is sent, and the digit is read all the same', () => {
  const dots = Array.from({ length: 201 }, (_, at) => pathOf([[at, 5]]));
  assert.deepEqual(pointsOf(dots), []);
  assert.equal(pointsOf(dots.slice(1)).length, 200);
});
