/**
 * One operation of a model by itself: the converter's own format with nothing else in it, its inputs,
 * and what TensorFlow.js gives for them. A bug report runs it in a browser, the command line in Node.
 */
import { loadGraphModel } from '@tensorflow/tfjs-converter';
import * as tf from '@tensorflow/tfjs-core';

import { waits } from '../control_flow.js';
import { loadLayersModel } from '../layers.js';
import { readOutput } from '../tensors.js';

/**
 * @typedef {object} Case
 * @property {'graph' | 'layers'} format
 * @property {any} topology  as in the converter's model.json
 * @property {tf.io.WeightsManifestEntry[]} weights
 * @property {string} data  of the weights, in base64
 * @property {Fed[]} inputs
 * @property {string} output  the name of the operation
 *
 * @typedef {object} Fed  an input
 * @property {string} name
 * @property {number[]} shape
 * @property {'float32' | 'int32' | 'bool'} dtype
 * @property {string} data  little-endian values in base64
 */

const KINDS = { float32: Float32Array, int32: Int32Array, bool: Uint8Array };

/** @param {string} base64 */
export const bytesOf = (base64) => Uint8Array.from(atob(base64), (each) => each.charCodeAt(0));

/** @param {string} base64 */
export const floatsOf = (base64) => new Float32Array(bytesOf(base64).buffer);

/**
 * What the operation gives on the current backend.
 * @param {Case} given
 * @returns {Promise<import('../tensors.js').Output>}
 */
export async function answer({ format, topology, weights, data, inputs, output }) {
  const source = tf.io.fromMemory({
    modelTopology: topology,
    weightSpecs: weights,
    weightData: bytesOf(data).buffer,
  });
  const fed = inputs.map(tensorOf);
  if (format === 'layers') {
    const model = await loadLayersModel(source);
    return first(fed, model, model.predict(fed.length === 1 ? fed[0] : fed));
  }
  const model = await loadGraphModel(source);
  const named = Object.fromEntries(inputs.map(({ name }, at) => [name, fed[at]]));
  const gives = waits(topology)
    ? await model.executeAsync(named, output)
    : model.execute(named, output);
  return first(fed, model, gives);
}

/** @param {Fed} fed */
const tensorOf = ({ shape, dtype, data }) =>
  tf.tensor(new KINDS[dtype](bytesOf(data).buffer), shape, dtype);

/**
 * @param {tf.Tensor[]} fed
 * @param {{ dispose: () => unknown }} model
 * @param {tf.Tensor | tf.Tensor[]} gives
 */
async function first(fed, model, gives) {
  try {
    return await readOutput([gives].flat()[0]);
  } finally {
    tf.dispose([fed, gives]);
    model.dispose();
  }
}
