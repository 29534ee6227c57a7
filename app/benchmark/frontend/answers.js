/**
 * Looks at every answer of every lane: what was timed was worth it only if it is right. A prediction
 * is wrong if any picture's answer in its batch is.
 *
 * @import {LaneReport} from './report.js'
 * @import {Expected} from '../../frontend/judge.js'
 *
 * @typedef {{isWrong: boolean, isNan: boolean, far: number | null}} Judged
 */

import { distance } from '../../frontend/judge.js';

/**
 * A function that counts an answer in its lane's report. Without the reference's answer it counts
 * nothing.
 * @param {Expected | null} expected
 * @returns {(report: LaneReport, values: Float32Array, pictures: number) => void}
 */
export function looking(expected) {
  if (expected === null) return () => {};
  const judged = judging(expected);
  return (report, values, pictures) => {
    report.checked ??= { answers: 0, wrong: 0, nan: 0, first_wrong: null, worst: null };
    count(report.checked, judged(values, pictures));
  };
}

/** @param {NonNullable<LaneReport['checked']>} checked @param {Judged} judged */
function count(checked, { isWrong, isNan, far }) {
  if (isWrong) {
    checked.wrong += 1;
    checked.first_wrong ??= checked.answers;
  }
  if (isNan) checked.nan += 1;
  if (far !== null) checked.worst = Math.max(checked.worst ?? 0, far);
  checked.answers += 1;
}

/** @param {Expected} expected @returns {(values: Float32Array, pictures: number) => Judged} */
function judging(expected) {
  const size = expected.answer.length;
  return (values, pictures) => {
    if (values.length !== size * pictures)
      return { isWrong: true, isNan: holdsNaN(values), far: null };
    const all = { isWrong: false, isNan: false, far: /** @type {number | null} */ (null) };
    const bits = new Uint32Array(values.buffer, values.byteOffset, values.length);
    for (let from = 0; from < values.length; from += size) {
      if (from > 0 && same(bits, from - size, from, size)) continue; // judged already
      const one = values.subarray(from, from + size);
      const far = distance(expected, one);
      all.isWrong ||= !(far <= expected.bound); // also for NaN
      all.isNan ||= holdsNaN(one);
      if (Number.isFinite(far)) all.far = Math.max(all.far ?? 0, far);
    }
    return all;
  };
}

/** Whether two stretches are equal in every bit. @param {Uint32Array} bits @param {number} one @param {number} other @param {number} size */
function same(bits, one, other, size) {
  for (let at = 0; at < size; at += 1) if (bits[one + at] !== bits[other + at]) return false;
  return true;
}

/** Or infinity. @param {Float32Array} values */
const holdsNaN = (values) => !values.every(Number.isFinite);
