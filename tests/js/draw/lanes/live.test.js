import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';

import { levels } from '../../../../app/draw/canvas/digit_from_strokes.js';
import { pathOf } from '../../../../app/draw/canvas/strokes.js';
import { LiveReading } from '../../../../app/draw/lanes/live.js';
import { restoreTime, settle, spend, stopTime, tick } from '../../support/clock.js';
import { setGlobals } from '../../support/dom.js';
import { Deferred } from '../../support/engine.js';

/** @typedef {import('../../../../app/draw/canvas/digit_from_strokes.js').Path} Path */

/** What waits for the next frame. @type {(() => void)[]} */
let frames = [];
/** What lanes were asked. @type {Float32Array[]} */
let asked = [];
/** What was shown. @type {unknown[]} */
let shown = [];
/** What the lanes answer. @type {() => Promise<any>} */
let answers;
/** @type {LiveReading} */
let live;

beforeEach(() => {
  stopTime();
  frames = [];
  asked = [];
  shown = [];
  answers = async () => ['seven'];
  setGlobals({ requestAnimationFrame: (/** @type {() => void} */ run) => frames.push(run) });
  const lanes = {
    live: (/** @type {Float32Array} */ pixels) => {
      asked.push(pixels);
      return answers();
    },
  };
  live = new LiveReading(/** @type {any} */ (lanes), (given) => void shown.push(given));
});
afterEach(restoreTime);

async function frame() {
  for (const run of frames.splice(0)) run();
  await settle();
}

/** A stroke to the right. @param {number} length @returns {Path[]} */
const stroke = (length) => [
  pathOf([
    [20, 20],
    [20 + length, 40],
  ]),
];

test('a stroke is read on the next frame, as its digit', async () => {
  live.follow(stroke(60));
  assert.equal(asked.length, 0);
  await frame();
  const digit = /** @type {Uint8Array} */ (levels({ objects: stroke(60) }));
  assert.deepEqual([...asked[0]], [...Float32Array.from(digit, (each) => each / 255)]);
  assert.deepEqual(shown, [['seven']]);
});

test('of all that the pen did since the last frame the latest is read, once', async () => {
  live.follow(stroke(20));
  live.follow(stroke(90));
  await frame();
  await frame();
  assert.equal(asked.length, 1);
  const digit = /** @type {Uint8Array} */ (levels({ objects: stroke(90) }));
  assert.equal(asked[0][400], Math.fround(digit[400] / 255));
});

test('a pen that goes on is read again; one that stands still is not', async () => {
  live.follow(stroke(20));
  await frame();
  await frame();
  live.follow(stroke(30));
  await frame();
  assert.equal(asked.length, 2);
});

test('while lanes answer, no second reading begins', async () => {
  /** @type {Deferred<string[]>} */
  const answer = new Deferred();
  answers = () => answer.promise;
  live.follow(stroke(20));
  await frame();
  live.follow(stroke(30));
  await frame();
  assert.equal(asked.length, 1);
  answer.resolve(['one']);
  await settle();
  await frame();
  assert.deepEqual([asked.length, shown], [2, [['one'], ['one']]]);
});

test('an answer that comes after the pen is up is not shown', async () => {
  /** @type {Deferred<string[]>} */
  const answer = new Deferred();
  answers = () => answer.promise;
  live.follow(stroke(20));
  await frame();
  live.stop();
  answer.resolve(['late']);
  await settle();
  assert.deepEqual(shown, []);
});

test('nor is it shown in the next stroke, which is read on its own', async () => {
  /** @type {Deferred<string[]>} */
  const late = new Deferred();
  answers = () => late.promise;
  live.follow(stroke(20));
  await frame();
  live.stop();
  answers = async () => ['next'];
  live.follow(stroke(50));
  late.resolve(['late']);
  await settle();
  await frame();
  assert.deepEqual([asked.length, shown], [2, [['next']]]);
});

test('a pen that is up before the frame leaves nothing to be read', async () => {
  live.follow(stroke(20));
  live.stop();
  await frame();
  assert.deepEqual([asked.length, frames.length], [0, 0]);
});

test('where lanes have no answer for now, nothing is shown, and the next frame asks again', async () => {
  answers = async () => null;
  live.follow(stroke(20));
  await frame();
  answers = async () => ['seven'];
  live.follow(stroke(30));
  await frame();
  assert.deepEqual(shown, [['seven']]);
});

test('after three long readings one after the other there is a pause before the next', async () => {
  answers = async () => {
    spend(51);
    return ['slow'];
  };
  for (let turn = 0; turn < 6; turn += 1) {
    live.follow(stroke(20 + turn));
    await frame();
  }
  assert.equal(asked.length, 3);
  await tick(500);
  await frame();
  assert.equal(asked.length, 4);
  live.follow(stroke(30));
  await frame();
  assert.equal(asked.length, 4);
});

test('once readings are short again, there is no pause', async () => {
  let took = 51;
  answers = async () => {
    spend(took);
    return ['slow'];
  };
  for (let turn = 0; turn < 4; turn += 1) {
    live.follow(stroke(20 + turn));
    await frame();
  }
  took = 5;
  await tick(500);
  await frame();
  live.follow(stroke(30));
  await frame();
  assert.equal(asked.length, 5);
});

test('a pen that is lifted in such a pause is followed no more; the next stroke is at once', async () => {
  answers = async () => {
    spend(51);
    return ['slow'];
  };
  for (let turn = 0; turn < 4; turn += 1) {
    live.follow(stroke(20 + turn));
    await frame();
  }
  live.stop();
  live.follow(stroke(40));
  await frame();
  assert.equal(asked.length, 4);
  await tick(500);
  await frame();
  assert.equal(asked.length, 4);
});

test('a long reading now and then is none of these', async () => {
  let turn = 0;
  answers = async () => {
    turn += 1;
    spend(turn % 3 ? 51 : 5);
    return ['slow'];
  };
  for (let each = 0; each < 9; each += 1) {
    live.follow(stroke(20 + each));
    await frame();
  }
  assert.equal(asked.length, 9);
});
