import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';

import { BrowserLanes } from '../../../../app/draw/lanes/browser_lanes.js';
import { Rest } from '../../../../app/draw/lanes/rest.js';
import { restoreTime, settle, stopTime, tick, until } from '../../support/clock.js';
import { newPage } from '../../support/dom.js';
import { served } from '../../support/engine.js';
import { hold, newEngine, picture, seen, wanted } from '../../support/lanes.js';

const AUTO = wanted({ backend: 'auto' });
const kept = () => sessionStorage.getItem('digit-parity-backend');

/** @type {BrowserLanes} */
let lanes;
/** @type {Rest} */
let rest;
let measured = 0;
/** How often backends were measured. */
let probes = 0;

beforeEach(async () => {
  newPage();
  stopTime();
  newEngine();
  measured = probes = 0;
  const { chooseBackend } = served.engine;
  Object.assign(served.engine, {
    chooseBackend: async (/** @type {any} */ candidates, /** @type {any} */ probe) => {
      if (probe) probes += 1;
      return chooseBackend(candidates, probe);
    },
  });
  lanes = new BrowserLanes(() => {});
  rest = new Rest(lanes, () => {
    measured += 1;
  });
});
afterEach(restoreTime);

/** Lanes that have answered a picture. @param {import('../../support/lanes.js').Wanted} its */
async function answered(its = wanted()) {
  let isDone = false;
  const report = lanes.answer(
    its,
    picture(1),
    () => true,
    () => {},
  );
  void report.then(() => {
    isDone = true;
  });
  await until(() => isDone);
}

/** How many times of the first lane are known. */
const times = () => {
  const lane = lanes.loaded?.lanes[0].lane;
  return lane ? lanes.times.of(lane).length : 0;
};

test('lanes are timed once more when the page rests after an answer', async () => {
  await answered();
  void rest.begin(wanted(), picture(1));
  await tick(299);
  assert.deepEqual([times(), measured], [8, 0]);
  await tick(1);
  assert.deepEqual([times(), measured], [16, 1]);
});

test('a stroke before that puts it off', async () => {
  await answered();
  void rest.begin(wanted(), picture(1));
  await tick(200);
  rest.end();
  await tick(10_000);
  assert.deepEqual([times(), measured], [8, 0]);
});

test('a stroke while lanes are timed ends that', async () => {
  await answered();
  const predictions = hold('predict');
  void rest.begin(wanted(), picture(1));
  await tick(300);
  rest.end();
  predictions.release();
  await settle();
  assert.deepEqual([times(), measured], [9, 0]);
});

test('backends are measured once the page has rested longer, and the fastest is used next', async () => {
  await answered(AUTO);
  assert.equal(lanes.loaded?.backend, 'wasm');
  void rest.begin(AUTO, picture(1));
  await tick(300);
  await tick(1199);
  assert.deepEqual([kept(), measured], [null, 0]);
  await tick(1);
  assert.deepEqual([kept(), measured], ['cpu', 1]);
  assert.equal(lanes.loaded?.backend, 'cpu');
  seen.loads = [];
  await answered(AUTO);
  assert.deepEqual(seen.loads, []);
});

test('a stroke before that puts it off, too', async () => {
  await answered(AUTO);
  void rest.begin(AUTO, picture(1));
  await tick(300);
  await tick(1000);
  rest.end();
  await tick(10_000);
  assert.deepEqual([probes, measured], [0, 0]);
});

test('a picture while backends are measured does not have them measured twice', async () => {
  await answered(AUTO);
  const loads = hold('load');
  void rest.begin(AUTO, picture(1));
  await tick(300);
  await tick(1200);
  void rest.begin(AUTO, picture(2));
  await tick(300);
  await tick(1200);
  loads.release();
  await settle();
  assert.deepEqual([probes, measured], [1, 1]);
});

test('another model while backends are measured keeps its own lanes', async () => {
  await answered(AUTO);
  const loads = hold('load');
  void rest.begin(AUTO, picture(1));
  await tick(300);
  await tick(1200);
  rest.end();
  const other = wanted({ name: 'other', backend: 'auto' });
  const ready = lanes.use(other);
  loads.release();
  await settle();
  assert.equal(lanes.loaded, await ready);
});

test('another model that came while backends were measured runs on the fastest at the next rest', async () => {
  const other = wanted({ name: 'other', backend: 'auto' });
  await answered(other); // on the first that works
  assert.equal(lanes.loaded?.backend, 'wasm');
  sessionStorage.setItem('digit-parity-backend', 'cpu');
  void rest.begin(other, picture(1));
  await tick(300);
  await tick(1200);
  assert.equal(lanes.loaded?.backend, 'cpu');
});

test('a backend that the visitor asks for is not measured against others', async () => {
  await answered(wanted({ backend: 'webgl' }));
  void rest.begin(wanted({ backend: 'webgl' }), picture(1));
  await tick(300);
  await tick(1200);
  assert.deepEqual([probes, measured], [0, 1]);
});

test('backends are not measured again in a tab that knows the fastest', async () => {
  sessionStorage.setItem('digit-parity-backend', 'webgl');
  await answered(AUTO);
  void rest.begin(AUTO, picture(1));
  await tick(300);
  await tick(1200);
  assert.deepEqual([probes, kept()], [0, 'webgl']);
});

test('where backends cannot be measured, what is in use stays in use', async () => {
  await answered(AUTO);
  const { loaded } = lanes;
  served.engine.chooseBackend = async () => Promise.reject(new Error('no backend works'));
  void rest.begin(AUTO, picture(1));
  await tick(300);
  await tick(1200);
  assert.deepEqual([lanes.loaded, measured], [loaded, 1]);
});
