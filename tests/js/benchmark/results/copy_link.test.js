import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';

import { CopyLink } from '../../../../app/benchmark/results/copy_link.js';
import { settle } from '../../support/clock.js';
import { element, newPage, setGlobals } from '../../support/dom.js';

/** @type {HTMLElement} */
let root;
/** @type {CopyLink} */
let part;

beforeEach(() => {
  newPage();
  setGlobals({ location: { href: 'https://example.org/benchmark?model=own#benchmark-save' } });
  root = element('div');
  part = new CopyLink(root);
  Object.assign(part.link, { select() {} });
  part.show({ query: 'report=AQ' });
});

/** @param {() => Promise<void>} writeText */
const clipboard = (writeText) => setGlobals({ navigator: { clipboard: { writeText } } });

test("the link is this page's address with the report in its query", async () => {
  /** @type {unknown[]} */
  const copied = [];
  clipboard(async (...texts) => void copied.push(...texts));
  part.button.click();
  await settle();
  assert.deepEqual(copied, ['https://example.org/benchmark?report=AQ']);
  assert.match(part.note.textContent ?? '', /^The link is copied\./);
  assert.equal(part.link.hidden, true);
});

test('where a page may not write to the clipboard the link is there to be copied', async () => {
  clipboard(async () => {
    throw new Error('denied');
  });
  part.button.click();
  await settle();
  assert.equal(part.link.value, 'https://example.org/benchmark?report=AQ');
  assert.equal(part.link.hidden, false);
  part.show({ query: 'report=AQ' });
  assert.equal(part.link.hidden, false, 'the same result');
  part.show({ query: 'report=AR' });
  assert.equal(part.link.hidden, true, 'of another result');
  assert.equal(part.note.textContent, '');
});
