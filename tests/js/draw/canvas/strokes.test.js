import assert from 'node:assert/strict';
import { test } from 'node:test';

import { levels } from '../../../../app/draw/canvas/digit_from_strokes.js';
import { isBlot, pathOf, scaled, way } from '../../../../app/draw/canvas/strokes.js';

/** @typedef {import('../../../../app/draw/canvas/digit_from_strokes.js').Point} Point */

/** @type {Point[]} */
const POINTS = [
  [40, 60],
  [220, 60],
  [120, 240],
];

test('a path of points is placed where they are', () => {
  const { left, top, width, height } = pathOf(POINTS);
  assert.deepEqual([left, top, width, height], [130, 150, 180, 180]);
});

test('a path that is scaled to a screen and back is the same digit', () => {
  const path = pathOf(POINTS);
  const there = scaled(path, 2.75);
  assert.equal(there.strokeWidth, 18 * 2.75);
  assert.deepEqual(levels({ objects: [scaled(there, 1 / 2.75)] }), levels({ objects: [path] }));
});

test('a pen that moved no farther than it is wide left a blot', () => {
  assert(isBlot([[5, 5]]));
  assert(
    isBlot([
      [5, 5],
      [23, 5],
    ]),
  );
  assert(
    !isBlot([
      [5, 5],
      [5, 23.5],
      [5, 5],
    ]),
  );
});

test('a stroke of more points than a call has arguments has a place', () => {
  const points = Array.from({ length: 300_000 }, (_, at) => /** @type {Point} */ ([at % 280, 9]));
  assert.equal(pathOf(points).width, 279);
});

test('a way has points that lie close, and ends where it goes', () => {
  const points = way([10, 20], [10, 80]);
  assert.equal(points.length, 5);
  assert.deepEqual(points[4], [10, 80]);
  assert.deepEqual(points[0], [10, 32]);
  assert.deepEqual(way([10, 20], [10, 20]), [[10, 20]]);
});
