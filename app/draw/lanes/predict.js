/**
 * One picture through one lane.
 *
 * @import {Backend, Engine, Format, Lane, Model} from '../../frontend/tfjs.js'
 * @import {Kind} from './probabilities.js'
 *
 * @typedef {object} Data
 * @property {string} session  a new session, as after a restart of the server, has no answers yet
 * @property {string | null} bundle  path of the bundle's entry below served/, null when not built
 * @property {Model & {classes: string[], isDigit: boolean, answers: Kind}} model
 *   `isDigit`: it takes 28×28 framed as MNIST, which the browser makes of a drawing by itself
 * @property {'auto' | Backend} backend
 * @property {string | null} digit  the picture's levels from 0 to 255, base64
 * @property {string | null} id  Python's name of the picture; null for what the browser made itself
 *
 * @typedef {object} Answer
 * @property {Format} format
 * @property {number[] | null} probabilities  or what the model gives in place of them, see `answers`
 * @property {number | null} loadMs
 * @property {number | null} firstMs
 * @property {number[]} steadyMs
 * @property {string | null} error
 */

import { decode, FORMATS, modelAddress, reason } from '../../frontend/tfjs.js';

/** The same text as in models/runtimes/probabilities.py. */
const NO_NUMBERS =
  "The lane's answer holds values that are no numbers (NaN or infinite). " +
  'The Inspect page, or `digit-parity bisect`, shows the layer where that begins.';

/**
 * Load the lane, and predict a blank digit at once, so that no drawing waits for the first prediction.
 * Then predict the digit. A picture that is there already is predicted at once: it may be large, and
 * a blank one before it would double the wait.
 * @param {Engine} engine
 * @param {Data} data
 * @param {Format} format
 * @param {() => boolean} isCurrent
 * @param {(share: number) => void} [onProgress]  told what share of the weights has arrived
 * @returns {Promise<{format: Format, lane: Lane | null, answer: Answer | null}>}
 */
export async function firstAnswer(engine, data, format, isCurrent, onProgress) {
  try {
    const { input, isDigit } = data.model;
    const options = { input, onProgress };
    const lane = await engine.loadLane(format, modelAddress(data.model, format), options);
    if (lane.firstMs === null && (isDigit || data.digit === null))
      await lane.predict(new Float32Array(lane.size), 1);
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

/** The picture that is shown, or a blank one of `size` values. @param {Data} data @param {number} size */
export const pixelsOf = ({ digit }, size) =>
  digit === null ? new Float32Array(size) : decode(digit);

/** The formats that the model has: it may be one alone. @param {Data} data */
export const formatsOf = ({ model }) => FORMATS.filter((format) => format in model.paths);

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
