import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';

import { LIFTED, SEEN } from '../../../../app/draw/events.js';
import { settle, tick, until } from '../../support/clock.js';
import {
  ahead,
  cards,
  DRAWING,
  DRAWN_DIGIT,
  digit,
  draw,
  hold,
  OTHER,
  page,
  ready,
  setUp,
  show,
  tearDown,
} from '../../support/lanes_page.js';

/** @typedef {import('../../support/lanes_page.js').Report} Report */

beforeEach(setUp);
afterEach(tearDown);

test('a drawing is answered before Python has seen it, and Python then has nothing to ask', async () => {
  await ready();
  const report = await ahead(DRAWING);
  assert.equal(report.digit, DRAWN_DIGIT);
  assert.deepEqual(
    report.lanes.map(({ error }) => error),
    [null, null],
  );
  page.predicted = [];
  show({ digit: DRAWN_DIGIT });
  await tick(5_000);
  assert.deepEqual([page.predicted, page.reports], [[], []]);
});

test('no drawing is answered ahead that lanes cannot answer soon, or not better than Python', async () => {
  assert.equal(draw(DRAWING), null, 'nothing was shown yet');
  const predictions = hold();
  show({ digit: digit(5) });
  await settle();
  assert.equal(draw(DRAWING), null, 'the first digit is not answered yet');
  await predictions.all();
  await until(() => page.reports.length === 1);
  await settle();
  assert.equal(draw({ objects: [] }), null, 'only Python knows what that is');
  await ahead(DRAWING);
  assert.equal(draw(DRAWING), null, 'it is what the page shows');
});

test('a second stroke while the first is answered is not answered ahead', async () => {
  await ready();
  const predictions = hold();
  const first = draw(DRAWING);
  await settle();
  assert.equal(draw(OTHER), null);
  await predictions.all();
  assert.equal(/** @type {Report} */ (await first).digit, DRAWN_DIGIT);
});

test('a drawing waits 60 ms for its lanes; what comes later is reported by itself', async () => {
  await ready();
  const predictions = hold();
  /** @type {unknown[]} */
  const answers = [];
  void draw(DRAWING)?.then((answer) => answers.push(answer));
  await tick(59);
  assert.deepEqual(answers, []);
  await tick(1);
  assert.deepEqual([answers, page.reports], [[null], []]);
  await predictions.all();
  await until(() => page.reports.length > 0);
  assert.deepEqual(
    page.reports.map((report) => report.digit),
    [DRAWN_DIGIT],
  );
});

test('a late answer is not reported for a drawing that Python has left behind', async () => {
  await ready();
  const predictions = hold();
  void draw(DRAWING);
  await tick(60);
  show({ digit: digit(9) });
  await predictions.all();
  await until(() => page.reports.length > 0);
  await settle();
  assert.deepEqual(
    page.reports.map((report) => report.digit),
    [digit(9)],
  );
});

test('the digit before, which Python still sends while a drawing is on its way, is not shown', async () => {
  await ready();
  await ahead(DRAWING);
  const shown = cards();
  page.predicted = [];
  show({ digit: digit(5) });
  await tick(999);
  show({ digit: DRAWN_DIGIT });
  await tick(5_000);
  assert.deepEqual([page.predicted, page.reports, cards()], [[], [], shown]);
});

test('the digit before is shown after a second when nothing else came: the drawing was taken back', async () => {
  await ready();
  await ahead(DRAWING);
  show({ digit: digit(5) });
  await tick(1_000);
  await until(() => page.reports.length === 1);
  assert.deepEqual([page.reports[0].digit, cards()], [digit(5), ['answered 5', 'answered 5']]);
});

test('the digit before is not shown on a page that was closed meanwhile', async () => {
  await ready();
  await ahead(DRAWING);
  let seen = 0;
  document.addEventListener(SEEN, () => {
    seen += 1;
  });
  show({ digit: digit(5) });
  page.close();
  await tick(5_000);
  assert.deepEqual([seen, page.reports], [1, []]);
});

test('once Python has seen the drawing, the digit before is a digit like any other', async () => {
  await ready();
  await ahead(DRAWING);
  show({ digit: DRAWN_DIGIT });
  show({ digit: digit(5) });
  await until(() => page.reports.length === 1);
  assert.equal(page.reports[0].digit, digit(5));
});

test('a page that was closed answers no drawing and takes no times', async () => {
  await ready();
  page.close();
  assert.equal(draw(DRAWING), null);
  document.dispatchEvent(new Event(LIFTED));
  await settle();
  assert.deepEqual(page.predicted, []);
});
