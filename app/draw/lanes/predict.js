/**
 * One digit through one lane.
 *
 * @import {Backend, Engine, Format, Lane, Model} from '../../frontend/tfjs.js'
 *
 * @typedef {object} Data
 * @property {string} session  a new session, as after a restart of the server, has no answers yet
 * @property {string | null} bundle  path of the bundle's entry below served/, null when not built
 * @property {Model & {classes: string[]}} model
 * @property {'auto' | Backend} backend
 * @property {string | null} digit  784 levels from 0 to 255, base64
 *
 * @typedef {object} Answer
 * @property {Format} format
 * @property {number[] | null} probabilities
 * @property {number | null} loadMs
 * @property {number | null} firstMs
 * @property {number[]} steadyMs
 * @property {string | null} error
 */

import { decode, modelAddress, reason } from '../../frontend/tfjs.js';

/** The same text as in models/runtimes/probabilities.py. */
const NO_NUMBERS =
  "The lane's answer holds values that are no numbers (NaN or infinite). " +
  'The Inspect page, or `digit-parity bisect`, shows the layer where that begins.';

/**
 * Load the lane, and predict a blank digit at once, so that no drawing waits for the first prediction.
 * Then predict the digit.
 * @param {Engine} engine
 * @param {Data} data
 * @param {Format} format
 * @param {() => boolean} isCurrent
 * @returns {Promise<{format: Format, lane: Lane | null, answer: Answer | null}>}
 */
export async function firstAnswer(engine, data, format, isCurrent) {
  try {
    const { input } = data.model;
    const lane = await engine.loadLane(format, modelAddress(data.model, format), { input });
    if (lane.firstMs === null) await lane.predict(new Float32Array(lane.size), 1);
    if (data.digit === null || !isCurrent()) return { format, lane, answer: null };
    const { probabilities, ms } = await lane.predict(decode(data.digit), 1);
    if (!probabilities.every(Number.isFinite)) throw new Error(NO_NUMBERS);
    const { loadMs, firstMs } = lane;
    const answer = {
      format,
      probabilities: [...probabilities],
      loadMs,
      firstMs,
      steadyMs: [ms],
      error: null,
    };
    return { format, lane, answer };
  } catch (error) {
    return { format, lane: null, answer: failed(format, error) };
  }
}

/** The digit that is shown, or a blank one. @param {Data} data */
export const pixelsOf = ({ digit }) => (digit === null ? new Float32Array(784) : decode(digit));

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
