import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';

import { listen } from '../../../../app/draw/canvas/shortcuts.js';
import { event, newPad } from '../../support/pad_page.js';

/** @type {string[]} */
let acts;
/** @type {AbortController} */
let ended;

beforeEach(() => {
  newPad();
  acts = [];
  ended = new AbortController();
  listen({ undo: () => acts.push('undo'), redo: () => acts.push('redo') }, ended.signal);
});

/** @param {string} keys  such as `Control+z` @param {object} focus  the element that has it */
function press(keys, focus = { localName: 'div' }) {
  const [key, ...held] = keys.split('+').reverse();
  const its = {
    key,
    ctrlKey: held.includes('Control'),
    metaKey: held.includes('Meta'),
    altKey: held.includes('Alt'),
    shiftKey: held.includes('Shift'),
    composedPath: () => [focus],
  };
  const pressed = event('keydown', its);
  document.dispatchEvent(pressed);
  return pressed.defaultPrevented;
}

test('Control and Command take back and do again', () => {
  for (const keys of ['Control+z', 'Meta+z', 'Control+y', 'Control+Shift+Z', 'Meta+Shift+Z'])
    assert(press(keys), keys);
  assert.deepEqual(acts, ['undo', 'undo', 'redo', 'redo', 'redo']);
});

test('other keys are left to the page', () => {
  for (const keys of ['z', 'y', 'Alt+Control+z', 'Control+Shift+Y', 'Control+x', 'Meta+Control+z'])
    assert(!press(keys), keys);
  assert.deepEqual(acts, []);
});

test('in a field of text the keys are its own', () => {
  for (const localName of ['input', 'textarea', 'select'])
    assert(!press('Control+z', { localName }), localName);
  assert(!press('Control+z', { localName: 'p', isContentEditable: true }));
  assert.deepEqual(acts, []);
});

test('after its end the page hears nothing', () => {
  ended.abort();
  assert(!press('Control+z'));
});
