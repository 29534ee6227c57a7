/**
 * Measures lanes in the browser. Every round takes all lanes in shuffled order (turns.js). Each turn
 * begins with an untimed prediction, because the first one after another backend's turn is slower. A
 * part ends early where another round would take longer than its time, but not before one whole
 * round: nobody waits minutes for a slow machine, and a fast one is measured well. Every answer is
 * looked at, outside its time.
 *
 * @import {Engine} from '../../frontend/tfjs.js'
 * @import {BenchmarkReport, LaneReport, Plan} from './report.js'
 * @import {Row} from './turns.js'
 *
 * @typedef {object} Control
 * @property {AbortSignal} signal
 * @property {(share: number, text: string) => void} progress
 * @property {() => void} grown  a round is done, and nothing is being timed
 * @property {number} began      when the run did: a quick one's seconds are counted from then on
 *
 * @typedef {object} Task
 * @property {Engine} engine
 * @property {Plan} plan
 * @property {BenchmarkReport} report  is filled in
 * @property {Float32Array} image
 * @property {ReturnType<typeof looking>} look
 * @property {Control} control
 */

import { decode, describe } from '../../frontend/tfjs.js';
import { looking } from './answers.js';
import { loadAll, startAll } from './loading.js';
import { round, stopwatch, tooLong } from './turns.js';

const ONE_TURN = { repeats: 5, budgetMs: 50 };
const BATCH_TURN = { repeats: 3, budgetMs: 60 };
const PARTS_MS = { one: 15_000, many: 25_000 }; // rounds end before, but for the first
const ONE = 0.6; // of the time that loading leaves a quick run: for one picture
const SHARES = { load: 0.1, one: 0.5 }; // of the progress bar, where each part ends

/**
 * @param {Engine} engine
 * @param {Plan} plan
 * @param {BenchmarkReport} report  is filled in
 * @param {Control} control
 */
export async function measure(engine, plan, report, control) {
  report.environment = describe(engine);
  const image = decode(plan.pixels);
  const task = { engine, plan, report, image, look: looking(plan.expected), control };
  const started = await startAll(task);
  if (started.length === 0) return report;
  report.memory.before = engine.memory();
  const rows = await loadAll(task, started, SHARES.load);
  report.memory.loaded = engine.memory();
  try {
    await oneImage(task, rows, leftMs(task, ONE) ?? PARTS_MS.one);
    await manyImages(task, rows, leftMs(task, 1) ?? PARTS_MS.many);
    report.memory.after = engine.memory();
  } finally {
    for (const { lane } of rows) await lane.dispose();
  }
  return report;
}

/**
 * This share of what is left of a quick run's seconds; null for a full run.
 * @param {Task} task
 * @param {number} share
 */
function leftMs({ plan: { seconds }, control: { began } }, share) {
  if (seconds === null) return null;
  return share * Math.max(0, seconds * 1e3 - (performance.now() - began));
}

/**
 * @param {Task} task
 * @param {Row[]} rows
 * @param {number} partMs
 */
async function oneImage({ plan, image, look, control }, rows, partMs) {
  const { signal, progress, grown } = control;
  const { elapsed, hasTime } = stopwatch(partMs);
  for (let number = 0; number < plan.rounds && !signal.aborted; number += 1) {
    if (!hasTime(number)) break;
    const done = Math.max(number / plan.rounds, Math.min(1, elapsed()));
    progress(SHARES.load + done * (SHARES.one - SHARES.load), `One image: round ${number + 1}`);
    await round(rows, signal, async ({ lane, report }) => {
      const each = (/** @type {Float32Array} */ values) => look(report, values, 1);
      const { steadyMs } = await lane.run(image, { n: 1, ...ONE_TURN, signal, each });
      if (steadyMs.length === 0) return;
      report.steady_ms.push(...steadyMs);
      report.turns.push(steadyMs.length);
    });
    grown();
  }
}

/**
 * @param {Task} task
 * @param {Row[]} rows
 * @param {number} partMs
 */
async function manyImages({ plan, image, look, control }, rows, partMs) {
  const { batches, batchRounds } = plan;
  const { signal, progress, grown } = control;
  const { elapsed, hasTime } = stopwatch(partMs);
  for (let number = 0; number < batchRounds && !signal.aborted; number += 1) {
    if (!hasTime(number)) break;
    for (const [index, size] of batches.entries()) {
      const rounds = (number + index / batches.length) / batchRounds;
      const done = Math.max(rounds, Math.min(1, elapsed()));
      progress(SHARES.one + done * (1 - SHARES.one), `Batches of ${size}: round ${number + 1}`);
      const pixels = repeated(image, size);
      await round(rows, signal, async ({ lane, report }) => {
        if (tooLong(report, size)) return;
        const each = (/** @type {Float32Array} */ values) => look(report, values, size);
        const { steadyMs } = await lane.run(pixels, { n: size, ...BATCH_TURN, signal, each });
        if (steadyMs.length === 0) return;
        const kept = batchOf(report, size);
        kept.ms.push(...steadyMs);
        kept.turns.push(steadyMs.length);
      });
      grown();
    }
  }
}

/** @param {Float32Array} image @param {number} size */
function repeated(image, size) {
  const pixels = new Float32Array(size * image.length);
  for (let index = 0; index < size; index += 1) pixels.set(image, index * image.length);
  return pixels;
}

/** What a lane's batches of this size have taken. @param {LaneReport} report @param {number} size */
function batchOf({ batches }, size) {
  const known = batches.find((batch) => batch.size === size);
  if (known) return known;
  const made = { size, ms: [], turns: [] };
  batches.push(made);
  return made;
}
