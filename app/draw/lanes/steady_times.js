/**
 * What one digit takes after warm-up.
 *
 * @import {Lane} from '../../frontend/tfjs.js'
 */

/** Runs of each lane and time for all. A hiccup may not leave too few to compare, a slow backend not hold the page. */
const TIMED_RUNS = { enough: 8, repeats: 10, budgetMs: 12, mostMs: 60 };

/**
 * Times in milliseconds, a list for each lane. The lanes take turns, so that what slows the machine
 * slows all, and each turn the other way round.
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
 * The times that are taken while the canvas waits for the pen's return. A lane takes as long for
 * one digit as for another, so that a drawing's answer need not wait for the clock.
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

  /** What was taken a moment ago of these very lanes, once; null when it was not enough. @param {Lane[]} lanes */
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
