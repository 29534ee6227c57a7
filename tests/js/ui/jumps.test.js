import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';

import { element, newPage } from '../support/dom.js';

/** @type {HTMLElement} */
let summary;
/** @type {HTMLElement} */
let part;
/** @type {string[]} */
let events;
let pages = 0;

beforeEach(async () => {
  newPage();
  events = [];
  summary = element('summary');
  summary.onclick = () => events.push('opened');
  part = element('details', {}, summary);
  part.scrollIntoView = () => events.push('brought into view');
  document.documentElement.append(element('div', { className: 'st-key-sizes' }, part));
  pages += 1;
  await import(`../../../app/ui/jumps.js?${pages}`);
});

/** A visitor's click on a link to `hash`, of the row of links or of another place. @param {string} hash */
function follow(hash, className = 'dp-jumps') {
  const words = element('span');
  const link = Object.assign(element('a', {}, words), { hash });
  document.documentElement.append(element('div', { className }, link));
  words.click();
}

test('a link opens its part, brings it into view and gives it the focus', () => {
  follow('#sizes');
  assert.deepEqual(events, ['opened', 'brought into view']);
  assert.equal(document.activeElement, summary);
});

test('a part that is open stays open', () => {
  Object.assign(part, { open: true });
  follow('#sizes');
  assert.deepEqual(events, ['brought into view']);
});

test('a link to a part that is not there, and any other link, is the browser’s own', () => {
  follow('#elsewhere');
  follow('#sizes', 'dp-other');
  assert.deepEqual(events, []);
});
