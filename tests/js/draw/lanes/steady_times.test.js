import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';

import { PooledTimes, steady } from '../../../../app/draw/lanes/steady_times.js';
import { restoreTime, spend, stopTime } from '../../support/clock.js';
import { stubLane, sure } from '../../support/engine.js';

const DIGIT = new Float32Array(784);
const always = () => true;

/** Names of the lanes in the order in which they predicted. @type {string[]} */
let order;

beforeEach(() => {
  stopTime();
  order = [];
});
afterEach(restoreTime);

/** A lane that takes so long for a digit. @param {string} name @param {number} ms */
const lane = (name, ms) =>
  stubLane({
    predict: async () => {
      order.push(name);
      spend(ms);
      return sure(3, ms);
    },
  });

test('lanes take turns, each turn the other way round', async () => {
  await steady([lane('a', 0.1), lane('b', 0.1)], DIGIT, always);
  assert.equal(order.slice(0, 8).join(''), 'abbaabba');
});

test("each lane's times are its own", async () => {
  const times = await steady([lane('a', 0.25), lane('b', 0.5)], DIGIT, always);
  assert.deepEqual(times, [Array(10).fill(0.25), Array(10).fill(0.5)]);
});

test('after eight turns the clock ends when 12 ms are over', async () => {
  assert.equal((await steady([lane('a', 1.4)], DIGIT, always))[0].length, 9);
  assert.equal((await steady([lane('a', 2)], DIGIT, always))[0].length, 8);
});

test('a slow lane holds the page for about 60 ms, and takes one turn at least', async () => {
  assert.equal((await steady([lane('a', 11)], DIGIT, always))[0].length, 6);
  assert.equal((await steady([lane('a', 500)], DIGIT, always))[0].length, 1);
});

test('the clock ends in the middle when its digit is no longer shown', async () => {
  const times = await steady([lane('a', 1)], DIGIT, () => order.length < 3);
  assert.equal(times[0].length, 3);
});

test('the times of a lane are pooled, the latest two hundred of them', () => {
  const pool = new PooledTimes();
  const one = lane('a', 1);
  for (let time = 0; time < 30; time += 1) pool.add(one, Array(10).fill(time));
  assert.equal(pool.of(one).length, 200);
  assert.deepEqual([pool.of(one)[0], pool.of(one)[199]], [10, 29]);
});

test('each lane has its own, and one that was not timed has none', () => {
  const pool = new PooledTimes();
  const [one, other] = [lane('a', 1), lane('b', 1)];
  pool.add(one, [1, 2]);
  assert.deepEqual([pool.of(one), pool.of(other)], [[1, 2], []]);
});

test('eight times are enough to name a median', () => {
  const pool = new PooledTimes();
  const one = lane('a', 1);
  pool.add(one, Array(7).fill(1));
  assert.equal(pool.enough(one), false);
  pool.add(one, [1]);
  assert.equal(pool.enough(one), true);
});

test('times are kept to the microsecond, as clocks give them', () => {
  const pool = new PooledTimes();
  const one = lane('a', 1);
  pool.add(one, [0.5549999997019768, 1.2]);
  assert.deepEqual(pool.of(one), [0.555, 1.2]);
});
