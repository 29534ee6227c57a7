import assert from 'node:assert/strict';
import { test } from 'node:test';

import { keepPaths } from '../../../app/streamlit_internals/file_uploader.js';

/** @param {string} fullPath */
function entryOf(fullPath) {
  class Entry {
    fullPath = fullPath;
    /** @param {(file: object) => void} found */
    file(found) {
      found({ name: 'a.png', webkitRelativePath: '' });
    }
  }
  const Given = /** @type {any} */ (Entry);
  keepPaths(Given);
  keepPaths(Given);
  return new Given();
}

test('a file of a dropped folder keeps its path in it', () => {
  /** @type {any[]} */
  const found = [];
  entryOf('/digits/7/a.png').file((/** @type {any} */ file) => found.push(file));
  assert.deepEqual(
    found.map((each) => each.webkitRelativePath),
    ['digits/7/a.png'],
  );
});

test('a file that is dropped alone has none', () => {
  /** @type {any[]} */
  const found = [];
  entryOf('/a.png').file((/** @type {any} */ file) => found.push(file));
  assert.deepEqual(
    found.map((each) => each.webkitRelativePath),
    [''],
  );
});

test('a browser without folders in a drop is left as it is', () => {
  keepPaths(undefined);
});
