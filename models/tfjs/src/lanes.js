/** Inference: one model of one format on one backend, loaded once, run on one batch at a time. */
import * as tf from '@tensorflow/tfjs-core';

import { tidyAsync } from './control_flow.js';
import { buildModel } from './model.js';
import { memoise, reason, takeTurns } from './promises.js';
import { now, repeat } from './timing.js';

/** @typedef {'graph' | 'layers'} Format */
/** @typedef {import('./backends.js').BackendName} BackendName */
/** @typedef {Required<Pick<tf.io.IOHandler, 'load'>>} Source */

/**
 * @typedef {object} Prediction
 * @property {Float32Array} probabilities  n × classes, row after row
 * @property {number} classes
 * @property {number} ms                   from the pixels in memory to the probabilities in memory
 */

/**
 * @typedef {object} Run
 * @property {Float32Array} probabilities
 * @property {number} classes
 * @property {number} firstMs              this lane's first prediction after loading
 * @property {number[]} steadyMs           single predictions after that
 */

/**
 * @typedef {object} Activation
 * @property {string} name          of the layer or operation
 * @property {number[]} shape       n first
 * @property {Float32Array} values
 */

/** @type {readonly Format[]} */
export const FORMATS = ['graph', 'layers'];

/** Predictions of all lanes take turns: TensorFlow.js has one current backend. */
export const inTurn = takeTurns();

/** @type {Map<string, Promise<Lane>>} */
const lanes = new Map();

/**
 * @param {string} url
 * @returns {Source}
 */
const overHttp = (url) => /** @type {Source} */ (tf.io.http(url));

/**
 * Load a model. The same arguments give the same lane; a failed load is not cached.
 * @param {Format} format
 * @param {string} url  of model.json
 * @param {object} [options]
 * @param {BackendName} [options.backend]  a started backend; by default the current one
 * @param {number} [options.scale]         the model takes pixels in [0, 1] times this
 * @param {readonly number[]} [options.shape]  of one input, without the batch
 * @param {(url: string) => Source} [options.open]  how files are read; by default over HTTP
 * @returns {Promise<Lane>}
 * @throws {Error} that names format and file, and says what is wrong
 */
export function loadLane(format, url, options = {}) {
  const { scale = 1, shape = [28, 28, 1], open = overHttp } = options;
  const backend = options.backend ?? /** @type {BackendName} */ (tf.getBackend());
  const key = JSON.stringify([backend, format, url, scale, shape]);
  return memoise(lanes, key, async () => {
    try {
      const begin = now();
      const artifacts = await open(url).load();
      const fetchMs = now() - begin;
      return await inTurn(async () => {
        await activate(backend);
        const built = now();
        const model = await buildModel(format, artifacts);
        const loadMs = fetchMs + now() - built;
        return new Lane({
          format,
          url,
          backend,
          scale,
          shape,
          model,
          loadMs,
          forget: () => lanes.delete(key),
        });
      });
    } catch (error) {
      const file = url.split('/').slice(-2).join('/');
      throw new Error(`The ${format} model (${file}) could not be loaded: ${reason(error)}`);
    }
  });
}

/** @param {BackendName} backend */
async function activate(backend) {
  if (tf.getBackend() !== backend && !(await tf.setBackend(backend))) {
    throw new Error(`the backend ${backend} is not running; call useBackend('${backend}') first`);
  }
}

/** A loaded model. Made by {@link loadLane}. */
export class Lane {
  #model;
  #forget;

  /**
   * @param {{format: Format, url: string, backend: BackendName, scale: number,
   *   shape: readonly number[], model: import('./model.js').Model, loadMs: number, forget: () => void}} made
   */
  constructor({ format, url, backend, scale, shape, model, loadMs, forget }) {
    this.format = format;
    this.url = url;
    this.backend = backend;
    this.scale = scale;
    this.shape = shape;
    /** How many values one digit has. */
    this.size = tf.util.sizeFromShape([...shape]);
    /** Time for fetching the files and building the model. */
    this.loadMs = loadMs;
    /** Time of the first prediction; null before. @type {number | null} */
    this.firstMs = null;
    this.#model = model;
    this.#forget = forget;
  }

  /**
   * Predict n digits in one batch.
   * @param {Float32Array} pixels  n × size values in [0, 1]
   * @param {number} [n]
   * @returns {Promise<Prediction>}
   */
  async predict(pixels, n = pixels.length / this.size) {
    this.#check(pixels, n);
    return inTurn(async () => {
      await activate(this.backend);
      const scaled = this.#scaled(pixels);
      const begin = now();
      const { call, tidy } = this.#model;
      const output = await tidy(() => call(this.#tensor(scaled, n)));
      try {
        const probabilities = /** @type {Float32Array} */ (await output.data());
        const ms = now() - begin;
        this.firstMs ??= ms;
        return { probabilities, classes: probabilities.length / n, ms };
      } finally {
        output.dispose();
      }
    });
  }

  /**
   * Predict, then predict again for timing, until `repeats`, `budgetMs` or `signal` ends it. If the
   * lane has run before, the first prediction is a warm-up.
   * @param {Float32Array} pixels
   * @param {{n?: number, repeats?: number, budgetMs?: number, signal?: AbortSignal}} [options]
   * @returns {Promise<Run>}
   */
  async run(pixels, { n, ...limits } = {}) {
    const { probabilities, classes, ms } = await this.predict(pixels, n);
    const steadyMs = await repeat(async () => (await this.predict(pixels, n)).ms, limits);
    return { probabilities, classes, firstMs: this.firstMs ?? ms, steadyMs };
  }

  /**
   * The output of every layer for n digits; in a graph model, of every operation in `names`. Only
   * float tensors with a row for each digit are included.
   * @param {Float32Array} pixels  n × size values in [0, 1]
   * @param {readonly string[]} [names]
   * @param {number} [n]
   * @returns {Promise<Activation[]>}
   */
  async activations(pixels, names = [], n = pixels.length / this.size) {
    this.#check(pixels, n);
    return inTurn(async () => {
      await activate(this.backend);
      const scaled = this.#scaled(pixels);
      const { look, tidy } = this.#model;
      const outputs = await tidy(() => look(this.#tensor(scaled, n), names));
      return read(outputs, n);
    });
  }

  /**
   * What each part in `feeds` gives for n digits when it is computed from given outputs of those
   * that it is fed with: what it adds itself. A part that gives nothing has its reason instead.
   * @param {Float32Array} pixels  n × size values in [0, 1]
   * @param {readonly Activation[]} given
   * @param {import('./model.js').Feeds} feeds
   * @param {number} [n]
   * @returns {Promise<{ outputs: Activation[], errors: [string, string][] }>}
   */
  async own(pixels, given, feeds, n = pixels.length / this.size) {
    this.#check(pixels, n);
    return inTurn(async () => {
      await activate(this.backend);
      const scaled = this.#scaled(pixels);
      // Not `tidy`: a layers model too is asked part by part, by a promise.
      const found = await tidyAsync(async () => {
        const tensors = given.map(
          ({ name, values, shape }) =>
            /** @type {const} */ ([name, tf.tensor(values, shape, 'float32')]),
        );
        return this.#model.own(this.#tensor(scaled, n), new Map(tensors), feeds);
      });
      /** @type {import('./model.js').Outputs} */
      const outputs = [];
      /** @type {[string, string][]} */
      const errors = [];
      for (const [name, gives] of found) {
        if (typeof gives === 'string') errors.push([name, gives]);
        else outputs.push([name, gives]);
      }
      return { outputs: await read(outputs, n), errors };
    });
  }

  /**
   * @param {Float32Array} values
   * @param {number} n
   */
  #tensor(values, n) {
    return tf.tensor(values, [n, ...this.shape], 'float32');
  }

  /**
   * @param {Float32Array} pixels
   * @param {number} n
   */
  #check(pixels, n) {
    if (!Number.isInteger(n) || n < 1 || pixels.length !== n * this.size) {
      throw new Error(
        `Expected ${this.size} pixel values a digit, got ${pixels.length} for ${n} digits.`,
      );
    }
  }

  /** @param {Float32Array} pixels */
  #scaled(pixels) {
    return this.scale === 1 ? pixels : pixels.map((value) => value * this.scale);
  }

  /** Free the weights and forget the lane. */
  async dispose() {
    this.#forget();
    await inTurn(async () => {
      await activate(this.backend);
      this.#model.dispose();
    });
  }
}

/**
 * The values of float tensors with a row for each digit; frees all.
 * @param {import('./model.js').Outputs} outputs
 * @param {number} n
 * @returns {Promise<Activation[]>}
 */
async function read(outputs, n) {
  try {
    const floats = outputs.filter(([, { dtype, shape }]) => dtype === 'float32' && shape[0] === n);
    const values = await Promise.all(floats.map(([, tensor]) => tensor.data()));
    return floats.map(([name, { shape }], index) => ({
      name,
      shape: [...shape],
      // What was made of booleans is float32 in name and has bytes.
      values: Float32Array.from(values[index]),
    }));
  } finally {
    tf.dispose(outputs.map(([, tensor]) => tensor));
  }
}
