import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';

import { Pen } from '../../../../app/draw/canvas/pen.js';
import { event, html, newPad } from '../../support/pad_page.js';

/** What the strokes are told. @type {string[]} */
let told;
/** @type {import('../../support/pad_page.js').Pixels} */
let over;
/** @type {Pen} */
let pen;

beforeEach(() => {
  ({ over } = newPad());
  told = [];
  pen = new Pen(html(over), {
    down: ([x, y]) => told.push(`down ${x},${y}`),
    move: (points) => told.push(`move ${points.join(' ')}`),
    up: () => told.push('up'),
    cancel: () => told.push('cancel'),
    abandon: () => told.push('abandon'),
  });
});

/** @param {string} type @param {object} its */
function send(type, its = {}) {
  const buttons = type === 'up' ? 0 : 1;
  const plain = { pointerId: 1, pointerType: 'mouse', button: 0, buttons, clientX: 3, clientY: 4 };
  const sent = event(`pointer${type}`, { ...plain, ...its });
  over.dispatchEvent(sent);
  return sent;
}

const TOUCH = { pointerId: 2, pointerType: 'touch' };
const OTHER = { pointerId: 3, pointerType: 'touch' };
const PEN = { pointerId: 9, pointerType: 'pen' };

test('a pointer draws from down to up, is captured, and selects no text', () => {
  assert(send('down').defaultPrevented);
  send('move', { clientX: 5 });
  send('up');
  send('move', { clientX: 9 });
  assert.deepEqual(told, ['down 3,4', 'move 5,4', 'up']);
  assert.equal(over.captured, 1);
});

test('all places between two frames are drawn', () => {
  send('down');
  const between = [1, 2].map((clientX) => ({ clientX, clientY: 0 }));
  send('move', { getCoalescedEvents: () => between });
  assert.equal(told[1], 'move 1,0 2,0');
});

test('of several fingers the first draws', () => {
  send('down', TOUCH);
  send('down', OTHER);
  send('move', OTHER);
  send('up', OTHER);
  send('up', TOUCH);
  assert.deepEqual(told, ['down 3,4', 'up']);
});

test('a pen takes over from a palm, which draws no more', () => {
  send('down', TOUCH);
  send('down', PEN);
  send('move', TOUCH);
  send('cancel', TOUCH);
  send('up', PEN);
  assert.deepEqual(told, ['down 3,4', 'abandon', 'down 3,4', 'up']);
});

test('a palm beside a drawing pen draws nothing', () => {
  send('down', PEN);
  send('down', TOUCH);
  send('move', TOUCH);
  send('up', TOUCH);
  send('up', PEN);
  assert.deepEqual(told, ['down 3,4', 'up']);
});

test('the page is held while something draws, and only then', () => {
  const scroll = () => {
    const sent = event('touchmove');
    document.dispatchEvent(sent);
    return sent.defaultPrevented;
  };
  assert(!scroll());
  send('down', PEN);
  assert(scroll());
  send('up', PEN);
  assert(!scroll());
});

test('another button draws nothing, and its menu ends no stroke', () => {
  send('down', { button: 2 });
  const menu = () => {
    const sent = event('contextmenu');
    over.dispatchEvent(sent);
    return sent.defaultPrevented;
  };
  assert(!menu());
  send('down');
  assert(menu());
  assert.deepEqual(told, ['down 3,4']);
});

test('a mouse that loses its capture while it is pressed takes it back', () => {
  send('down');
  over.captured = 0;
  over.dispatchEvent(
    event('lostpointercapture', { pointerId: 1, pointerType: 'mouse', buttons: 1 }),
  );
  assert.equal(over.captured, 1);
  assert.deepEqual(told, ['down 3,4']);
});

test('what the system takes away is cancelled, once', () => {
  send('down', TOUCH);
  send('cancel', TOUCH);
  over.dispatchEvent(event('lostpointercapture', TOUCH));
  assert.deepEqual(told, ['down 3,4', 'cancel']);
});

test('a stroke ends where its end is not told', () => {
  send('down', TOUCH);
  over.dispatchEvent(event('lostpointercapture', TOUCH));
  send('down');
  send('move', { buttons: 0 });
  send('down', PEN);
  document.dispatchEvent(event('visibilitychange'));
  assert.deepEqual(told, ['down 3,4', 'up', 'down 3,4', 'up', 'down 3,4', 'up']);
});

test('what was drawn before the page had its pen is drawn, also where the pointer is gone', () => {
  const its = { pointerId: 1, pointerType: 'mouse', button: 0, buttons: 1, clientX: 3, clientY: 4 };
  const first = ['pointerdown', 'pointermove', 'pointerup'].map((type) => event(type, its));
  let claims = 0;
  Object.assign(globalThis, {
    dpFirstStrokes: () => {
      claims += 1;
      return claims === 1 ? first : [];
    },
  });
  over.setPointerCapture = () => {
    throw new Error('NotFoundError');
  };
  pen.catchUp();
  pen.catchUp();
  assert.deepEqual(told, ['down 3,4', 'move 3,4', 'up']);
});

test('a pen that is put away hears nothing', () => {
  pen.close();
  send('down');
  assert.deepEqual(told, []);
});
