import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';

import { LanesTable, median } from '../../../../app/draw/results/lanes_table.js';
import { element, newPage } from '../../support/dom.js';
import { five, version } from '../../support/figures.js';

/** @type {HTMLElement} */
let root;
/** @type {LanesTable} */
let table;

beforeEach(() => {
  newPage();
  root = element('div');
  table = new LanesTable(root);
  table.begin('digit');
});

const rows = () => /** @type {HTMLElement[]} */ ([...root.querySelectorAll('tbody tr')]);
/** What each cell of a row says. @param {number} at */
const texts = (at) =>
  /** @type {HTMLElement[]} */ ([...rows()[at].children]).map(
    (each) => each.textContent || each.children[1]?.textContent || '',
  );

test('it has a caption, and headings of columns and rows', () => {
  table.show(five(0, 0, 0, 0));
  assert.match(root.querySelector('caption')?.textContent ?? '', /^What every version reads/);
  const scopes = [...root.querySelectorAll('th')].map(({ scope }) => scope);
  assert.deepEqual(scopes, [...Array(5).fill('col'), ...Array(5).fill('row')]);
  assert.deepEqual(
    [...root.querySelectorAll('thead th')].map(({ textContent }) => textContent),
    ['version', 'reads', 'how sure', 'difference', 'a digit takes'],
  );
  table.begin('picture');
  assert.equal(root.querySelectorAll('thead th')[4].textContent, 'a picture takes');
});

test('a row says what a version reads, how sure, how far it is and how long it takes', () => {
  const [keras, graph] = five(1.9e-7);
  table.show([keras, { ...graph, steadyMs: [3, 1, 2] }]);
  assert.deepEqual(texts(0), ['Keras, the original', '7', '99.8 %', '–', '']);
  assert.deepEqual(texts(1), ['graph, on the server', '7', '99.8 %', '1.9e-7', '2.0 ms']);
  const difference = /** @type {HTMLElement} */ (rows()[1].children[3]);
  assert.equal(difference.title, '0.00000019', 'for who reads no exponents');
});

test('before a version answers its row is there, and says how much of it is loaded', () => {
  const waits = version('graph', true, { state: 'waiting', reads: undefined, sure: undefined });
  table.show([waits]);
  assert.deepEqual(texts(0), ['graph, in your browser', '–', '…', '–', '']);
  table.progress('graph', 0.415);
  assert.equal(texts(0)[2], 'loading, 41 %');
  table.progress('graph', 1);
  assert.equal(texts(0)[2], '…');
  table.progress('layers', 0.5);
  table.update(version('graph', true));
  table.progress('graph', 0.5);
  assert.equal(texts(0)[2], '99.8 %', 'what has answered does not load');
});

test('a version that failed has its whole sentence in the place of its figures, until it answers', () => {
  const why = 'The graph model could not be loaded: no file. '.repeat(9);
  table.show([version('graph', true, { state: 'failed', error: why, reads: undefined })]);
  const [, reads, sure, difference, time] = /** @type {HTMLTableCellElement[]} */ ([
    ...rows()[0].children,
  ]);
  assert.deepEqual([reads.textContent, sure.children[1].textContent], ['×', why]);
  assert.deepEqual([sure.colSpan, difference.hidden, time.hidden], [3, true, true]);
  table.update(version('graph', true));
  assert.deepEqual([sure.colSpan, difference.hidden, time.hidden], [1, false, false]);
  assert.equal(texts(0)[2], '99.8 %');
});

test('a version that differs is marked, also where its difference is no number', () => {
  table.show(five(0.31, 0, null, 0));
  assert.deepEqual(
    rows().map(({ dataset }) => 'differs' in dataset),
    [false, true, false, true, false],
  );
  assert.deepEqual([texts(1)[3], texts(2)[3], texts(3)[3]], ['0.31', '0', 'NaN']);
});

test('a class whose name has no room is whole in its title', () => {
  table.show([version('graph', true, { reads: 'a very long name' })]);
  assert.equal(/** @type {HTMLElement} */ (rows()[0].children[1]).title, 'a very long name');
});

test('newer figures of the same versions go into the rows that are there', () => {
  table.show(five(0, 0, 0, 0));
  const before = rows();
  table.show(five(1e-7, 0, 0, 0));
  assert.ok(rows().every((row, at) => row === before[at]));
  table.show(five(0).slice(0, 2));
  assert.equal(rows().length, 2);
});

test('the median is the mean of the middle two of an even number of times', () => {
  assert.deepEqual([median([3, 1, 2]), median([4, 1, 3, 2]), median([5])], [2, 2.5, 5]);
});
