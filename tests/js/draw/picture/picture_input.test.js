import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';

import { PictureInput, pictureLevels } from '../../../../app/draw/picture/picture_input.js';
import { element, newPage, setGlobals } from '../../support/dom.js';

/** @typedef {import('../../support/dom.js').StubElement} StubElement */

/** @type {StubElement} */
let root;
/** @type {Blob[]} */
let given;
/** Ends the reading of each picture that was given. @type {(() => void)[]} */
let ends;
/** @type {PictureInput} */
let input;

beforeEach(() => {
  newPage();
  setGlobals({ addEventListener: () => {}, removeEventListener: () => {} });
  root = /** @type {any} */ (element('div'));
  given = [];
  ends = [];
  input = new PictureInput(/** @type {any} */ (root), (picture) => {
    given.push(picture);
    return new Promise((resolve) => ends.push(resolve));
  });
  input.begin({ mostMB: 20 });
});

const png = (name = 'a.png') => new File(['x'], name, { type: 'image/png' });
const says = (/** @type {string} */ role) => root.querySelector(`[role=${role}]`)?.textContent;
const settled = () => new Promise((resolve) => setImmediate(resolve));

/** A file of that size, without its bytes. @param {number} size @param {string} type */
function file(size, type) {
  return Object.defineProperty(new File([''], 'a', { type }), 'size', { value: size });
}

/** @param {string} type @param {File[]} files */
function transfer(type, files) {
  const data = { files, types: files.length > 0 ? ['Files'] : ['text/plain'] };
  const event = new Event(type, { cancelable: true });
  document.dispatchEvent(Object.assign(event, { clipboardData: data, dataTransfer: data }));
  return event;
}

/** @param {unknown} clipboard */
async function pressPaste(clipboard) {
  setGlobals({ navigator: { clipboard } });
  root
    .querySelectorAll('button')
    .find((each) => each.textContent === 'paste')
    ?.click();
  await settled();
}

test('a chosen picture is given, and its name is said while it is read', async () => {
  const chooser = /** @type {any} */ (root.querySelector('input'));
  chooser.files = [png('cat.png')];
  chooser.onchange();
  assert.equal(chooser.value, '', 'the same file can be chosen again');
  assert.deepEqual(
    given.map(({ type }) => type),
    ['image/png'],
  );
  assert.equal(says('status'), 'Reading cat.png …');
  ends[0]();
  await settled();
  assert.equal(says('status'), '');
});

test('what is said of an earlier picture is not taken from a later one', async () => {
  input.give([png('one.png')]);
  input.give([png('two.png')]);
  ends[0]();
  await settled();
  assert.equal(says('status'), 'Reading two.png …');
});

test('a picture is pasted or dropped; pasted text stays in its field', () => {
  assert.equal(transfer('paste', [png()]).defaultPrevented, true);
  assert.equal(transfer('drop', [png()]).defaultPrevented, true);
  assert.equal(transfer('paste', []).defaultPrevented, false);
  assert.equal(given.length, 2);
});

test('a folder that is dropped, which holds no file, is answered', () => {
  document.dispatchEvent(
    Object.assign(new Event('drop', { cancelable: true }), {
      dataTransfer: { files: [], types: ['Files'] },
    }),
  );
  assert.equal(says('alert'), 'What was dropped holds no file.');
});

test('of several files the first picture is taken', () => {
  input.give([file(9, 'text/csv'), png('second.png')]);
  assert.equal(/** @type {File} */ (given[0]).name, 'second.png');
});

test('what is too large or no picture is refused before it is sent; an unknown kind is sent', () => {
  input.give([file(30_400_000, 'image/jpeg')]);
  assert.match(says('alert') ?? '', /31 MB; at most 20/);
  input.give([file(20_000_000, 'application/pdf')]);
  assert.match(says('alert') ?? '', /is no picture/);
  assert.deepEqual(given, []);
  input.give([file(20_000_000, '')]);
  assert.equal(given.length, 1);
  assert.equal(says('alert'), '');
});

test('the button takes a picture that was copied', async () => {
  const items = [
    { types: ['text/html'], getType: () => assert.fail() },
    { types: ['text/plain', 'image/png'], getType: async () => png() },
  ];
  await pressPaste({ read: async () => items });
  assert.equal(given.length, 1);
});

test('a clipboard without a picture, and one that is not allowed, are answered', async () => {
  await pressPaste({ read: async () => [] });
  assert.match(says('alert') ?? '', /no picture to paste/);
  await pressPaste({ read: () => Promise.reject(new Error('denied')) });
  assert.match(says('alert') ?? '', /Ctrl\+V/);
  await pressPaste(undefined); // the page is not secure
  assert.match(says('alert') ?? '', /Ctrl\+V/);
  assert.deepEqual(given, []);
});

test('a page that is left takes nothing more', () => {
  input.close();
  transfer('paste', [png()]);
  transfer('drop', [png()]);
  assert.deepEqual(given, []);
});

const there = () => new AbortController().signal;

test('a file is posted as bytes, strokes as JSON', async () => {
  /** @type {RequestInit[]} */
  const posted = [];
  setGlobals({
    fetch: async (/** @type {string} */ _url, /** @type {RequestInit} */ init) => {
      posted.push(init);
      return new Response('{"levels": "AAAA"}');
    },
  });
  assert.equal(await pictureLevels('served/picture/m', png(), there()), 'AAAA');
  assert.equal(await pictureLevels('served/picture/m', { objects: [] }, there()), 'AAAA');
  const kinds = posted.map(({ headers }) => /** @type {any} */ (headers)['Content-Type']);
  assert.deepEqual(kinds, ['application/octet-stream', 'application/json']);
  assert.equal(posted[1].body, '{"objects":[]}');
});

test('the server’s sentence and a broken connection are errors; a reading that is ended is as it was', async () => {
  setGlobals({ fetch: async () => new Response('It holds text.', { status: 400 }) });
  await assert.rejects(pictureLevels('a', png(), there()), /^Error: It holds text\.$/);
  setGlobals({ fetch: () => Promise.reject(new TypeError('Failed to fetch')) });
  await assert.rejects(pictureLevels('a', png(), there()), /did not reach the server/);
  await assert.rejects(pictureLevels('a', png(), AbortSignal.abort()), TypeError);
});
