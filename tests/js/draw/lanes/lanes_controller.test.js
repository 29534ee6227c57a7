import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';

import { LIFTED, padIsThere, SEEN } from '../../../../app/draw/events.js';
import { settle, tick, until } from '../../support/clock.js';
import { Deferred, served, stubEngine } from '../../support/engine.js';
import {
  cards,
  DRAWING,
  digit,
  draw,
  hold,
  lane,
  page,
  ready,
  setUp,
  show,
  tearDown,
} from '../../support/lanes_page.js';

beforeEach(setUp);
afterEach(tearDown);

test('both lanes answer a digit, which is painted and reported once', async () => {
  show({ digit: digit(5) });
  await until(() => page.reports.length === 1);
  const [{ lanes, ...report }] = page.reports;
  assert.deepEqual(cards(), ['answered 5', 'answered 5']);
  assert.deepEqual(
    lanes.map(({ format, error, steadyMs }) => [format, error, steadyMs.length]),
    [
      ['graph', null, 8],
      ['layers', null, 8],
    ],
  );
  const environment = {
    browser: 'Stub 1.0',
    cores: '4',
    gpu: 'none',
    'cross-origin isolated': 'yes',
    'TensorFlow.js': '4.22.0',
  };
  assert.deepEqual(report, {
    digit: digit(5),
    model: 'mnist',
    asked: 'wasm',
    backend: 'wasm',
    fallback: null,
    environment,
  });
});

test('the same question is answered once, and told to whom it concerns', async () => {
  let seen = 0;
  document.addEventListener(SEEN, () => {
    seen += 1;
  });
  await ready();
  show({ digit: digit(5) });
  await settle();
  assert.deepEqual([page.predicted, page.reports, seen], [[], [], 2]);
});

test('a session that is new is told again, for its server knows of no answer', async () => {
  await ready();
  show({ digit: digit(5), session: 'after a restart' });
  await until(() => page.reports.length === 1);
});

test('an empty canvas loads the lanes and reports nothing', async () => {
  show({ digit: null });
  await settle();
  assert.deepEqual([cards(), page.reports], [['empty –', 'empty –'], []]);
  assert.notEqual(draw(DRAWING), null, 'the lanes are loaded');
});

test('what is loaded waits for the canvas to take strokes', async () => {
  delete document.documentElement.dataset.digitParityPad;
  show({ digit: digit(5) });
  await settle();
  assert.deepEqual(page.predicted, []);
  padIsThere();
  await until(() => page.reports.length === 1);
});

test('an answer for an older digit that arrives late is neither painted nor reported', async () => {
  await ready();
  const predictions = hold();
  show({ digit: digit(1) });
  await settle();
  assert.deepEqual(page.predicted, ['graph 1']);
  show({ digit: digit(2) });
  await predictions.next();
  assert.deepEqual(cards(), ['waiting –', 'waiting –']);
  await predictions.all();
  await until(() => page.reports.length > 0);
  assert.deepEqual(
    page.reports.map((report) => report.digit),
    [digit(2)],
  );
  assert.deepEqual(cards(), ['answered 2', 'answered 2']);
});

test('of digits that arrive while lanes are busy only the latest is answered', async () => {
  await ready();
  const predictions = hold();
  for (const level of [1, 2, 3, 4]) show({ digit: digit(level) });
  await predictions.next();
  await predictions.all();
  await until(() => page.reports.length > 0);
  assert.deepEqual(
    page.reports.map((report) => report.digit),
    [digit(4)],
  );
  assert.deepEqual(
    page.predicted.filter((what) => / [23]$/.test(what)),
    [],
  );
});

test('lanes never predict two digits at once', async () => {
  await ready();
  let running = 0;
  page.before = async () => {
    running += 1;
    assert.equal(running, 1);
    await Promise.resolve();
    running -= 1;
  };
  for (const level of [1, 2, 3]) show({ digit: digit(level) });
  await until(() => page.reports.length > 0);
});

test('a page that is closed while lanes are busy reports nothing, and begins nothing', async () => {
  await ready();
  const predictions = hold();
  show({ digit: digit(1) });
  await settle();
  show({ digit: digit(2) });
  page.close();
  page.loads = 0;
  await predictions.next();
  await tick(5_000);
  assert.deepEqual(
    [page.predicted, page.reports, cards()],
    [['graph 1'], [], ['waiting –', 'waiting –']],
  );
  assert.equal(page.loads, 1, 'the other lane, of the digit under way');
});

test('a lane that fails says why, and the other one answers', async () => {
  const works = lane('layers');
  served.engine = stubEngine({
    loadLane: async (format) =>
      format === 'graph' ? Promise.reject(new Error('no such file')) : works,
  });
  show({ digit: digit(5) });
  await until(() => page.reports.length === 1);
  assert.deepEqual(cards(), ['failed ×', 'answered 5']);
  assert.deepEqual(
    page.reports[0].lanes.map(({ error }) => error),
    ['no such file', null],
  );
  assert.equal(draw(DRAWING), null, 'a drawing does not wait for a lane that fails');
  page.predicted = [];
  document.dispatchEvent(new Event(LIFTED));
  await settle();
  assert.deepEqual(page.predicted, [], 'nor are times taken ahead');
});

test('a lane that fails during the clock fails for the digit, and the next one is answered', async () => {
  await ready();
  let clocked = 0;
  page.before = async () => {
    clocked += 1;
    if (clocked === 5) throw new Error('the GPU was lost');
  };
  show({ digit: digit(1) });
  await until(() => page.reports.length === 1);
  assert.deepEqual(
    page.reports[0].lanes.map(({ error }) => error),
    ['the GPU was lost', 'the GPU was lost'],
  );
  show({ digit: digit(2) });
  await until(() => page.reports.length === 2);
  assert.deepEqual(cards(), ['answered 2', 'answered 2']);
});

test('where TensorFlow.js is not installed both cards say so', async () => {
  show({ digit: digit(5), bundle: null });
  await until(() => page.reports.length === 1);
  assert.match(String(page.reports[0].lanes[0].error), /not installed on this server/);
  assert.deepEqual(cards(), ['failed ×', 'failed ×']);
});

/** The model takes a large picture. @returns {import('../../../../app/draw/lanes/predict.js').Data['model']} */
const pictures = () => ({
  name: 'photo',
  version: 'v1',
  paths: { graph: 'g.json', layers: 'l.json' },
  input: { shape: [28, 28, 1], scale: 1 },
  isDigit: false,
  answers: 'probabilities',
  classes: [...'0123456789'],
});

test('a picture that Python gave is reported by its name, not with its pixels', async () => {
  show({ digit: digit(5), id: '0123456789abcdef' });
  await until(() => page.reports.length === 1);
  assert.equal(page.reports[0].digit, '0123456789abcdef');
});

test('what is drawn for a model that takes no digits waits for Python', async () => {
  show({ digit: digit(5), model: pictures() });
  await until(() => page.reports.length === 1);
  assert.equal(draw(DRAWING), null);
  show({ digit: digit(5) });
  await until(() => page.reports.length === 2);
  assert.notEqual(draw(DRAWING), null);
});

test('weights that arrive are told on the card of the picture that is shown by then', async () => {
  const loaded = new Deferred();
  /** @type {(share: number) => void} */
  let progress = () => {};
  served.engine = stubEngine({
    loadLane: async (format, _url, options) => {
      progress = options?.onProgress ?? progress;
      await loaded.promise;
      return lane(format);
    },
  });
  show({ digit: digit(5), model: pictures() });
  await settle();
  progress(0.5);
  const sure = () => page.root?.querySelector('[data-format=graph] .dp-sure')?.textContent;
  assert.equal(sure(), 'loading, 50 %');
  show({ digit: digit(6), model: pictures() });
  progress(0.75);
  assert.equal(sure(), 'loading, 75 %');
  loaded.resolve(null);
  await until(() => page.reports.length === 1);
  assert.deepEqual(cards(), ['answered 6', 'answered 6']);
});
