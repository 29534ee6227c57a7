/**
 * Time that passes only when a test says so. Node's own `mock.timers` forgets a timer after another
 * was cleared, in Node 20.11, and its timers are no numbers as a browser's are.
 */

import { mock } from 'node:test';

import { setGlobals } from './dom.js';

/** After so long a test gives up, by the true time. */
const LONGEST_MS = 20_000;

const { setTimeout, clearTimeout } = globalThis;

let passed = 0;
let timers = 0;
/** When each is due, and what it does. @type {Map<number, {at: number, run: () => void}>} */
const waiting = new Map();

/** From now on timers and `performance.now` go by `tick`. */
export function stopTime() {
  passed = 0;
  waiting.clear();
  mock.method(performance, 'now', () => passed);
  setGlobals({
    setTimeout: (
      /** @type {(...given: unknown[]) => void} */ run,
      ms = 0,
      /** @type {unknown[]} */ ...given
    ) => {
      timers += 1;
      waiting.set(timers, { at: passed + ms, run: () => run(...given) });
      return timers;
    },
    clearTimeout: (/** @type {number} */ timer) => waiting.delete(timer),
  });
}

export function restoreTime() {
  waiting.clear();
  setGlobals({ setTimeout, clearTimeout });
  mock.restoreAll();
}

/** What is due now is done, in its order. */
function runTimers() {
  const due = [...waiting].filter(([, { at }]) => at <= passed).sort(([, a], [, b]) => a.at - b.at);
  for (const [timer, { run }] of due) if (waiting.delete(timer)) run();
}

/** `performance.now` alone goes on: the work that a test times has taken so long. @param {number} ms */
export function spend(ms) {
  passed += ms;
}

/** Milliseconds pass, and what waited for them is done. @param {number} ms */
export async function tick(ms) {
  await settle();
  passed += ms;
  await settle();
}

/** All that waits for nothing but its turn is done. */
export async function settle() {
  for (let turn = 0; turn < 10; turn += 1) {
    await new Promise((resolve) => setImmediate(resolve));
    runTimers();
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
