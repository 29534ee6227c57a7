import assert from 'node:assert/strict';
import { test } from 'node:test';

import { keepPaths } from '../../../app/streamlit_internals/file_uploader.js';

/** @param {string} own @param {unknown} [relativePath] */
function pathOf(own, relativePath) {
  class Picked {
    relativePath = relativePath;
    get webkitRelativePath() {
      return own;
    }
  }
  const Files = /** @type {any} */ (Picked);
  keepPaths(Files);
  keepPaths(Files);
  return new Files().webkitRelativePath;
}

test('a file of a dropped folder has its path in it', () => {
  assert.equal(pathOf('', '/digits/7/a.png'), 'digits/7/a.png');
});

test('a file that is dropped or chosen alone has none', () => {
  assert.equal(pathOf('', './a.png'), '');
  assert.equal(pathOf('', '/a.png'), '');
  assert.equal(pathOf(''), '');
});

test('what the picker of folders says stays', () => {
  assert.equal(pathOf('digits/7/a.png', './a.png'), 'digits/7/a.png');
});
