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
const figures = () => texts('td').filter((text) => text !== '');
const bars = () => [.../** @type {NodeListOf<HTMLElement>} */ (root.querySelectorAll('.dp-bar'))];
const share = (/** @type {number} */ at, name = 'middle') =>
  Number.parseFloat(/** @type {any} */ (bars()[at].style)[`--dp-${name}`]);

test('before anything is measured every version has its place', () => {
  paintChart(root, report);
  assert.deepEqual(texts('th'), [
    'graph on wasm',
    'layers on wasm',
    'graph on cpu',
    'layers on cpu',
  ]);
  assert.deepEqual(figures(), ['…', '…', '…', '…']);
  assert.deepEqual(texts('.dp-sure'), ['']);
  assert.match(texts('caption')[0] ?? '', /One picture/);
});

test('bars grow in place, each in its format’s colour, with the interval of its end', () => {
  paintChart(root, report);
  measured(0, 1);
  measured(1, 2);
  paintChart(root, report);
  assert.equal(texts('table').length, 1);
  assert.equal(bars()[0].className, 'dp-bar dp-graph');
  assert.deepEqual(figures(), ['1.01 ms', '2.02 ms', '…', '…']);
  assert.equal(share(1, 'high'), 100);
  assert.equal(share(2), 0);
  assert(share(0, 'low') < share(0) && share(0) < share(0, 'high') && share(0, 'high') < share(1));
});

test('who leads is said once it is sure, and that it is not before', () => {
  measured(0, 1, 3);
  measured(1, 2, 3);
  paintChart(root, report);
  assert.deepEqual(texts('.dp-sure'), ['After 3 rounds: too early to say which is the fastest.']);
  measured(0, 1);
  measured(1, 2);
  paintChart(root, report);
  assert.deepEqual(texts('.dp-sure'), [
    'After 9 rounds: graph on wasm leads, beyond the noise so far.',
  ]);
  measured(1, 1.001);
  paintChart(root, report);
  assert.deepEqual(texts('.dp-sure'), [
    'After 9 rounds: graph on wasm and layers on wasm are within the noise.',
  ]);
});

test('a version that answered wrongly has no bar and does not lead, however fast', () => {
  measured(0, 0.01);
  measured(1, 2);
  measured(2, 3);
  report.lanes[0].checked = { answers: 9, wrong: 1, nan: 0, first_wrong: 8, worst: 0.5 };
  report.lanes[3].error = 'no cpu';
  paintChart(root, report);
  assert.deepEqual(figures(), ['wrong answers', '2.02 ms', '3.03 ms', 'cannot run']);
  assert.equal(share(0), 0);
  assert.deepEqual(texts('.dp-sure'), [
    'After 9 rounds: layers on wasm leads, beyond the noise so far.',
  ]);
});

test('once batches are measured the bars are of the best one', () => {
  measured(0, 9);
  measured(1, 9);
  const ms = (/** @type {number} */ each) => [each, each * 1.01, each * 1.02];
  report.lanes[0].batches = [
    { size: 1, ms: ms(1), turns: [1, 1, 1] },
    { size: 8, ms: ms(4), turns: [1, 1, 1] },
  ];
  paintChart(root, report);
  assert.match(texts('caption')[0] ?? '', /Many pictures/);
  assert.deepEqual(figures(), ['0.51 ms', '…', '…', '…']);
});

test('one version alone leads nobody', () => {
  measured(0, 1);
  paintChart(root, report);
  assert.deepEqual(texts('.dp-sure'), ['']);
});
