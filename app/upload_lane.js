/**
 * A set's lanes: its pixels are fetched in parts, predicted in batches, and the answers posted.
 *
 * @typedef {import('../models/tfjs/src/main.js')} Engine
 * @typedef {import('../models/tfjs/src/lanes.js').Lane} Lane
 * @typedef {'graph' | 'layers'} Format
 * @typedef {{postTask: (task: () => void, options: {priority: string}) => Promise<void>}} Scheduler
 *
 * @typedef {object} Job
 * @property {string} engine   the bundle's address
 * @property {'cpu' | 'wasm' | 'webgl' | 'webgpu'} backend
 * @property {Format} format
 * @property {string} model    the address of its model.json
 * @property {number} scale
 * @property {string} set      the set's address
 * @property {number} images
 */

import { reason } from './engine.js';

const PART = 1000; // digits fetched, and answers posted, at once
const BATCHES = [8, 16, 32, 64, 128, 256]; // a processor gains nothing by more than 8, a GPU does
const BATCH_MS = 30; // a longer batch would be felt while scrolling, where the page computes
const SIZE = 784;

/** What a byte stands for, exactly as Python divides. */
const LEVELS = Float32Array.from({ length: 256 }, (_, level) => level / 255);

/**
 * Start the backend, here.
 * @param {Job} job
 * @returns {Promise<Engine>}
 * @throws {Error} that says why it does not work
 */
export async function startEngine({ engine: address, backend }) {
  /** @type {Engine} */
  const engine = await import(address);
  await engine.useBackend(backend);
  return engine;
}

/**
 * The whole set through each of the lanes, side by side. What goes wrong is told to the server.
 * @param {Engine} engine
 * @param {readonly Job[]} jobs
 * @param {AbortSignal} [stopped]
 */
export async function runLanes(engine, jobs, stopped) {
  await Promise.all(jobs.map((job) => runLane(engine, job, stopped)));
}

/**
 * @param {Engine} engine
 * @param {Job} job
 * @param {AbortSignal} [stopped]
 */
async function runLane(engine, job, stopped) {
  try {
    const lane = await engine.loadLane(job.format, job.model, { backend: job.backend, scale: job.scale });
    const batch = await largestBatch(lane);
    let next = fetchPart(job, 0);
    for (let start = 0; start < job.images && !stopped?.aborted; start += PART) {
      const pixels = await next;
      next = fetchPart(job, start + PART);
      const answers = await predict(lane, batch, pixels, stopped);
      if (answers === null) return;
      const query = new URLSearchParams({ backend: job.backend, start: `${start}`, ms: `${answers.ms}` });
      const goOn = await post(`${job.set}/answers/${job.format}?${query}`, answers.probabilities);
      if (!goOn) return;
    }
  } catch (error) {
    await fail(job, error);
  }
}

/**
 * Every batch has the same size, the last one filled up: a GPU compiles its programs per shape.
 * @param {Lane} lane
 * @param {number} batch
 * @param {Float32Array} pixels
 * @param {AbortSignal} [stopped]
 */
async function predict(lane, batch, pixels, stopped) {
  const images = pixels.length / SIZE;
  const parts = [];
  let ms = 0;
  let classes = 0;
  for (let start = 0; start < images; start += batch) {
    await breathe();
    if (stopped?.aborted) return null;
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
 * @param {Job} job
 * @param {number} start
 * @returns {Promise<Float32Array>}
 */
async function fetchPart({ set, images }, start) {
  if (start >= images) return new Float32Array();
  const stop = Math.min(start + PART, images);
  const answer = await fetch(`${set}/pixels?start=${start}&stop=${stop}`);
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
 * @param {{set: string, format: Format}} job
 * @param {unknown} error
 */
export async function fail({ set, format }, error) {
  try {
    await post(`${set}/failure/${format}`, reason(error).slice(0, 300));
  } catch {
    // The set is gone: nobody waits for its lanes.
  }
}

/**
 * Let the page draw and answer the visitor between two batches: all that waits there goes first.
 * A timer would do too, but sleeps in a tab that is not looked at.
 */
function breathe() {
  const { scheduler } = /** @type {{scheduler?: Scheduler}} */ (/** @type {unknown} */ (globalThis));
  if (scheduler) return scheduler.postTask(() => {}, { priority: 'background' });
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = resolve;
    port2.postMessage(null);
  });
}
