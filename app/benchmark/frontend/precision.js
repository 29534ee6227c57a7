/**
 * As many digits as a measured time deserves: what Python writes once all is measured
 * (app/benchmark/precision.py), while it is being measured.
 */

import { milliseconds } from '../../ui/figures.js';

const CONFIDENCE = 0.95;
const MOST = 3; // significant figures
const MICROSECOND = 1e-3; // finer differences of two clock readings are their rounding

/** The middle of at least one time. @param {number[]} times */
export function median(times) {
  const sorted = [...times].sort((a, b) => a - b);
  const half = sorted.length >> 1;
  return sorted.length % 2 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
}

/**
 * The 95 % interval of the median, of the turns' medians in order; of fewer than six, all of them.
 * @param {number[]} times
 * @param {number[]} turns
 */
export function interval(times, turns) {
  let end = 0;
  const medians = turns.map((length) => {
    end += length;
    return median(times.slice(end - length, end));
  });
  const sorted = (turns.length > 0 ? medians : [...times]).sort((a, b) => a - b);
  const middle = median(times);
  const at = rank(sorted.length);
  return {
    low: Math.min(sorted[at], middle),
    high: Math.max(sorted[sorted.length - 1 - at], middle),
  };
}

/** The median with its unit: 0.21 ms. @param {number[]} times @param {number[]} turns */
export function writtenTime(times, turns) {
  const { low, high } = interval(times, turns);
  return `${written(median(times), Math.max(high - low, finest(times)))} ms`;
}

/** Both ends, with as many digits as tell them apart: 40–80 ms. @param {{low: number, high: number}} ends */
export function writtenInterval({ low, high }) {
  const decimals = [0, 1, 2, 3].find((digits) => (high - low) * 10 ** digits >= 1) ?? 3;
  const coarse = 10 ** Math.floor(Math.log10(Math.max(1, Math.min(high - low, low))));
  const [first, last] = [low, high].map((end) =>
    decimal(decimals > 0 ? end : Math.round(end / coarse) * coarse, decimals),
  );
  return first === last ? '' : `${first}–${last}`;
}

/** @param {number} value @param {number} digits */
const decimal = (value, digits) =>
  Number(value.toFixed(digits)).toLocaleString('en', {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  });

/** Without the digits that so wide an interval makes uncertain. @param {number} value @param {number} width */
function written(value, width) {
  if (value <= 0 || width <= 0) return milliseconds(value).replace(' ms', '');
  const own = Math.floor(Math.log10(value));
  const last = Math.min(own, Math.max(Math.floor(Math.log10(width)), own - MOST + 1));
  const digits = Math.max(0, -last);
  const rounded =
    last > 0 ? Math.round(value / 10 ** last) * 10 ** last : Number(value.toFixed(digits));
  const format = { minimumFractionDigits: digits, maximumFractionDigits: digits };
  return rounded.toLocaleString('en', format);
}

/** The smallest step between two times; 0 if all are equal. @param {number[]} times */
function finest(times) {
  const known = [...new Set(times)].sort((a, b) => a - b);
  const gaps = known.slice(1).map((each, at) => each - known[at]);
  const steps = gaps.filter((each) => each >= MICROSECOND);
  return steps.length > 0 ? Math.min(...steps) : 0;
}

/** How many of so many sorted values lie below the interval of their median. @param {number} count */
function rank(count) {
  let [below, at, ways] = [0, -1, 1];
  while (at * 2 < count) {
    below += ways * 0.5 ** count;
    if (below > (1 - CONFIDENCE) / 2) break;
    at += 1;
    ways = (ways * (count - at)) / (at + 1);
  }
  return Math.max(0, at);
}
