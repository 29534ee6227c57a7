import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';

import { Gauge, placeOf } from '../../../../app/draw/results/gauge.js';
import { element, newPage } from '../../support/dom.js';
import { five, readingOf, version } from '../../support/figures.js';

/** @type {HTMLElement} */
let root;
/** @type {Gauge} */
let gauge;

beforeEach(() => {
  newPage();
  root = element('div');
  gauge = new Gauge(root);
});

const said = () => /** @type {any} */ (root)['aria-label'];
const dots = () => /** @type {HTMLElement[]} */ ([...root.querySelectorAll('.dp-dot')]);
const shares = () => dots().map(({ style }) => Number(/** @type {any} */ (style)['--share']));
const text = (/** @type {string} */ place) => root.querySelector(place)?.textContent;

test('it is one picture whose text says what it shows', () => {
  gauge.show(readingOf(five(9.4e-8, 0, 2e-7, 1.9e-7)));
  assert.equal(/** @type {any} */ (root).role, 'img');
  assert.equal(
    said(),
    'How far each version is from Keras, the original. graph, on the server: 0.000000094; ' +
      'layers, on the server: 0; graph, in your browser: 0.0000002; ' +
      'layers, in your browser: 0.00000019. Rounding explains up to 0.000023.',
  );
});

test('a version is a dot in its colour, further right the further it is from the original', () => {
  gauge.show(readingOf(five(9.4e-8, 0, 2e-7, 1.9e-7)));
  assert.deepEqual(
    dots().map(({ className, dataset }) => [className, dataset.where]),
    [
      ['dp-dot dp-graph', 'server'],
      ['dp-dot dp-layers', 'server'],
      ['dp-dot dp-graph', 'browser'],
      ['dp-dot dp-layers', 'browser'],
    ],
  );
  const [one, none, other, last] = shares();
  assert.ok(none === 0 && none < one && one < last && last < other);
});

test('what rounding explains lies left of the bound, and what it does not right of it', () => {
  gauge.show(readingOf(five(2.2e-5, 0, 0.31, 2.4e-5)));
  const bound = Number.parseFloat(/** @type {any} */ (root.style)['--bound']) / 100;
  const [within, , far, beyond] = shares();
  assert.ok(within < bound && bound < beyond && beyond < far && far < 1);
  assert.match(said(), /graph, in your browser: 0\.31, too far; .*: 0\.000024, too far\./);
});

test('NaN and a difference above 1 stand at the right end', () => {
  gauge.show(readingOf(five(3, 0, null, 1e-300)));
  assert.deepEqual(shares(), [1, 0, 1, placeOf(1e-10, 1)]);
  assert.match(said(), /graph, in your browser: NaN, too far/);
});

test('of a bound above 1 the axis goes on beyond it', () => {
  const lanes = five(0.5, 0, 2, 40).map((lane) => ({ ...lane, differs: false }));
  gauge.show({ lanes, allowed: { share: 1.7, says: 'rounding explains' } });
  assert.deepEqual([text('.dp-tick-bound'), text('.dp-tick-end')], ['1.7', '17']);
  const [half, , two, forty] = shares();
  assert.ok(half < two && two < 1 && forty === 1);
});

test('a fixed tolerance is not called rounding', () => {
  const allowed = { share: 1e-5, says: 'fixed tolerance' };
  gauge.show({ lanes: five(0, 0, 0, 0), allowed });
  assert.equal(text('.dp-tick-kind'), 'tolerance');
  assert.match(said(), /The fixed tolerance is 0\.00001\.$/);
});

test('versions that have not answered, or could not, have no dot', () => {
  const [keras, graph] = five(1e-7);
  const waits = version('layers', false, { state: 'waiting' });
  const failed = version('graph', true, { state: 'failed', error: 'no' });
  gauge.show(readingOf([keras, graph, waits, failed]));
  assert.equal(dots().length, 1);
});

test('a version that gave NaN stands at the right end, though it has no answer', () => {
  const [keras, graph] = five(1e-7);
  const broken = version('graph', true, { state: 'failed', error: 'no numbers', differs: true });
  gauge.show(readingOf([keras, graph, broken]));
  assert.equal(shares()[1], 1);
  assert.match(said(), /graph, in your browser: NaN, too far/);
});

test('until the original has answered nothing is shown', () => {
  const [keras, ...others] = five(1e-7, 0, 0, 0);
  gauge.show(readingOf([keras, ...others]));
  gauge.show(readingOf([{ ...keras, state: 'waiting' }, ...others]));
  assert.equal(dots().length, 0);
  assert.match(said(), /none has been compared yet/);
  assert.equal(root.dataset.empty, '');
});
