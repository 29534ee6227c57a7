/**
 * Lanes take turns: in shuffled order, so that a slow moment of the machine affects all alike, and
 * each after the page could draw.
 *
 * @import {Lane} from '../../frontend/tfjs.js'
 * @import {LaneReport} from './report.js'
 *
 * @typedef {object} Row
 * @property {Lane} lane
 * @property {LaneReport} report
 */

import { reason } from '../../frontend/tfjs.js';

const LONGEST_MS = 600; // a batch that would block the page for longer is left out

/**
 * Every lane's turn, after the page could draw. A lane that fails gets no further turns.
 * @param {Row[]} rows
 * @param {AbortSignal} signal
 * @param {(row: Row) => Promise<void>} once
 */
export async function round(rows, signal, once) {
  for (const row of shuffled(rows)) {
    if (signal.aborted || row.report.error !== null) continue;
    await breath();
    try {
      await once(row);
    } catch (error) {
      row.report.error = reason(error).slice(0, 500);
    }
  }
}

/**
 * Whether a batch of this size would freeze the page, judged by the next smaller size, or by one
 * image alone: plain JavaScript takes seconds for a photograph.
 * @param {LaneReport} report
 * @param {number} size
 */
export function tooLong({ batches, steady_ms }, size) {
  const smaller = batches.filter((batch) => batch.size < size).at(-1);
  const one = smaller ? Math.min(...smaller.ms) / smaller.size : Math.min(...steady_ms);
  return one * size > LONGEST_MS;
}

/**
 * `elapsed` gives the elapsed share of `budgetMs`; `hasTime` whether another round as long as those
 * that are done would end in it. There is time for the first in any case.
 * @param {number} budgetMs
 */
export function stopwatch(budgetMs) {
  const begin = performance.now();
  const spent = () => performance.now() - begin;
  return {
    elapsed: () => spent() / Math.max(1, budgetMs),
    hasTime: (/** @type {number} */ done) => done === 0 || spent() + spent() / done <= budgetMs,
  };
}

/** Lets the page draw and handle events. */
export const breath = () => new Promise((resolve) => void setTimeout(resolve, 0));

/**
 * A shuffled copy (Fisher-Yates).
 * @template T
 * @param {readonly T[]} list
 * @returns {T[]}
 */
export function shuffled(list) {
  const mixed = [...list];
  for (let last = mixed.length - 1; last > 0; last -= 1) {
    const other = Math.floor(Math.random() * (last + 1));
    [mixed[last], mixed[other]] = [mixed[other], mixed[last]];
  }
  return mixed;
}
