import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';

import { Plot } from '../../../../app/draw/results/vega_chart.js';
import { settle } from '../../support/clock.js';
import { element, newPage, StubObserver } from '../../support/dom.js';
import { Deferred } from '../../support/engine.js';
import { charts, newVega, vega, waitsFor } from '../../support/vega.js';

const SPEC = { mark: 'bar', config: { view: 'plain' } };
const ONE = [{ class: '1', probability: 0.5 }];
const TWO = [{ class: '2', probability: 0.25 }];

/** @type {HTMLElement} */
let place;
/** @type {Plot} */
let plot;

beforeEach(() => {
  newPage();
  newVega();
  place = element('div', { clientWidth: 300 });
  element('div', { dataset: { chart: 'probabilities' } }, place);
  plot = new Plot(place, async () => vega);
});

/** A promise of a specification. @param {object} spec */
const spec = async (spec) => spec;

test('a chart is made with its rows, in the font of the page', async () => {
  await plot.show(spec(SPEC), ONE);
  assert.deepEqual(charts[0].spec, {
    mark: 'bar',
    config: { view: 'plain', font: 'Page Sans' },
    data: { name: 'rows', values: ONE },
  });
  assert.deepEqual(
    SPEC,
    { mark: 'bar', config: { view: 'plain' } },
    'the specification itself stays as it is',
  );
});

test('from then on only its rows change', async () => {
  await plot.show(spec(SPEC), ONE);
  await plot.show(spec(SPEC), TWO);
  await plot.show(null, ONE);
  assert.deepEqual([charts.length, charts[0].rows], [1, ONE]);
});

test('the same rows are not drawn again', async () => {
  let drawn = 0;
  waitsFor.rows = async () => {
    drawn += 1;
  };
  await plot.show(spec(SPEC), ONE);
  await plot.show(spec(SPEC), structuredClone(ONE));
  assert.equal(drawn, 0);
  await plot.show(null, TWO);
  await plot.show(null, structuredClone(TWO));
  assert.equal(drawn, 1);
});

test('a chart without rows is no picture to a screen reader', async () => {
  const drawing = element('svg');
  place.append(drawing);
  const hidden = [];
  for (const rows of [[], ONE, []]) {
    await plot.show(spec(SPEC), rows);
    hidden.push(drawing.ariaHidden);
  }
  assert.deepEqual(hidden, ['true', 'false', 'true']);
});

test('another specification makes another chart, and ends the one before', async () => {
  await plot.show(spec(SPEC), ONE);
  await plot.show(spec({ mark: 'point' }), ONE);
  assert.deepEqual(
    charts.map(({ spec: { mark }, finalized }) => [mark, finalized]),
    [
      ['bar', true],
      ['point', false],
    ],
  );
});

test('rows that come while the chart is made are shown after it, in the order of asking', async () => {
  const gate = new Deferred();
  waitsFor.embed = async () => void (await gate.promise);
  const made = plot.show(spec(SPEC), ONE);
  const last = plot.show(null, TWO);
  await settle();
  gate.resolve(undefined);
  await Promise.all([made, last]);
  assert.deepEqual([charts.length, charts[0].rows], [1, TWO]);
});

test('rows whose specification comes late are not shown over rows that came after', async () => {
  const late = /** @type {Deferred<object>} */ (new Deferred());
  const first = plot.show(late.promise, ONE);
  const last = plot.show(spec(SPEC), TWO);
  await settle();
  late.resolve(SPEC);
  await Promise.all([first, last]);
  assert.deepEqual(
    charts.map(({ rows }) => rows),
    [TWO],
  );
});

test('without a specification there is nothing to draw', async () => {
  await plot.show(null, ONE);
  assert.deepEqual([charts, place.textContent], [[], '']);
});

test('a chart that cannot be drawn says so, and the next specification draws it', async () => {
  await plot.show(Promise.reject(new Error('the server could not make it')), ONE);
  assert.equal(
    place.textContent,
    'This chart could not be drawn: the server could not make it. Reload the page.',
  );
  await plot.show(spec(SPEC), ONE);
  assert.deepEqual(charts[0].rows, ONE);
});

test('a chart that broke while its rows changed is made anew of the same specification', async () => {
  await plot.show(spec(SPEC), ONE);
  waitsFor.rows = async () => Promise.reject(new Error('it broke'));
  await plot.show(null, TWO);
  assert.match(place.textContent ?? '', /it broke/);
  assert.equal(charts[0].finalized, true);
  await plot.show(spec(SPEC), TWO);
  assert.deepEqual(
    charts.map(({ rows, finalized }) => [rows, finalized]),
    [
      [ONE, true],
      [TWO, false],
    ],
  );
});

test('a chart is as wide as its place, once that has another width', async () => {
  await plot.show(spec(SPEC), ONE);
  StubObserver.fire(); // as when it is first observed
  for (const width of [0, 400, 400]) {
    Object.assign(place, { clientWidth: width });
    StubObserver.fire();
  }
  assert.deepEqual(charts[0].widths, [400]);
});

test('a chart that was closed follows its place no more', async () => {
  await plot.show(spec(SPEC), ONE);
  plot.close();
  Object.assign(place, { clientWidth: 400 });
  StubObserver.fire();
  plot.fit();
  assert.deepEqual([charts[0].finalized, charts[0].widths], [true, []]);
  assert.deepEqual(
    StubObserver.all.map(({ observing }) => observing),
    [false],
  );
});

test('a chart that is closed while its specification or Vega comes is not made', async () => {
  for (const waits of ['specification', 'Vega']) {
    const late = new Deferred();
    const vegaComes = waits === 'Vega' ? late.promise.then(() => vega) : vega;
    const specComes = waits === 'Vega' ? spec(SPEC) : late.promise.then(() => SPEC);
    plot = new Plot(place, async () => vegaComes);
    const made = plot.show(specComes, ONE);
    await settle();
    plot.close();
    late.resolve(undefined);
    await made;
    assert.deepEqual([charts, plot.made], [[], null], waits);
  }
});

test('a chart that is closed while it is made is ended, and follows its place no more', async () => {
  const gate = new Deferred();
  waitsFor.embed = async () => void (await gate.promise);
  const made = plot.show(spec(SPEC), ONE);
  await settle();
  plot.close();
  gate.resolve(undefined);
  await made;
  await plot.show(spec({ mark: 'point' }), TWO);
  assert.deepEqual(
    charts.map(({ finalized }) => finalized),
    [true],
  );
  assert.deepEqual(
    StubObserver.all.map(({ observing }) => observing),
    [false],
  );
  assert.equal(place.querySelector('.dp-save'), null);
});

test('a chart that was closed does not say that it could not be drawn', async () => {
  const late = /** @type {Deferred<object>} */ (new Deferred());
  const made = plot.show(late.promise, ONE);
  await settle();
  plot.close();
  late.reject(new Error('the server could not make it'));
  await made;
  assert.equal(place.textContent, '');
});

test('its button saves the picture under the name of the chart', async () => {
  await plot.show(spec(SPEC), ONE);
  /** @type {HTMLAnchorElement[]} */
  const links = [];
  const make = document.createElement.bind(document);
  document.createElement = (/** @type {string} */ tag) => {
    const made = make(tag);
    links.push(/** @type {HTMLAnchorElement} */ (made));
    return made;
  };
  /** @type {HTMLElement} */ (place.querySelector('.dp-save')).click();
  await settle();
  assert.deepEqual(
    links.map(({ href, download }) => [href, download]),
    [['data:png@2', 'digit-parity-probabilities.png']],
  );
});

/** Rows that show one number. @param {number} probability */
const moving = (probability) => [{ class: '7', probability }];

test('of rows that change faster than they are painted, only the latest are', async () => {
  await plot.show(spec(SPEC), ONE);
  /** @type {Deferred<void>} */
  const painting = new Deferred();
  let painted = 0;
  waitsFor.rows = () => {
    painted += 1;
    return painting.promise;
  };
  plot.live(moving(0.1));
  await settle();
  plot.live(moving(0.2));
  plot.live(moving(0.3));
  painting.resolve();
  await settle();
  assert.equal(painted, 2);
  assert.deepEqual(charts[0].rows, moving(0.3));
});

test('rows that are to stay take the place of those that change, also of ones that wait', async () => {
  await plot.show(spec(SPEC), ONE);
  /** @type {Deferred<void>} */
  const painting = new Deferred();
  waitsFor.rows = () => painting.promise;
  plot.live(moving(0.1));
  await settle();
  plot.live(moving(0.2));
  const shown = plot.show(null, TWO);
  painting.resolve();
  await shown;
  await settle();
  assert.deepEqual(charts[0].rows, TWO);
});

test('a chart that is not there yet does not follow', async () => {
  plot.live(moving(0.1));
  await settle();
  await plot.show(spec(SPEC), ONE);
  await settle();
  assert.deepEqual(charts[0].rows, ONE);
});
