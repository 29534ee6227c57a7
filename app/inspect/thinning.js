/**
 * Every n-th row and column of a layer's output, where the whole is too much to send: as
 * `models/runtimes/worker/thinning.py` does, or lanes could not be compared.
 */

/**
 * The smallest step that leaves at most `most` values, or a single place where its channels alone
 * are more; 1 where there are no rows.
 * @param {readonly number[]} shape  n, …, channels
 * @param {number} most
 */
export function step(shape, most) {
  const inner = shape.slice(1, -1);
  const channels = shape[shape.length - 1];
  const whole = shape.slice(1).reduce((product, size) => product * size, 1);
  if (whole <= most || inner.length === 0) return 1;
  let every = 2;
  const places = () => inner.reduce((product, size) => product * Math.ceil(size / every), 1);
  while (every < Math.max(...inner) && channels * places() > most) every += 1;
  return every;
}

/**
 * What is left of an output for one picture.
 * @param {Float32Array} values
 * @param {readonly number[]} shape  1, …, channels
 * @param {number} most
 * @returns {Float32Array}
 */
export function thinned(values, shape, most) {
  const every = step(shape, most);
  if (every === 1) return values;
  const sizes = shape.slice(1, -1);
  const channels = shape[shape.length - 1];
  let starts = [0];
  for (const size of sizes) {
    const kept = Array.from({ length: Math.ceil(size / every) }, (_, at) => at * every);
    starts = starts.flatMap((start) => kept.map((at) => start * size + at));
  }
  const left = new Float32Array(starts.length * channels);
  for (const [index, start] of starts.entries())
    left.set(values.subarray(start * channels, (start + 1) * channels), index * channels);
  return left;
}
