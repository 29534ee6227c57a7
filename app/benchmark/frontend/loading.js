/**
 * Before anything is measured again and again: backends are started, lanes loaded, and the time of
 * each one's first prediction taken.
 *
 * @import {Backend} from '../../frontend/tfjs.js'
 * @import {Task} from './measure.js'
 * @import {LaneReport} from './report.js'
 * @import {Row} from './turns.js'
 */

import { formatsOf, modelAddress, reason } from '../../frontend/tfjs.js';
import { breath, shuffled } from './turns.js';

/**
 * Starts every backend. If one does not work, its lanes' reports get the reason.
 * @param {Task} task
 * @returns {Promise<Backend[]>}
 */
export async function startAll({ engine, plan, report, control: { signal, progress } }) {
  /** @type {Backend[]} */
  const started = [];
  for (const backend of plan.backends) {
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
 * Loads every lane of these backends anew and times its first prediction.
 * @param {Task} task
 * @param {Backend[]} backends
 * @param {number} share  of the progress bar, where loading ends
 * @returns {Promise<Row[]>}
 */
export async function loadAll(task, backends, share) {
  const { engine, plan, report, image, look } = task;
  const { signal, progress } = task.control;
  /** @type {Row[]} */
  const rows = [];
  const lanes = shuffled(
    backends.flatMap((backend) => formatsOf(plan.model).map((format) => ({ backend, format }))),
  );
  for (const [index, { backend, format }] of lanes.entries()) {
    if (signal.aborted) break;
    const name = `${format} @ tfjs/${backend}`;
    const row = /** @type {LaneReport} */ (report.lanes.find(({ lane }) => lane === name));
    const done = (index / lanes.length) * share;
    progress(done, `Loading ${format} on ${backend}`);
    await breath();
    try {
      // A new URL each time bypasses the browser's cache and lanes that other pages have loaded.
      const url = `${modelAddress(plan.model, format)}?run=${crypto.randomUUID()}`;
      const onProgress = (/** @type {number} */ part) =>
        progress(
          done,
          `Loading ${format} on ${backend}: ${Math.round(part * 100)} % of its weights are here`,
        );
      const input = plan.model.input;
      const lane = await engine.loadLane(format, url, { backend, input, onProgress });
      rows.push({ lane, report: row });
      row.load_ms = lane.loadMs;
      const { ms, probabilities } = await lane.predict(image, 1);
      row.first_ms = ms;
      look(row, probabilities, 1);
    } catch (error) {
      row.error = reason(error).slice(0, 500);
    }
  }
  return rows;
}
