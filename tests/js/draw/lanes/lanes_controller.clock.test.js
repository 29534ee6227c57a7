import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';

import { LIFTED } from '../../../../app/draw/events.js';
import { keptChoice } from '../../../../app/frontend/tfjs.js';
import { settle, tick, until } from '../../support/clock.js';
import { Deferred, served, stubEngine } from '../../support/engine.js';
import {
  ahead,
  cards,
  DRAWING,
  digit,
  draw,
  hold,
  lane,
  page,
  ready,
  setUp,
  show,
  tearDown,
} from '../../support/lanes_page.js';

/** @typedef {import('../../support/lanes_page.js').Report} Report */

beforeEach(setUp);
afterEach(tearDown);

test('times are taken while the canvas waits for the pen, and a drawing then needs no more', async () => {
  await ready();
  document.dispatchEvent(new Event(LIFTED));
  await settle();
  assert.equal(page.predicted.length, 16, 'eight turns of both');
  page.predicted = [];
  const report = await ahead(DRAWING);
  assert.equal(page.predicted.length, 2, 'the answers alone');
  assert.deepEqual(
    report.lanes.map(({ steadyMs }) => steadyMs.length),
    [8, 8],
  );
});

test('a pen that is lifted again while the drawing is answered does not lose the early times', async () => {
  await ready();
  document.dispatchEvent(new Event(LIFTED));
  await settle();
  page.predicted = [];
  const predictions = hold();
  const answer = draw(DRAWING);
  await settle();
  document.dispatchEvent(new Event(LIFTED));
  await predictions.all();
  const { lanes } = /** @type {Report} */ (await answer);
  assert.deepEqual(
    [page.predicted.length, lanes.map(({ steadyMs }) => steadyMs.length)],
    [2, [8, 8]],
  );
});

test('early times end when lanes are asked of a digit', async () => {
  await ready();
  const predictions = hold();
  document.dispatchEvent(new Event(LIFTED));
  await predictions.next(); // the graph lane
  show({ digit: digit(6) });
  await predictions.all(); // the layers lane
  await until(() => page.reports.length === 1);
  assert.equal(page.predicted.filter((what) => what.endsWith(' 5')).length, 2, 'one turn');
  assert.deepEqual(
    page.reports[0].lanes.map(({ steadyMs }) => steadyMs.length),
    [8, 8],
  );
});

test('a pen that is lifted while lanes are busy, or never answered, takes no times', async () => {
  document.dispatchEvent(new Event(LIFTED));
  await settle();
  assert.deepEqual(page.predicted, []);
  await ready();
  const predictions = hold();
  show({ digit: digit(6) });
  await settle();
  document.dispatchEvent(new Event(LIFTED));
  await settle();
  assert.deepEqual(page.predicted, ['graph 6']);
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
  await until(() => page.reports.length === 1);
  show({ digit: digit(2), backend: 'auto' });
  await until(() => page.reports.length === 2);
  await tick(1_450);
  assert.deepEqual([probes, keptChoice()], [[], null]);
  await tick(50);
  assert.deepEqual([probes, keptChoice()], [['graph'], 'webgl']);
  show({ digit: digit(3), backend: 'auto' });
  await until(() => page.reports.length === 3);
  assert.equal(page.reports[2].backend, 'webgl');
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
  await until(() => page.reports.length === 1);
  return { gate, begun: () => begun };
}

test('a digit that arrives while backends are measured is answered after that', async () => {
  const { gate, begun } = await measured();
  await tick(1_500);
  assert.equal(begun(), 1);
  page.predicted = [];
  show({ digit: digit(2), backend: 'auto' });
  assert.equal(draw(DRAWING), null);
  await settle();
  assert.deepEqual(page.predicted, []);
  gate.reject(new Error('it does not work')); // what is in use stays in use
  await until(() => page.reports.length === 2);
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
  await until(() => page.reports.length === 2);
  await tick(200);
  assert.equal(begun(), 1);
});

test('a page is at rest once its backends are measured, or need not be', async () => {
  const { gate } = await measured();
  const atRest = () => page.root?.dataset.idle !== undefined;
  await tick(1_500);
  assert.equal(atRest(), false);
  gate.resolve(undefined);
  await until(atRest);
  tearDown();
  setUp();
  sessionStorage.setItem('digit-parity-backend', 'cpu');
  show({ digit: digit(1), backend: 'auto' });
  await until(atRest);
});

test('a page that was closed measures no backends', async () => {
  const { begun } = await measured();
  page.close();
  await tick(5_000);
  assert.equal(begun(), 0);
});

test('a backend that was asked for is not measured', async () => {
  await ready();
  await tick(5_000);
  assert.equal(keptChoice(), null);
});
