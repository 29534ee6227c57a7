/** Formats figures as `models/parity/figures.py` does. */

/** A time with its unit. @param {number} ms not negative */
export function milliseconds(ms) {
  if (ms >= 9.95) return `${Number(ms.toFixed(0)).toLocaleString('en')} ms`;
  if (ms >= 0.995) return `${ms.toFixed(1)} ms`;
  return `${Number(ms.toFixed(ms >= 0.0995 ? 2 : 3))} ms`;
}

/** A share of 1 as a percentage. @param {number} share */
export function percent(share) {
  return `${(100 * share).toFixed(1)} %`;
}

/** A share of 1 in two significant figures: 3.3e-7, 0.31, 1.7. @param {number} value */
export function share(value) {
  if (value >= 0.01 && value < 1e4) return String(Number(value.toPrecision(2)));
  return value === 0 ? '0' : value.toExponential(1).replace('.0e', 'e').replace('e+', 'e');
}

/** A sentence writes no smaller share. */
const LEAST = 1e-9;

/**
 * A share for a sentence, never with an exponent: 0.00000012, 1.7, 200,000.
 * @param {number} value  not negative
 */
export function plain(value) {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? 'NaN' : 'infinity';
  if (value === 0) return '0';
  const rounded = Number(Math.max(value, LEAST).toPrecision(2));
  return rounded.toLocaleString('en', { maximumFractionDigits: 10 });
}
