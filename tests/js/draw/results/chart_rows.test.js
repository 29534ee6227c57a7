import assert from 'node:assert/strict';
import { test } from 'node:test';

import { chartRows } from '../../../../app/draw/results/chart_rows.js';

const ANSWERED = {
  lane: 'a',
  probabilities: [0.2, 0.8],
  steadyMs: [1, 2],
  loadMs: 9,
  firstMs: null,
};

test('rows are those of the server, and of what each lane answered and took', () => {
  const reading = /** @type {any} */ ({
    classes: ['no', 'yes'],
    lanes: [ANSWERED, { lane: 'b', state: 'waiting' }],
    rows: { differences: [{ lane: 'b' }], pairs: [] },
  });
  assert.deepEqual(chartRows(reading), {
    probabilities: [
      { lane: 'a', label: 'no', probability: 0.2 },
      { lane: 'a', label: 'yes', probability: 0.8 },
    ],
    differences: [{ lane: 'b' }],
    pairs: [],
    steady: [
      { lane: 'a', ms: 1 },
      { lane: 'a', ms: 2 },
    ],
    load: [{ lane: 'a', kind: 'load', ms: 9 }],
  });
});
