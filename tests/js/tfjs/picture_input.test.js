import assert from 'node:assert/strict';
import { test } from 'node:test';

import { DIGITS, modelValues, sizes } from '../../../models/tfjs/src/picture_input.js';

/** @typedef {import('../../../models/tfjs/src/picture_input.js').Input} Input */

/** @param {Input} input @param {number[]} pixels */
const given = (input, pixels) => [...modelValues(input, Float32Array.from(pixels))];

test('a picture that the model takes as it is, is not copied', () => {
  const pixels = new Float32Array(784);
  assert.equal(modelValues(DIGITS, pixels), pixels);
});

test('a value is multiplied, then added to, in float32', () => {
  const shape = [1, 1, 1];
  assert.deepEqual(given({ shape, scale: 255 }, [0.5, 0.1]), [127.5, Math.fround(25.5)]);
  assert.deepEqual(given({ shape, scale: 2, offset: -1 }, [0, 0.5, 1]), [-1, 0, 1]);
  const third = Math.fround(Math.fround(1 / 3) * Math.fround(0.1));
  const [value] = given({ shape, scale: 0.1, offset: 1e-9 }, [1 / 3]);
  assert.equal(value, Math.fround(third + Math.fround(1e-9)));
});

test('each channel has its own numbers', () => {
  const input = { shape: [1, 2, 3], scale: [1, 2, 4], offset: [0, 1, 2] };
  assert.deepEqual(given(input, [1, 1, 1, 0, 0, 0]), [1, 3, 6, 0, 1, 2]);
});

test('colours come in the order of the model, and its numbers are in that order', () => {
  const input = /** @type {Input} */ ({ shape: [1, 1, 4], scale: [1, 10, 100, 1], order: 'bgr' });
  assert.deepEqual(given(input, [3, 2, 1, 9]), [1, 20, 300, 9]);
});

test('channels come first where the model wants it, in each picture of a batch', () => {
  const input = /** @type {Input} */ ({ shape: [3, 1, 2], scale: 1, layout: 'CHW' });
  const two = [1, 2, 3, 4, 5, 6, 10, 20, 30, 40, 50, 60];
  assert.deepEqual(given(input, two), [1, 4, 2, 5, 3, 6, 10, 40, 20, 50, 30, 60]);
});

test('a picture has as many values as the tensor, whatever its layout', () => {
  assert.deepEqual(sizes({ shape: [3, 4, 5], scale: 1, layout: 'CHW' }), { size: 60, channels: 3 });
  assert.deepEqual(sizes({ shape: [4, 5], scale: 1, layout: 'HW' }), { size: 20, channels: 1 });
  assert.deepEqual(sizes({ shape: [784], scale: 1, layout: 'flat' }), { size: 784, channels: 1 });
  const flattened = [4, 4, 3];
  assert.deepEqual(sizes({ shape: [48], scale: 1, layout: 'flat', flattened }), {
    size: 48,
    channels: 3,
  });
});
