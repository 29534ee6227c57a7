/** The Draw page's browser lanes on an engine whose answers a test holds back or lets go. */

import { levels } from '../../../app/draw/canvas/digit_from_strokes.js';
import { DRAWN, padIsThere } from '../../../app/draw/events.js';
import browserLanes from '../../../app/draw/lanes/browser_lanes.js';
import { encode } from '../../../app/frontend/tfjs.js';
import { restoreTime, settle, spend, stopTime, until } from './clock.js';
import { componentOf, element, newPage } from './dom.js';
import { BUNDLE, Deferred, served, stubEngine, stubLane, sure } from './engine.js';
import './served/engine.js'; // so that it is there at once

/** @typedef {import('../../../app/draw/lanes/predict.js').Data} Data */
/** @typedef {import('../../../app/draw/lanes/predict.js').Answer} Answer */
/** @typedef {import('../../../app/draw/events.js').Drawn} Drawn */
/** @typedef {{digit: string, backend: string | null, fallback: string | null, lanes: Answer[]}} Report */

export const page = {
  root: /** @type {HTMLElement | null} */ (null),
  /** What Python got. @type {Report[]} */
  reports: [],
  /** Digits that were predicted, by the lane's format. @type {string[]} */
  predicted: [],
  /** What a prediction waits for. */
  before: /** @type {(what: string) => Promise<unknown>} */ (async () => {}),
  /** How often a lane was asked for. */
  loads: 0,
  close: () => {},
};

/** A digit whose pixels all have one level. @param {number} level */
export const digit = (level) => encode(new Uint8Array(784).fill(level));

/** What Python sends with a run of the page. @param {Partial<Data>} its @returns {Data} */
const data = (its) => ({
  session: 's',
  bundle: BUNDLE,
  backend: 'wasm',
  digit: null,
  id: null,
  model: {
    name: 'mnist',
    version: 'v1',
    paths: { graph: 'g.json', layers: 'l.json' },
    input: { shape: [28, 28, 1], scale: 1 },
    isDigit: true,
    answers: 'probabilities',
    classes: [...'0123456789'],
  },
  ...its,
});

/** Python sends this. @param {Partial<Data>} its */
export function show(its) {
  const setStateValue = (/** @type {string} */ _, /** @type {unknown} */ value) =>
    void page.reports.push(/** @type {Report} */ (value));
  page.close = browserLanes(
    componentOf(/** @type {HTMLElement} */ (page.root), data(its), setStateValue),
  );
}

/** A digit's level is the class that a lane reads; each prediction takes 1 ms. @param {'graph' | 'layers'} format */
export const lane = (format) =>
  stubLane({
    firstMs: 50,
    predict: async (pixels) => {
      const what = `${format} ${Math.round(pixels[0] * 255)}`;
      page.predicted.push(what);
      await page.before(what);
      spend(1);
      return sure(Math.round(pixels[0] * 255) % 10, 1);
    },
  });

/** Before each test. */
export function setUp() {
  newPage();
  stopTime();
  padIsThere();
  page.root = element('div', { className: 'dp-lanes' });
  page.reports = [];
  page.predicted = [];
  page.before = async () => {};
  page.close = () => {};
  const lanes = { graph: lane('graph'), layers: lane('layers') };
  page.loads = 0;
  served.engine = stubEngine({
    loadLane: async (format) => {
      page.loads += 1;
      return lanes[format];
    },
  });
}

/** After each test. */
export function tearDown() {
  page.close();
  restoreTime();
}

/** What the cards say. */
export const cards = () =>
  ['graph', 'layers'].map((format) => {
    const card = /** @type {HTMLElement} */ (page.root?.querySelector(`[data-format=${format}]`));
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
export const DRAWING = /** @type {Drawn['drawing']} */ ({ objects: [STROKE] });
export const DRAWN_DIGIT = encode(/** @type {Uint8Array} */ (levels(DRAWING)));
export const OTHER = /** @type {Drawn['drawing']} */ ({
  objects: [STROKE, { ...STROKE, left: 50 }],
});

/** The canvas asks of a drawing. @param {Drawn['drawing']} drawing */
export function draw(drawing) {
  /** @type {Drawn} */
  const detail = { drawing, answer: null };
  document.dispatchEvent(new CustomEvent(DRAWN, { detail }));
  return detail.answer;
}

/** ... and its report, which comes before Python has seen it. @param {Drawn['drawing']} drawing */
export async function ahead(drawing) {
  /** @type {Report | null} */
  let report = null;
  void draw(drawing)?.then((found) => {
    report = /** @type {Report} */ (found);
  });
  await until(() => report !== null);
  return /** @type {Report} */ (/** @type {unknown} */ (report));
}

/** A page on which both lanes have answered a digit already. */
export async function ready() {
  show({ digit: digit(5) });
  await until(() => page.reports.length === 1);
  await settle();
  page.reports = [];
  page.predicted = [];
}

/** From now on predictions wait until they are let go. */
export function hold() {
  /** @type {Deferred<void>[]} */
  const waiting = [];
  page.before = () => {
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
      page.before = async () => {};
      for (const gate of waiting) gate.resolve();
      await settle();
    },
  };
}
