import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';

import { showAssumed } from '../../../../app/draw/picture/assumed_view.js';
import { element, newPage } from '../../support/dom.js';

beforeEach(newPage);

test('what was guessed is folded, a line each; nothing is shown where nothing was', () => {
  const root = /** @type {any} */ (element('div'));
  showAssumed(root, ['Values run from 0 to 1 (--range).', 'It has no labels (--classes).']);
  assert.equal(root.querySelector('summary').textContent, '2 things were guessed of this model');
  const lines = root.querySelectorAll('li').map((/** @type {any} */ each) => each.textContent);
  assert.deepEqual(lines, ['Values run from 0 to 1 (--range).', 'It has no labels (--classes).']);
  showAssumed(root, ['One.']);
  assert.equal(root.querySelector('summary').textContent, '1 thing was guessed of this model');
  showAssumed(root, []);
  assert.equal(root.childElementCount, 0);
});
