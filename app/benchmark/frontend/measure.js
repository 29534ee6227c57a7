/**
 * Measures lanes in the browser. Every round takes all lanes in shuffled order, so that a slow moment
 * of the machine affects all alike. Each turn begins with an untimed prediction, because the first
 * one after another backend's turn is slower. A part ends early when its time is over, but not before
 * one whole round: nobody waits minutes for a slow machine, and a fast one is measured well.
 *
 * @import {Backend, Engine, Lane} from '../../frontend/tfjs.js'
 * @import {BenchmarkReport, LaneReport, Plan} from './report.js'
 *
 * @typedef {object} Row
 * @property {Lane} lane
 * @property {LaneReport} report
 *
 * @typedef {{signal: AbortSignal, progress: (share: number, text: string) => void}} Control
 */

import { decode, describe, formatsOf, modelAddress, reason } from '../../frontend/tfjs.js';

const ONE_TURN = { repeats: 5, budgetMs: 50 };
const BATCH_TURN = { repeats: 3, budgetMs: 60 };
const PARTS_MS = { one: 15_000, many: 25_000 }; // no new round begins after this time
const LONGEST_MS = 600; // a batch that would block the page for longer is left out
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
  const started = await startAll(engine, plan, report, control);
  if (started.length === 0) return report;
  report.memory.before = engine.memory();
  const rows = await loadAll(engine, { ...plan, backends: started }, report, image, control);
  report.memory.loaded = engine.memory();
  try {
    await oneImage(plan, rows, image, control);
    await manyImages(plan, rows, image, control);
    report.memory.after = engine.memory();
  } finally {
    for (const { lane } of rows) await lane.dispose();
  }
  return report;
}

/**
 * Starts every backend. If one does not work, its lanes' reports get the reason.
 * @param {Engine} engine
 * @param {Plan} plan
 * @param {BenchmarkReport} report
 * @param {Control} control
 * @returns {Promise<Backend[]>}
 */
async function startAll(engine, { backends }, report, { signal, progress }) {
  /** @type {Backend[]} */
  const started = [];
  for (const backend of backends) {
    if (signal.aborted) break;
    progress(0, `Starting ${backend}`);
    try {
      report.backends[backend] = (await engine.useBackend(backend)).initMs;
      started.push(backend);
    } catch (error) {
      for (const row of report.lanes) {
        if (row.lane.endsWith(`/${backend}`)) row.error = reason(error).slice(0, 500);
      }
    }
  }
  return started;
}

/**
 * Loads every lane anew and times its first prediction.
 * @param {Engine} engine
 * @param {Plan} plan
 * @param {BenchmarkReport} report
 * @param {Float32Array} image
 * @param {Control} control
 * @returns {Promise<Row[]>}
 */
async function loadAll(engine, { model, backends }, report, image, { signal, progress }) {
  /** @type {Row[]} */
  const rows = [];
  const tasks = shuffled(
    backends.flatMap((backend) => formatsOf(model).map((format) => ({ backend, format }))),
  );
  for (const [index, { backend, format }] of tasks.entries()) {
    if (signal.aborted) break;
    const name = `${format} @ tfjs/${backend}`;
    const row = /** @type {LaneReport} */ (report.lanes.find(({ lane }) => lane === name));
    const done = (index / tasks.length) * SHARES.load;
    progress(done, `Loading ${name}`);
    await breath();
    try {
      // A new URL each time bypasses the browser's cache and lanes that other pages have loaded.
      const url = `${modelAddress(model, format)}?run=${crypto.randomUUID()}`;
      const onProgress = (/** @type {number} */ share) =>
        progress(done, `Loading ${name}: ${Math.round(share * 100)} % of its weights are here`);
      const lane = await engine.loadLane(format, url, { backend, input: model.input, onProgress });
      rows.push({ lane, report: row });
      row.load_ms = lane.loadMs;
      row.first_ms = (await lane.predict(image, 1)).ms;
    } catch (error) {
      row.error = reason(error).slice(0, 500);
    }
  }
  return rows;
}

/**
 * @param {Plan} plan
 * @param {Row[]} rows
 * @param {Float32Array} image
 * @param {Control} control
 */
async function oneImage({ rounds }, rows, image, { signal, progress }) {
  const elapsed = stopwatch(PARTS_MS.one);
  for (let round = 0; round < rounds && elapsed() < 1 && !signal.aborted; round += 1) {
    const done = Math.max(round / rounds, elapsed());
    progress(SHARES.load + done * (SHARES.one - SHARES.load), `One image: round ${round + 1}`);
    for (const row of shuffled(rows)) {
      await turn(row, signal, async () => {
        const { steadyMs } = await row.lane.run(image, { n: 1, ...ONE_TURN, signal });
        if (steadyMs.length === 0) return;
        row.report.steady_ms.push(...steadyMs);
        row.report.turns.push(steadyMs.length);
      });
    }
  }
}

/**
 * @param {Plan} plan
 * @param {Row[]} rows
 * @param {Float32Array} image
 * @param {Control} control
 */
async function manyImages({ batches, batchRounds }, rows, image, { signal, progress }) {
  const elapsed = stopwatch(PARTS_MS.many);
  for (let round = 0; round < batchRounds && elapsed() < 1 && !signal.aborted; round += 1) {
    for (const [index, size] of batches.entries()) {
      const done = Math.max((round + index / batches.length) / batchRounds, Math.min(1, elapsed()));
      progress(SHARES.one + done * (1 - SHARES.one), `Batches of ${size}: round ${round + 1}`);
      const pixels = new Float32Array(size * image.length);
      for (let index = 0; index < size; index += 1) pixels.set(image, index * image.length);
      for (const row of shuffled(rows)) {
        if (tooLong(row.report, size)) continue;
        await turn(row, signal, async () => {
          const { steadyMs } = await row.lane.run(pixels, { n: size, ...BATCH_TURN, signal });
          if (steadyMs.length === 0) return;
          let kept = row.report.batches.find((batch) => batch.size === size);
          if (!kept) {
            kept = { size, ms: [], turns: [] };
            row.report.batches.push(kept);
          }
          kept.ms.push(...steadyMs);
          kept.turns.push(steadyMs.length);
        });
      }
    }
  }
}

/**
 * One lane's turn, after the page could draw. A lane that fails gets no further turns.
 * @param {Row} row
 * @param {AbortSignal} signal
 * @param {() => Promise<void>} once
 */
async function turn({ report }, signal, once) {
  if (signal.aborted || report.error !== null) return;
  await breath();
  try {
    await once();
  } catch (error) {
    report.error = reason(error).slice(0, 500);
  }
}

/**
 * Whether a batch of this size would freeze the page, judged by the next smaller size, or by one
 * image alone: plain JavaScript takes seconds for a photograph.
 * @param {LaneReport} report
 * @param {number} size
 */
function tooLong({ batches, steady_ms }, size) {
  const smaller = batches.filter((batch) => batch.size < size).at(-1);
  if (smaller) return (Math.min(...smaller.ms) / smaller.size) * size > LONGEST_MS;
  return Math.min(...steady_ms) > LONGEST_MS;
}

/**
 * Returns a function that gives the elapsed share of `budgetMs`.
 * @param {number} budgetMs
 */
function stopwatch(budgetMs) {
  const begin = performance.now();
  return () => (performance.now() - begin) / budgetMs;
}

/** Lets the page draw and handle events. */
const breath = () => new Promise((resolve) => void setTimeout(resolve, 0));

/**
 * A shuffled copy (Fisher-Yates).
 * @template T
 * @param {readonly T[]} list
 * @returns {T[]}
 */
function shuffled(list) {
  const mixed = [...list];
  for (let last = mixed.length - 1; last > 0; last -= 1) {
    const other = Math.floor(Math.random() * (last + 1));
    [mixed[last], mixed[other]] = [mixed[other], mixed[last]];
  }
  return mixed;
}
