import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';

import { EarlyTimes, steady } from '../../../../app/draw/lanes/steady_times.js';
import { restoreTime, settle, spend, stopTime } from '../../support/clock.js';
import { Deferred, stubLane, sure } from '../../support/engine.js';

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

test('early times are used once, by the lanes that they are of', async () => {
  const early = new EarlyTimes();
  const lanes = [lane('a', 1), lane('b', 2)];
  early.take(lanes, DIGIT, always);
  assert.deepEqual(await early.of([...lanes]), [Array(8).fill(1), Array(8).fill(2)]);
  assert.equal(await early.of(lanes), null);
});

test('early times of other lanes, or of fewer, are of no use', async () => {
  const early = new EarlyTimes();
  const lanes = [lane('a', 1), lane('b', 2)];
  early.take(lanes, DIGIT, always);
  assert.equal(await early.of([lanes[0], lane('b', 2)]), null);
  assert.equal(await early.of([lanes[0]]), null);
  assert.equal(await early.of([...lanes, lane('c', 1)]), null);
  assert.notEqual(await early.of(lanes), null);
});

test('early times are of no use a second later', async () => {
  const early = new EarlyTimes();
  const lanes = [lane('a', 1)];
  early.take(lanes, DIGIT, always);
  await settle();
  spend(1_000);
  assert.equal(await early.of(lanes), null);
});

test('early times that were broken off are of no use', async () => {
  const early = new EarlyTimes();
  const lanes = [lane('a', 1)];
  early.take(lanes, DIGIT, () => order.length < 7);
  assert.equal(await early.of(lanes), null);
});

test('a lane that fails meanwhile leaves no early times, and no error behind', async () => {
  const early = new EarlyTimes();
  const lanes = [stubLane({ predict: async () => Promise.reject(new Error('lost')) })];
  early.take(lanes, DIGIT, always);
  assert.equal(await early.of(lanes), null);
});

test('who asks while early times are taken gets them when they are there', async () => {
  const early = new EarlyTimes();
  /** @type {Deferred<void>} */
  const gate = new Deferred();
  const lanes = [stubLane({ predict: () => gate.promise.then(() => sure(3, 1)) })];
  early.take(lanes, DIGIT, always);
  const times = early.of(lanes);
  gate.resolve();
  assert.deepEqual(await times, [Array(10).fill(1)]);
});
