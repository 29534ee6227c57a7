import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';

import paste from '../../../../app/draw/picture/paste.js';
import { componentOf, element, newPage, setGlobals } from '../../support/dom.js';

/** @type {{input: any, given: unknown[][], close: () => void}} */
let page;

class Transfer {
  constructor() {
    /** @type {unknown[]} */
    this.files = [];
    this.items = { add: (/** @type {unknown} */ file) => this.files.push(file) };
  }
}

beforeEach(() => {
  newPage();
  setGlobals({ DataTransfer: Transfer });
  const root = element('div', { className: 'dp-paste' });
  const input = Object.assign(element('input'), { type: 'file' });
  document.documentElement.append(element('div', { className: 'st-key-picture' }, input));
  /** @type {unknown[][]} */
  const given = [];
  input.addEventListener('change', () => given.push(page.input.files));
  page = { input, given, close: paste(componentOf(root, { into: 'picture' })) };
});

/** @param {unknown[]} files */
function pasted(files) {
  const event = Object.assign(new Event('paste', { cancelable: true }), {
    clipboardData: { files },
  });
  document.dispatchEvent(event);
  return event.defaultPrevented;
}

const TEXT = { type: 'text/plain' };
const CAT = { type: 'image/png' };

test('a pasted picture goes where a chosen file goes', () => {
  assert.equal(pasted([TEXT, CAT]), true);
  assert.deepEqual(page.given, [[CAT]]);
});

test('pasted text stays what it is', () => {
  assert.equal(pasted([]), false);
  assert.equal(pasted([TEXT]), false);
  assert.deepEqual(page.given, []);
});

test('once the page is left nothing is taken', () => {
  page.close();
  assert.equal(pasted([CAT]), false);
  assert.deepEqual(page.given, []);
});
