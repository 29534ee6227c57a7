import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';

import { paintChart } from '../../../../app/benchmark/frontend/growing_chart.js';
import { emptyReport } from '../../../../app/benchmark/frontend/report.js';
import { element, newPage } from '../../support/dom.js';

/** @type {HTMLElement} */
let root;
/** @type {import('../../../../app/benchmark/frontend/report.js').BenchmarkReport} */
let report;

beforeEach(() => {
  newPage();
  root = element('div');
  report = emptyReport({
    schema: 's',
    backends: ['wasm', 'cpu'],
    batches: [],
    rounds: 1,
    batchRounds: 1,
    pixels: '',
    thing: 'digit',
    seconds: null,
    expected: null,
    model: {
      name: 'm',
      version: 'v',
      paths: { graph: 'g', layers: 'l' },
      input: { shape: [1], scale: 1 },
    },
  });
});

/** A lane has so many rounds around this time. @param {number} at @param {number} ms @param {number} [rounds] */
function measured(at, ms, rounds = 9) {
  const lane = report.lanes[at];
  lane.steady_ms = Array.from({ length: rounds }, (_, round) => ms * (1 + (round % 3) / 100));
  lane.turns = Array(rounds).fill(1);
}

const texts = (/** @type {string} */ selector) =>
  [...root.querySelectorAll(selector)].map(({ textContent }) => textContent);
const figures = () => texts('b');
const bars = () => [.../** @type {NodeListOf<HTMLElement>} */ (root.querySelectorAll('.dp-span'))];
const share = (/** @type {number} */ at, name = 'at') =>
  Number.parseFloat(/** @type {any} */ (bars()[at].style)[`--${name}`]);

test('before anything is measured every version has its place', () => {
  paintChart(root, report, 'digit');
  assert.deepEqual(texts('tbody th'), [
    'graph on wasm',
    'layers on wasm',
    'graph on cpu',
    'layers on cpu',
  ]);
  assert.deepEqual(figures(), ['…', '…', '…', '…']);
  assert.deepEqual(texts('.dp-sure'), ['']);
  assert.match(texts('caption')[0] ?? '', /^One digit: the median time of each version so far/);
  assert.deepEqual(texts('thead th'), ['Version', 'Time for one digit', 'Answers']);
});

test('bars grow in place, each in its format’s colour, with the interval of its end', () => {
  paintChart(root, report, 'digit');
  measured(0, 1);
  measured(1, 2);
  paintChart(root, report, 'digit');
  assert.equal(texts('table').length, 1);
  assert.deepEqual(
    [...root.querySelectorAll('tbody tr')].map(({ className }) => className),
    ['dp-graph', 'dp-layers', 'dp-graph', 'dp-layers'],
  );
  assert.deepEqual(figures(), ['1.01 ms', '2.02 ms', '…', '…']);
  assert.equal(share(1), 100);
  assert.deepEqual(texts('small'), ['1.00–1.02', '2.00–2.04', '', '']);
  assert.equal(share(2), 0);
  assert.equal(root.querySelectorAll('[data-empty]').length, 2);
  assert(share(0, 'low') < share(0) && share(0) < share(0, 'high') && share(0, 'high') < 60);
});

test('who leads is said once it is sure, and that it is not before', () => {
  measured(0, 1, 3);
  measured(1, 2, 3);
  paintChart(root, report, 'digit');
  assert.deepEqual(texts('.dp-sure'), ['After 3 rounds: too early to say which is the fastest.']);
  measured(0, 1);
  measured(1, 2);
  paintChart(root, report, 'digit');
  assert.deepEqual(texts('.dp-sure'), [
    'After 9 rounds: graph on wasm leads, beyond the noise so far.',
  ]);
  measured(1, 1.001);
  paintChart(root, report, 'digit');
  assert.deepEqual(texts('.dp-sure'), [
    'After 9 rounds: graph on wasm and layers on wasm are within the noise.',
  ]);
});

test('a version that answered wrongly does not lead, however fast, and is marked', () => {
  measured(0, 0.01);
  measured(1, 2);
  measured(2, 3);
  const right = { answers: 19, wrong: 0, nan: 0, first_wrong: null, worst: 0 };
  report.lanes[0].checked = { ...right, wrong: 1, first_wrong: 8, worst: 0.5 };
  report.lanes[1].checked = right;
  report.lanes[3].error = 'no cpu';
  paintChart(root, report, 'digit');
  assert.deepEqual(texts('.dp-answers'), ['1 of 19 wrong', 'all right', '', 'does not run here']);
  assert.deepEqual(
    [...root.querySelectorAll('[data-wrong] th')].map(({ textContent }) => textContent),
    ['graph on wasm'],
  );
  assert.match(texts('.dp-sure')[0] ?? '', /^After 9 rounds: layers on wasm leads/);
});

test('what is wrong is said in few words', () => {
  const checked = { answers: 9, wrong: 9, nan: 9, first_wrong: 0, worst: null };
  report.lanes[0].checked = checked;
  report.lanes[1].checked = { ...checked, nan: 2 };
  report.lanes[2].checked = { ...checked, wrong: 2, nan: 2 };
  report.lanes[3].checked = { ...checked, wrong: 3, nan: 2 };
  paintChart(root, report, 'digit');
  assert.deepEqual(texts('.dp-answers'), ['all NaN', 'all wrong', '2 of 9 NaN', '3 of 9 wrong']);
});

test('one bar that is far longer leaves the others to be seen', () => {
  measured(0, 1);
  measured(1, 2);
  measured(2, 900);
  paintChart(root, report, 'digit');
  assert.equal(share(2), 100);
  assert(share(0) > 8 && share(0) < 9);
  assert.equal(root.querySelectorAll('[data-cut]').length, 1);
});

test('one version alone leads nobody', () => {
  measured(0, 1);
  paintChart(root, report, 'digit');
  assert.deepEqual(texts('.dp-sure'), ['']);
});
