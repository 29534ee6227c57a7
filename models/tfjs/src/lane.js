/** A loaded model for pages: from pictures to the first of its outputs, and to what its layers give. */
import { modelValues, sizes } from './picture_input.js';
import { repeat } from './timing.js';

/**
 * @typedef {object} Prediction
 * @property {Float32Array} probabilities  n × classes, row after row
 * @property {number} classes
 * @property {number} ms                   from the pixels in memory to the probabilities in memory
 *
 * @typedef {object} Run
 * @property {Float32Array} probabilities
 * @property {number} classes
 * @property {number} firstMs              this lane's first prediction after loading
 * @property {number[]} steadyMs           single predictions after that
 *
 * @typedef {import('./tensors.js').Activation} Activation
 * @typedef {import('./tensors.js').Values} Values
 */

/** Made by `loadLane`. */
export class Lane {
  #model;
  #forget;

  /**
   * @param {{format: import('./lanes.js').Format, url: string,
   *   backend: import('./turns.js').BackendName, input: import('./picture_input.js').Input,
   *   model: import('./loaded_model.js').LoadedModel, forget: () => void}} made
   * @throws {Error} when the model takes something else than one picture
   */
  constructor({ format, url, backend, input, model, forget }) {
    takesPicture(model.inputs);
    this.format = format;
    this.url = url;
    this.backend = backend;
    this.input = input;
    /** How many values one picture has: row by row, channels last. */
    this.size = sizes(input).size;
    /** Time for fetching the files and building the model. */
    this.loadMs = model.loadMs;
    /** Time of the first prediction; null before. @type {number | null} */
    this.firstMs = null;
    this.#model = model;
    this.#forget = forget;
  }

  /**
   * Predict n pictures in one batch.
   * @param {Float32Array} pixels  n × size values in [0, 1]
   * @param {number} [n]
   * @returns {Promise<Prediction>}
   */
  async predict(pixels, n = pixels.length / this.size) {
    const { outputs, ms } = await this.#model.answer([this.#values(pixels, n)], n);
    this.firstMs ??= ms;
    const probabilities = outputs[0].values;
    return { probabilities, classes: probabilities.length / n, ms };
  }

  /**
   * Predict, then predict again for timing, until `repeats`, `budgetMs` or `signal` ends it. If the
   * lane has run before, the first prediction is a warm-up. `each` gets the answer of every one of
   * these predictions, outside their times.
   * @param {Float32Array} pixels
   * @param {{n?: number, repeats?: number, budgetMs?: number, signal?: AbortSignal,
   *   each?: (probabilities: Float32Array) => void}} [options]
   * @returns {Promise<Run>}
   */
  async run(pixels, { n, each = () => {}, ...limits } = {}) {
    const { probabilities, classes, ms } = await this.predict(pixels, n);
    each(probabilities);
    const steadyMs = await repeat(async () => {
      const again = await this.predict(pixels, n);
      each(again.probabilities);
      return again.ms;
    }, limits);
    return { probabilities, classes, firstMs: this.firstMs ?? ms, steadyMs };
  }

  /**
   * The output of every layer for n pictures; in a graph model, of every operation in `names`. Only
   * float tensors with a row for each picture are included.
   * @param {Float32Array} pixels  n × size values in [0, 1]
   * @param {readonly string[]} [names]
   * @param {number} [n]
   * @returns {Promise<Activation[]>}
   */
  async activations(pixels, names = [], n = pixels.length / this.size) {
    return this.#model.look([this.#values(pixels, n)], n, names);
  }

  /** Free the weights and forget the lane. */
  async dispose() {
    this.#forget();
    await this.#model.dispose();
  }

  /**
   * @param {Float32Array} pixels
   * @param {number} n
   * @returns {Values}
   */
  #values(pixels, n) {
    if (!Number.isInteger(n) || n < 1 || pixels.length !== n * this.size) {
      throw new Error(
        `Expected ${this.size} pixel values a picture, got ${pixels.length} for ${n} pictures.`,
      );
    }
    return { shape: this.input.shape, dtype: 'float32', values: modelValues(this.input, pixels) };
  }
}

/** @param {readonly import('./model.js').Declared[]} inputs */
function takesPicture(inputs) {
  const [{ dtype = 'float32' } = {}] = inputs;
  if (inputs.length === 1 && dtype === 'float32') return;
  const what = inputs.length === 1 ? `an input of ${dtype}` : `${inputs.length} inputs`;
  throw new Error(
    `it has ${what}; a page gives one input, a picture. \`digit-parity verify\` compares such a model`,
  );
}
