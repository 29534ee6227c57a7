import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';

import { element, newPage, setGlobals } from '../support/dom.js';

/** @type {any} */
let diagram;
/** @type {Record<string, HTMLElement>} */
let buttons;
/** @type {HTMLElement} */
let said;
let height = 1200; // of the diagram at its actual size
let pages = 0;

/** A view of 400 by 300 pixels on a diagram that is 1200 high at its actual size. */
beforeEach(async () => {
  newPage();
  height = 1200;
  setGlobals({ Element: HTMLElement });
  diagram = element('div', { className: 'dp-anatomy' });
  Object.assign(diagram, { clientWidth: 400, clientHeight: 300, scrollLeft: 0, scrollTop: 0 });
  Object.defineProperty(diagram, 'scrollHeight', { get: () => height * zoom() });
  diagram.getBoundingClientRect = () => ({ left: 10, top: 20 });
  said = element('div', { id: 'dp-said' });
  buttons = {};
  for (const how of ['out', 'in', 'actual', 'whole'])
    buttons[how] = element('button', { dataset: { zoom: how } });
  const bar = element('div', { className: 'dp-zoom' }, ...Object.values(buttons));
  document.documentElement.append(said, element('div', { className: 'dp-diagram' }, bar, diagram));
  pages += 1;
  await import(`../../../app/inspect/zoom.js?${pages}`);
});

/** What the stylesheet takes. */
function zoom() {
  const style = /** @type {any} */ (document.documentElement.style);
  return Number(style['--dp-zoom'] ?? 1);
}

/** @param {any} at @param {string} type @param {EventTarget} target @param {Record<string, unknown>} its */
function send(at, type, target, its = {}) {
  const event = new Event(type, { cancelable: true });
  for (const [name, value] of Object.entries({ target, ...its }))
    Object.defineProperty(event, name, { value });
  at.dispatchEvent(event);
  return event;
}

/** @param {string} key @param {Record<string, unknown>} its */
const press = (key, its = {}) => send(document, 'keydown', diagram, { key, ...its });

test('the buttons zoom in and out, to the actual size and to the whole, and it is said', () => {
  buttons.in.click();
  assert.equal(zoom(), 1.25);
  assert.equal(said.textContent, 'Zoom 125 %');
  buttons.out.click();
  buttons.out.click();
  assert.equal(zoom(), 0.8);
  buttons.whole.click();
  assert.equal(zoom(), 0.25);
  buttons.actual.click();
  assert.equal(zoom(), 1);
});

test('plus, minus and 0 zoom the diagram that has the focus', () => {
  assert.equal(press('+').defaultPrevented, true);
  assert.equal(zoom(), 1.25);
  press('-');
  assert.equal(zoom(), 1);
  press('0');
  assert.equal(zoom(), 0.25);
});

test('other keys, the browser’s own zoom and keys elsewhere are left alone', () => {
  assert.equal(press('a').defaultPrevented, false);
  assert.equal(press('+', { ctrlKey: true }).defaultPrevented, false);
  assert.equal(send(document, 'keydown', said, { key: '+' }).defaultPrevented, false);
  assert.equal(zoom(), 1);
});

test('the wheel with Ctrl zooms at the pointer, and without Ctrl it scrolls', () => {
  send(document, 'pointerover', diagram);
  const its = { deltaY: -100, clientX: 110, clientY: 220 };
  assert.equal(send(diagram, 'wheel', diagram, its).defaultPrevented, false);
  assert.equal(send(diagram, 'wheel', diagram, { ...its, ctrlKey: true }).defaultPrevented, true);
  const factor = Math.exp(0.25);
  assert.equal(zoom(), Number(factor.toFixed(3)));
  // What was under the pointer, 100 from the left and 200 from the top, is there still.
  assert.ok(Math.abs(diagram.scrollLeft - (100 * factor - 100)) < 1e-6);
  assert.ok(Math.abs(diagram.scrollTop - (200 * factor - 200)) < 1e-6);
});

test('zoom has an end on both sides, also for a wheel that turns very far', () => {
  send(document, 'pointerover', diagram);
  for (let turn = 0; turn < 40; turn += 1)
    send(diagram, 'wheel', diagram, { deltaY: -1e9, ctrlKey: true, clientX: 0, clientY: 0 });
  assert.equal(zoom(), 3);
  for (let turn = 0; turn < 40; turn += 1) press('-');
  assert.equal(zoom(), 0.2);
});

test('a diagram that fits is not blown up', () => {
  height = 200;
  press('0');
  assert.equal(zoom(), 1);
});
