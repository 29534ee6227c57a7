import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';

import { Actions } from '../../../../../app/draw/results/details/actions.js';
import { newCanvases } from '../../../support/canvas.js';
import { settle } from '../../../support/clock.js';
import { element, newPage, setGlobals } from '../../../support/dom.js';
import { result } from '../../../support/result.js';

const URL_NOW = 'https://example.org/?digit=AQ';

/** @type {HTMLElement} */
let root;
/** @type {Actions} */
let actions;
/** @type {unknown[]} */
let shared;
/** @type {{name: string, content: Blob}[]} */
let saved;

/** @param {object} navigator @param {boolean} [isPhone] */
function browser(navigator, isPhone = false) {
  setGlobals({
    navigator: { userAgent: 'Chrome/120.0 Linux', ...navigator },
    matchMedia: (/** @type {string} */ query) => ({
      matches: query === '(pointer: coarse)' && isPhone,
    }),
  });
}

beforeEach(() => {
  newPage();
  newCanvases();
  shared = [];
  saved = [];
  setGlobals({ location: { href: URL_NOW } });
  browser({});
  const contents = new Map();
  URL.createObjectURL = (content) => {
    contents.set(`blob:${contents.size}`, content);
    return `blob:${contents.size - 1}`;
  };
  URL.revokeObjectURL = () => {};
  const make = document.createElement.bind(document);
  document.createElement = /** @type {typeof document.createElement} */ (
    (/** @type {string} */ tag) => {
      const made = make(tag);
      Object.assign(made, { select() {} });
      if (tag === 'a') {
        const link = /** @type {HTMLAnchorElement} */ (made);
        link.click = () => saved.push({ name: link.download, content: contents.get(link.href) });
      }
      return made;
    }
  );
  root = element('div');
  actions = new Actions(root);
});

const note = () => root.querySelector('p')?.textContent;
const link = () => /** @type {HTMLInputElement} */ (root.querySelector('input'));

/** @param {string} name */
async function press(name) {
  const button = [...root.querySelectorAll('button')].find((each) => each.textContent === name);
  assert.ok(button);
  button.click();
  await settle();
}

test('nothing can be done before there is a result', async () => {
  assert.deepEqual(
    [...root.querySelectorAll('button')].map(({ disabled }) => disabled),
    [true, true, true],
  );
  await press('Share');
  assert.equal(note(), '');
});

test('a computer copies the link, and says that nothing is stored', async () => {
  /** @type {string[]} */
  const copied = [];
  browser({
    share: (/** @type {unknown} */ what) => shared.push(what),
    clipboard: { writeText: async (/** @type {string} */ text) => copied.push(text) },
  });
  actions.show(result());
  await press('Share');
  assert.deepEqual([copied, shared], [[URL_NOW], []]);
  assert.equal(note(), 'The link is copied. It opens on the same picture. Nothing is stored here.');
  assert.equal(link().hidden, true);
});

test('a phone opens its share sheet with the link and what was read', async () => {
  browser({ share: async (/** @type {unknown} */ what) => shared.push(what) }, true);
  actions.show(result());
  await press('Share');
  assert.deepEqual(shared, [
    { title: 'Digit Parity: MNIST digits', text: 'All five read 7.', url: URL_NOW },
  ]);
  assert.equal(note(), '');
});

test('a share sheet that is closed again is no fault; one that fails is said', async () => {
  const closed = new DOMException('closed', 'AbortError');
  browser({ share: async () => Promise.reject(closed) }, true);
  actions.show(result());
  await press('Share');
  assert.equal(note(), '');
  browser({ share: async () => Promise.reject(new Error('no app takes it')) }, true);
  await press('Share');
  assert.equal(note(), 'Share did not work: no app takes it');
});

test('where the page may not write to the clipboard, the link is there to be copied', async () => {
  browser({ clipboard: { writeText: async () => Promise.reject(new Error('not allowed')) } });
  actions.show(result());
  await press('Share');
  assert.match(note() ?? '', /^Copy this link\./);
  assert.deepEqual([link().hidden, link().value], [false, URL_NOW]);
});

test('a page without https has no clipboard at all: the link is shown as well', async () => {
  actions.show(result());
  await press('Share');
  assert.deepEqual([link().hidden, link().value], [false, URL_NOW]);
});

test('a picture that no link carries is said to stay here', async () => {
  browser({ clipboard: { writeText: async () => {} } });
  actions.show(result({ query: 'model=photos' }));
  await press('Share');
  assert.match(note() ?? '', /The picture itself is too large for a link\./);
});

test('a download asks for what was posted, and is saved under the name of the digit', async () => {
  /** @type {RequestInit[]} */
  const asked = [];
  setGlobals({
    fetch: async (/** @type {string} */ url, /** @type {RequestInit} */ how) => {
      assert.match(url, /served\/result\/mnist$/);
      asked.push(how);
      return new Response('{"all": "lanes"}');
    },
  });
  actions.show(result());
  await press('Download');
  assert.equal(asked[0].body, '{"digit":"AQ","lanes":null}');
  assert.equal(saved[0].name, 'digit-parity-a-digit.json');
  assert.equal(await saved[0].content.text(), '{"all": "lanes"}');
});

test('a download that the server refuses says why', async () => {
  setGlobals({ fetch: async () => new Response('Too many ask.', { status: 503 }) });
  actions.show(result());
  await press('Download');
  assert.deepEqual([note(), saved], ['Download did not work: Too many ask.', []]);
});

test('the picture of the result is saved as a PNG', async () => {
  actions.show(result());
  await press('Save as picture');
  assert.equal(saved[0].name, 'digit-parity-a-digit.png');
  assert.equal(saved[0].content.type, 'image/png');
});

test('what was said of one picture is gone with the next', async () => {
  actions.show(result());
  await press('Share');
  actions.show(null);
  assert.deepEqual([note(), link().hidden], ['', true]);
  actions.show(result({ digit: 'another' }));
  assert.equal(note(), '');
});
