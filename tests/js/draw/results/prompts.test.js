import assert from 'node:assert/strict';
import { test } from 'node:test';

import { CUT_OFF, DRAW, GIVE, reading, refused } from '../../../../app/draw/results/prompts.js';

test('no prompt is announced as an answer, but what went wrong is', () => {
  const kinds = [DRAW, GIVE, reading('digit')].map(({ kind }) => kind);
  assert.deepEqual(kinds, Array(3).fill('waiting'));
  assert.deepEqual([CUT_OFF.kind, refused('Reload the page.').kind], ['failed', 'failed']);
});

test('what is read is named, and what the server said is said', () => {
  assert.equal(reading('picture').headline, 'Reading your picture …');
  assert.equal(refused('Reload the page.').detail, 'Reload the page.');
});

test('no prompt has the words of the command line', () => {
  for (const { headline, detail } of [DRAW, GIVE, CUT_OFF, reading('digit'), refused('')])
    assert.doesNotMatch(`${headline} ${detail}`, /\b(lanes?|steady|parts?)\b|@/i);
});
