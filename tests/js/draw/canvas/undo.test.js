import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';

import { UndoInTurn } from '../../../../app/draw/canvas/undo.js';
import { SEEN } from '../../../../app/draw/events.js';
import { restoreTime, settle, stopTime, tick } from '../../support/clock.js';
import { element, newPage } from '../../support/dom.js';

/** @type {UndoInTurn} */
let undo;
/** @type {HTMLElement} */
let button;
let undone = 0;

beforeEach(() => {
  newPage();
  stopTime();
  undo = new UndoInTurn();
  button = element('button');
  button.onclick = () => {
    undone += 1;
  };
  element('div', { className: 'st-key-undo' }, button);
  undone = 0;
});
afterEach(restoreTime);

/** Python has seen a digit. */
async function seen() {
  document.dispatchEvent(new Event(SEEN));
  await settle();
}

test('a press goes through when no stroke is under way', () => {
  button.click();
  assert.equal(undone, 1);
});

test('a press after a stroke waits until Python has seen it, and is done once', async () => {
  undo.drawn();
  button.click();
  undo.sent();
  assert.equal(undone, 0);
  await seen();
  assert.equal(undone, 1);
  await seen();
  await tick(5_000);
  assert.equal(undone, 1);
});

test('only undo waits', () => {
  undo.drawn();
  let cleared = 0;
  const clear = element('button');
  clear.onclick = () => {
    cleared += 1;
  };
  element('div', { className: 'st-key-clear' }, clear);
  clear.click();
  assert.equal(cleared, 1);
});

test('what Python saw before this stroke was sent is not this stroke', async () => {
  undo.drawn();
  button.click();
  await seen();
  assert.equal(undone, 0);
  undo.sent();
  await seen();
  assert.equal(undone, 1);
});

test('a second stroke within the wait is waited for as well', async () => {
  undo.drawn();
  undo.sent();
  undo.drawn();
  button.click();
  await seen(); // the first
  assert.equal(undone, 0);
  undo.sent();
  await seen();
  assert.equal(undone, 1);
});

test('a touch that leaves no stroke holds a press for a second at most, from the last one on', async () => {
  undo.drawn();
  await tick(900);
  undo.drawn();
  button.click();
  await tick(900);
  assert.equal(undone, 0);
  await tick(100);
  assert.equal(undone, 1);
  button.click();
  assert.equal(undone, 2);
});

test('a canvas that is closed presses nothing later and holds nothing back', async () => {
  undo.drawn();
  button.click();
  undo.close();
  await tick(5_000);
  await seen();
  assert.equal(undone, 0);
  button.click();
  assert.equal(undone, 1);
});
