/**
 * Run lanes in Node: a job as JSON on standard input, one line of JSON for each lane as the answer.
 *
 *     {"pixels": FILE, "images": n, "shape": [28, 28, 1], "scale": 1, "batch": 256, "repeats": 0,
 *      "lanes": [{"backend": "wasm", "format": "graph", "model": MODEL.JSON, "out": FILE}]}
 *
 * Both files hold little-endian float32: images × shape pixels in [0, 1], images × classes answers.
 * A lane's line has `classes`, `loadMs`, `firstMs`, `steadyMs` (one digit, `repeats` times), `ms`
 * (all images) and `leaked` (tensors alive after a prediction that were not before), or `error`.
 *
 * A lane with `look`, a list of operations of a graph model, is traced instead: `out` gets the
 * output of each operation for all images, one after the other, and the line has their `parts`,
 * each `{name, shape}`. A layers model returns every layer, whatever the list says. With `given`, a
 * file and its `parts`, `feeds` lists parts with those given ones that each is computed from; what
 * they then give follows in `out`, and the line has their `own` parts and the `errors` of others.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';

import { loadLane, memory, useBackend } from '../main.js';
import { reason } from '../promises.js';
import { fromDisk } from './files.js';

/**
 * @typedef {object} Job
 * @property {string} pixels
 * @property {number} images
 * @property {number[]} shape
 * @property {number} scale
 * @property {number} batch
 * @property {number} repeats
 * @property {{backend: import('../main.js').BackendName, format: import('../main.js').Format,
 *   model: string, out: string, look?: string[], given?: {file: string, parts: Part[]},
 *   feeds?: [string, string[]][]}[]} lanes
 */

/** @typedef {{name: string, shape: number[]}} Part */

/**
 * @param {Job} job
 * @param {Job['lanes'][number]} laneJob
 */
async function load({ shape, scale }, { backend, format, model }) {
  await useBackend(backend);
  return loadLane(format, model, { backend, scale, shape, open: fromDisk });
}

/**
 * @param {Job} job
 * @param {Float32Array} pixels
 * @param {Job['lanes'][number]} laneJob
 */
async function look(job, pixels, laneJob) {
  const lane = await load(job, laneJob);
  const before = memory().tensors;
  const outputs = await lane.activations(pixels, laneJob.look, job.images);
  const { given, feeds = [] } = laneJob;
  const own = given && (await lane.own(pixels, await read(given), feeds, job.images));
  const leaked = memory().tensors - before;
  const bytes = [...outputs, ...(own?.outputs ?? [])].map(
    ({ values: v }) => new Uint8Array(v.buffer, v.byteOffset, v.byteLength),
  );
  await writeFile(laneJob.out, Buffer.concat(bytes));
  await lane.dispose();
  return {
    parts: outputs.map(part),
    own: own?.outputs.map(part),
    errors: own?.errors,
    leaked,
  };
}

/** @param {Part} activation */
const part = ({ name, shape }) => ({ name, shape });

/**
 * The outputs in a file, one after the other.
 * @param {{file: string, parts: Part[]}} given
 */
async function read({ file, parts }) {
  const values = new Float32Array(new Uint8Array(await readFile(file)).buffer);
  let start = 0;
  return parts.map(({ name, shape }) => {
    const end = start + shape.reduce((product, size) => product * size, 1);
    const each = { name, shape, values: values.subarray(start, end) };
    start = end;
    return each;
  });
}

/**
 * @param {Job} job
 * @param {Float32Array} pixels
 * @param {Job['lanes'][number]} laneJob
 */
async function answer(job, pixels, laneJob) {
  const { images, batch, repeats } = job;
  const lane = await load(job, laneJob);
  const one = pixels.subarray(0, lane.size);
  const { classes } = await lane.predict(one, 1);
  const before = memory().tensors;
  const { steadyMs } = await lane.run(one, { repeats });
  const answers = new Float32Array(images * classes);
  let ms = 0;
  for (let start = 0; start < images; start += batch) {
    const end = Math.min(start + batch, images);
    const part = pixels.subarray(start * lane.size, end * lane.size);
    const predicted = await lane.predict(part, end - start);
    answers.set(predicted.probabilities, start * classes);
    ms += predicted.ms;
  }
  const leaked = memory().tensors - before;
  await writeFile(laneJob.out, new Uint8Array(answers.buffer));
  await lane.dispose();
  return { classes, loadMs: lane.loadMs, firstMs: lane.firstMs, steadyMs, ms, leaked };
}

/** @type {Job} */
const job = JSON.parse(await text(process.stdin));
const content = await readFile(job.pixels);
const pixels = new Float32Array(new Uint8Array(content).buffer);
for (const laneJob of job.lanes) {
  const { backend, format, model } = laneJob;
  const work = laneJob.look ? look : answer;
  const result = await work(job, pixels, laneJob).catch((error) => ({ error: reason(error) }));
  process.stdout.write(`${JSON.stringify({ backend, format, model, ...result })}\n`);
}
