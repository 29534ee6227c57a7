/**
 * What came out, beside what was expected.
 * @typedef {{ shape: number[], values: Float32Array }} Values
 */

/**
 * The largest difference; NaN where one has another shape, or a value that is no number.
 * @param {Values} expected
 * @param {Values} found
 */
export function difference(expected, found) {
  if (String(expected.shape) !== String(found.shape)) return Number.NaN;
  let most = 0;
  for (const [at, value] of expected.values.entries()) {
    const apart = value === found.values[at] ? 0 : Math.abs(value - found.values[at]);
    if (!(apart <= most)) most = apart;
    if (Number.isNaN(most)) break;
  }
  return most;
}

/**
 * Whether what comes out here shows what was measured.
 * @param {{ expected: Values, measured: Values | null, difference: number | null, noise: number }} known
 *   `measured` is null where TensorFlow.js failed, `difference` where the shapes or NaN differ;
 *   `noise` is how far rounding may take one run from another
 * @param {Values | null} found  null where TensorFlow.js fails here
 */
export function isReproduced({ expected, measured, difference: before, noise }, found) {
  if (!found || !measured) return !found && !measured;
  if (String(found.shape) !== String(measured.shape)) return false;
  const here = difference(expected, found);
  return before === null ? Number.isNaN(here) : Math.abs(here - before) <= noise;
}
