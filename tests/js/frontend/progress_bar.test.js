import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';

import { paintNothing, paintProgress } from '../../../app/frontend/progress_bar.js';
import { element, newPage } from '../support/dom.js';

beforeEach(newPage);

test('one bar moves on, and goes', () => {
  const root = element('div');
  paintProgress(root, { share: 0.1, text: 'Loading' });
  paintProgress(root, { share: 0.5, text: 'One image: round 1' });
  assert.equal(root.childElementCount, 2);
  assert.equal(/** @type {HTMLProgressElement} */ (root.querySelector('progress')).value, 0.5);
  assert.equal(
    root.querySelector('[role=status]')?.textContent,
    'In your browser: One image: round 1',
  );
  paintNothing(root);
  assert.equal(root.childElementCount, 0);
});
