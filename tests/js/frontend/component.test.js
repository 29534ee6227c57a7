import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';

import { mounted } from '../../../app/frontend/component.js';

/** What the parts of the page went through. @type {string[]} */
let log = [];
let made = 0;

/** @type {(component: import('../../../app/frontend/component.js').Component<string>) => () => void} */
let component;

beforeEach(() => {
  [log, made] = [[], 0];
  component = mounted(
    '.root',
    () => {
      made += 1;
      const name = `part ${made}`;
      return { name, close: () => void log.push(`${name} closed`) };
    },
    ({ name }, { data }) => void log.push(`${name} shows ${data}`),
  );
});

/** An element of the page, in which the component's HTML is. */
function element() {
  const root = {};
  const parentElement = /** @type {HTMLElement} */ (
    /** @type {unknown} */ ({
      querySelector: (/** @type {string} */ selector) => (selector === '.root' ? root : null),
    })
  );
  const nothing = () => {};
  return (/** @type {string} */ data) =>
    component({ data, parentElement, setStateValue: nothing, setTriggerValue: nothing });
}

test('one part lives as long as its element, and sees all data', () => {
  const show = element();
  show('a');
  const end = show('b');
  end();
  assert.deepEqual(log, ['part 1 shows a', 'part 1 shows b', 'part 1 closed']);
});

test('each element has a part of its own', () => {
  const ends = [element(), element()].map((show) => show('a'));
  ends[0]();
  assert.deepEqual(log, ['part 1 shows a', 'part 2 shows a', 'part 1 closed']);
});

test('an element that is shown again after its end has a new part', () => {
  const show = element();
  show('a')();
  show('b');
  assert.deepEqual(log.slice(1), ['part 1 closed', 'part 2 shows b']);
});

// Streamlit does so when data change while the module is being fetched.
test('the end of a call that a later one has replaced ends nothing', () => {
  const show = element();
  const replaced = show('a');
  const end = show('b');
  replaced();
  show('c');
  assert.deepEqual(log, ['part 1 shows a', 'part 1 shows b', 'part 1 shows c']);
  end();
  assert.ok(!log.includes('part 1 closed'));
});
