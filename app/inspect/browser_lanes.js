/**
 * The Inspect page's browser side: a component that runs one digit through both formats, collects
 * every layer's output and sends it to Python once, with the answers to the ready digits. It uses a trigger, because a state of megabytes
 * would be sent again with every click.
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
 * @property {string} pixels  784 bytes, base64
 * @property {string | null} sample  the ready digits, 784 bytes each, base64; null once judged
 *
 * @typedef {{bundle: string | null, ask: Ask | null}} Data
 */

import { mounted } from '../frontend/component.js';
import {
  decode,
  FORMATS,
  loadEngine,
  modelAddress,
  pickBackend,
  reason,
} from '../frontend/tfjs.js';

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
      for (const format of FORMATS) {
        lanes.push({
          ...(await inspect(engine, ask, format)),
          ...(await answer(engine, ask, format)),
        });
      }
    } catch (error) {
      const neither = FORMATS.map((format) => ({ ...failed(format, error), ...silent(error) }));
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
async function inspect(engine, { model, operations, most, pixels }, format) {
  try {
    const { input } = model;
    const lane = await engine.loadLane(format, modelAddress(model, format), { input });
    const outputs = await lane.activations(decode(pixels), format === 'graph' ? operations : []);
    const total = outputs.reduce((sum, { values }) => sum + values.length, 0);
    if (total > most) {
      const numbers = `${total.toLocaleString('en')} numbers`;
      throw new Error(
        `Its layers give ${numbers} for one digit; this page takes ${most.toLocaleString('en')}.`,
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
 * One lane's answers to the ready digits, and the time of the second of two runs: the first one
 * compiles.
 * @param {Engine} engine
 * @param {Ask} ask
 * @param {Format} format
 */
async function answer(engine, { model, sample }, format) {
  if (sample === null) return { answers: '', ms: 0, failure: null };
  try {
    const { input } = model;
    const lane = await engine.loadLane(format, modelAddress(model, format), { input });
    const pixels = decode(sample);
    await lane.predict(pixels);
    const { probabilities, ms } = await lane.predict(pixels);
    return { answers: await base64([probabilities]), ms, failure: null };
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
