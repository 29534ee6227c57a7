import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';

import { BrowserLanes } from '../../../../app/draw/lanes/browser_lanes.js';
import { restoreTime, settle, stopTime, until } from '../../support/clock.js';
import { newPage } from '../../support/dom.js';
import { before, hold, ms, newEngine, picture, pixels, seen, wanted } from '../../support/lanes.js';

/** @typedef {import('../../../../app/draw/lanes/predict.js').Answer} Answer */

const always = () => true;
/** Progress that was told. @type {string[]} */
let told = [];
/** @type {BrowserLanes} */
let lanes;

beforeEach(() => {
  newPage();
  stopTime();
  newEngine();
  told = [];
  lanes = new BrowserLanes((format, share) => void told.push(`${format} ${share}`));
});
afterEach(restoreTime);

/** A promise that timers have to pass for. @template T @param {Promise<T>} work @returns {Promise<T>} */
async function done(work) {
  let isDone = false;
  void work.finally(() => {
    isDone = true;
  });
  await until(() => isDone);
  return work;
}

/** @param {number} level @param {() => boolean} isCurrent */
const answer = (level, isCurrent = always, its = wanted()) =>
  done(lanes.answer(its, picture(level), isCurrent, () => {}));

/** The class that an answer is sure of. @param {Answer} answer */
const reads = ({ probabilities }) => probabilities?.indexOf(1);

test('both lanes answer, each is told as it does, and the report has both', async () => {
  /** @type {string[]} */
  const heard = [];
  const report = await done(
    lanes.answer(wanted(), picture(7), always, (each) => {
      heard.push(`${each.format} ${reads(each)}`);
    }),
  );
  assert.deepEqual(heard, ['graph 7', 'layers 7']);
  assert.deepEqual(report?.lanes.map(reads), [7, 7]);
  assert.equal(report?.backend, 'wasm');
  assert.equal(report?.environment.browser, 'Stub 1.0');
});

test('lanes are loaded once for all pictures', async () => {
  await answer(1);
  await answer(2);
  assert.deepEqual(seen.loads, ['graph wasm', 'layers wasm']);
});

test('a small model’s files are announced, a format’s once those before are there', async () => {
  const files = { layers: ['l.json', 'l.bin'], graph: ['g.json', 'g.bin'] };
  const its = wanted({ name: 'announced' });
  const announced = () =>
    /** @type {any[]} */ (Array.from(document.head.children)).map(({ href }) =>
      href.split('/models/').pop(),
    );
  const graphs = ['announced/v1/g.json', 'announced/v1/g.bin'];
  const loads = hold('load');
  const answered = answer(1, always, { ...its, model: { ...its.model, files } });
  await until(() => loads.gates.length > 0);
  assert.deepEqual(announced(), graphs);
  loads.release();
  await answered;
  assert.deepEqual(announced(), [...graphs, 'announced/v1/l.json', 'announced/v1/l.bin']);
});

test('lanes are timed with the first picture, and every report has these times', async () => {
  const first = await answer(1);
  const second = await answer(2);
  assert.equal(first?.lanes[0].steadyMs.length, 8);
  assert.deepEqual(second?.lanes[0].steadyMs, first?.lanes[0].steadyMs);
  assert.equal(seen.predicted.filter((each) => each.endsWith(' 2')).length, 2);
});

/** The next picture takes the place of the first once that has come so far. @param {'load' | 'predict'} what */
async function replacedDuring(what) {
  const held = hold(what);
  let isCurrent = true;
  const first = lanes.answer(
    wanted(),
    picture(1),
    () => isCurrent,
    () => assert.fail(),
  );
  await until(() => held.gates.length === 1);
  isCurrent = false;
  const second = answer(2);
  held.release();
  assert.equal(await done(first), null);
  assert.deepEqual((await second)?.lanes.map(reads), [2, 2]);
}

test('a picture that was replaced while lanes loaded is not predicted', async () => {
  await replacedDuring('load');
  assert.equal(seen.predicted.filter((each) => each.endsWith(' 1')).length, 0);
});

test('of two quick pictures the first is told of no more, and ends without a report', async () => {
  await answer(0);
  await replacedDuring('predict');
});

test('a lane that fails with the first picture is not timed, and the report says why', async () => {
  before.predict = async (what) => {
    if (what === 'layers 1') throw new Error('lost');
  };
  const report = await answer(1);
  assert.deepEqual(
    report?.lanes.map(({ error, steadyMs }) => [error, steadyMs.length]),
    [
      [null, 8],
      ['lost', 0],
    ],
  );
});

test('a lane that fails while lanes are timed costs its times, not the answer', async () => {
  let asked = 0;
  before.predict = async () => {
    asked += 1;
    if (asked > 5) throw new Error('lost');
  };
  const report = await answer(1);
  assert.deepEqual(report?.lanes.map(reads), [1, 1]);
  assert.deepEqual(
    report?.lanes.map(({ steadyMs }) => steadyMs.length),
    [1, 1],
  );
});

test('a picture that is replaced while lanes are timed has no report', async () => {
  let asked = 0;
  const report = await answer(1, () => {
    asked += 1;
    return asked < 8;
  });
  assert.equal(report, null);
});

test('another model while the first loads: what comes of the first is dropped', async () => {
  const loads = hold('load');
  const first = lanes.use(wanted());
  await until(() => loads.gates.length === 1);
  const second = lanes.use(wanted({ name: 'other' }));
  await until(() => loads.gates.length === 2);
  told = [];
  loads.gates[0].resolve(); // the first goes on to its second lane
  await until(() => loads.gates.length === 3);
  assert.deepEqual(told, []);
  loads.release();
  await Promise.all([done(first), done(second)]);
  assert.equal(lanes.loaded, await second);
});

test('another backend while the first loads: each lane runs on its own', async () => {
  const loads = hold('load');
  const first = lanes.use(wanted({ backend: 'wasm' }));
  await until(() => loads.gates.length === 1);
  const second = lanes.use(wanted({ backend: 'cpu' }));
  await until(() => loads.gates.length === 2);
  loads.release();
  await Promise.all([done(first), done(second)]);
  assert.deepEqual(seen.loads.sort(), ['graph cpu', 'graph wasm', 'layers cpu', 'layers wasm']);
  assert.equal((await first).backend, 'wasm');
  assert.equal(lanes.loaded?.backend, 'cpu');
});

test('a lane that could not be loaded is tried again with the next picture', async () => {
  before.load = async (what) => {
    if (what === 'layers wasm') throw new Error('the network is gone');
  };
  const failed = await answer(1);
  assert.deepEqual(
    failed?.lanes.map(({ error }) => error),
    [null, 'the network is gone'],
  );
  assert.equal(lanes.loaded, null);
  before.load = async () => {};
  assert.deepEqual((await answer(2))?.lanes.map(reads), [2, 2]);
  assert.notEqual(lanes.loaded, null);
});

test('without a bundle every lane says why', async () => {
  const report = await answer(1, always, wanted({ bundle: null }));
  assert.equal(report?.backend, null);
  for (const { error } of report?.lanes ?? []) assert.match(error ?? '', /not installed/);
});

test('a lane that fails with one picture has no times in its answer', async () => {
  await answer(1);
  before.predict = async () => Promise.reject(new Error('lost'));
  const report = await answer(2);
  assert.deepEqual(
    report?.lanes.map(({ error, steadyMs }) => [error, steadyMs]),
    [
      ['lost', []],
      ['lost', []],
    ],
  );
});

test('while the pen moves the loaded lanes answer, with the times of the visit', async () => {
  await answer(1);
  const live = await done(lanes.live(pixels(7), always));
  assert.deepEqual(live?.map(reads), [7, 7]);
  assert.equal(live?.[0].steadyMs.length, 8);
});

test('what is predicted while the pen moves is in no times', async () => {
  const first = await answer(1);
  await done(lanes.live(pixels(7), always));
  assert.deepEqual((await answer(2))?.lanes[0].steadyMs, first?.lanes[0].steadyMs);
});

test('while lanes load, nothing is read along', async () => {
  hold('load');
  void lanes.use(wanted());
  await settle();
  assert.equal(await lanes.live(pixels(7), always), null);
  assert.deepEqual(seen.predicted, []);
});

test('slow lanes are not asked while the pen moves: frames would be longer than 50 ms', async () => {
  ms.wasm = 21;
  await answer(1);
  seen.predicted = [];
  assert.equal(await lanes.live(pixels(7), always), null);
  assert.deepEqual(seen.predicted, []);
});

test('one hiccup while a lane was timed does not make it a slow one', async () => {
  let asked = 0;
  before.predict = async () => {
    asked += 1;
    ms.wasm = asked === 8 ? 100 : 2;
  };
  await answer(1);
  assert.notEqual(await done(lanes.live(pixels(7), always)), null);
});

test('a pen that is up between the two lanes ends the reading', async () => {
  await answer(1);
  seen.predicted = [];
  let isDown = true;
  const predictions = hold('predict');
  const live = lanes.live(pixels(7), () => isDown);
  await until(() => predictions.gates.length === 1);
  isDown = false;
  predictions.release();
  assert.equal(await done(live), null);
  assert.deepEqual(seen.predicted, ['graph wasm 7']);
});

test('a lane that fails while the pen moves leaves the answer to the pen-up', async () => {
  await answer(1);
  before.predict = async () => Promise.reject(new Error('lost'));
  assert.equal(await done(lanes.live(pixels(7), always)), null);
});

test('faster lanes take the place of the present ones, whose answers need not wait', async () => {
  await answer(1);
  const faster = await done(lanes.load(wanted({ backend: 'cpu' })));
  lanes.replace(wanted(), faster);
  assert.equal((await answer(2))?.backend, 'cpu');
});

test('lanes that were made for another model, or failed, take no place', async () => {
  await answer(1);
  const { loaded } = lanes;
  const other = await done(lanes.load(wanted({ name: 'other' })));
  lanes.replace(wanted({ name: 'other' }), other);
  before.load = async () => Promise.reject(new Error('gone'));
  lanes.replace(wanted(), await done(lanes.load(wanted({ backend: 'cpu' }))));
  assert.equal(lanes.loaded, loaded);
});
