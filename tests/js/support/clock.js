/** Time that passes only when a test says so. */

import { mock } from 'node:test';

/** After so long a test gives up, by the true time. */
const LONGEST_MS = 20_000;

let passed = 0;
let stopped = false;

/** From now on timers and `performance.now` go by `tick`. */
export function stopTime() {
  mock.timers.enable({ apis: ['setTimeout'] });
  passed = 0;
  stopped = true;
  mock.method(performance, 'now', () => passed);
}

export function restoreTime() {
  stopped = false;
  mock.timers.reset();
  mock.restoreAll();
}

/** `performance.now` alone goes on: the work that a test times has taken so long. @param {number} ms */
export function spend(ms) {
  passed += ms;
}

/** Milliseconds pass, and what waited for them is done. @param {number} ms */
export async function tick(ms) {
  await settle();
  passed += ms;
  mock.timers.tick(ms);
  await settle();
}

/** All that waits for nothing but its turn is done. */
export async function settle() {
  for (let turn = 0; turn < 10; turn += 1) {
    await new Promise((resolve) => setImmediate(resolve));
    if (stopped) mock.timers.tick(0);
  }
}

/** Go on once this holds, as after a module was loaded. @param {() => boolean} holds */
export async function until(holds) {
  const begin = Date.now();
  while (!holds()) {
    if (Date.now() - begin > LONGEST_MS) throw new Error(`This never came to hold: ${holds}`);
    await settle();
  }
}
