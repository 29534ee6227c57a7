import assert from 'node:assert/strict';
import { test } from 'node:test';

import { VerdictView } from '../../../../app/draw/results/verdict_view.js';
import { element, newPage } from '../../support/dom.js';

test('the headline, its detail and a mark of its kind are shown', () => {
  newPage();
  const [mark, headline, detail] = ['dp-mark', 'dp-headline', 'dp-detail'].map((className) =>
    element('p', { className }),
  );
  const root = element('div', {}, mark, headline, detail);
  const view = new VerdictView(root);
  view.show({ kind: 'agree', headline: 'Yes. All five read 7.', detail: 'They differ.' });
  assert.deepEqual(
    [root.dataset.kind, mark.textContent, headline.textContent, detail.textContent],
    ['agree', '✓', 'Yes. All five read 7.', 'They differ.'],
  );
  view.show({ kind: 'differ', headline: 'No.', detail: '' });
  assert.deepEqual(
    [root.dataset.kind, mark.textContent, headline.textContent, detail.textContent],
    ['differ', '≠', 'No.', ''],
  );
});
