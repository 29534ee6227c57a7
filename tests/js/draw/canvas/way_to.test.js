/** A pointer that is seen seldom: the ink is where it was, also at a corner. */

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { PEN, wayTo } from '../../../../app/draw/canvas/strokes.js';

test('the way between distant points has steps of half the pen at most, and ends at the point', () => {
  const way = wayTo([10, 20], [70, 100]);
  assert.deepEqual(way[way.length - 1], [70, 100]);
  let [x, y] = [10, 20];
  for (const [right, down] of way) {
    const step = Math.hypot(right - x, down - y);
    assert.ok(step > 0 && step <= PEN / 2 + 1e-9, `a step of ${step}`);
    [x, y] = [right, down];
  }
});

test('between near points, as of a slow pen, there is nothing', () => {
  assert.deepEqual(wayTo([10, 20], [14, 22]), [[14, 22]]);
});

test('a pointer that is seen twice at one place adds that place only', () => {
  assert.deepEqual(wayTo([10, 20], [10, 20]), [[10, 20]]);
});
