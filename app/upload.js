/**
 * A whole set through TensorFlow.js in the page: pixels are fetched in parts, go through both
 * formats in batches that leave the page time to breathe, and the answers are posted back.
 *
 * @typedef {import('../models/tfjs/src/main.js')} Engine
 * @typedef {import('../models/tfjs/src/lanes.js').Lane} Lane
 * @typedef {'graph' | 'layers'} Format
 * @typedef {{postTask: (task: () => void, options: {priority: string}) => Promise<void>}} Scheduler
 *
 * @typedef {object} Data
 * @property {string | null} bundle  path of the bundle's entry below served/, null when not built
 * @property {{name: string, version: string, paths: Record<Format, string>, scale: number}} model
 * @property {'auto' | 'cpu' | 'wasm' | 'webgl' | 'webgpu'} backend
 * @property {{token: string, images: number} | null} set  what to predict, null for nothing
 */

import { FORMATS, loadEngine, pickBackend, reason, served } from './engine.js';

const PART = 1000; // digits fetched, and answers posted, at once
const BATCHES = [8, 16, 32, 64, 128, 256]; // a processor gains nothing by more than 8, a GPU does
const BATCH_MS = 30; // a longer batch would be felt while scrolling
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
 * Load a lane, and see how much it may be given at once.
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
    return { format, lane, batch: await largestBatch(lane) };
  } catch (error) {
    await fail(address, format, error);
    return { format, lane: null, batch: 1 };
  }
}

/**
 * The largest batch that will not be felt: each is twice the one before, and seldom takes longer
 * than twice its time.
 * @param {Lane} lane
 */
async function largestBatch(lane) {
  let largest = BATCHES[0];
  for (const batch of BATCHES) {
    largest = batch;
    const blank = new Float32Array(batch * SIZE);
    await lane.predict(blank, batch); // compiles
    await breathe();
    const { ms } = await lane.predict(blank, batch);
    if (2 * ms > BATCH_MS) break;
    await breathe();
  }
  return largest;
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

/**
 * Let the page draw and answer the visitor between two batches: all that waits there goes first.
 * A timer would do too, but sleeps in a tab that is not looked at.
 */
function breathe() {
  const { scheduler } = /** @type {{scheduler?: Scheduler}} */ (/** @type {unknown} */ (window));
  if (scheduler) return scheduler.postTask(() => {}, { priority: 'background' });
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = resolve;
    port2.postMessage(null);
  });
}
