import assert from 'node:assert/strict';
import { test } from 'node:test';

import { LikeliestView } from '../../../../app/draw/results/likeliest.js';
import { element, newPage } from '../../support/dom.js';

const MANY = Array.from({ length: 13 }, (_, at) => `class ${at}`);

test('of many classes the likeliest are listed, and their line stays while none are known', () => {
  newPage();
  const root = element('div');
  const view = new LikeliestView(root);
  const line = /** @type {HTMLElement} */ (root.querySelector('.dp-likeliest'));
  view.begin(MANY);
  assert.deepEqual([line.hidden, line.textContent], [false, 'Likeliest: …']);
  view.show([
    { reads: 'class 3', sure: 0.5 },
    { reads: 'class 9', sure: 0.25 },
  ]);
  assert.equal(line.textContent, 'Likeliest: class 3 50.0 % · class 9 25.0 %');
  view.show([]);
  assert.deepEqual([line.hidden, line.textContent], [false, 'Likeliest: …']);
});

test('a few classes have their chart, and no line', () => {
  newPage();
  const root = element('div');
  new LikeliestView(root).begin(MANY.slice(1));
  assert.equal(/** @type {HTMLElement} */ (root.querySelector('.dp-likeliest')).hidden, true);
});
