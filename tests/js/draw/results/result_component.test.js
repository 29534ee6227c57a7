import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';

import { ANSWERED, padIsThere } from '../../../../app/draw/events.js';
import resultComponent from '../../../../app/draw/results/result_component.js';
import { restoreTime, settle, stopTime, tick, until } from '../../support/clock.js';
import { componentOf, element, newPage, setGlobals } from '../../support/dom.js';
import { Deferred } from '../../support/engine.js';
import { charts, newVega } from '../../support/vega.js';
import '../../support/served/vega.js'; // so that it is there at once

/** @typedef {import('../../../../app/draw/results/result_component.js').Reading} Reading */
/** @typedef {import('../../../../app/draw/events.js').Answered} Answered */

const READING_URL = new URL('../../support/served/reading', import.meta.url).href;

/** @type {HTMLElement} */
let root;
/** @type {HTMLElement} */
let verdict;
/** What was asked of the server, by report; each waits for its answer. @type {{report: unknown, answer: Deferred<Response>}[]} */
let asked;
/** How often the specifications were asked for, and what they are. */
let specs = { asked: 0, answer: async () => Response.json({ probabilities: { mark: 'bar' } }) };
/** @type {() => void} */
let close;

/** A reading says which digit it is of. @param {string | null} digit @param {Partial<Reading>} [its] @returns {Reading} */
const reading = (digit, its = {}) => ({
  digit,
  lanes: ['graph @ wasm'],
  parts: { verdict: `of ${digit}` },
  rows: { probabilities: [{ of: digit }] },
  ...its,
});

/** Python sends the reading of a digit. @param {string | null} digit @param {Partial<Reading>} [its] */
function show(digit, its = {}) {
  close = resultComponent(
    componentOf(root, {
      address: 'served/reading',
      vega: 'served/vega.js',
      specs: 'served/specs.json',
      cutOff: 'out of reach',
      reading: reading(digit, its),
    }),
  );
}

/** The browser's lanes have answered a drawing. @param {string} digit */
function answered(digit) {
  /** @type {Answered} */
  const detail = { report: { digit }, shown: null };
  document.dispatchEvent(new CustomEvent(ANSWERED, { detail }));
  return detail.shown;
}

/** The server answers a report. @param {number} number @param {Reading} with_ */
async function answers(number, with_) {
  await until(() => asked.length > number);
  asked[number].answer.resolve(Response.json(with_));
  await settle();
}

beforeEach(() => {
  newPage();
  newVega();
  stopTime();
  padIsThere();
  root = element('div', { className: 'dp-sheet' });
  verdict = element('div', { dataset: { place: 'verdict' } });
  const chart = element(
    'div',
    { className: 'dp-chart', dataset: { chart: 'probabilities' } },
    element('div'),
  );
  document.documentElement.append(root, verdict, chart);
  asked = [];
  specs = { asked: 0, answer: async () => Response.json({ probabilities: { mark: 'bar' } }) };
  setGlobals({
    fetch: (/** @type {string} */ url, /** @type {RequestInit | undefined} */ request) => {
      if (url !== READING_URL) {
        specs.asked += 1;
        return specs.answer();
      }
      assert.equal(request?.method, 'POST');
      const answer = /** @type {Deferred<Response>} */ (new Deferred());
      asked.push({ report: JSON.parse(String(request?.body)), answer });
      return answer.promise;
    },
  });
});
afterEach(() => {
  close?.();
  restoreTime();
});

/** A page that shows a digit with its chart. */
async function shown() {
  show('five');
  await until(() => charts.length === 1);
}

test("Python's reading is shown in its places, its charts by their specifications", async () => {
  await shown();
  assert.equal(verdict.innerHTML, 'of five');
  assert.deepEqual([charts[0].spec.mark, charts[0].rows], ['bar', [{ of: 'five' }]]);
});

test('what is in a place already is not put there again', async () => {
  await shown();
  verdict.innerHTML = 'opened by the visitor';
  show('five');
  await settle();
  assert.equal(verdict.innerHTML, 'opened by the visitor');
});

test('charts wait for the canvas to take strokes, words do not', async () => {
  delete document.documentElement.dataset.digitParityPad;
  show('five');
  await settle();
  assert.deepEqual([verdict.innerHTML, charts.length], ['of five', 0]);
  padIsThere();
  await until(() => charts.length === 1);
});

test('what was drawn is fetched and shown before Python has seen it', async () => {
  await shown();
  let done = false;
  void answered('one')?.then(() => {
    done = true;
  });
  await settle();
  assert.deepEqual([asked[0].report, done], [{ digit: 'one' }, false]);
  await answers(0, reading('one'));
  assert.deepEqual([verdict.innerHTML, charts[0].rows, done], ['of one', [{ of: 'one' }], true]);
});

test('specifications are fetched once, and again after they could not be', async () => {
  specs.answer = async () => Response.json({}, { status: 503 });
  show('five');
  await settle();
  specs.answer = async () => Response.json({ probabilities: { mark: 'bar' } });
  show('six');
  await until(() => charts.length === 1);
  show('seven');
  await settle();
  assert.deepEqual([specs.asked, charts[0].rows], [2, [{ of: 'seven' }]]);
});

test('an answer for an older digit that arrives late is not shown', async () => {
  await shown();
  answered('one');
  answered('two');
  await answers(1, reading('two'));
  await answers(0, reading('one'));
  assert.equal(verdict.innerHTML, 'of two');
});

test("an answer that arrives after Python's own is not shown", async () => {
  await shown();
  answered('one');
  await settle();
  show('two');
  await answers(0, reading('one'));
  assert.equal(verdict.innerHTML, 'of two');
});

test('an answer that arrives when the page was closed is not shown, and none is asked for', async () => {
  await shown();
  answered('one');
  await settle();
  close();
  await answers(0, reading('one'));
  answered('two');
  assert.deepEqual([verdict.innerHTML, asked.length, charts[0].finalized], ['of five', 1, true]);
});

test('the digit before, which Python still sends while a drawing is on its way, is not shown', async () => {
  await shown();
  answered('one');
  await answers(0, reading('one'));
  show('five');
  await tick(999);
  assert.equal(verdict.innerHTML, 'of one');
  show('one');
  await tick(5_000);
  assert.equal(verdict.innerHTML, 'of one');
});

test('of two strokes that follow one another neither digit before is shown', async () => {
  await shown();
  answered('one');
  await answers(0, reading('one'));
  answered('two');
  await answers(1, reading('two'));
  for (const before of ['five', 'one']) {
    show(before);
    await settle();
    assert.equal(verdict.innerHTML, 'of two');
  }
});

test('the digit before is shown after a second when nothing else came: the drawing was taken back', async () => {
  await shown();
  answered('one');
  await answers(0, reading('one'));
  show('five');
  await tick(1_000);
  assert.equal(verdict.innerHTML, 'of five');
});

test('the digit before is not shown when the page was closed within the second', async () => {
  await shown();
  answered('one');
  await answers(0, reading('one'));
  show('five');
  close();
  await tick(1_000);
  assert.deepEqual([verdict.innerHTML, charts.length], ['of one', 1]);
});

test('the digit before is not shown when Python sent another reading within the second', async () => {
  await shown();
  answered('one');
  await answers(0, reading('one'));
  answered('two');
  await answers(1, reading('two'));
  show('five');
  await tick(900);
  show('one');
  await tick(100);
  assert.equal(verdict.innerHTML, 'of two');
});

test('the digit before is not shown when something was drawn within the second', async () => {
  await shown();
  answered('one');
  await answers(0, reading('one'));
  show('five');
  await tick(900);
  answered('two');
  await tick(100);
  await answers(1, reading('two'));
  assert.equal(verdict.innerHTML, 'of two');
});

test('once Python has come to the drawing, the digit before is a digit like any other', async () => {
  await shown();
  answered('one');
  await answers(0, reading('one'));
  show('one');
  show('five');
  await settle();
  assert.equal(verdict.innerHTML, 'of five');
});

test('without a connection the page says so, in place of a verdict of another drawing', async () => {
  await shown();
  answered('one');
  await settle();
  asked[0].answer.reject(new TypeError('Failed to fetch'));
  await settle();
  assert.equal(verdict.innerHTML, 'out of reach');
});

test('a connection that was lost for an older drawing is not said of a later one', async () => {
  await shown();
  answered('one');
  answered('two');
  await answers(1, reading('two'));
  asked[0].answer.reject(new TypeError('Failed to fetch'));
  await settle();
  assert.equal(verdict.innerHTML, 'of two');
});

test("a server that is slow, refuses, or sends no reading leaves the page to Python's own", async () => {
  await shown();
  answered('one');
  answered('two');
  answered('three');
  await until(() => asked.length === 3);
  asked[0].answer.reject(new DOMException('late', 'TimeoutError'));
  asked[1].answer.resolve(new Response('no JSON'));
  asked[2].answer.resolve(Response.json(reading('three'), { status: 503 }));
  await settle();
  assert.equal(verdict.innerHTML, 'of five');
  show('five');
  await settle();
  assert.equal(verdict.innerHTML, 'of five');
});

test('a server that is slow is not said to be out of reach', async () => {
  await shown();
  answered('one');
  await settle();
  asked[0].answer.reject(new DOMException('late', 'TimeoutError'));
  await settle();
  assert.equal(verdict.innerHTML, 'of five');
});

test("other lanes have other charts, which only Python's own shows", async () => {
  await shown();
  answered('one');
  await answers(0, reading('one', { lanes: ['graph @ webgl'] }));
  assert.deepEqual([verdict.innerHTML, charts[0].rows], ['of one', [{ of: 'five' }]]);
});
