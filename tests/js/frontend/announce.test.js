import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';

import { announceEngine, announceFiles } from '../../../app/frontend/announce.js';
import { newPage, setGlobals } from '../support/dom.js';

/** The backend that was the fastest in this tab. @type {string | null} */
let kept;

beforeEach(() => {
  newPage();
  kept = null;
  setGlobals({ sessionStorage: { getItem: () => kept } });
});

/** What the page's head announces: each path's end, and how it is fetched. */
const links = () =>
  /** @type {any[]} */ (Array.from(document.head.children)).map(
    ({ rel, as, crossOrigin, href }) => [href.split('/').pop(), rel, as, crossOrigin],
  );

test('the scripts of the default backend are announced as modules, in their order', () => {
  announceEngine(['first.js', 'second.js'], 'auto');
  assert.deepEqual(links(), [
    ['first.js', 'modulepreload', undefined, undefined],
    ['second.js', 'modulepreload', undefined, undefined],
  ]);
  announceEngine(['asked.js'], 'wasm');
  assert.equal(links().length, 3);
});

test('they are not where another backend was asked for, or is known to be the fastest', () => {
  announceEngine(['third.js'], 'webgl');
  kept = 'cpu';
  announceEngine(['third.js'], 'auto');
  assert.deepEqual(links(), []);
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
