/**
 * The Inspect page's browser side: a component that runs one picture through every format, collects
 * every layer's output and sends it to Python once, with the answers to the ready pictures. It uses a
 * trigger, because a state of megabytes would be sent again with every click.
 *
 * @import {Component} from '../frontend/component.js'
 * @import {Backend, Engine, Format, Model} from '../frontend/tfjs.js'
 *
 * @typedef {object} Ask
 * @property {string} token  identifies the question; its answer has the same token
 * @property {Model} model
 * @property {'auto' | Backend} backend
 * @property {string[]} operations  whose outputs are wanted of the graph model
 * @property {number} most  how many numbers a lane may send
 * @property {number} each  how many of a layer: of a larger one not all rows and columns are sent
 * @property {number} size  how many values a picture has
 * @property {string} pixels  a byte for each value, base64
 * @property {string | null} sample  the ready pictures, likewise; null once judged
 *
 * @typedef {{bundle: string | null, ask: Ask | null}} Data
 */

import { mounted } from '../frontend/component.js';
import {
  decode,
  formatsOf,
  loadEngine,
  modelAddress,
  pickBackend,
  reason,
} from '../frontend/tfjs.js';
import { thinned } from './thinning.js';

const BATCH_VALUES = 1 << 20; // of the pictures that are predicted at once

export default mounted(
  '.dp-inspect',
  () => new Inspector(),
  (inspector, /** @type {Component<Data>} */ { data, setTriggerValue }) =>
    inspector.show(data, (report) => setTriggerValue('report', report)),
);

class Inspector {
  constructor() {
    /** The token of the current or last question. @type {string | null} */
    this.token = null;
    /** @type {(report: object) => void} */
    this.report = () => {};
  }

  /**
   * @param {Data} data
   * @param {(report: object) => void} report
   */
  show({ bundle, ask }, report) {
    this.report = report;
    if (ask === null || ask.token === this.token) return;
    this.token = ask.token;
    void this.work(bundle, ask);
  }

  close() {
    this.token = null;
  }

  /**
   * @param {string | null} bundle
   * @param {Ask} ask
   */
  async work(bundle, ask) {
    /** @type {Backend | null} */
    let backend = null;
    let fallback = null;
    const lanes = [];
    try {
      const engine = await loadEngine(bundle);
      ({ backend, fallback } = await pickBackend(engine, ask.backend));
      for (const format of formatsOf(ask.model)) {
        lanes.push({
          ...(await inspect(engine, ask, format)),
          ...(await answer(engine, ask, format)),
        });
      }
    } catch (error) {
      const neither = formatsOf(ask.model).map((format) => ({
        ...failed(format, error),
        ...silent(error),
      }));
      lanes.splice(0, lanes.length, ...neither);
    }
    if (ask.token !== this.token) return;
    this.report({ token: ask.token, backend, fallback, lanes });
  }
}

/**
 * One lane: the shape of each part's output, and all numbers one after the other.
 * @param {Engine} engine
 * @param {Ask} ask
 * @param {Format} format
 */
async function inspect(engine, { model, operations, most, each, pixels }, format) {
  try {
    const { input } = model;
    const lane = await engine.loadLane(format, modelAddress(model, format), { input });
    const whole = await lane.activations(decode(pixels), format === 'graph' ? operations : []);
    const outputs = whole.map(({ name, shape, values }) => {
      return { name, shape, values: thinned(values, shape, each) };
    });
    const total = outputs.reduce((sum, { values }) => sum + values.length, 0);
    if (total > most) {
      const numbers = `${total.toLocaleString('en')} numbers`;
      throw new Error(
        `Its layers give ${numbers} for one picture; this page takes ${most.toLocaleString('en')}.`,
      );
    }
    const parts = outputs.map(({ name, shape }) => ({ name, shape }));
    return {
      format,
      parts,
      values: await base64(outputs.map(({ values }) => values)),
      error: null,
    };
  } catch (error) {
    return failed(format, error);
  }
}

/**
 * One lane's answers to the ready pictures, and the time of the second of two runs: the first one
 * compiles. Of large pictures a few are predicted at once.
 * @param {Engine} engine
 * @param {Ask} ask
 * @param {Format} format
 */
async function answer(engine, { model, size, sample }, format) {
  if (sample === null) return { answers: '', ms: 0, failure: null };
  try {
    const { input } = model;
    const lane = await engine.loadLane(format, modelAddress(model, format), { input });
    const pixels = decode(sample);
    const batch = size * Math.max(1, Math.floor(BATCH_VALUES / size));
    const answers = [];
    let ms = 0;
    await lane.predict(pixels.subarray(0, batch));
    for (let start = 0; start < pixels.length; start += batch) {
      const found = await lane.predict(pixels.subarray(start, start + batch));
      answers.push(found.probabilities);
      ms += found.ms;
    }
    return { answers: await base64(answers), ms, failure: null };
  } catch (error) {
    return silent(error);
  }
}

/** @param {unknown} error */
const silent = (error) => ({ answers: '', ms: 0, failure: reason(error).slice(0, 500) });

/**
 * @param {Format} format
 * @param {unknown} error
 */
const failed = (format, error) => ({
  format,
  parts: [],
  values: '',
  error: reason(error).slice(0, 500),
});

/**
 * @param {Float32Array[]} arrays
 * @returns {Promise<string>}
 */
function base64(arrays) {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(String(reader.result).split(',')[1] ?? '');
    reader.onerror = () => reject(reader.error);
    reader.readAsDataURL(new Blob(arrays.map((values) => /** @type {BlobPart} */ (values))));
  });
}
