import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';

import { ChartsView } from '../../../../app/draw/results/charts_view.js';
import { settle } from '../../support/clock.js';
import { element, newPage, setGlobals } from '../../support/dom.js';
import { charts, newVega, vega } from '../../support/vega.js';

const HEADINGS = ['probabilities', 'pairs'].map((name) => ({ name, title: name, how: 'so' }));
const SPECS = Object.fromEntries(
  ['probabilities', 'probabilities log', 'pairs'].map((mark) => [mark, { mark }]),
);
const READING = /** @type {any} */ ({
  specs: 'specs/of/now.json',
  classes: ['0', '1'],
  lanes: [{ lane: 'graph @ tensorflow', probabilities: [0.25, 0.75] }],
  rows: { differences: [], pairs: [{ max_abs: 0 }] },
});

class Charts extends ChartsView {
  async load() {
    return vega;
  }
}

/** @type {HTMLElement} */
let root;
/** @type {string[]} */
let fetched;

beforeEach(() => {
  newPage();
  newVega();
  fetched = [];
  setGlobals({
    fetch: async (/** @type {string} */ address) => {
      fetched.push(address);
      return { ok: true, json: async () => SPECS };
    },
  });
});

/** A visit of the page. @param {Promise<void>} before  what the charts wait for */
async function open(before = Promise.resolve()) {
  root = element('div');
  const view = new Charts(root, before);
  view.begin(HEADINGS, 'vega.js', READING.specs, false);
  view.show(READING);
  await settle();
  return view;
}

const button = () => /** @type {HTMLElement} */ (root.querySelector('.dp-scale'));
const shown = () => charts.filter(({ finalized }) => !finalized).map(({ spec }) => spec.mark);

test('each chart stands below its heading, with the rows of the reading', async () => {
  await open();
  assert.deepEqual(
    [...root.querySelectorAll('h2')].map(({ textContent }) => textContent),
    ['probabilities', 'pairs'],
  );
  assert.deepEqual(shown(), ['probabilities', 'pairs']);
  assert.deepEqual(
    charts.map(({ rows }) => rows.length),
    [2, 1],
  );
  assert.equal(fetched.length, 1, 'specifications are fetched once');
});

test('nothing is fetched or drawn before what the visitor waits for more', async () => {
  let go = () => {};
  /** @type {Promise<void>} */
  const before = new Promise((resolve) => {
    go = resolve;
  });
  await open(before);
  assert.equal(root.querySelectorAll('h2').length, 2, 'their places are there');
  assert.deepEqual([fetched, shown()], [[], []]);
  go();
  await settle();
  assert.equal(fetched.length, 1);
  assert.deepEqual(shown(), ['probabilities', 'pairs']);
});

test('probabilities are shown on a log scale at a click, with the same rows, and back', async () => {
  await open();
  assert.equal(/** @type {any} */ (button())['aria-pressed'], 'false');
  button().click();
  await settle();
  assert.deepEqual(shown().sort(), ['pairs', 'probabilities log']);
  assert.equal(charts.at(-1)?.rows.length, 2);
  assert.equal(/** @type {any} */ (button())['aria-pressed'], 'true');
  button().click();
  await settle();
  assert.deepEqual(shown().sort(), ['pairs', 'probabilities']);
});

test('the scale is kept over the visit', async () => {
  await open();
  button().click();
  const other = await open();
  assert.equal(/** @type {any} */ (button())['aria-pressed'], 'true');
  assert.ok(shown().includes('probabilities log'));
  other.close();
});

test('only probabilities have another scale', async () => {
  await open();
  assert.equal(root.querySelectorAll('.dp-scale').length, 1);
});

test('specifications that did not come are fetched again with the next reading', async () => {
  setGlobals({ fetch: async () => ({ ok: false }) });
  const view = await open();
  assert.match(root.querySelector('section div')?.textContent ?? '', /could not be drawn/);
  setGlobals({ fetch: async () => ({ ok: true, json: async () => SPECS }) });
  view.show(READING);
  await settle();
  assert.deepEqual(shown(), ['probabilities', 'pairs']);
});

test('without a picture the charts have no rows', async () => {
  const view = await open();
  view.empty();
  await settle();
  assert.deepEqual(
    charts.map(({ rows }) => rows),
    [[], []],
  );
  button().click();
  await settle();
  assert.deepEqual(charts.at(-1)?.rows, []);
});
