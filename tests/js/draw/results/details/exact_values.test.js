import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';

import { ExactValues } from '../../../../../app/draw/results/details/exact_values.js';
import { element, newPage } from '../../../support/dom.js';
import { lanes, reading } from '../../../support/result.js';

/** @type {HTMLElement} */
let root;
/** @type {ExactValues} */
let values;

beforeEach(() => {
  newPage();
  root = element('div');
  values = new ExactValues(root);
});

function open() {
  values.details.open = true;
  values.details.ontoggle?.(/** @type {ToggleEvent} */ (new Event('toggle')));
}

/** The text of each cell, row by row. */
const table = () =>
  [...root.querySelectorAll('tr')].map((row) =>
    [...row.children].map(({ textContent }) => textContent),
  );

test('without a picture there is no table', () => {
  values.show(null);
  open();
  assert.deepEqual([values.details.hidden, table()], [true, []]);
});

test('a closed table is not made', () => {
  values.show(reading());
  assert.deepEqual(table(), []);
});

test('an open table has a row for each version, with every class and time', () => {
  values.show(reading());
  open();
  const [head, keras, ...others] = table();
  assert.equal(head.length, 14);
  assert.deepEqual([head[0], head[1], head[13]], ['version', 'P(0)', 'load ms']);
  assert.equal(others.length, 4);
  assert.deepEqual(keras.slice(8), [
    '0.99',
    '0.00111111111',
    '0.00111111111',
    '2.000',
    '5.000',
    '10.000',
  ]);
});

test('it stays open, and follows the next picture', () => {
  values.show(reading());
  open();
  values.show(reading({ lanes: lanes('3') }));
  assert.equal(table()[1][4], '0.99');
});

test('two numbers of 32 bits that differ are written differently', () => {
  const one = Math.fround(0.1);
  const next = new Float32Array(
    new Uint32Array([new Uint32Array(new Float32Array([one]).buffer)[0] + 1]).buffer,
  )[0];
  const [first, second] = lanes();
  const pair = [
    { ...first, probabilities: [one] },
    { ...second, probabilities: [next] },
  ];
  values.show(reading({ classes: ['0'], lanes: pair }));
  open();
  const [, keras, graph] = table();
  assert.notEqual(keras[1], graph[1]);
});

test('a version that failed says why, and one that is waited for has an ellipsis', () => {
  const [first, second, third] = lanes();
  const failed = {
    ...second,
    state: /** @type {const} */ ('failed'),
    probabilities: undefined,
    error: 'It was eaten.',
  };
  const waiting = { ...third, state: /** @type {const} */ ('waiting'), probabilities: undefined };
  values.show(reading({ lanes: [first, failed, waiting] }));
  open();
  assert.deepEqual(
    table()
      .slice(2)
      .map((row) => row[1]),
    ['It was eaten.', '…'],
  );
});

test('a time that was not measured is no number', () => {
  const [first] = lanes();
  values.show(reading({ lanes: [{ ...first, steadyMs: [], firstMs: null }] }));
  open();
  assert.deepEqual(table()[1].slice(11), ['–', '–', '10.000']);
});
