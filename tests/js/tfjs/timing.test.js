import assert from 'node:assert/strict';
import { afterEach, beforeEach, mock, test } from 'node:test';

import { median, quantile, repeat } from '../../../models/tfjs/src/timing.js';
import { restoreTime, settle, spend, stopTime } from '../support/clock.js';

beforeEach(stopTime);
afterEach(restoreTime);

/** Something that takes so long, and says so. @param {number} ms */
const taking = (ms) => async () => {
  spend(ms);
  return ms;
};

/** @template T @param {Promise<T>} work that gives the page its turn between */
async function done(work) {
  let over = false;
  void work.finally(() => {
    over = true;
  });
  while (!over) await settle();
  return work;
}

test('so many times are taken, thirty unless said', async () => {
  assert.equal((await done(repeat(taking(1)))).length, 30);
  assert.deepEqual(await done(repeat(taking(1), { repeats: 3 })), [1, 1, 1]);
  assert.deepEqual(await done(repeat(taking(1), { repeats: 0 })), []);
});

test('no time is taken once the budget is spent, but one is', async () => {
  assert.equal((await done(repeat(taking(10), { budgetMs: 25 }))).length, 3);
  assert.equal((await done(repeat(taking(10), { budgetMs: 0 }))).length, 1);
});

test('a clock that is stopped in the middle takes no further time', async () => {
  const stop = new AbortController();
  let runs = 0;
  const once = async () => {
    runs += 1;
    if (runs === 2) stop.abort();
    return 1;
  };
  assert.equal((await done(repeat(once, { signal: stop.signal }))).length, 2);
  assert.deepEqual(await done(repeat(once, { signal: stop.signal })), []);
});

test('the page has its turn when it was held for 12 ms, and that is in no time', async () => {
  const turns = mock.method(globalThis, 'setTimeout');
  const times = await done(repeat(taking(5), { repeats: 7 }));
  assert.deepEqual(times, Array(7).fill(5));
  assert.equal(turns.mock.callCount(), 2); // after 15 ms and 30 ms
});

test("quantiles are NumPy's: linear between neighbours, in any order, NaN of nothing", () => {
  assert.equal(quantile([4, 1, 3, 2], 0.25), 1.75);
  assert.equal(quantile([7], 0.9), 7);
  assert.deepEqual([quantile([10, 9, 100], 0), quantile([10, 9, 100], 1)], [9, 100]);
  assert.equal(median([3, 1, 2, 10]), 2.5);
  assert.equal(median([]), NaN);
});

test('what is summed up stays as it was', () => {
  const values = [3, 1, 2];
  median(values);
  assert.deepEqual(values, [3, 1, 2]);
});
