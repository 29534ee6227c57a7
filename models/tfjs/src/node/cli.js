/**
 * Run lanes in Node: jobs as JSON on standard input, a line each, until it ends; one line of JSON for
 * each lane as the answer.
 *
 *     {"inputs": [{"name": "x", "file": FILE, "shape": [28, 28, 1], "dtype": "float32"}],
 *      "images": n, "batch": 256, "repeats": 0,
 *      "lanes": [{"backend": "wasm", "format": "graph", "model": MODEL.JSON, "out": FILE,
 *                 "inputs": ["x:0"], "outputs": ["Identity:0"], "fixed": null}]}
 *
 * Files hold little-endian values: of each input n × shape of its dtype, just as the model takes
 * them; of the answers float32, output after output, n × shape each. `batch` is how many inputs go
 * in at once. A graph's `inputs` and `outputs` are its tensors in the order of the job's inputs and
 * of the answers, null for its own order; `fixed` is how many inputs the model takes at once, null
 * where its files say it. A lane's line has `outputs`, each `{shape}` without n, `loadMs`, `firstMs`,
 * `steadyMs` (one input, `repeats` times), `ms` (all inputs) and `leaked` (tensors alive after a
 * prediction that were not before), or `error`.
 *
 * A lane with `look`, a list of operations of a graph model, is traced instead: `out` gets the
 * output of each operation for all inputs, one after the other, and the line has their `parts`,
 * each `{name, shape}`. A layers model returns every layer, whatever the list says. With `given`, a
 * file and its `parts`, `feeds` lists parts with those given ones that each is computed from; what
 * they then give follows in `out`, and the line has their `own` parts and the `errors` of others.
 *
 *     {"cases": [{"backend": "cpu", …}]}
 *
 * Single operations, as report/case.js has them, in place of lanes. The line of each has `shape` and
 * `data`, its float32 values in base64, or `error`.
 */
import { writeFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';

import { loadModel } from '../lanes.js';
import { memory, repeat, useBackend } from '../main.js';
import { reason } from '../promises.js';
import { answer as answerCase } from '../report/case.js';
import { fromDisk } from './files.js';
import { bytesOf, outputFile, readParts, readRows } from './tensor_files.js';

/**
 * @typedef {object} Job
 * @property {import('./tensor_files.js').Stored[]} inputs
 * @property {number} images
 * @property {number} [batch]
 * @property {number} [repeats]
 * @property {LaneJob[]} lanes
 *
 * @typedef {object} LaneJob
 * @property {import('../main.js').BackendName} backend
 * @property {import('../main.js').Format} format
 * @property {string} model
 * @property {string} out
 * @property {string[] | null} [inputs]
 * @property {string[] | null} [outputs]
 * @property {number | null} [fixed]
 * @property {string[]} [look]
 * @property {{file: string, parts: {name: string, shape: number[]}[]}} [given]
 * @property {[string, string[]][]} [feeds]
 */

/** @param {LaneJob} laneJob */
async function load({ backend, format, model, inputs = null, outputs = null, fixed }) {
  await useBackend(backend);
  return loadModel(format, model, { backend, ends: { inputs, outputs }, fixed, open: fromDisk });
}

/**
 * @param {Job} job
 * @param {LaneJob} laneJob
 */
async function look({ inputs, images }, laneJob) {
  const model = await load(laneJob);
  const values = await readRows(inputs, 0, images);
  const before = memory().tensors;
  const outputs = await model.look(values, images, laneJob.look ?? []);
  const { given, feeds = [] } = laneJob;
  const own = given && (await model.own(values, images, await readParts(given), feeds));
  const leaked = memory().tensors - before;
  const written = [...outputs, ...(own?.outputs ?? [])];
  await writeFile(laneJob.out, Buffer.concat(written.map((each) => bytesOf(each.values))));
  await model.dispose();
  return { parts: outputs.map(part), own: own?.outputs.map(part), errors: own?.errors, leaked };
}

/** @param {import('../tensors.js').Activation} activation */
const part = ({ name, shape }) => ({ name, shape });

/**
 * @param {Job} job
 * @param {LaneJob} laneJob
 */
async function answer({ inputs, images, batch = images, repeats = 0 }, laneJob) {
  const model = await load(laneJob);
  const one = await readRows(inputs, 0, 1);
  const { ms: firstMs } = await model.answer(one, 1);
  const before = memory().tensors;
  const steadyMs = await repeat(async () => (await model.answer(one, 1)).ms, { repeats });
  const out = await outputFile(laneJob.out, images);
  let ms = 0;
  try {
    for (let start = 0; start < images; start += batch) {
      const stop = Math.min(start + batch, images);
      const answered = await model.answer(await readRows(inputs, start, stop), stop - start);
      await out.write(answered.outputs, start);
      ms += answered.ms;
    }
  } finally {
    await out.close();
  }
  const leaked = memory().tensors - before;
  await model.dispose();
  const outputs = out.rows.map((shape) => ({ shape }));
  return { outputs, loadMs: model.loadMs, firstMs, steadyMs, ms, leaked };
}

/** @param {import('../report/case.js').Case & {backend: import('../main.js').BackendName}} given */
async function operation(given) {
  await useBackend(given.backend);
  const { shape, values } = await answerCase(given);
  return { shape, data: Buffer.from(bytesOf(values)).toString('base64') };
}

/** @param {Job & {cases?: Parameters<typeof operation>[0][]}} given */
async function run({ cases = [], ...job }) {
  for (const each of cases) {
    const result = await operation(each).catch((error) => ({ error: reason(error) }));
    process.stdout.write(`${JSON.stringify({ backend: each.backend, ...result })}\n`);
  }
  for (const laneJob of job.lanes ?? []) {
    const { backend, format, model } = laneJob;
    const work = laneJob.look ? look : answer;
    const result = await work(job, laneJob).catch((error) => ({ error: reason(error) }));
    process.stdout.write(`${JSON.stringify({ backend, format, model, ...result })}\n`);
  }
}

for await (const line of createInterface({ input: process.stdin })) await run(JSON.parse(line));
