import assert from 'node:assert/strict';
import { test } from 'node:test';

import {
  interval,
  median,
  writtenInterval,
  writtenTime,
} from '../../../../app/benchmark/frontend/precision.js';

// Figure for figure beside Python's: tests/app/benchmark/test_precision.py.

test('the median is the middle, or between two', () => {
  assert.deepEqual([median([3, 1, 2]), median([4, 1, 2, 3])], [2, 2.5]);
});

test('the interval is of the turns, and of few turns all of them', () => {
  assert.deepEqual(interval([1, 9, 2, 2, 3], [2, 2, 1]), { low: 2, high: 5 });
  const nine = [1, 2, 3, 4, 5, 6, 7, 8, 9];
  assert.deepEqual(interval(nine, Array(9).fill(1)), { low: 2, high: 8 });
});

test('a time has the digits that it deserves', () => {
  /** @param {number[]} times */
  const one = (...times) => writtenTime(times, Array(times.length).fill(1));
  assert.equal(one(0.21, 0.212, 0.214), '0.212 ms');
  assert.equal(one(0.1, 0.2, 0.3), '0.2 ms');
  assert.equal(one(291, 313, 340), '310 ms');
  assert.equal(one(1402, 1403, 1404), '1,400 ms');
  assert.equal(one(0.2, 0.2, 0.2), '0.2 ms', 'a clock too coarse to tell');
});

test('an interval has the digits that tell its ends apart', () => {
  // Those of tests/app/benchmark/results/test_bars.py.
  for (const [low, high, said] of /** @type {[number, number, string][]} */ ([
    [0.196, 0.204, '0.196–0.204'],
    [42, 77, '40–80'],
    [58, 399, '60–400'],
    [1.2, 57, '1–57'],
    [0.4, 20.2, '0–20'],
    [0.5, 0.5, ''],
    [1234, 2345, '1,000–2,000'],
  ]))
    assert.equal(writtenInterval({ low, high }), said);
});
