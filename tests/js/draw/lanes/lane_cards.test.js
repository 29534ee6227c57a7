import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';

import { paintAnswer, paintLoading, paintWaiting } from '../../../../app/draw/lanes/lane_cards.js';
import { element, newPage } from '../../support/dom.js';

/** @typedef {import('../../../../app/draw/lanes/predict.js').Answer} Answer */
/** @typedef {import('../../../../app/draw/lanes/predict.js').Data} Data */

const CLASSES = ['zero', '1', '2'];

/** @param {string | null} digit @returns {Data} */
const data = (digit) => ({
  session: 's',
  bundle: null,
  backend: 'auto',
  digit,
  id: null,
  model: {
    name: 'mnist',
    version: 'v1',
    paths: { graph: 'g', layers: 'l' },
    input: { shape: [28, 28, 1], scale: 1 },
    isDigit: true,
    answers: 'probabilities',
    classes: CLASSES,
  },
});

/** @type {HTMLElement} */
let root;

beforeEach(() => {
  newPage();
  root = element('div');
});

/** What stands on a card. @param {string} format */
function card(format) {
  const found = /** @type {HTMLElement} */ (root.querySelector(`[data-format=${format}]`));
  const [name, digit, sure, time] = [...found.children].map(({ textContent }) => textContent);
  return { name, digit, sure, time, state: found.dataset.state, long: 'long' in found.dataset };
}

/** @param {Partial<Answer>} its */
function answered(its) {
  paintWaiting(root, data('digit'));
  const answer = {
    probabilities: [0, 1, 0],
    loadMs: 1,
    firstMs: 1,
    steadyMs: [1],
    error: null,
    ...its,
  };
  paintAnswer(root, { format: 'graph', ...answer }, data('digit'));
  return card('graph');
}

test('two cards wait for a digit, and say so when there is none', () => {
  paintWaiting(root, data(null));
  assert.deepEqual(card('layers'), {
    name: 'layers',
    digit: '–',
    sure: 'ready',
    time: '',
    state: 'empty',
    long: false,
  });
  paintWaiting(root, data('digit'));
  assert.deepEqual(card('graph'), {
    name: 'graph',
    digit: '–',
    sure: '…',
    time: '',
    state: 'waiting',
    long: false,
  });
  assert.equal(root.childElementCount, 2);
});

test('an answer is the class that is most probable, how probable, and the median time', () => {
  const shown = answered({ probabilities: [0.1, 0.25, 0.65], steadyMs: [9, 1, 4.2] });
  assert.deepEqual(shown, {
    name: 'graph',
    digit: '2',
    sure: '65.0 %',
    time: '4.2 ms',
    state: 'answered',
    long: false,
  });
});

test('logits are shown as probabilities, and one sigmoid as two classes', () => {
  paintWaiting(root, data('digit'));
  const answer = { format: /** @type {const} */ ('graph'), loadMs: 1, firstMs: 1, steadyMs: [1] };
  const given = data('digit');
  for (const [answers, probabilities, classes, digit, sure] of /** @type {const} */ ([
    ['logits', [-1, 3, 3 + Math.log(3)], ['a', 'b', 'c'], 'c', '74.7 %'],
    ['logits', [1000, -1000], ['a', 'b'], 'a', '100.0 %'],
    ['sigmoid', [0.75], ['no', 'on'], 'on', '75.0 %'],
    ['sigmoid', [0.25], ['no', 'on'], 'no', '75.0 %'],
    ['sigmoid', [0.25, 0.5], ['no', 'on'], 'on', '50.0 %'],
  ])) {
    const model = { ...given.model, answers, classes: [...classes] };
    const it = { ...answer, probabilities: [...probabilities], error: null };
    paintAnswer(root, it, { ...given, model });
    assert.deepEqual([card('graph').digit, card('graph').sure], [digit, sure]);
  }
});

test('a model of one format has one card', () => {
  paintWaiting(root, data('digit'));
  const given = data('digit');
  paintWaiting(root, { ...given, model: { ...given.model, paths: { layers: 'l' } } });
  assert.equal(root.childElementCount, 1);
  assert.equal(card('layers').state, 'waiting');
  paintWaiting(root, given);
  assert.equal(root.childElementCount, 2);
});

test('a card says how much of the weights has arrived', () => {
  paintWaiting(root, data('digit'));
  paintLoading(root, 'graph', data('digit'), 0.379);
  assert.equal(card('graph').sure, 'loading, 37 %');
  paintLoading(root, 'graph', data('digit'), 1);
  assert.equal(card('graph').sure, '…');
});

test('a long name is cut on its card and whole in the tooltip', () => {
  answered({ probabilities: [1, 0, 0] });
  const found = /** @type {HTMLElement} */ (root.querySelector('[data-format=graph]'));
  assert.equal(found.title, 'zero');
  answered({});
  assert.equal(found.title, '');
});

test('of an even number of times the median lies midway', () => {
  assert.equal(answered({ steadyMs: [1, 8, 4, 2] }).time, '3.0 ms');
});

test('times have two digits that count, as on the server', () => {
  for (const [ms, text] of /** @type {[number, string][]} */ ([
    [0.0456, '0.046 ms'],
    [0.456, '0.46 ms'],
    [0.996, '1.0 ms'],
    [3.123, '3.1 ms'],
    [9.96, '10 ms'],
    [1234.4, '1,234 ms'],
  ]))
    assert.equal(answered({ steadyMs: [ms] }).time, text);
});

test("a class's name is no digit", () => {
  assert.equal(answered({ probabilities: [1, 0, 0] }).long, true);
  assert.equal(answered({}).long, false);
});

test('a lane that failed says why, and the other card stays as it was', () => {
  const shown = answered({ probabilities: null, steadyMs: [], error: 'no GPU' });
  assert.deepEqual(
    [shown.digit, shown.sure, shown.time, shown.state],
    ['×', 'no GPU', '', 'failed'],
  );
  assert.equal(card('layers').state, 'waiting');
});
