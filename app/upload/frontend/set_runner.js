/**
 * Runs a test set's lanes: fetches its pixels in parts, predicts in batches and posts the answers.
 *
 * @import {Backend, Engine, Format, Input, Lane} from '../../frontend/tfjs.js'
 *
 * @typedef {{postTask: (task: () => void, options: {priority: string}) => Promise<void>}} Scheduler
 *
 * @typedef {object} Job
 * @property {string} engine   the bundle's URL
 * @property {Backend} backend
 * @property {Partial<Record<Format, string>>} models  the URLs of their model.json
 * @property {Input} input   how a picture becomes the model's input
 * @property {number} size   how many values a picture has
 * @property {string} set      the test set's URL
 *
 * @typedef {{start: number, stop: number}} Part  pictures `start` to `stop`
 */

import { reason } from '../../frontend/tfjs.js';

const BATCHES = [8, 16, 32, 64, 128, 256]; // a processor gains little beyond 8, a GPU much
const BATCH_MS = 30; // longer batches would disturb scrolling when the page computes
/** Batch sizes in a web worker. */
const WEB_WORKER_BATCHES = { cpu: 8, wasm: 128, webgl: 128, webgpu: 128 };
const BATCH_VALUES = 1 << 20; // of a batch's pictures: a layer's output is many times as large

/** Each byte's pixel value, divided exactly as Python does. */
const LEVELS = Float32Array.from({ length: 256 }, (_, level) => level / 255);

/**
 * Predicts part after part and fetches the next one's pixels meanwhile. Each part goes through both
 * lanes in turn, so that a slow moment of the machine affects both alike. A lane that fails ends and
 * tells the server why; the other one goes on.
 * @param {Engine} engine
 * @param {Job} job
 * @param {() => Promise<Part | null>} next
 * @param {(lane: Lane) => Promise<number>} batchOf  warms a lane up and returns its batch size
 * @param {AbortSignal} [stopped]
 * @param {(format: Format, share: number) => void} [arrives]  told what share of its weights is here
 */
export async function runLanes(engine, job, next, batchOf, stopped, arrives) {
  /** @type {Map<Format, Promise<{lane: Lane, batch: number}>>} */
  const lanes = new Map();
  const failed = new Set();
  let upcoming = fetchNext(job, next);
  for (let part = await upcoming; part !== null && !stopped?.aborted; part = await upcoming) {
    upcoming = fetchNext(job, next);
    for (const format of lanesOf(job)) {
      if (failed.has(format)) continue;
      if (!lanes.has(format)) lanes.set(format, prepare(engine, job, format, batchOf, arrives));
      try {
        const { lane, batch } = await /** @type {Promise<{lane: Lane, batch: number}>} */ (
          lanes.get(format)
        );
        const answers = await predict(lane, batch, await part.pixels, job.size, stopped);
        if (answers === null) return;
        const query = new URLSearchParams({
          backend: job.backend,
          start: `${part.start}`,
          ms: `${answers.ms}`,
        });
        if (!(await post(`${job.set}/answers/${format}?${query}`, answers.probabilities))) return;
      } catch (error) {
        failed.add(format);
        await fail(job.set, format, error);
      }
    }
  }
}

/**
 * @param {Engine} engine
 * @param {Job} job
 * @param {Format} format
 * @param {(lane: Lane) => Promise<number>} batchOf
 * @param {(format: Format, share: number) => void} [arrives]
 */
async function prepare(engine, { models, backend, input }, format, batchOf, arrives) {
  const url = /** @type {string} */ (models[format]);
  const onProgress = arrives && ((/** @type {number} */ share) => arrives(format, share));
  const lane = await engine.loadLane(format, url, { backend, input, onProgress });
  return { lane, batch: await batchOf(lane) };
}

/** The formats that the model has, a lane each. @param {Job} job */
export const lanesOf = ({ models }) => /** @type {Format[]} */ (Object.keys(models));

/** Of large pictures fewer are predicted at once. @param {number} batch @param {number} size */
const fitting = (batch, size) => Math.max(1, Math.min(batch, Math.floor(BATCH_VALUES / size)));

/**
 * On a GPU the last batch is padded to full size, because it compiles its programs for each shape.
 * @param {Lane} lane
 * @param {number} batch
 * @param {Float32Array} pixels
 * @param {number} size
 * @param {AbortSignal} [stopped]
 */
async function predict(lane, batch, pixels, size, stopped) {
  const images = pixels.length / size;
  const parts = [];
  let ms = 0;
  let classes = 0;
  for (let start = 0; start < images; start += batch) {
    await breathe();
    if (stopped?.aborted) return null;
    let part = pixels.subarray(start * size, (start + batch) * size);
    const real = part.length / size;
    if (real < batch && lane.backend.startsWith('webg')) {
      const filled = new Float32Array(batch * size);
      filled.set(part);
      part = filled;
    }
    const answer = await lane.predict(part);
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
 * The batch size in a web worker, where a long batch disturbs nobody.
 * @param {Lane} lane
 */
export async function batchInThread(lane) {
  const batch = fitting(WEB_WORKER_BATCHES[lane.backend], lane.size);
  const first = lane.backend.startsWith('webg') ? batch : 1; // a GPU compiles for one size
  await lane.predict(new Float32Array(first * lane.size));
  return batch;
}

/**
 * The largest batch size that does not disturb the page. Each size is twice the one before, and
 * seldom takes longer than twice its time.
 * @param {Lane} lane
 */
export async function batchInPage(lane) {
  const batches = new Set(BATCHES.map((batch) => fitting(batch, lane.size)));
  let largest = 1;
  for (const batch of batches) {
    largest = batch;
    const blank = new Float32Array(batch * lane.size);
    await lane.predict(blank); // compiles
    await breathe();
    const { ms } = await lane.predict(blank);
    if (2 * ms > BATCH_MS) break;
    await breathe();
  }
  return largest;
}

/**
 * @param {Job} job
 * @param {() => Promise<Part | null>} next
 * @returns {Promise<(Part & {pixels: Promise<Float32Array>}) | null>}
 */
async function fetchNext({ set }, next) {
  const part = await next();
  if (part === null) return null;
  const pixels = fetchPixels(`${set}/pixels?start=${part.start}&stop=${part.stop}`);
  pixels.catch(() => {}); // reported when the part is awaited
  return { ...part, pixels };
}

/** @param {string} url */
async function fetchPixels(url) {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`The pixels could not be fetched: ${await response.text()}`);
  const bytes = new Uint8Array(await response.arrayBuffer());
  const pixels = new Float32Array(bytes.length);
  for (let at = 0; at < bytes.length; at += 1) pixels[at] = LEVELS[bytes[at]];
  return pixels;
}

/**
 * @param {string} url
 * @param {BodyInit} body
 * @returns {Promise<boolean>} whether to go on
 */
async function post(url, body) {
  const response = await fetch(url, { method: 'POST', body });
  if (!response.ok) throw new Error(`The server refused the answers: ${await response.text()}`);
  return (await response.json()).goOn;
}

/**
 * @param {string} set  its URL
 * @param {Format} format
 * @param {unknown} error
 */
export async function fail(set, format, error) {
  try {
    await post(`${set}/failure/${format}`, reason(error).slice(0, 300));
  } catch {
    // The server has dropped the test set: nobody waits for its lanes.
  }
}

/**
 * Yields between two batches, so that the page can draw and handle events first. A timer would be
 * throttled in a background tab.
 */
function breathe() {
  const { scheduler } = /** @type {{scheduler?: Scheduler}} */ (
    /** @type {unknown} */ (globalThis)
  );
  if (scheduler) return scheduler.postTask(() => {}, { priority: 'background' });
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = resolve;
    port2.postMessage(null);
  });
}
