/** Arrays in files, little-endian values row after row: read and written in parts, as memory allows. */
import { open, readFile } from 'node:fs/promises';

import { sizeOf } from '../tensors.js';

/**
 * @typedef {import('../tensors.js').Activation} Activation
 * @typedef {import('../tensors.js').DType} DType
 * @typedef {import('../tensors.js').Output} Output
 * @typedef {import('../tensors.js').Values} Values
 * @typedef {{file: string, shape: number[], dtype: DType}} Stored
 */

const KINDS = { float32: Float32Array, int32: Int32Array, bool: Uint8Array };

/**
 * Rows of the arrays in some files.
 * @param {readonly Stored[]} stored
 * @param {number} start
 * @param {number} stop
 * @returns {Promise<Values[]>}
 */
export function readRows(stored, start, stop) {
  return Promise.all(
    stored.map(async ({ file, shape, dtype }) => {
      const Kind = KINDS[dtype];
      const values = new Kind((stop - start) * sizeOf(shape));
      const position = start * sizeOf(shape) * Kind.BYTES_PER_ELEMENT;
      const opened = await open(file);
      try {
        const { bytesRead } = await opened.read(bytesOf(values), 0, values.byteLength, position);
        if (bytesRead < values.byteLength) throw new Error(`${file} ends before row ${stop}`);
      } finally {
        await opened.close();
      }
      return { shape, dtype, values };
    }),
  );
}

/**
 * Writes batches of outputs into one file, output after output, each whole.
 * @param {string} file
 * @param {number} n  rows in all
 */
export async function outputFile(file, n) {
  const opened = await open(file, 'w');
  /** The shapes of one row. @type {number[][] | null} */
  let rows = null;
  return {
    get rows() {
      return rows ?? [];
    },
    /**
     * @param {readonly Output[]} outputs
     * @param {number} start  their first row
     */
    async write(outputs, start) {
      const shapes = outputs.map(({ shape }) => shape.slice(1));
      rows ??= shapes;
      if (JSON.stringify(shapes) !== JSON.stringify(rows)) {
        throw new Error(
          `it gives [${shapes.join('], [')}], and gave [${rows.join('], [')}] before`,
        );
      }
      let before = 0;
      for (const [at, { values }] of outputs.entries()) {
        const size = sizeOf(shapes[at]);
        const position = (before + start * size) * Float32Array.BYTES_PER_ELEMENT;
        const bytes = bytesOf(values);
        const { bytesWritten } = await opened.write(bytes, 0, bytes.length, position);
        if (bytesWritten < bytes.length) throw new Error(`there is no room for ${file}`);
        before += n * size;
      }
    },
    close: () => opened.close(),
  };
}

/**
 * The named outputs in a file, one after the other.
 * @param {{file: string, parts: {name: string, shape: number[]}[]}} given
 * @returns {Promise<Activation[]>}
 */
export async function readParts({ file, parts }) {
  const values = new Float32Array(new Uint8Array(await readFile(file)).buffer);
  let start = 0;
  return parts.map(({ name, shape }) => {
    const end = start + sizeOf(shape);
    const each = { name, shape, values: values.subarray(start, end) };
    start = end;
    return each;
  });
}

/** @param {{buffer: ArrayBufferLike, byteOffset: number, byteLength: number}} values */
export const bytesOf = ({ buffer, byteOffset, byteLength }) =>
  new Uint8Array(buffer, byteOffset, byteLength);
