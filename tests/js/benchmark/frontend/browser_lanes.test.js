import assert from 'node:assert/strict';
import { afterEach, beforeEach, mock, test } from 'node:test';

import benchmark from '../../../../app/benchmark/frontend/browser_lanes.js';
import { encode } from '../../../../app/frontend/tfjs.js';
import { settle, until } from '../../support/clock.js';
import { componentOf, element, newPage } from '../../support/dom.js';
import { BUNDLE, Deferred, served, stubEngine, stubLane, sure } from '../../support/engine.js';
import '../../support/served/engine.js'; // so that it is there at once

/** @typedef {import('../../../../app/benchmark/frontend/report.js').BenchmarkReport} BenchmarkReport */
/** @typedef {import('../../../../app/benchmark/frontend/browser_lanes.js').BenchmarkData} BenchmarkData */

/** @type {HTMLElement} */
let root;
/** What Python got. @type {{token: string, report: BenchmarkReport}[]} */
let reports;
/** Called before each turn, with the digits at once. @type {(digits: number) => unknown} */
let onTurn;
let loads = 0;
let freed = 0;
let passed = 0;

beforeEach(() => {
  newPage();
  root = element('div', { className: 'dp-bench' });
  [reports, onTurn, loads, freed, passed] = [[], () => {}, 0, 0, 0];
  mock.method(performance, 'now', () => {
    passed += 1;
    return passed;
  });
  mock.method(performance, 'getEntriesByType', () => []);
  served.engine = stubEngine({
    loadLane: async () => {
      loads += 1;
      return stubLane({
        dispose: async () => {
          freed += 1;
        },
        run: async (_, { n = 1 } = {}) => {
          await onTurn(n);
          return { ...sure(3), firstMs: 1, steadyMs: [1] };
        },
      });
    },
  });
});
afterEach(() => mock.restoreAll());

/** Python asks for a run, or for none. @param {string | null} token @param {string | null} [bundle] */
function show(token, bundle = BUNDLE) {
  const model = {
    name: 'mnist',
    version: 'v1',
    paths: { graph: 'g.json', layers: 'l.json' },
    input: { shape: [28, 28, 1], scale: 1 },
  };
  /** @type {BenchmarkData['run']} */
  const run =
    token === null
      ? null
      : {
          token,
          schema: 's',
          model,
          backends: ['wasm'],
          batches: [8, 16],
          rounds: 1,
          batchRounds: 1,
          pixels: encode(new Uint8Array(784)),
          thing: 'digit',
          seconds: null,
          expected: null,
        };
  const setStateValue = (/** @type {string} */ _, /** @type {unknown} */ value) =>
    void reports.push(/** @type {typeof reports[number]} */ (value));
  return benchmark(componentOf(root, { bundle, run }, setStateValue));
}

const text = () => root.querySelector('p')?.textContent;

test('a run is measured and reported once, however often the page runs', async () => {
  show('one');
  assert.equal(text(), 'In your browser: Fetching TensorFlow.js …');
  show('one');
  await until(() => reports.length > 0);
  show('one');
  await settle();
  assert.equal(loads, 2);
  assert.deepEqual(
    reports.map(({ token, report }) => [token, report.cancelled]),
    [['one', false]],
  );
  assert.equal(root.childElementCount, 0, 'the bar is gone');
});

test('what TensorFlow.js took to fetch is told, unless it was there already', async () => {
  show('one');
  await until(() => reports.length === 1);
  mock.method(performance, 'getEntriesByType', () => [{ name: `https://host/served/${BUNDLE}` }]);
  show('two');
  await until(() => reports.length === 2);
  assert.deepEqual(
    reports.map(({ report }) => report.script_ms),
    [1, null],
  );
});

test('a run that is stopped in the middle reports what it has, as stopped', async () => {
  const gate = new Deferred();
  onTurn = () => gate.promise;
  show('one');
  await until(() => text()?.includes('One image') ?? false);
  show(null);
  gate.resolve(undefined);
  await until(() => reports.length > 0);
  const [{ token, report }] = reports;
  assert.deepEqual(
    [token, report.cancelled, report.lanes.map(({ steady_ms }) => steady_ms.length).sort()],
    ['one', true, [0, 1]],
  );
});

test('leaving the page stops the run', async () => {
  const gate = new Deferred();
  onTurn = () => gate.promise;
  const leave = show('one');
  await until(() => text()?.includes('One image') ?? false);
  leave();
  gate.resolve(undefined);
  await until(() => reports.length > 0);
  assert.equal(reports[0].report.cancelled, true);
});

test('a run that another replaces is not reported, and paints nothing over it', async () => {
  const [first, second] = [new Deferred(), new Deferred()];
  let busy = false;
  onTurn = (digits) => {
    busy = digits === 8;
    return busy ? first.promise : null;
  };
  show('one');
  await until(() => busy);
  let turns = 0;
  onTurn = () => {
    turns += 1;
    return second.promise;
  };
  show('two');
  await until(() => turns === 1);
  first.resolve(undefined);
  await until(() => freed === 2); // it ended
  assert.equal(turns, 1, 'the first run takes no further turn');
  assert.equal(text(), 'In your browser: One image: round 1');
  assert.deepEqual(reports, []);
  second.resolve(undefined);
  await until(() => reports.length > 0);
  await settle();
  assert.deepEqual(
    reports.map(({ token }) => token),
    ['two'],
  );
});

test('where TensorFlow.js is not installed every lane says so', async () => {
  show('one', null);
  await until(() => reports.length > 0);
  for (const { error } of reports[0].report.lanes)
    assert.match(String(error), /not installed on this server/);
});

test('what breaks the whole run is said of each lane that said nothing else', async () => {
  served.engine.loadLane = async (format) => {
    if (format === 'graph') throw new Error('no such file');
    return stubLane({ dispose: async () => Promise.reject(new Error('the GPU was lost')) });
  };
  show('one');
  await until(() => reports.length > 0);
  assert.deepEqual(
    reports[0].report.lanes.map(({ error }) => error),
    ['no such file', 'the GPU was lost'],
  );
});

test('what is there so far is drawn from the beginning on, and goes at the end', async () => {
  const gate = new Deferred();
  let turns = 0;
  onTurn = () => {
    turns += 1;
    passed += 600; // more than between two pictures
    return turns > 2 ? gate.promise : null;
  };
  show('one');
  const figures = () => [...root.querySelectorAll('b')].map(({ textContent }) => textContent);
  assert.deepEqual(
    [...root.querySelectorAll('tbody th')].map(({ textContent }) => textContent),
    ['graph on wasm', 'layers on wasm'],
  );
  assert.deepEqual(figures(), ['…', '…']);
  await until(() => turns > 2);
  assert.equal(figures().filter((text) => text === '1.0 ms').length, 2);
  gate.resolve(undefined);
  await until(() => reports.length > 0);
  assert.equal(root.childElementCount, 0);
});
