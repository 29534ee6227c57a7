/**
 * The time of one prediction after warm-up, and the times of a visit.
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

/** How many times of a lane are enough to name a median, and how many are kept. */
const ENOUGH = 8;
const KEPT = 200;
/** In a millisecond: no browser's clock is finer, and more digits are sent for nothing. */
const MICROSECONDS = 1000;

/** The times of each lane over the visit: a lane takes as long for one picture as for another. */
export class PooledTimes {
  constructor() {
    /** @type {WeakMap<Lane, number[]>} */
    this.kept = new WeakMap();
  }

  /** @param {Lane} lane @param {readonly number[]} times  in milliseconds */
  add(lane, times) {
    const whole = times.map((ms) => Math.round(ms * MICROSECONDS) / MICROSECONDS);
    this.kept.set(lane, [...this.of(lane), ...whole].slice(-KEPT));
  }

  /** The latest times. @param {Lane} lane @returns {number[]} */
  of(lane) {
    return this.kept.get(lane) ?? [];
  }

  /** @param {Lane} lane */
  enough(lane) {
    return this.of(lane).length >= ENOUGH;
  }
}
