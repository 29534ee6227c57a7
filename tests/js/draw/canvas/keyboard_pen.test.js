import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';

import { KeyboardPen } from '../../../../app/draw/canvas/keyboard_pen.js';
import { event, html, newPad } from '../../support/pad_page.js';

/** What the strokes are told. @type {string[]} */
let told;
let isDrawing = false;
/** @type {import('../../support/pad_page.js').Pixels} */
let over;
/** @type {import('../../support/pad_page.js').Pixels} */
let cursor;

beforeEach(() => {
  ({ over, cursor } = newPad());
  told = [];
  isDrawing = false;
  cursor.hidden = true;
  new KeyboardPen(html(over), html(cursor), {
    isDrawing: () => isDrawing,
    down: (point) => {
      isDrawing = true;
      told.push(`down ${point}`);
    },
    move: (points) => told.push(`move ${points.join(' ')}`),
    up: () => {
      isDrawing = false;
      told.push('up');
    },
    abandon: () => {
      isDrawing = false;
      told.push('abandon');
    },
  });
});

/** @param {string} key @param {object} its */
function down(key, its = {}) {
  const pressed = event('keydown', { key, ...its });
  over.dispatchEvent(pressed);
  return pressed.defaultPrevented;
}

/** @param {string} key @param {object} its */
function press(key, its = {}) {
  const isHandled = down(key, its);
  over.dispatchEvent(event('keyup', { key }));
  return isHandled;
}

test('arrows move a cursor that is seen, and the page does not scroll', () => {
  assert(press('ArrowRight'));
  assert.deepEqual(told, [], 'the pen is up');
  assert.equal(cursor.hidden, false);
  assert.deepEqual([cursor.style.left, cursor.style.top], [`${(148 / 280) * 100}%`, '50%']);
});

test('space puts the pen down and takes it up, arrows draw between', () => {
  for (const key of [' ', 'ArrowDown', ' ', 'ArrowDown']) press(key);
  assert.deepEqual(told, ['down 140,140', 'move 140,148', 'up']);
});

test('with Shift steps are larger', () => {
  press(' ');
  press('ArrowLeft', { shiftKey: true });
  assert.equal(told[1], 'move 100,140');
});

test('two arrows at once go across', () => {
  press(' ');
  down('ArrowDown');
  down('ArrowLeft');
  assert.equal(told[2], 'move 132,156');
});

test('the cursor stays on the pad', () => {
  for (let step = 0; step < 9; step += 1) press('ArrowUp', { shiftKey: true });
  press(' ');
  assert.deepEqual(told, ['down 140,0']);
});

test('Escape abandons the stroke, and is the page’s own without one', () => {
  assert(!press('Escape'));
  press(' ');
  assert(press('Escape'));
  assert.deepEqual(told, ['down 140,140', 'abandon']);
});

test('a held space is one space', () => {
  down(' ');
  down(' ', { repeat: true });
  assert.deepEqual(told, ['down 140,140']);
});

test('other keys are left to the page', () => {
  for (const its of [{ ctrlKey: true }, { metaKey: true }, { altKey: true }])
    assert(!press('ArrowLeft', its));
  for (const key of ['a', 'Tab', 'Enter']) assert(!press(key), key);
  assert.equal(cursor.hidden, true);
});

test('who leaves the pad, or takes another pen, ends the stroke', () => {
  for (const what of ['blur', 'pointerdown']) {
    press(' ');
    over.dispatchEvent(event(what));
    assert.equal(told.pop(), 'up', what);
    assert.equal(cursor.hidden, true);
  }
});

test('while a pointer draws, keys do not, and another finger does not end its stroke', () => {
  isDrawing = true;
  for (const key of [' ', 'ArrowLeft', 'Escape']) assert(!press(key));
  over.dispatchEvent(event('pointerdown'));
  assert.deepEqual(told, []);
});

test('the cursor is seen when the pad has the focus by keyboard', () => {
  over.focus();
  assert.equal(cursor.hidden, true, 'by mouse it is not');
  over.isFocusVisible = true;
  over.focus();
  assert.equal(cursor.hidden, false);
});
