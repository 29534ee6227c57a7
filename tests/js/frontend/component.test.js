import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';

import { mounted } from '../../../app/frontend/component.js';
import { componentOf, element, newPage } from '../support/dom.js';

beforeEach(newPage);

/** A component whose parts remember what they were shown. */
function recorder() {
  /** @type {{shown: string[], closed: number}[]} */
  const parts = [];
  const show = mounted(
    '.root',
    () => {
      const part = {
        shown: /** @type {string[]} */ ([]),
        closed: 0,
        close: () => {
          part.closed += 1;
        },
      };
      parts.push(part);
      return part;
    },
    (part, { data }) => void part.shown.push(/** @type {string} */ (data)),
  );
  return { show, parts };
}

const newRoot = () => element('div', { className: 'root' });

test('one part is shown all data of its element, each element has its own', () => {
  const { show, parts } = recorder();
  const [one, other] = [newRoot(), newRoot()];
  show(componentOf(one, 'a'));
  show(componentOf(one, 'b'));
  show(componentOf(other, 'c'));
  assert.deepEqual(
    parts.map(({ shown }) => shown),
    [['a', 'b'], ['c']],
  );
});

test('a part ends with its last call; the end of a former call is none', () => {
  const { show, parts } = recorder();
  const root = newRoot();
  const former = show(componentOf(root, 'a'));
  const last = show(componentOf(root, 'b'));
  former();
  assert.equal(parts[0].closed, 0);
  last();
  assert.equal(parts[0].closed, 1);
});

test('an element that is shown again after its end has a new part', () => {
  const { show, parts } = recorder();
  const root = newRoot();
  show(componentOf(root, 'a'))();
  show(componentOf(root, 'b'));
  assert.deepEqual(
    parts.map(({ shown }) => shown),
    [['a'], ['b']],
  );
});
