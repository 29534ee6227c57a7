/**
 * Pictures of what a visitor gives: strokes, files, ready digits. What the page cannot make of them by
 * itself, the server does.
 *
 * @import {Path} from './canvas/digit_from_strokes.js'
 * @import {Data, Picture} from './studio_data.js'
 * @import {Example} from './picture/ready_pictures.js'
 */

import { encode } from '../frontend/tfjs.js';
import { levels } from './canvas/digit_from_strokes.js';
import { pictureLevels } from './picture/picture_input.js';
import { levelsOf } from './picture/ready_pictures.js';

const YOURS = 'Yours';

/** The digit that strokes are; null for a model of other pictures. @param {Data | null} data @param {Path[]} paths @returns {Picture | null} */
export function digitOfStrokes(data, paths) {
  const ofDigit = data?.model.isDigit ? levels({ objects: paths }) : null;
  return ofDigit && { levels: encode(ofDigit), label: YOURS, paths };
}

/** @param {Data} data @param {Path[]} paths @param {AbortSignal} signal @returns {Promise<Picture>} */
export async function ofStrokes({ addresses }, paths, signal) {
  const made = await pictureLevels(addresses.picture, { objects: paths }, signal);
  return { levels: made, label: YOURS, paths };
}

/** @param {Data} data @param {Blob} file @param {AbortSignal} signal @returns {Promise<Picture>} */
export async function ofFile({ addresses }, file, signal) {
  const made = await pictureLevels(addresses.picture, file, signal);
  return { levels: made, label: 'Your picture', paths: [] };
}

/** @param {Example} example @returns {Promise<Picture>} */
export const ofExample = async (example) => ({
  levels: await levelsOf(example),
  label: example.name,
  paths: [],
});
