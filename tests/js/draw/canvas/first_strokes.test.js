import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';

import { event, newPad } from '../../support/pad_page.js';

let pages = 0;

beforeEach(async () => {
  newPad();
  pages += 1;
  await import(`../../../../app/draw/canvas/first_strokes.js?${pages}`);
});

/** @type {() => Event[]} */
const claim = () => /** @type {any} */ (globalThis).dpFirstStrokes();

/** @param {string} type @param {string} className */
function send(type, className) {
  const sent = event(type, { target: { className } });
  document.dispatchEvent(sent);
  return sent;
}

test('what a pointer does on the pad is kept, in its order, for the one that asks first', () => {
  const sent = ['pointerdown', 'pointermove', 'pointerup', 'pointercancel'].map((type) =>
    send(type, 'dp-pen'),
  );
  send('pointerdown', 'dp-choose');
  assert.deepEqual(claim(), sent);
  send('pointerdown', 'dp-pen');
  assert.deepEqual(claim(), [], 'the pad hears of it itself');
});

test('what is kept has a bound', () => {
  for (let count = 0; count < 6_000; count += 1) send('pointermove', 'dp-pen');
  assert.equal(claim().length, 5_000);
});
