import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';

import { DropTarget } from '../../../../app/draw/picture/drop_target.js';
import { element, newPage } from '../../support/dom.js';

/** @type {any} */
let root;
/** @type {File[][]} */
let dropped;
/** @type {DropTarget} */
let target;

beforeEach(() => {
  newPage();
  root = element('div');
  dropped = [];
  target = new DropTarget(root, (files) => dropped.push(files));
});

const isShown = () => root.querySelector('.dp-drop')?.hidden === false;

/** @param {string} type @param {string} kind @param {unknown} [relatedTarget] */
function drag(type, kind, relatedTarget = null) {
  const event = Object.assign(new Event(type, { cancelable: true }), {
    dataTransfer: { types: [kind], files: kind === 'Files' ? [new File(['x'], 'a.png')] : [] },
    relatedTarget,
  });
  document.dispatchEvent(event);
  return event.defaultPrevented;
}

test('while a file is held over the page, a sign says that it can be dropped', () => {
  assert.equal(isShown(), false);
  assert.equal(drag('dragover', 'Files'), true);
  assert.equal(isShown(), true);
  drag('dragleave', 'Files', element('p')); // one element for another
  assert.equal(isShown(), true);
  drag('dragleave', 'Files');
  assert.equal(isShown(), false);
});

test('a file that is dropped is given, and the browser does not open it', () => {
  drag('dragover', 'Files');
  assert.equal(drag('drop', 'Files'), true);
  assert.equal(isShown(), false);
  assert.deepEqual(
    dropped.map(([{ name }]) => name),
    ['a.png'],
  );
});

test('text that is dragged within the page is left', () => {
  assert.equal(drag('dragover', 'text/plain'), false);
  assert.equal(isShown(), false);
  assert.equal(drag('drop', 'text/plain'), false);
  assert.deepEqual(dropped, []);
});

test('once the page is left, nothing is taken', () => {
  target.close();
  assert.equal(drag('drop', 'Files'), false);
  assert.equal(root.childElementCount, 0);
  assert.deepEqual(dropped, []);
});
