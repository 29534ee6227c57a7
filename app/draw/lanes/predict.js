/**
 * One picture through one lane.
 *
 * @import {Engine, Format, Lane, Model} from '../../frontend/tfjs.js'
 *
 * @typedef {object} Answer
 * @property {Format} format
 * @property {number[] | null} probabilities  or what the model gives in place of them, see `answers`
 * @property {number | null} loadMs
 * @property {number | null} firstMs
 * @property {number[]} steadyMs
 * @property {string | null} error
 */

import { modelAddress, reason } from '../../frontend/tfjs.js';

/** The same text as in models/runtimes/probabilities.py. */
const NO_NUMBERS =
  "The lane's answer holds values that are no numbers (NaN or infinite). " +
  'The Inspect page, or `digit-parity bisect`, shows the layer where that begins.';

/**
 * Load the lane, and predict a blank digit at once, so that no drawing waits for the first prediction.
 * Larger pictures are not drawn: a blank one before the first would double its wait.
 * @param {Engine} engine
 * @param {Model & {isDigit: boolean}} model
 * @param {Format} format
 * @param {(share: number) => void} onProgress  told what share of the weights has arrived
 * @returns {Promise<{format: Format, lane: Lane | null, error?: unknown}>}
 */
export async function load(engine, model, format, onProgress) {
  try {
    const options = { input: model.input, onProgress };
    const lane = await engine.loadLane(format, modelAddress(model, format), options);
    if (lane.firstMs === null && model.isDigit) await lane.predict(new Float32Array(lane.size), 1);
    return { format, lane };
  } catch (error) {
    return { format, lane: null, error };
  }
}

/**
 * @param {Lane} lane
 * @param {Format} format
 * @param {Float32Array} pixels
 * @returns {Promise<Answer>}
 */
export async function predict(lane, format, pixels) {
  try {
    const { probabilities, ms } = await lane.predict(pixels, 1);
    if (!probabilities.every(Number.isFinite)) throw new Error(NO_NUMBERS);
    const { loadMs, firstMs } = lane;
    return {
      format,
      probabilities: [...probabilities],
      loadMs,
      firstMs,
      steadyMs: [ms],
      error: null,
    };
  } catch (error) {
    return failed(format, error);
  }
}

/**
 * @param {Format} format
 * @param {unknown} error
 * @returns {Answer}
 */
export const failed = (format, error) => ({
  format,
  probabilities: null,
  loadMs: null,
  firstMs: null,
  steadyMs: [],
  error: reason(error),
});
