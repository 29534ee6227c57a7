import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';

import { padIsThere, padThere } from '../../../app/draw/events.js';
import { restoreTime, settle, stopTime, tick } from '../support/clock.js';
import { newPage } from '../support/dom.js';

beforeEach(() => {
  newPage();
  stopTime();
});
afterEach(restoreTime);

/** Whether the heavy work that waits for the canvas goes on. */
function waiting() {
  const state = { goesOn: false };
  void padThere().then(() => {
    state.goesOn = true;
  });
  return state;
}

test('what is heavy waits until the canvas takes strokes', async () => {
  const heavy = waiting();
  await tick(1_900);
  assert.equal(heavy.goesOn, false);
  padIsThere();
  await settle();
  assert.equal(heavy.goesOn, true);
});

test('once the canvas takes strokes nothing waits', async () => {
  padIsThere();
  const heavy = waiting();
  await settle();
  assert.equal(heavy.goesOn, true);
});

test('on a page without a canvas what is heavy waits two seconds', async () => {
  const heavy = waiting();
  await tick(1_999);
  assert.equal(heavy.goesOn, false);
  await tick(1);
  assert.equal(heavy.goesOn, true);
});
