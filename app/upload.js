/**
 * A whole set through TensorFlow.js in the page: pixels are fetched in parts, go through both
 * formats in batches that leave the page time to breathe, and the answers are posted back.
 *
 * @typedef {import('../models/tfjs/src/main.js')} Engine
 * @typedef {import('../models/tfjs/src/lanes.js').Lane} Lane
 * @typedef {'graph' | 'layers'} Format
 *
 * @typedef {object} Data
 * @property {string | null} bundle  path of the bundle's entry below served/, null when not built
 * @property {{name: string, version: string, paths: Record<Format, string>, scale: number}} model
 * @property {'auto' | 'cpu' | 'wasm' | 'webgl' | 'webgpu'} backend
 * @property {{token: string, images: number} | null} set  what to predict, null for nothing
 */

import { FORMATS, loadEngine, pickBackend, reason, served } from './engine.js';

const PART = 1000; // digits fetched, and answers posted, at once
const BATCHES = [32, 64, 128, 256];
const BATCH_MS = 60; // a longer batch would be felt while scrolling
const SIZE = 784;

/** What a byte stands for, exactly as Python divides. */
const LEVELS = Float32Array.from({ length: 256 }, (_, level) => level / 255);

/** @type {WeakMap<Element, Runner>} */
const runners = new WeakMap();

/** @param {{data: Data, parentElement: HTMLElement}} component */
export default function uploadLanes({ data, parentElement }) {
  const root = /** @type {HTMLElement} */ (parentElement.querySelector('.dp-upload'));
  const runner = runners.get(root) ?? new Runner();
  runners.set(root, runner);
  runner.show(data);
  return () => runner.show(null);
}

class Runner {
  constructor() {
    /** The set that is under way. @type {string | null} */
    this.token = null;
  }

  /** @param {Data | null} data */
  show(data) {
    const token = data?.set?.token ?? null;
    if (token === this.token) return;
    this.token = token;
    if (data?.set) void this.work(data, data.set);
  }

  /**
   * @param {Data} data
   * @param {{token: string, images: number}} set
   */
  async work(data, set) {
    const address = served(`sets/${set.token}`);
    try {
      const engine = await loadEngine(data.bundle);
      const { backend } = await pickBackend(engine, data.backend);
      /** @type {Row[]} */
      const rows = [];
      for (const format of FORMATS) rows.push(await prepare(engine, data, format, address));
      let next = fetchPart(address, 0, set.images);
      for (let start = 0; start < set.images && this.token === set.token; start += PART) {
        const pixels = await next;
        next = fetchPart(address, start + PART, set.images);
        for (const row of rows) await this.advance(row, pixels, { set, start, backend, address });
        if (rows.every((row) => row.lane === null)) return;
      }
    } catch (error) {
      for (const format of FORMATS) await fail(address, format, error);
    }
  }

  /**
   * One part of the set through one lane, and the answers posted.
   * @param {Row} row
   * @param {Float32Array} pixels
   * @param {{set: {token: string}, start: number, backend: string, address: string}} at
   */
  async advance(row, pixels, { set, start, backend, address }) {
    if (row.lane === null) return;
    try {
      const answers = await this.predict(row.lane, row.batch, pixels, set.token);
      if (answers === null) return;
      const query = new URLSearchParams({ backend, start: `${start}`, ms: `${answers.ms}` });
      const goOn = await post(`${address}/answers/${row.format}?${query}`, answers.probabilities);
      if (!goOn) this.token = null;
    } catch (error) {
      row.lane = null;
      await fail(address, row.format, error);
    }
  }

  /**
   * Every batch has the same size, the last one filled up: a GPU compiles its programs per shape.
   * @param {Lane} lane
   * @param {number} batch
   * @param {Float32Array} pixels
   * @param {string} token
   */
  async predict(lane, batch, pixels, token) {
    const images = pixels.length / SIZE;
    const parts = [];
    let ms = 0;
    let classes = 0;
    for (let start = 0; start < images; start += batch) {
      await breathe();
      if (this.token !== token) return null;
      let part = pixels.subarray(start * SIZE, (start + batch) * SIZE);
      const real = part.length / SIZE;
      if (real < batch) {
        const filled = new Float32Array(batch * SIZE);
        filled.set(part);
        part = filled;
      }
      const answer = await lane.predict(part, batch);
      ms += answer.ms;
      classes = answer.classes;
      parts.push(answer.probabilities.subarray(0, real * classes));
    }
    const probabilities = new Float32Array(images * classes);
    let at = 0;
    for (const part of parts) {
      probabilities.set(part, at);
      at += part.length;
    }
    return { probabilities, ms };
  }
}

/**
 * @typedef {object} Row
 * @property {Format} format
 * @property {Lane | null} lane  null when it failed
 * @property {number} batch
 */

/**
 * Load a lane, and find the largest batch that is not felt.
 * @param {Engine} engine
 * @param {Data} data
 * @param {Format} format
 * @param {string} address
 * @returns {Promise<Row>}
 */
async function prepare(engine, data, format, address) {
  try {
    const { name, version, paths, scale } = data.model;
    const url = served(`models/${name}/${version}/${paths[format]}`);
    const lane = await engine.loadLane(format, url, { scale });
    const smallest = BATCHES[0];
    const blank = new Float32Array(smallest * SIZE);
    await lane.predict(blank, smallest); // compiles
    const { ms } = await lane.predict(blank, smallest);
    const fits = BATCHES.filter((batch) => (batch / smallest) * ms <= BATCH_MS);
    return { format, lane, batch: fits.at(-1) ?? smallest };
  } catch (error) {
    await fail(address, format, error);
    return { format, lane: null, batch: 1 };
  }
}

/**
 * @param {string} address
 * @param {number} start
 * @param {number} images
 * @returns {Promise<Float32Array>}
 */
async function fetchPart(address, start, images) {
  if (start >= images) return new Float32Array();
  const stop = Math.min(start + PART, images);
  const answer = await fetch(`${address}/pixels?start=${start}&stop=${stop}`);
  if (!answer.ok) throw new Error(`The pixels could not be fetched: ${await answer.text()}`);
  const bytes = new Uint8Array(await answer.arrayBuffer());
  return Float32Array.from(bytes, (level) => LEVELS[level]);
}

/**
 * @param {string} url
 * @param {BodyInit} body
 * @returns {Promise<boolean>} whether to go on
 */
async function post(url, body) {
  const answer = await fetch(url, { method: 'POST', body });
  if (!answer.ok) throw new Error(`The server refused the answers: ${await answer.text()}`);
  return (await answer.json()).goOn;
}

/**
 * @param {string} address
 * @param {Format} format
 * @param {unknown} error
 */
async function fail(address, format, error) {
  try {
    await post(`${address}/failure/${format}`, reason(error).slice(0, 300));
  } catch {
    // The set is gone: nobody waits for its lanes.
  }
}

/** Let the page draw and answer the visitor between two batches. */
function breathe() {
  const { scheduler } = /** @type {{scheduler?: {yield?: () => Promise<void>}}} */ (window);
  return scheduler?.yield?.() ?? new Promise((resolve) => void setTimeout(resolve));
}
