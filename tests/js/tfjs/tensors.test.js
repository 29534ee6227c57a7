import assert from 'node:assert/strict';
import { test } from 'node:test';

import { use } from '../support/tensorflow.js';

use();
const { joined, pieces, tensorOf } = await import('../../../models/tfjs/src/tensors.js');

test('a batch is one piece, unless the model takes a fixed number', () => {
  assert.deepEqual(pieces(5, null), [[0, 5]]);
  assert.deepEqual(pieces(5, 2), [
    [0, 2],
    [2, 4],
    [4, 5],
  ]);
  assert.deepEqual(pieces(4, 4), [[0, 4]]);
});

test('a piece that is too short ends in its last row, again and again', () => {
  const given = /** @type {const} */ ({
    shape: [2],
    dtype: 'int32',
    values: Int32Array.of(1, 2, 3, 4),
  });
  const { shape, values } = /** @type {any} */ (tensorOf(given, [0, 2], 4));
  assert.deepEqual(
    [shape, [...values]],
    [
      [4, 2],
      [1, 2, 3, 4, 3, 4, 3, 4],
    ],
  );
});

test('rows that were only filled up are cut', () => {
  const part = (/** @type {number[]} */ ...values) => [
    { shape: [2, 1], values: Float32Array.from(values) },
  ];
  const [{ shape, values }] = joined([part(1, 2), part(3, 3)], 3);
  assert.deepEqual(
    [shape, [...values]],
    [
      [3, 1],
      [1, 2, 3],
    ],
  );
  const whole = part(1, 2);
  assert.equal(joined([whole], 2), whole);
});
