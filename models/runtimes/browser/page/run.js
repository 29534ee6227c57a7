/**
 * Runs the lanes of a job, one after the other, and says what each gives.
 *
 *     job.json: {"inputs": [{"name": "x", "file": FILE, "shape": [28, 28, 1], "dtype": "float32"}],
 *                "images": n, "batch": 256, "repeats": 0, "predictions": 50, "together": 32,
 *                "lanes": [{"engine": "tfjs.js", …}]}
 *
 * A lane's `engine` is a module with `open(lane)`, which gives what `Engine` says. What is said, in
 * this order, each with the lane's number:
 *
 *     {"kind": "here", "environment": {…}}                      the page is there
 *     {"kind": "about", "lane": 0, "about": {…}}                what runs the lane
 *     {"kind": "rows", "lane": 0, "what": "prediction", "number": 1, "start": 0, "rows": 1,
 *      "shapes": [[10]]} and values                             an answer, output after output
 *     {"kind": "lane", "lane": 0, "loadMs", "firstMs", "steadyMs", "ms", "leaked"} or {"error"}
 *     {"kind": "end"}
 *
 * A lane with `look`, a list of a graph's operations, is looked into instead: each part is a message
 * {"kind": "part", "lane": 0, "of": "outputs" or "own", "name": "conv", "shape": [n, 8]} and values,
 * and the lane's own message has the `errors` of parts that give nothing alone.
 *
 * Of each lane `what` is "prediction", with its number among the first `predictions`; "together",
 * the first inputs in one batch; then "answers", all inputs in batches. The first, the second and
 * the last prediction are of the first input, those between of one input after another.
 */
import { fetchAll, rows } from './inputs.js';
import { reason, say } from './messages.js';

/**
 * @typedef {import('./inputs.js').Values} Values
 * @typedef {import('./inputs.js').Stored} Stored
 * @typedef {{shape: number[], values: Float32Array}} Output  n first
 *
 * @typedef {object} Engine  a lane's model, loaded
 * @property {number} loadMs
 * @property {Record<string, unknown>} about  what runs it
 * @property {(given: Values[], n: number) => Promise<{outputs: Output[], ms: number}>} answer
 * @property {() => number | null} alive  how many tensors it holds, where that is known
 * @property {() => Promise<void> | void} dispose
 * @property {(given: Values[], n: number) => Promise<Record<string, unknown>>} [look]  says what its
 *   parts give, a message each
 *
 * @typedef {object} Job
 * @property {Stored[]} inputs
 * @property {number} images
 * @property {number} batch
 * @property {number} repeats
 * @property {number} predictions
 * @property {number} together
 * @property {({engine: string, look?: string[]} & Record<string, unknown>)[]} lanes
 */

/**
 * @param {Job} job
 * @param {number} lane
 * @param {Engine} engine
 * @param {Values[]} inputs
 */
async function answer({ images, batch, repeats, predictions, together }, lane, engine, inputs) {
  /**
   * @param {string} what
   * @param {number} start
   * @param {number} stop
   * @param {number} [number]
   */
  const ask = async (what, start, stop, number = 0) => {
    const { outputs, ms } = await engine.answer(rows(inputs, start, stop), stop - start);
    const shapes = outputs.map(({ shape }) => shape.slice(1));
    const words = { kind: 'rows', lane, what, number, start, rows: stop - start, shapes };
    await say(
      words,
      outputs.map(({ values }) => values),
    );
    return ms;
  };
  const several = Math.min(together, images);
  const firstMs = await ask('prediction', 0, 1, 1);
  const before = engine.alive();
  for (let number = 2; number <= predictions; number += 1) {
    const own = number === 2 || number === predictions;
    const at = own ? 0 : (number - 3) % several;
    await ask('prediction', at, at + 1, number);
  }
  if (predictions > 0) await ask('together', 0, several);
  const steadyMs = [];
  while (steadyMs.length < repeats) {
    steadyMs.push((await engine.answer(rows(inputs, 0, 1), 1)).ms);
  }
  let ms = 0;
  for (let start = 0; start < images; start += batch) {
    ms += await ask('answers', start, Math.min(start + batch, images));
  }
  const after = engine.alive();
  const leaked = before === null || after === null ? 0 : after - before;
  return { loadMs: engine.loadMs, firstMs, steadyMs, ms, leaked };
}

/**
 * @param {Job} job
 * @param {number} lane
 * @param {Values[]} inputs
 */
async function run(job, lane, inputs) {
  const asked = job.lanes[lane];
  const { open } = await import(`./${asked.engine}`);
  /** @type {Engine} */
  const engine = await open(asked, lane);
  await say({ kind: 'about', lane, about: engine.about });
  if (asked.look) {
    if (!engine.look) throw new Error(`${asked.engine} cannot be looked into`);
    const seen = await engine.look(inputs, job.images);
    await engine.dispose();
    return seen;
  }
  const found = await answer(job, lane, engine, inputs);
  await engine.dispose();
  return found;
}

async function main() {
  // Held open as long as this process lives, which it may not outlive without a word.
  fetch('alive')
    .then((held) => held.text())
    .catch(() => {});
  /** @type {Job} */
  const job = await (await fetch('job.json')).json();
  const { userAgent, hardwareConcurrency: cores } = navigator;
  const environment = { userAgent, cores, crossOriginIsolated: globalThis.crossOriginIsolated };
  await say({ kind: 'here', environment });
  const inputs = await fetchAll(job.inputs);
  for (const lane of job.lanes.keys()) {
    const result = await run(job, lane, inputs).catch((error) => ({ error: reason(error) }));
    await say({ kind: 'lane', lane, ...result });
  }
  await say({ kind: 'end' });
}

/** @param {unknown} error */
const fail = (error) => void say({ kind: 'fault', error: reason(error) });
addEventListener('error', ({ error, message }) => fail(error ?? message));
main().catch(fail);
