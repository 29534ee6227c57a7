/**
 * What a job says of inputs, as the model itself takes them, and of outputs: one input at a time.
 *
 * @typedef {Float32Array | Float64Array | Int32Array | BigInt64Array | Uint8Array} Typed
 *
 * @typedef {object} Values  of one input of the model, for some rows
 * @property {readonly number[]} shape  of one row
 * @property {Float32Array | Int32Array | Uint8Array} values
 *
 * @typedef {{shape: number[], values: Float32Array}} Output  n first
 *
 * @typedef {object} LaneJob
 * @property {string} model  the address of the model's file
 * @property {'wasm' | 'webgpu'} backend
 * @property {string[]} dtypes  of the model's inputs
 *
 * @typedef {object} Engine  a model that is loaded
 * @property {number} loadMs  for fetching the file and building the model
 * @property {Record<string, unknown>} about
 * @property {(given: readonly Values[], n: number) => Promise<{outputs: Output[], ms: number}>} answer
 * @property {() => null} alive
 * @property {() => Promise<void>} dispose
 */
import { now } from '../../src/timing.js';

const OF_INT32 = {
  int64: (/** @type {Iterable<number>} */ values) => BigInt64Array.from(values, BigInt),
  uint8: (/** @type {Iterable<number>} */ values) => Uint8Array.from(values),
  float64: (/** @type {Iterable<number>} */ values) => Float64Array.from(values),
};

/** @param {number} at  the place of an input or output; conversion.py names them so */
const two = (at) => String(at).padStart(2, '0');

/**
 * One row of every input, by its name.
 * @param {readonly Values[]} given
 * @param {number} row
 * @param {readonly string[]} dtypes
 * @returns {{name: string, dtype: string, shape: number[], values: Typed}[]}
 */
export function rowOf(given, row, dtypes) {
  return given.map(({ shape, values }, at) => {
    const size = shape.reduce((product, each) => product * each, 1);
    const part = values.subarray(row * size, (row + 1) * size);
    const dtype = dtypes[at];
    const convert = OF_INT32[/** @type {keyof typeof OF_INT32} */ (dtype)];
    return {
      name: `input_${two(at)}`,
      dtype,
      shape: [1, ...shape],
      values: convert ? convert(part) : part,
    };
  });
}

/**
 * An engine that answers row by row. Its clock runs from values in memory to values in memory, as
 * that of the lanes of TensorFlow.js does.
 * @param {object} made
 * @param {number} made.loadMs
 * @param {Record<string, unknown>} made.about
 * @param {readonly string[]} made.dtypes
 * @param {(row: ReturnType<typeof rowOf>) => Promise<Record<string, Output>>} made.run
 * @param {() => Promise<void>} made.dispose
 * @returns {Engine}
 */
export function rowByRow({ loadMs, about, dtypes, run, dispose }) {
  return {
    loadMs,
    about,
    alive: () => null,
    dispose,
    async answer(given, n) {
      const begin = now();
      const answers = [];
      for (let row = 0; row < n; row += 1) answers.push(await run(rowOf(given, row, dtypes)));
      const outputs = n === 1 ? inOrder(answers[0]) : joined(answers.map(inOrder));
      return { outputs, ms: now() - begin };
    },
  };
}

/** @param {Record<string, Output>} outputs  by names that end with their places */
const inOrder = (outputs) =>
  Object.keys(outputs)
    .sort()
    .map((name) => outputs[name]);

/** @param {readonly Output[][]} answers  of each row, all its outputs */
function joined(answers) {
  return answers[0].map(({ shape }, at) => {
    const rows = answers.map((each) => each[at].values);
    const size = rows[0].length;
    const values = new Float32Array(rows.length * size);
    for (const [row, each] of rows.entries()) {
      if (each.length !== size) throw new Error(`it gives ${each.length} values, and gave ${size}`);
      values.set(each, row * size);
    }
    return { shape: [rows.length, ...shape.slice(1)], values };
  });
}

/**
 * A file, as bytes.
 * @param {string} url
 */
export async function fetched(url) {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url.split('/').at(-1)} is not there (${response.status})`);
  return new Uint8Array(await response.arrayBuffer());
}

/**
 * What WebGPU computes on here.
 * @returns {Promise<{renderer: string, software: boolean}>}
 * @throws {Error} that says why there is no WebGPU
 */
export async function graphicsCard() {
  if (!navigator.gpu) throw new Error('this browser does not offer WebGPU.');
  const adapter = await navigator.gpu.requestAdapter();
  if (!adapter) throw new Error('this browser finds no graphics card that WebGPU may use.');
  const { vendor, architecture, device, description } = adapter.info;
  const renderer = [vendor, architecture, device, description].join(' ').trim();
  return { renderer, software: /swiftshader|llvmpipe/i.test(renderer) };
}
