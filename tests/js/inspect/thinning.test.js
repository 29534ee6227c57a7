import assert from 'node:assert/strict';
import { test } from 'node:test';

import { step, thinned } from '../../../app/inspect/thinning.js';

// The same cases as in tests/models/runtimes/worker/test_thinning.py.
test('the smallest step that leaves few enough values', () => {
  for (const [shape, most, every] of /** @type {[number[], number, number][]} */ ([
    [[1, 28, 28, 16], 28 * 28 * 16, 1],
    [[1, 28, 28, 16], 28 * 28 * 16 - 1, 2],
    [[1, 112, 112, 96], 12_500, 11],
    [[1, 7, 7, 1280], 100, 7],
    [[1, 1000], 10, 1],
    [[1, 50, 64], 320, 10],
    [[1], 1, 1],
  ]))
    assert.equal(step(shape, most), every, `${shape} ${most}`);
});

test('rows and columns are left out and channels are not', () => {
  const values = Float32Array.from({ length: 5 * 4 * 3 }, (_, at) => at);
  const kept = [0, 2, 4].flatMap((row) =>
    [0, 2].flatMap((column) => [0, 1, 2].map((channel) => (row * 4 + column) * 3 + channel)),
  );
  assert.deepEqual(thinned(values, [1, 5, 4, 3], 20), Float32Array.from(kept));
  assert.equal(thinned(values, [1, 5, 4, 3], 60), values);
  assert.deepEqual(thinned(values, [1, 20, 3], 9).length, 9);
});
