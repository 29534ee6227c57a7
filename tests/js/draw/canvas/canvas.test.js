import assert from 'node:assert/strict';
import { afterEach, beforeEach, mock, test } from 'node:test';

import canvas from '../../../../app/draw/canvas/canvas.js';
import { ANSWERED, DRAWN, LIFTED, padThere, SEEN } from '../../../../app/draw/events.js';
import { restoreTime, settle, stopTime, tick, until } from '../../support/clock.js';
import { componentOf, element, newPage, StubObserver } from '../../support/dom.js';
import { Deferred } from '../../support/engine.js';
import { drawable } from '../../support/served/drawable.js';

/** @typedef {import('../../../../app/draw/events.js').Drawn} Drawn */
/** @typedef {import('../../../../app/draw/events.js').Answered} Answered */

const REPORT = { lanes: [] };

/** @type {HTMLElement} */
let root;
/** What Python got. @type {{raw: unknown, lanes: unknown}[]} */
let sent;

beforeEach(() => {
  newPage();
  stopTime();
  root = element('div', { className: 'canvas-root' });
  sent = [];
  drawable.started = [];
  drawable.ended = 0;
});
afterEach(restoreTime);

const setStateValue = mock.fn((/** @type {string} */ name, /** @type {unknown} */ value) => {
  if (name === 'drawing') sent.push(/** @type {typeof sent[number]} */ (value));
});

const mount = (script = 'served/drawable.js') =>
  canvas(componentOf(root, { script }, setStateValue));

/** A canvas that takes strokes. @returns {Promise<(raw: unknown) => void>} what hands a drawing over */
async function started() {
  mount();
  await until(() => drawable.started.length === 1);
  return (raw) => drawable.started[0].setStateValue('drawing', { raw });
}

/** The browser's lanes answer every drawing with the next of these promises. @param {Promise<object | null>[]} answers */
function lanesAnswer(...answers) {
  document.addEventListener(DRAWN, (event) => {
    /** @type {CustomEvent<Drawn>} */ (event).detail.answer = answers.shift() ?? null;
  });
}

test('a drawing goes at once when no lane of the browser answers', async () => {
  const draw = await started();
  draw('one');
  await settle();
  assert.deepEqual(sent, [{ raw: 'one', lanes: null }]);
});

test('what the lanes report travels with the drawing, once the page has shown it', async () => {
  const shown = new Deferred();
  document.addEventListener(ANSWERED, (event) => {
    const answered = /** @type {CustomEvent<Answered>} */ (event).detail;
    assert.equal(answered.report, REPORT);
    answered.shown = shown.promise;
  });
  lanesAnswer(Promise.resolve(REPORT));
  const draw = await started();
  draw('one');
  await settle();
  assert.deepEqual(sent, []);
  shown.resolve(undefined);
  await settle();
  assert.deepEqual(sent, [{ raw: 'one', lanes: REPORT }]);
});

test('a drawing waits no longer than 150 ms for the page to show it', async () => {
  document.addEventListener(ANSWERED, (event) => {
    /** @type {CustomEvent<Answered>} */ (event).detail.shown = new Promise(() => {});
  });
  lanesAnswer(Promise.resolve(REPORT));
  const draw = await started();
  draw('one');
  await tick(149);
  assert.equal(sent.length, 0);
  await tick(1);
  assert.equal(sent.length, 1);
});

test('a drawing that a later one holds as well is not sent', async () => {
  const first = /** @type {Deferred<object>} */ (new Deferred());
  lanesAnswer(first.promise);
  const draw = await started();
  draw('one');
  draw('one and two');
  first.resolve(REPORT);
  await tick(150);
  assert.deepEqual(
    sent.map(({ raw }) => raw),
    ['one and two'],
  );
});

test('other values of the canvas pass as they are', async () => {
  await started();
  setStateValue.mock.resetCalls();
  drawable.started[0].setStateValue('size', 280);
  assert.deepEqual(
    setStateValue.mock.calls.map((call) => call.arguments),
    [['size', 280]],
  );
});

test('a lifted pen is told 80 ms later, once for strokes that follow one another', async () => {
  let lifted = 0;
  document.addEventListener(LIFTED, () => {
    lifted += 1;
  });
  await started();
  const pen = async (/** @type {string} */ type, /** @type {number} */ ms) => {
    root.dispatchEvent(new Event(type));
    await tick(ms);
  };
  await pen('pointerup', 79);
  await pen('pointerdown', 500); // it came back
  assert.equal(lifted, 0);
  await pen('pointerup', 50);
  await pen('pointerup', 79);
  assert.equal(lifted, 0);
  await tick(1);
  assert.equal(lifted, 1);
});

test('the canvas takes strokes once its package has made it', async () => {
  await started();
  let there = false;
  void padThere().then(() => {
    there = true;
  });
  StubObserver.fire(); // something else appeared
  await settle();
  assert.equal(there, false);
  root.append(element('canvas'));
  StubObserver.fire();
  await settle();
  assert.equal(there, true);
});

test('a canvas that is closed while its package loads is not started', async () => {
  const close = mount();
  close();
  await tick(1_000);
  assert.equal(drawable.started.length, 0);
});

test('closing ends what the package started', async () => {
  const close = mount();
  await until(() => drawable.started.length === 1);
  close();
  assert.equal(drawable.ended, 1);
});

test('undo waits for a stroke that is on its way, until the canvas is closed', async () => {
  let undone = 0;
  const undo = element('button');
  undo.onclick = () => {
    undone += 1;
  };
  element('div', { className: 'st-key-undo' }, undo);
  const close = mount();
  await until(() => drawable.started.length === 1);
  root.dispatchEvent(new Event('pointerup'));
  undo.click();
  document.dispatchEvent(new Event(SEEN)); // of the stroke before
  await settle();
  assert.equal(undone, 0);
  drawable.started[0].setStateValue('drawing', { raw: 'one' });
  await settle();
  document.dispatchEvent(new Event(SEEN));
  await settle();
  assert.equal(undone, 1);
  root.dispatchEvent(new Event('pointerup'));
  close();
  undo.click();
  assert.equal(undone, 2);
});

test('a package that does not load is said in the place of the canvas', async () => {
  mount('served/missing.js');
  await until(() => root.textContent !== '');
  assert.match(
    root.textContent ?? '',
    /^The canvas could not be loaded: .*missing\.js.* Reload the page\.$/,
  );
});
