import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';

import { announceFiles, announceScripts } from '../../../app/frontend/announce.js';
import { newPage } from '../support/dom.js';

beforeEach(newPage);

/** What the page's head announces: each path's end, and how it is fetched. */
const links = () =>
  /** @type {any[]} */ (Array.from(document.head.children)).map(
    ({ rel, as, crossOrigin, href }) => [href.split('/').pop(), rel, as, crossOrigin],
  );

test('scripts are announced as modules, in their order', () => {
  announceScripts(['served/first.js', 'served/second.js']);
  assert.deepEqual(links(), [
    ['first.js', 'modulepreload', undefined, undefined],
    ['second.js', 'modulepreload', undefined, undefined],
  ]);
});

test('files are announced as a plain fetch asks for them, or they would be fetched twice', () => {
  announceFiles(['served/model.json']);
  assert.deepEqual(links(), [['model.json', 'preload', 'fetch', 'anonymous']]);
});

test('what was announced is not announced again', () => {
  announceFiles(['served/weights.bin']);
  announceFiles(['served/weights.bin', 'served/more.bin']);
  assert.deepEqual(
    links().map(([name]) => name),
    ['weights.bin', 'more.bin'],
  );
});
