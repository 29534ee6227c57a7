import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';

import { ChartsView } from '../../../../app/draw/results/charts_view.js';
import { element, newPage, setGlobals } from '../../support/dom.js';
import { charts, newVega } from '../../support/vega.js';

const SPECS = {
  probabilities: { mark: 'bar' },
  probabilities_log: { mark: 'bar on a log scale' },
  pairs: { mark: 'rect' },
};
const READING = {
  specs: 'served/charts/1.json',
  classes: ['a', 'b'],
  lanes: [{ lane: 'graph @ tfjs/wasm', probabilities: [0.25, 0.75] }],
  rows: { differences: [], pairs: [{ max_abs: 0 }] },
};

/** @type {any} */
let root;
/** @type {ChartsView} */
let view;
/** @type {string[]} */
let fetched;

/** All that was asked for is shown. */
const painted = () => Promise.all([...view.plots.values()].map(({ work }) => work));

beforeEach(async () => {
  newPage();
  newVega();
  fetched = [];
  setGlobals({
    fetch: async (/** @type {string} */ url) => {
      fetched.push(url);
      return new Response(JSON.stringify(SPECS));
    },
  });
  root = element('div', { clientWidth: 300 });
  view = new ChartsView(root, Promise.resolve());
  view.begin(
    [
      { name: 'probabilities', title: 'Probabilities', how: 'A bar each.' },
      { name: 'pairs', title: 'Agreement', how: 'Darker is further.' },
    ],
    'served/vega.js',
    'served/charts/1.json',
    false,
  );
  await painted();
});

test('every chart has its title, and is there before there is anything to show', () => {
  const titles = root.querySelectorAll('.dp-title');
  assert.deepEqual(
    titles.map((/** @type {any} */ each) => each.textContent),
    ['Probabilities', 'Agreement'],
  );
  assert.deepEqual(
    charts.map(({ spec }) => spec.mark),
    ['bar', 'rect'],
  );
});

test('the specifications are fetched once, rows are changed in place', async () => {
  view.show(/** @type {any} */ (READING));
  await painted();
  assert.equal(fetched.length, 1);
  assert.deepEqual([charts.length, charts[1].rows], [2, [{ max_abs: 0 }]]);
  assert.equal(charts[0].rows.length, 2);
});

test('probabilities go on to a log scale and back, with what is shown', async () => {
  view.show(/** @type {any} */ (READING));
  const button = root.querySelector('.dp-scale');
  assert.equal(button.textContent, 'log scale');
  button.click();
  await painted();
  assert.deepEqual([charts.length, charts[2].spec.mark], [3, 'bar on a log scale']);
  assert.equal(charts[2].rows.length, 2);
  assert.equal(button.textContent, 'linear scale');
  button.click();
  await painted();
  assert.equal(charts[3].spec.mark, 'bar');
});

test('without a picture no chart has rows, on either scale', async () => {
  view.show(/** @type {any} */ (READING));
  await painted();
  view.empty();
  root.querySelector('.dp-scale').click();
  await painted();
  assert.deepEqual([charts.at(-1)?.rows, charts[1].rows], [[], []]);
});
