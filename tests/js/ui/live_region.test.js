import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';

import { restoreTime, stopTime, tick } from '../support/clock.js';
import { element, newPage, StubObserver } from '../support/dom.js';

/** @type {HTMLElement} */
let said;
/** @type {HTMLElement} */
let root;
/** How often a screen reader was given something to say. */
let announced = 0;
let pages = 0;

beforeEach(async () => {
  newPage();
  stopTime();
  said = element('div', { id: 'dp-said' });
  root = element('div', { id: 'root' });
  document.documentElement.append(said, root);
  announced = 0;
  let words = '';
  Object.defineProperty(said, 'textContent', {
    get: () => words,
    set: (now) => {
      announced += 1;
      words = now;
    },
  });
  pages += 1;
  await import(`../../../app/ui/live_region.js?${pages}`);
});
afterEach(restoreTime);

/** The page shows a verdict. @param {string} kind @param {string[]} lines */
function show(kind, ...lines) {
  root.replaceChildren(
    element(
      'div',
      { className: 'dp-verdict', dataset: { kind } },
      ...lines.map((textContent) => element('p', { textContent })),
    ),
  );
  StubObserver.fire();
}

test('a verdict is said once it has been the same for a moment', async () => {
  show('agree', 'All lanes agree.', 'Each reads 3.');
  await tick(799);
  assert.equal(announced, 0);
  await tick(1);
  assert.deepEqual([announced, said.textContent], [1, 'All lanes agree. Each reads 3.']);
});

test('lanes that arrive one after the other interrupt once, with the last verdict', async () => {
  for (const lines of ['Two lanes agree.', 'Three lanes agree.', 'All lanes agree.']) {
    show('agree', lines);
    await tick(500);
  }
  assert.equal(announced, 0);
  await tick(300);
  assert.deepEqual([announced, said.textContent], [1, 'All lanes agree.']);
});

test('the same words are not said again', async () => {
  show('agree', 'All lanes agree.');
  await tick(800);
  show('agree', 'All lanes agree.');
  await tick(800);
  assert.equal(announced, 1);
});

test('a verdict that is waited for is not said', async () => {
  show('waiting', 'Waiting for your browser.');
  await tick(800);
  assert.deepEqual([announced, said.textContent], [0, '']);
});
