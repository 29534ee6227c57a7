/** The inputs of a job: arrays in files, little-endian, row after row. */

/**
 * @typedef {{name: string, file: string, shape: number[], dtype: 'float32' | 'int32' | 'bool'}} Stored
 *
 * @typedef {object} Values  of one input for some rows, as the model takes them
 * @property {readonly number[]} shape  of one row
 * @property {Stored['dtype']} dtype
 * @property {Float32Array | Int32Array | Uint8Array} values
 */

const KINDS = { float32: Float32Array, int32: Int32Array, bool: Uint8Array };

/** @param {readonly number[]} shape */
export const sizeOf = (shape) => shape.reduce((product, size) => product * size, 1);

/**
 * @param {readonly Stored[]} stored
 * @returns {Promise<Values[]>}
 */
export function fetchAll(stored) {
  return Promise.all(
    stored.map(async ({ file, shape, dtype }) => {
      const response = await fetch(file);
      if (!response.ok) throw new Error(`the inputs ${file} are not there (${response.status})`);
      return { shape, dtype, values: new KINDS[dtype](await response.arrayBuffer()) };
    }),
  );
}

/**
 * Some of the rows.
 * @param {readonly Values[]} all
 * @param {number} start
 * @param {number} stop
 * @returns {Values[]}
 */
export function rows(all, start, stop) {
  return all.map(({ shape, dtype, values }) => {
    const size = sizeOf(shape);
    return { shape, dtype, values: values.subarray(start * size, stop * size) };
  });
}
