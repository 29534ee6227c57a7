import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';

import { tallyOf, VisitStrip } from '../../../../../app/draw/results/details/visit_strip.js';
import { newCanvases } from '../../../support/canvas.js';
import { element, newPage } from '../../../support/dom.js';
import { lanes, picture, reading } from '../../../support/result.js';

/**
 * @import {Reading} from '../../../../../app/draw/reading/reading_stream.js'
 * @import {Picture} from '../../../../../app/draw/studio_data.js'
 */

const ABOUT = { shape: [28, 28], thing: 'digit' };

/** @type {HTMLElement} */
let root;
/** @type {Picture[]} */
let opened;
/** @type {VisitStrip} */
let strip;

beforeEach(() => {
  newPage();
  newCanvases();
  root = element('div');
  opened = [];
  strip = new VisitStrip(root, (picture) => opened.push(picture));
  strip.begin('mnist 1 float32');
});

const buttons = () => [...root.querySelectorAll('button')];
const tally = () => root.querySelector('.dp-how')?.textContent;
const names = () => buttons().map(({ ariaLabel }) => ariaLabel);

/** @param {string} digit @param {Partial<Reading>} [changed] @param {Partial<Picture>} [given] */
const add = (digit, changed = {}, given = {}) =>
  strip.add(picture(given), reading({ digit, ...changed }), ABOUT);

test('before the first reading there is nothing', () => {
  assert.deepEqual([buttons().length, tally()], [0, '']);
});

test('digits that are read are in the strip, the last one first, and a sentence counts them', () => {
  add('one', { lanes: lanes('1', 1e-7) });
  add('two', { lanes: lanes('2', 2.4e-7) });
  add('three', { lanes: lanes('3', 2e-8) });
  assert.deepEqual(names(), [
    'Show number 3 again: read as 3, all versions agree',
    'Show number 2 again: read as 2, all versions agree',
    'Show number 1 again: read as 1, all versions agree',
  ]);
  assert.equal(
    tally(),
    '3 digits this visit: all five versions agree on each; the largest difference is 2.4e-7 of an allowed 9e-6.',
  );
});

test('a click opens a digit again, with its strokes', () => {
  const paths = [/** @type {Picture['paths'][0]} */ ({ type: 'path' })];
  add('one', {}, { label: 'Ready digit 1' });
  add('two', {}, { paths });
  buttons()[0].click();
  buttons()[1].click();
  assert.deepEqual(
    opened.map(({ label, paths }) => [label, paths]),
    [
      ['Yours', paths],
      ['Ready digit 1', []],
    ],
  );
});

test('twelve are shown, and all are counted', () => {
  for (let digit = 0; digit < 15; digit += 1) add(`digit ${digit}`);
  assert.equal(buttons().length, 12);
  assert.deepEqual(buttons()[0].dataset.key, 'digit 14');
  assert.match(tally() ?? '', /^15 digits this visit/);
});

test('a digit that is read again, on another backend too, counts once, as it was read last', () => {
  add('one');
  add('two');
  add('one', {
    verdict: { kind: 'differ', headline: '', detail: '' },
    lanes: lanes('1', 0.25),
  });
  assert.deepEqual(
    buttons().map(({ dataset }) => [dataset.key, dataset.kind]),
    [
      ['one', 'differ'],
      ['two', 'agree'],
    ],
  );
  assert.match(
    tally() ?? '',
    /^2 digits .*: versions differ on 1; the largest difference is 0.25 /,
  );
});

test('another model, and other weights, count by themselves; the former goes on where it was', () => {
  add('one');
  strip.begin('mnist 1 uint8');
  assert.deepEqual([buttons().length, tally()], [0, '']);
  add('two');
  add('three');
  strip.begin('mnist 1 float32');
  assert.deepEqual(
    buttons().map(({ dataset }) => dataset.key),
    ['one'],
  );
  add('four');
  assert.match(tally() ?? '', /^2 digits/);
});

test('what not all versions have read is not counted yet', () => {
  const [first, ...others] = lanes();
  add('one', { lanes: [first, { ...others[0], state: 'waiting' }, ...others.slice(1)] });
  assert.equal(buttons().length, 0);
});

test('what no version could read is not counted', () => {
  add('one', { lanes: lanes().map((lane) => ({ ...lane, state: 'failed' })) });
  assert.equal(buttons().length, 0);
});

/** @param {object} its */
const counted = (its = {}) => ({
  kind: /** @type {const} */ ('agree'),
  versions: 5,
  farthest: 1e-7,
  ...its,
});

for (const [all, said] of /** @type {[ReturnType<typeof counted>[], string][]} */ ([
  [[], ''],
  [
    [counted()],
    '1 digit this visit: all five versions agree; the largest difference is 1e-7 of an allowed 1e-5.',
  ],
  [
    [counted({ versions: 2 })],
    '1 digit this visit: both versions agree; the largest difference is 1e-7 of an allowed 1e-5.',
  ],
  [
    [counted(), counted({ kind: 'differ', farthest: 0.5 })],
    '2 digits this visit: versions differ on 1; the largest difference is 0.5 of an allowed 1e-5.',
  ],
  [
    [counted({ kind: 'failed' })],
    '1 digit this visit: a version failed on 1; the largest difference is 1e-7 of an allowed 1e-5.',
  ],
  [
    [counted({ kind: 'failed' }), counted({ kind: 'differ', farthest: 0.5 })],
    '2 digits this visit: versions differ on 1, a version failed on 1; the largest difference is 0.5 of an allowed 1e-5.',
  ],
]))
  test(`the tally says: ${said || 'nothing'}`, () => {
    assert.equal(tallyOf(all, 1e-5, 'digit'), said);
  });

test('NaN, which is no distance, is not said to be a small one', () => {
  const nan = counted({ kind: 'differ', farthest: 0 });
  assert.equal(
    tallyOf([counted(), nan], 1e-5, 'digit'),
    '2 digits this visit: versions differ on 1.',
  );
});
