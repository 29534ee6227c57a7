/**
 * How far an answer is from the reference's, and whether that may be rounding: what Python's judge
 * says (models/parity/judgement.py), number for number. The browser judges while it measures, since
 * a lane that answers wrongly is not shown as fast for a moment.
 *
 * @typedef {object} Expected  the reference's answer to the picture, and how far others may be off
 * @property {number[]} answer
 * @property {number} row        how many of its values are compared together: the last dimension
 * @property {number} bound
 * @property {'softmax' | 'values' | 'tolerance'} head
 * @property {number | null} [scale]  of values, what the bound is a share of; null: their largest
 * @property {number} [rtol]     of a tolerance, the share of each value that may be added
 */

const BELOW = 1e-30; // probabilities that float32 may round to 0
const TINY = 2 ** -149; // a float32 answer of 0 is known to be below this

/**
 * How far `values` are from what is expected; NaN where one of them is.
 * @param {Expected} expected
 * @param {Float32Array} values  an answer to one picture
 */
export function distance({ answer, row, head, scale = null, rtol = 0 }, values) {
  let far = 0;
  const largest = scale || most(answer.map(Math.abs)) || 1;
  for (let from = 0; from < answer.length; from += row) {
    const base = answer.slice(from, from + row);
    const others = values.subarray(from, from + row);
    if (head === 'softmax') far = Math.max(far, ofLogits(base, others));
    else if (head === 'values')
      far = Math.max(far, most(base.map((each, at) => apart(each, others[at]) / largest)));
    else far = Math.max(far, most(base.map((each, at) => beyond(each, others[at], rtol))));
  }
  return far;
}

/** @param {number[]} base @param {Float32Array} values */
function ofLogits(base, values) {
  const top = base.indexOf(most(base));
  const scale = Math.max(1, most(logits(base, top, TINY).map(Math.abs)));
  const others = logits(values, top, BELOW);
  return most(logits(base, top, BELOW).map((each, at) => apart(each, others[at]))) / scale;
}

/**
 * The logarithms less that of the top class, which keeps its own.
 * @param {number[] | Float32Array} probabilities
 * @param {number} top
 * @param {number} least
 */
function logits(probabilities, top, least) {
  const logs = Array.from(probabilities, (each) => Math.log(Math.max(each, least)));
  return logs.map((each, at) => (at === top ? each : each - logs[top]));
}

/** @param {number} base @param {number} other */
const apart = (base, other) => (base === other ? 0 : Math.abs(other - base));

/** What a value is off beyond its own share. @param {number} base @param {number} other @param {number} rtol */
const beyond = (base, other, rtol) => {
  const off = apart(base, other);
  return off === 0 ? 0 : Math.max(0, off - rtol * Math.abs(base));
};

/** The largest; NaN if one is. @param {number[]} values */
const most = (values) => values.reduce((one, other) => Math.max(one, other), -Infinity);
