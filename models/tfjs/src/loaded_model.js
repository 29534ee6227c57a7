/** A model of one format on one backend, loaded once: from tensors to all that it gives. */
import * as tf from '@tensorflow/tfjs-core';

import { tidyAsync } from './control_flow.js';
import { joined, pieces, readOutput, tensorOf } from './tensors.js';
import { now } from './timing.js';
import { onBackend } from './turns.js';

/**
 * @typedef {import('./tensors.js').Values} Values
 * @typedef {import('./tensors.js').Output} Output
 * @typedef {import('./tensors.js').Activation} Activation
 * @typedef {[number, number]} Piece
 */

/** Made by `loadModel` in lanes.js. */
export class LoadedModel {
  #model;
  #backend;
  #fixed;

  /**
   * @param {import('./model.js').Model} model
   * @param {import('./turns.js').BackendName} backend
   * @param {number | null} fixed  how many inputs it takes at once; null for any number
   * @param {number} loadMs  time for fetching the files and building the model
   */
  constructor(model, backend, fixed, loadMs) {
    this.#model = model;
    this.#backend = backend;
    this.#fixed = fixed;
    this.loadMs = loadMs;
  }

  get inputs() {
    return this.#model.inputs;
  }

  /**
   * What the model gives for n inputs. A model that takes a fixed number gets them in pieces, the
   * last one filled up.
   * @param {readonly Values[]} given  one for each input of the model
   * @param {number} n
   * @returns {Promise<{outputs: Output[], ms: number}>} `ms` is from values in memory to values in memory
   * @throws {Error} when an output is no numbers, or has not a row for each input
   */
  async answer(given, n) {
    return onBackend(this.#backend, async () => {
      const begin = now();
      const parts = [];
      for (const piece of pieces(n, this.#fixed)) parts.push(await this.#answer(given, piece));
      const outputs = joined(parts, n);
      return { outputs, ms: now() - begin };
    });
  }

  /**
   * The output of every layer for n inputs; in a graph model, of every operation in `names`. Only
   * float tensors with a row for each input are included.
   * @param {readonly Values[]} given
   * @param {number} n
   * @param {readonly string[]} names
   * @returns {Promise<Activation[]>}
   */
  async look(given, n, names) {
    return onBackend(this.#backend, async () => {
      const { look, tidy } = this.#model;
      const parts = [];
      for (const piece of pieces(n, this.#fixed)) {
        const outputs = await tidy(() => look(this.#tensors(given, piece), names));
        parts.push(await readFloats(outputs, this.#rows(piece)));
      }
      return joined(parts, n);
    });
  }

  /**
   * What each part in `feeds` gives for n inputs when it is computed from known outputs of those
   * that it is fed with: what it adds itself. A part that gives nothing has its reason instead.
   * @param {readonly Values[]} given
   * @param {number} n
   * @param {readonly Activation[]} known
   * @param {import('./model.js').Feeds} feeds
   * @returns {Promise<{outputs: Activation[], errors: [string, string][]}>}
   */
  async own(given, n, known, feeds) {
    return onBackend(this.#backend, async () => {
      /** @type {Map<string, string>} */
      const errors = new Map();
      const parts = [];
      for (const piece of pieces(n, this.#fixed)) {
        // Not `tidy`: a layers model too is asked part by part, by a promise.
        const found = await tidyAsync(async () =>
          this.#model.own(this.#tensors(given, piece), this.#known(known, piece), feeds),
        );
        /** @type {import('./model.js').Outputs} */
        const outputs = [];
        for (const [name, gives] of found) {
          if (typeof gives === 'string') errors.set(name, gives);
          else outputs.push([name, gives]);
        }
        parts.push(await readFloats(outputs, this.#rows(piece)));
      }
      return { outputs: joined(parts, n), errors: [...errors] };
    });
  }

  /** Free the weights. */
  async dispose() {
    await onBackend(this.#backend, async () => this.#model.dispose());
  }

  /**
   * @param {readonly Values[]} given
   * @param {Piece} piece
   */
  async #answer(given, piece) {
    const { call, tidy } = this.#model;
    const outputs = await tidy(() => call(this.#tensors(given, piece)));
    try {
      const rows = this.#rows(piece);
      const other = outputs.find(({ shape }) => shape[0] !== rows);
      if (other) {
        throw new Error(
          `it gives a tensor of the shape [${other.shape}] for ${rows} inputs, not a row for each`,
        );
      }
      return await Promise.all(outputs.map(readOutput));
    } finally {
      tf.dispose(outputs);
    }
  }

  /**
   * @param {readonly Values[]} given
   * @param {Piece} piece
   */
  #tensors(given, piece) {
    return given.map((each) => tensorOf(each, piece, this.#fixed));
  }

  /**
   * @param {readonly Activation[]} known
   * @param {Piece} piece
   */
  #known(known, piece) {
    const named = known.map(({ name, shape, values }) => {
      const [, ...row] = shape;
      const tensor = tensorOf({ shape: row, dtype: 'float32', values }, piece, this.#fixed);
      return /** @type {const} */ ([name, tensor]);
    });
    return new Map(named);
  }

  /** How many rows the model is given for a piece. @param {Piece} piece */
  #rows([start, end]) {
    return this.#fixed ?? end - start;
  }
}

/**
 * The values of float tensors with so many rows; frees all.
 * @param {import('./model.js').Outputs} outputs
 * @param {number} rows
 * @returns {Promise<Activation[]>}
 */
async function readFloats(outputs, rows) {
  try {
    const floats = outputs.filter(
      ([, { dtype, shape }]) => dtype === 'float32' && shape[0] === rows,
    );
    return await Promise.all(
      floats.map(async ([name, tensor]) => ({ name, ...(await readOutput(tensor)) })),
    );
  } finally {
    tf.dispose(outputs.map(([, tensor]) => tensor));
  }
}
