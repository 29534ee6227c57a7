/** Loading: one model of one format on one backend, once. */
import * as tf from '@tensorflow/tfjs-core';

import { fetchAndTell } from './arrival.js';
import { Lane as LaneOfPictures } from './lane.js';
import { LoadedModel } from './loaded_model.js';
import { buildModel } from './model.js';
import { DIGITS } from './picture_input.js';
import { memoise, reason } from './promises.js';
import { now } from './timing.js';
import { onBackend } from './turns.js';

/**
 * @typedef {'graph' | 'layers'} Format
 * @typedef {import('./turns.js').BackendName} BackendName
 * @typedef {import('./lane.js').Lane} Lane
 * @typedef {import('./lane.js').Prediction} Prediction
 * @typedef {import('./lane.js').Run} Run
 * @typedef {Required<Pick<tf.io.IOHandler, 'load'>>} Source
 *
 * @typedef {object} LoadOptions
 * @property {BackendName} [backend]  a started backend; by default the current one
 * @property {import('./model.js').Ends} [ends]  which of a graph's tensors are its inputs and outputs
 * @property {number | null} [fixed]  how many inputs the model takes at once; by default as its files say
 * @property {(url: string, onProgress?: (share: number) => void) => Source} [open]  how files are
 *   read; by default over HTTP
 * @property {(share: number) => void} [onProgress]  told what share of the weights has arrived, from 0
 *   to 1; nothing of a lane that is there already, or on its way for somebody else
 */

/** @type {readonly Format[]} */
export const FORMATS = ['graph', 'layers'];

/** @type {Map<string, Promise<Lane>>} */
const lanes = new Map();

/** @type {NonNullable<LoadOptions['open']>} */
const overHttp = (url, onProgress) => {
  const options = onProgress ? { fetchFunc: fetchAndTell(onProgress) } : undefined;
  return /** @type {Source} */ (tf.io.http(url, options));
};

/**
 * Load a model that takes pictures. The same arguments give the same lane; a failed load is not
 * cached.
 * @param {Format} format
 * @param {string} url  of model.json
 * @param {LoadOptions & {input?: import('./picture_input.js').Input}} [options]  `input`: how a
 *   picture becomes the model's input; by default as for most models of digits
 * @returns {Promise<Lane>}
 * @throws {Error} that names format and file, and says what is wrong
 */
export function loadLane(format, url, { input = DIGITS, ...options } = {}) {
  const backend = backendOf(options);
  const { ends, fixed } = options;
  const key = JSON.stringify([backend, format, url, input, ends, fixed]);
  return memoise(lanes, key, async () => {
    const model = await loadModel(format, url, { ...options, backend });
    const forget = () => void lanes.delete(key);
    try {
      return new LaneOfPictures({ format, url, backend, input, model, forget });
    } catch (error) {
      await model.dispose();
      throw failure(format, url, error);
    }
  });
}

/**
 * Load any model.
 * @param {Format} format
 * @param {string} url  of model.json
 * @param {LoadOptions} [options]
 * @returns {Promise<LoadedModel>}
 * @throws {Error} that names format and file, and says what is wrong
 */
export async function loadModel(format, url, options = {}) {
  const { ends, open = overHttp, onProgress } = options;
  const backend = backendOf(options);
  try {
    const begin = now();
    const artifacts = await open(url, onProgress).load();
    const fetchMs = now() - begin;
    return await onBackend(backend, async () => {
      const built = now();
      const model = await buildModel(format, artifacts, ends);
      const fixed = options.fixed ?? fixedBatch(model.inputs);
      return new LoadedModel(model, backend, fixed, fetchMs + now() - built);
    });
  } catch (error) {
    throw failure(format, url, error);
  }
}

/** @param {LoadOptions} options */
const backendOf = ({ backend }) => backend ?? /** @type {BackendName} */ (tf.getBackend());

/**
 * How many inputs the model's files say that it takes at once; null for any number.
 * @param {readonly import('./model.js').Declared[]} inputs
 */
function fixedBatch(inputs) {
  const sizes = inputs.map(({ shape }) => shape?.[0] ?? null);
  return sizes.find((size) => size !== null && size > 0) ?? null;
}

/**
 * @param {Format} format
 * @param {string} url
 * @param {unknown} error
 */
function failure(format, url, error) {
  const file = url.split('/').slice(-2).join('/');
  return new Error(`The ${format} model (${file}) could not be loaded: ${reason(error)}`);
}
