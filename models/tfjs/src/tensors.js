/** Arrays of numbers with a row for each input of a batch: cut into pieces, given, and read back. */
import * as tf from '@tensorflow/tfjs-core';

/**
 * What a model takes: TensorFlow.js knows no other numbers.
 * @typedef {'float32' | 'int32' | 'bool'} DType
 *
 * @typedef {object} Values  of one input for a batch, as the model takes them
 * @property {readonly number[]} shape  of one row
 * @property {DType} dtype
 * @property {Float32Array | Int32Array | Uint8Array} values  row after row
 *
 * @typedef {object} Output
 * @property {number[]} shape  n first
 * @property {Float32Array} values
 *
 * @typedef {Output & {name: string}} Activation  what a layer or an operation gives
 */

/** @param {readonly number[]} shape */
export const sizeOf = (shape) => shape.reduce((product, size) => product * size, 1);

/**
 * Where each piece of a batch begins and ends. A model that takes any number gets the whole batch.
 * @param {number} n
 * @param {number | null} fixed  how many inputs the model takes at once
 * @returns {[number, number][]}
 */
export function pieces(n, fixed) {
  if (fixed === null) return [[0, n]];
  return Array.from({ length: Math.ceil(n / fixed) }, (_, at) => [
    at * fixed,
    Math.min((at + 1) * fixed, n),
  ]);
}

/**
 * Rows of an array, as a tensor; where there are fewer than the model takes, the last one again.
 * @param {Values} given
 * @param {[number, number]} piece
 * @param {number | null} fixed
 * @returns {tf.Tensor}
 */
export function tensorOf({ shape, dtype, values }, [start, end], fixed) {
  const size = sizeOf(shape);
  const count = fixed ?? end - start;
  const there = values.subarray(start * size, end * size);
  if (count === end - start) return tf.tensor(there, [count, ...shape], dtype);
  const Kind = /** @type {Float32ArrayConstructor} */ (values.constructor);
  const filled = new Kind(count * size);
  filled.set(there);
  for (let row = end - start; row < count; row += 1) {
    filled.copyWithin(row * size, (end - start - 1) * size, (end - start) * size);
  }
  return tf.tensor(filled, [count, ...shape], dtype);
}

/**
 * A tensor's values as float32, whatever they are.
 * @param {tf.Tensor} tensor
 * @returns {Promise<Output>}
 * @throws {Error} when they are no numbers
 */
export async function readOutput(tensor) {
  const { dtype, shape } = tensor;
  if (dtype === 'string' || dtype === 'complex64') {
    throw new Error(`it gives a tensor of ${dtype}; only numbers can be compared`);
  }
  const values = await tensor.data();
  // What was made of booleans is float32 in name and has bytes.
  return {
    shape: [...shape],
    values: values instanceof Float32Array ? values : Float32Array.from(values),
  };
}

/**
 * What pieces of a batch gave, as what the batch gave: n rows of each.
 * @template {Output} T
 * @param {readonly T[][]} parts  by piece
 * @param {number} n
 * @returns {T[]}
 */
export function joined(parts, n) {
  if (parts.length === 1 && parts[0].every(({ shape }) => shape[0] === n)) return parts[0];
  return parts[0].map((first, at) => {
    const [, ...row] = first.shape;
    const size = sizeOf(row);
    const values = new Float32Array(n * size);
    let start = 0;
    for (const part of parts) {
      const rest = part[at].values.subarray(0, values.length - start);
      values.set(rest, start);
      start += rest.length;
    }
    return { ...first, shape: [n, ...row], values };
  });
}
