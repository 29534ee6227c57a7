import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';

import exampleDigits from '../../../../app/draw/canvas/example_digits.js';
import { componentOf, element, newPage } from '../../support/dom.js';

beforeEach(newPage);

test('a press tells which digit it was; the buttons are made once', () => {
  const root = element('div', { className: 'dp-ready' });
  /** @type {unknown[]} */
  const picked = [];
  const set = (/** @type {string} */ name, /** @type {unknown} */ digit) =>
    void picked.push([name, digit]);
  const component = componentOf(
    root,
    { pictures: ['0.png', '1.png', '2.png'], what: 'digit' },
    set,
  );
  exampleDigits(component);
  exampleDigits(component);
  const buttons = /** @type {NodeListOf<HTMLElement>} */ (root.querySelectorAll('button'));
  assert.deepEqual(
    [...buttons].map(({ style }) => style.backgroundImage),
    ['url(0.png)', 'url(1.png)', 'url(2.png)'],
  );
  buttons[2].click();
  root.click(); // beside them
  assert.deepEqual(picked, [['picked', 2]]);
});

test('another model has other pictures on its buttons', () => {
  const root = element('div', { className: 'dp-ready' });
  exampleDigits(componentOf(root, { pictures: ['0.png', '1.png'], what: 'digit' }));
  exampleDigits(componentOf(root, { pictures: ['cat.png'], what: 'picture' }));
  const buttons = /** @type {NodeListOf<HTMLElement>} */ (root.querySelectorAll('button'));
  assert.deepEqual(
    [...buttons].map(({ ariaLabel, style }) => [ariaLabel, style.backgroundImage]),
    [['Ready picture 0', 'url(cat.png)']],
  );
});
