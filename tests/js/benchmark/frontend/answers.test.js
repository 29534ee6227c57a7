import assert from 'node:assert/strict';
import { test } from 'node:test';

import { looking } from '../../../../app/benchmark/frontend/answers.js';
import { emptyReport } from '../../../../app/benchmark/frontend/report.js';

/** @type {import('../../../../app/frontend/judge.js').Expected} */
const EXPECTED = { answer: [0.25, 0.75], row: 2, bound: 1e-3, head: 'softmax', scale: null };
const RIGHT = [0.25, 0.75];
const NEAR = [0.2501, 0.7499];
const WRONG = [0.75, 0.25];

/** What is counted of these predictions, each the answers to the pictures of its batch. @param {number[][][]} predictions */
function counted(predictions, expected = /** @type {typeof EXPECTED | null} */ (EXPECTED)) {
  const [report] = emptyReport({
    schema: 's',
    backends: ['wasm'],
    batches: [],
    rounds: 1,
    batchRounds: 1,
    pixels: '',
    thing: 'digit',
    seconds: null,
    expected,
    model: { name: 'm', version: 'v', paths: { graph: 'g' }, input: { shape: [1], scale: 1 } },
  }).lanes;
  const look = looking(expected);
  for (const rows of predictions) look(report, Float32Array.from(rows.flat()), rows.length);
  return report.checked;
}

test('right answers are counted, and how far they are', () => {
  const found = counted([[RIGHT], [NEAR], [RIGHT, RIGHT]]);
  assert(found?.worst && found.worst < 1e-3);
  assert.deepEqual(
    { ...found, worst: 0 },
    { answers: 3, wrong: 0, nan: 0, first_wrong: null, worst: 0 },
  );
});

test('wrong answers are counted from the first one on', () => {
  const found = counted([[RIGHT], [WRONG], [WRONG], [RIGHT]]);
  assert.deepEqual([found?.answers, found?.wrong, found?.nan, found?.first_wrong], [4, 2, 0, 1]);
  assert((found?.worst ?? 0) > 0.1);
});

test('NaN and infinity are wrong, and no distance', () => {
  const found = counted([[[NaN, 0.75]], [[0.25, Infinity]], [RIGHT]]);
  assert.deepEqual(found, { answers: 3, wrong: 2, nan: 2, first_wrong: 0, worst: 0 });
});

test('one wrong picture makes its batch wrong, wherever it stands', () => {
  for (const at of [0, 5, 7]) {
    const batch = Array.from({ length: 8 }, (_, index) => (index === at ? WRONG : RIGHT));
    assert.equal(counted([batch])?.wrong, 1);
    const nan = batch.map((row) => (row === WRONG ? [0.25, NaN] : row));
    assert.deepEqual([counted([nan])?.wrong, counted([nan])?.nan], [1, 1]);
  }
});

test('an answer of another size is wrong', () => {
  const found = counted([[[0.25, 0.5, 0.25]], [[1]]]);
  assert.deepEqual(found, { answers: 2, wrong: 2, nan: 0, first_wrong: 0, worst: null });
});

test('where nobody knows the answer nothing is counted', () => {
  assert.equal(counted([[WRONG], [[NaN, NaN]]], null), null);
});

test('each lane is counted by itself', () => {
  assert.equal(counted([[WRONG]])?.wrong, 1);
  assert.equal(counted([[RIGHT]])?.wrong, 0);
});
