/**
 * The time of one prediction after warm-up.
 *
 * @import {Lane} from '../../frontend/tfjs.js'
 */

/**
 * Runs of each lane, and time for all lanes. At least `enough` runs are compared in spite of a hiccup;
 * a slow backend must not block the page for longer than `mostMs`.
 */
const TIMED_RUNS = { enough: 8, repeats: 10, budgetMs: 12, mostMs: 60 };

/**
 * Times in milliseconds, a list for each lane. The lanes take turns, in alternating order, so that a
 * slow moment of the machine affects all of them.
 * @param {Lane[]} lanes
 * @param {Float32Array} digit
 * @param {() => boolean} goOn
 * @returns {Promise<number[][]>}
 */
export async function steady(lanes, digit, goOn) {
  /** @type {number[][]} */
  const times = lanes.map(() => []);
  const order = [...lanes.keys()];
  const begin = performance.now();
  for (let turn = 0; turn < TIMED_RUNS.repeats && goOn(); turn += 1) {
    for (const number of order) times[number].push((await lanes[number].predict(digit, 1)).ms);
    order.reverse();
    const passed = performance.now() - begin;
    if (passed > (turn + 1 < TIMED_RUNS.enough ? TIMED_RUNS.mostMs : TIMED_RUNS.budgetMs)) break;
  }
  return times;
}

/**
 * Times taken during the canvas's debounce. A lane takes as long for one digit as for another, so a
 * drawing's answer need not wait for timing.
 */
export class EarlyTimes {
  constructor() {
    /** @type {Lane[]} */
    this.lanes = [];
    /** @type {Promise<number[][]>} */
    this.taken = Promise.resolve([]);
    this.begun = 0;
  }

  /** @param {Lane[]} lanes @param {Float32Array} digit @param {() => boolean} goOn */
  take(lanes, digit, goOn) {
    this.lanes = lanes;
    this.begun = performance.now();
    this.taken = steady(lanes, digit, goOn).catch(() => []);
  }

  /** The times taken a moment ago of exactly these lanes, once; null for too few. @param {Lane[]} lanes */
  async of(lanes) {
    const same =
      lanes.length === this.lanes.length &&
      lanes.every((lane, number) => lane === this.lanes[number]);
    if (!same || performance.now() - this.begun > 1000) return null;
    this.lanes = [];
    const times = await this.taken;
    return times.length > 0 && times.every((each) => each.length >= TIMED_RUNS.enough)
      ? times
      : null;
  }
}
