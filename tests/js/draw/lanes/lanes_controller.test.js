import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';

import { levels } from '../../../../app/draw/canvas/digit_from_strokes.js';
import { DRAWN, LIFTED, padIsThere, SEEN } from '../../../../app/draw/events.js';
import browserLanes from '../../../../app/draw/lanes/browser_lanes.js';
import { encode, keptChoice } from '../../../../app/frontend/tfjs.js';
import { restoreTime, settle, spend, stopTime, tick, until } from '../../support/clock.js';
import { componentOf, element, newPage } from '../../support/dom.js';
import { BUNDLE, Deferred, served, stubEngine, stubLane, sure } from '../../support/engine.js';
import '../../support/served/engine.js'; // so that it is there at once

/** @typedef {import('../../../../app/draw/lanes/predict.js').Data} Data */
/** @typedef {import('../../../../app/draw/lanes/predict.js').Answer} Answer */
/** @typedef {import('../../../../app/draw/events.js').Drawn} Drawn */
/** @typedef {{digit: string, backend: string | null, fallback: string | null, lanes: Answer[]}} Report */

/** @type {HTMLElement} */
let root;
/** What Python got. @type {Report[]} */
let reports;
/** Digits that were predicted, by the lane's format. @type {string[]} */
let predicted;
/** What a prediction waits for. @type {(what: string) => Promise<unknown>} */
let before;
/** How often a lane was asked for. */
let loads = 0;
/** @type {() => void} */
let close;

/** A digit whose pixels all have one level. @param {number} level */
const digit = (level) => encode(new Uint8Array(784).fill(level));

/** What Python sends with a run of the page. @param {Partial<Data>} its @returns {Data} */
const data = (its) => ({
  session: 's',
  bundle: BUNDLE,
  backend: 'wasm',
  digit: null,
  model: {
    name: 'mnist',
    version: 'v1',
    paths: { graph: 'g.json', layers: 'l.json' },
    scale: 1,
    classes: [...'0123456789'],
  },
  ...its,
});

/** Python sends this. @param {Partial<Data>} its */
function show(its) {
  const setStateValue = (/** @type {string} */ _, /** @type {unknown} */ value) =>
    void reports.push(/** @type {Report} */ (value));
  close = browserLanes(componentOf(root, data(its), setStateValue));
}

/** A digit's level is the class that a lane reads; each prediction takes 1 ms. @param {'graph' | 'layers'} format */
const lane = (format) =>
  stubLane({
    firstMs: 50,
    predict: async (pixels) => {
      const what = `${format} ${Math.round(pixels[0] * 255)}`;
      predicted.push(what);
      await before(what);
      spend(1);
      return sure(Math.round(pixels[0] * 255) % 10, 1);
    },
  });

beforeEach(() => {
  newPage();
  stopTime();
  padIsThere();
  root = element('div', { className: 'dp-lanes' });
  reports = [];
  predicted = [];
  before = async () => {};
  const lanes = { graph: lane('graph'), layers: lane('layers') };
  loads = 0;
  served.engine = stubEngine({
    loadLane: async (format) => {
      loads += 1;
      return lanes[format];
    },
  });
});
afterEach(() => {
  close?.();
  restoreTime();
});

/** What the cards say. */
const cards = () =>
  ['graph', 'layers'].map((format) => {
    const card = /** @type {HTMLElement} */ (root.querySelector(`[data-format=${format}]`));
    return `${card.dataset.state} ${card.querySelector('.dp-digit')?.textContent}`;
  });

/** A stroke of the pen, and the digit that it makes. */
const STROKE = {
  type: 'path',
  path: [
    ['M', 0, 0],
    ['L', 80, 120],
  ],
  left: 0,
  top: 0,
  width: 80,
  height: 120,
};
const DRAWING = /** @type {Drawn['drawing']} */ ({ objects: [STROKE] });
const DRAWN_DIGIT = encode(/** @type {Uint8Array} */ (levels(DRAWING)));
const OTHER = /** @type {Drawn['drawing']} */ ({ objects: [STROKE, { ...STROKE, left: 50 }] });

/** The canvas asks of a drawing. @param {Drawn['drawing']} drawing */
function draw(drawing) {
  /** @type {Drawn} */
  const detail = { drawing, answer: null };
  document.dispatchEvent(new CustomEvent(DRAWN, { detail }));
  return detail.answer;
}

/** ... and its report, which comes before Python has seen it. @param {Drawn['drawing']} drawing */
async function ahead(drawing) {
  /** @type {Report | null} */
  let report = null;
  void draw(drawing)?.then((found) => {
    report = /** @type {Report} */ (found);
  });
  await until(() => report !== null);
  return /** @type {Report} */ (/** @type {unknown} */ (report));
}

/** A page on which both lanes have answered a digit already. */
async function ready() {
  show({ digit: digit(5) });
  await until(() => reports.length === 1);
  await settle();
  reports = [];
  predicted = [];
}

/** From now on predictions wait until they are let go. */
function hold() {
  /** @type {Deferred<void>[]} */
  const waiting = [];
  before = () => {
    const gate = /** @type {Deferred<void>} */ (new Deferred());
    waiting.push(gate);
    return gate.promise;
  };
  return {
    /** The one that waits now. */
    next: async () => {
      await settle();
      waiting.shift()?.resolve();
      await settle();
    },
    /** All of them, and those that follow. */
    all: async () => {
      before = async () => {};
      for (const gate of waiting) gate.resolve();
      await settle();
    },
  };
}

test('both lanes answer a digit, which is painted and reported once', async () => {
  show({ digit: digit(5) });
  await until(() => reports.length === 1);
  const [{ lanes, ...report }] = reports;
  assert.deepEqual(cards(), ['answered 5', 'answered 5']);
  assert.deepEqual(
    lanes.map(({ format, error, steadyMs }) => [format, error, steadyMs.length]),
    [
      ['graph', null, 8],
      ['layers', null, 8],
    ],
  );
  const environment = {
    browser: 'Stub 1.0',
    cores: '4',
    gpu: 'none',
    'cross-origin isolated': 'yes',
    'TensorFlow.js': '4.22.0',
  };
  assert.deepEqual(report, {
    digit: digit(5),
    model: 'mnist',
    asked: 'wasm',
    backend: 'wasm',
    fallback: null,
    environment,
  });
});

test('the same question is answered once, and told to whom it concerns', async () => {
  let seen = 0;
  document.addEventListener(SEEN, () => {
    seen += 1;
  });
  await ready();
  show({ digit: digit(5) });
  await settle();
  assert.deepEqual([predicted, reports, seen], [[], [], 2]);
});

test('a session that is new is told again, for its server knows of no answer', async () => {
  await ready();
  show({ digit: digit(5), session: 'after a restart' });
  await until(() => reports.length === 1);
});

test('an empty canvas loads the lanes and reports nothing', async () => {
  show({ digit: null });
  await settle();
  assert.deepEqual([cards(), reports], [['empty –', 'empty –'], []]);
  assert.notEqual(draw(DRAWING), null, 'the lanes are loaded');
});

test('what is loaded waits for the canvas to take strokes', async () => {
  delete document.documentElement.dataset.digitParityPad;
  show({ digit: digit(5) });
  await settle();
  assert.deepEqual(predicted, []);
  padIsThere();
  await until(() => reports.length === 1);
});

test('an answer for an older digit that arrives late is neither painted nor reported', async () => {
  await ready();
  const predictions = hold();
  show({ digit: digit(1) });
  await settle();
  assert.deepEqual(predicted, ['graph 1']);
  show({ digit: digit(2) });
  await predictions.next();
  assert.deepEqual(cards(), ['waiting –', 'waiting –']);
  await predictions.all();
  await until(() => reports.length > 0);
  assert.deepEqual(
    reports.map((report) => report.digit),
    [digit(2)],
  );
  assert.deepEqual(cards(), ['answered 2', 'answered 2']);
});

test('of digits that arrive while lanes are busy only the latest is answered', async () => {
  await ready();
  const predictions = hold();
  for (const level of [1, 2, 3, 4]) show({ digit: digit(level) });
  await predictions.next();
  await predictions.all();
  await until(() => reports.length > 0);
  assert.deepEqual(
    reports.map((report) => report.digit),
    [digit(4)],
  );
  assert.deepEqual(
    predicted.filter((what) => / [23]$/.test(what)),
    [],
  );
});

test('lanes never predict two digits at once', async () => {
  await ready();
  let running = 0;
  before = async () => {
    running += 1;
    assert.equal(running, 1);
    await Promise.resolve();
    running -= 1;
  };
  for (const level of [1, 2, 3]) show({ digit: digit(level) });
  await until(() => reports.length > 0);
});

test('a page that is closed while lanes are busy reports nothing, and begins nothing', async () => {
  await ready();
  const predictions = hold();
  show({ digit: digit(1) });
  await settle();
  show({ digit: digit(2) });
  close();
  loads = 0;
  await predictions.next();
  await tick(5_000);
  assert.deepEqual([predicted, reports, cards()], [['graph 1'], [], ['waiting –', 'waiting –']]);
  assert.equal(loads, 1, 'the other lane, of the digit under way');
});

test('a lane that fails says why, and the other one answers', async () => {
  const works = lane('layers');
  served.engine = stubEngine({
    loadLane: async (format) =>
      format === 'graph' ? Promise.reject(new Error('no such file')) : works,
  });
  show({ digit: digit(5) });
  await until(() => reports.length === 1);
  assert.deepEqual(cards(), ['failed ×', 'answered 5']);
  assert.deepEqual(
    reports[0].lanes.map(({ error }) => error),
    ['no such file', null],
  );
  assert.equal(draw(DRAWING), null, 'a drawing does not wait for a lane that fails');
  predicted = [];
  document.dispatchEvent(new Event(LIFTED));
  await settle();
  assert.deepEqual(predicted, [], 'nor are times taken ahead');
});

test('a lane that fails during the clock fails for the digit, and the next one is answered', async () => {
  await ready();
  let clocked = 0;
  before = async () => {
    clocked += 1;
    if (clocked === 5) throw new Error('the GPU was lost');
  };
  show({ digit: digit(1) });
  await until(() => reports.length === 1);
  assert.deepEqual(
    reports[0].lanes.map(({ error }) => error),
    ['the GPU was lost', 'the GPU was lost'],
  );
  show({ digit: digit(2) });
  await until(() => reports.length === 2);
  assert.deepEqual(cards(), ['answered 2', 'answered 2']);
});

test('where TensorFlow.js is not installed both cards say so', async () => {
  show({ digit: digit(5), bundle: null });
  await until(() => reports.length === 1);
  assert.match(String(reports[0].lanes[0].error), /not installed on this server/);
  assert.deepEqual(cards(), ['failed ×', 'failed ×']);
});

test('a drawing is answered before Python has seen it, and Python then has nothing to ask', async () => {
  await ready();
  const report = await ahead(DRAWING);
  assert.equal(report.digit, DRAWN_DIGIT);
  assert.deepEqual(
    report.lanes.map(({ error }) => error),
    [null, null],
  );
  predicted = [];
  show({ digit: DRAWN_DIGIT });
  await tick(5_000);
  assert.deepEqual([predicted, reports], [[], []]);
});

test('no drawing is answered ahead that lanes cannot answer soon, or not better than Python', async () => {
  assert.equal(draw(DRAWING), null, 'nothing was shown yet');
  const predictions = hold();
  show({ digit: digit(5) });
  await settle();
  assert.equal(draw(DRAWING), null, 'the first digit is not answered yet');
  await predictions.all();
  await until(() => reports.length === 1);
  await settle();
  assert.equal(draw({ objects: [] }), null, 'only Python knows what that is');
  await ahead(DRAWING);
  assert.equal(draw(DRAWING), null, 'it is what the page shows');
});

test('a second stroke while the first is answered is not answered ahead', async () => {
  await ready();
  const predictions = hold();
  const first = draw(DRAWING);
  await settle();
  assert.equal(draw(OTHER), null);
  await predictions.all();
  assert.equal(/** @type {Report} */ (await first).digit, DRAWN_DIGIT);
});

test('a drawing waits 60 ms for its lanes; what comes later is reported by itself', async () => {
  await ready();
  const predictions = hold();
  /** @type {unknown[]} */
  const answers = [];
  void draw(DRAWING)?.then((answer) => answers.push(answer));
  await tick(59);
  assert.deepEqual(answers, []);
  await tick(1);
  assert.deepEqual([answers, reports], [[null], []]);
  await predictions.all();
  await until(() => reports.length > 0);
  assert.deepEqual(
    reports.map((report) => report.digit),
    [DRAWN_DIGIT],
  );
});

test('a late answer is not reported for a drawing that Python has left behind', async () => {
  await ready();
  const predictions = hold();
  void draw(DRAWING);
  await tick(60);
  show({ digit: digit(9) });
  await predictions.all();
  await until(() => reports.length > 0);
  await settle();
  assert.deepEqual(
    reports.map((report) => report.digit),
    [digit(9)],
  );
});

test('the digit before, which Python still sends while a drawing is on its way, is not shown', async () => {
  await ready();
  await ahead(DRAWING);
  const shown = cards();
  predicted = [];
  show({ digit: digit(5) });
  await tick(999);
  show({ digit: DRAWN_DIGIT });
  await tick(5_000);
  assert.deepEqual([predicted, reports, cards()], [[], [], shown]);
});

test('the digit before is shown after a second when nothing else came: the drawing was taken back', async () => {
  await ready();
  await ahead(DRAWING);
  show({ digit: digit(5) });
  await tick(1_000);
  await until(() => reports.length === 1);
  assert.deepEqual([reports[0].digit, cards()], [digit(5), ['answered 5', 'answered 5']]);
});

test('the digit before is not shown on a page that was closed meanwhile', async () => {
  await ready();
  await ahead(DRAWING);
  let seen = 0;
  document.addEventListener(SEEN, () => {
    seen += 1;
  });
  show({ digit: digit(5) });
  close();
  await tick(5_000);
  assert.deepEqual([seen, reports], [1, []]);
});

test('once Python has seen the drawing, the digit before is a digit like any other', async () => {
  await ready();
  await ahead(DRAWING);
  show({ digit: DRAWN_DIGIT });
  show({ digit: digit(5) });
  await until(() => reports.length === 1);
  assert.equal(reports[0].digit, digit(5));
});

test('a page that was closed answers no drawing and takes no times', async () => {
  await ready();
  close();
  assert.equal(draw(DRAWING), null);
  document.dispatchEvent(new Event(LIFTED));
  await settle();
  assert.deepEqual(predicted, []);
});

test('times are taken while the canvas waits for the pen, and a drawing then needs no more', async () => {
  await ready();
  document.dispatchEvent(new Event(LIFTED));
  await settle();
  assert.equal(predicted.length, 16, 'eight turns of both');
  predicted = [];
  const report = await ahead(DRAWING);
  assert.equal(predicted.length, 2, 'the answers alone');
  assert.deepEqual(
    report.lanes.map(({ steadyMs }) => steadyMs.length),
    [8, 8],
  );
});

test('a pen that is lifted again while the drawing is answered does not lose the early times', async () => {
  await ready();
  document.dispatchEvent(new Event(LIFTED));
  await settle();
  predicted = [];
  const predictions = hold();
  const answer = draw(DRAWING);
  await settle();
  document.dispatchEvent(new Event(LIFTED));
  await predictions.all();
  const { lanes } = /** @type {Report} */ (await answer);
  assert.deepEqual([predicted.length, lanes.map(({ steadyMs }) => steadyMs.length)], [2, [8, 8]]);
});

test('early times end when lanes are asked of a digit', async () => {
  await ready();
  const predictions = hold();
  document.dispatchEvent(new Event(LIFTED));
  await predictions.next(); // the graph lane
  show({ digit: digit(6) });
  await predictions.all(); // the layers lane
  await until(() => reports.length === 1);
  assert.equal(predicted.filter((what) => what.endsWith(' 5')).length, 2, 'one turn');
  assert.deepEqual(
    reports[0].lanes.map(({ steadyMs }) => steadyMs.length),
    [8, 8],
  );
});

test('a pen that is lifted while lanes are busy, or never answered, takes no times', async () => {
  document.dispatchEvent(new Event(LIFTED));
  await settle();
  assert.deepEqual(predicted, []);
  await ready();
  const predictions = hold();
  show({ digit: digit(6) });
  await settle();
  document.dispatchEvent(new Event(LIFTED));
  await settle();
  assert.deepEqual(predicted, ['graph 6']);
  await predictions.all();
});

test('the fastest backend is measured once, after the first answer, when the page has time', async () => {
  /** @type {unknown[]} */
  const probes = [];
  const lanes = { graph: lane('graph'), layers: lane('layers') };
  served.engine = stubEngine({
    loadLane: async (format) => lanes[format],
    chooseBackend: async (_, probe) => {
      if (probe) probes.push(probe.format);
      return { backend: probe ? 'webgl' : 'wasm', tried: [] };
    },
  });
  show({ digit: digit(1), backend: 'auto' });
  await until(() => reports.length === 1);
  show({ digit: digit(2), backend: 'auto' });
  await until(() => reports.length === 2);
  await tick(1_450);
  assert.deepEqual([probes, keptChoice()], [[], null]);
  await tick(50);
  assert.deepEqual([probes, keptChoice()], [['graph'], 'webgl']);
  show({ digit: digit(3), backend: 'auto' });
  await until(() => reports.length === 3);
  assert.equal(reports[2].backend, 'webgl');
  await tick(5_000);
  assert.deepEqual(probes, ['graph']);
});

/** A page that measures its backends until the test says so. */
async function measured() {
  const gate = new Deferred();
  let begun = 0;
  const lanes = { graph: lane('graph'), layers: lane('layers') };
  served.engine = stubEngine({
    loadLane: async (format) => lanes[format],
    chooseBackend: async (_, probe) => {
      begun += probe ? 1 : 0;
      if (probe) await gate.promise;
      return { backend: 'wasm', tried: [] };
    },
  });
  show({ digit: digit(1), backend: 'auto' });
  await until(() => reports.length === 1);
  return { gate, begun: () => begun };
}

test('a digit that arrives while backends are measured is answered after that', async () => {
  const { gate, begun } = await measured();
  await tick(1_500);
  assert.equal(begun(), 1);
  predicted = [];
  show({ digit: digit(2), backend: 'auto' });
  assert.equal(draw(DRAWING), null);
  await settle();
  assert.deepEqual(predicted, []);
  gate.reject(new Error('it does not work')); // what is in use stays in use
  await until(() => reports.length === 2);
  assert.deepEqual(cards(), ['answered 2', 'answered 2']);
});

test('backends are not measured while lanes are busy', async () => {
  const { begun } = await measured();
  const predictions = hold();
  show({ digit: digit(2), backend: 'auto' });
  await tick(1_500);
  await tick(200);
  assert.equal(begun(), 0);
  await predictions.all();
  await until(() => reports.length === 2);
  await tick(200);
  assert.equal(begun(), 1);
});

test('a page that was closed measures no backends', async () => {
  const { begun } = await measured();
  close();
  await tick(5_000);
  assert.equal(begun(), 0);
});

test('a backend that was asked for is not measured', async () => {
  await ready();
  await tick(5_000);
  assert.equal(keptChoice(), null);
});
