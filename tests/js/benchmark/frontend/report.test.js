import assert from 'node:assert/strict';
import { test } from 'node:test';

import { emptyReport } from '../../../../app/benchmark/frontend/report.js';

test('an empty report has a lane for each format on each backend, and no lane shares its lists', () => {
  const report = emptyReport({
    schema: 'digit-parity/benchmark@1',
    backends: ['wasm', 'cpu'],
    batches: [8],
    rounds: 1,
    batchRounds: 1,
    pixels: '',
    thing: 'digit',
    seconds: null,
    expected: null,
    model: {
      name: 'mnist',
      version: 'v1',
      paths: { graph: 'g', layers: 'l' },
      input: { shape: [28, 28, 1], scale: 1 },
    },
  });
  assert.deepEqual(
    report.lanes.map(({ lane }) => lane),
    ['graph @ tfjs/wasm', 'layers @ tfjs/wasm', 'graph @ tfjs/cpu', 'layers @ tfjs/cpu'],
  );
  report.lanes[0].steady_ms.push(1);
  assert.deepEqual(report.lanes[1], {
    lane: 'layers @ tfjs/wasm',
    load_ms: null,
    first_ms: null,
    steady_ms: [],
    turns: [],
    batches: [],
    error: null,
    checked: null,
  });
  const { lanes, ...others } = report;
  assert.deepEqual(others, {
    schema: 'digit-parity/benchmark@1',
    model: 'mnist',
    model_version: 'v1',
    cancelled: false,
    quick: false,
    environment: {},
    script_ms: null,
    backends: {},
    memory: {},
  });
});

test('a run that has few seconds is a quick one, and its report says so', () => {
  const model = {
    name: 'mnist',
    version: 'v1',
    paths: { graph: 'g' },
    input: { shape: [28, 28, 1], scale: 1 },
  };
  const limits = {
    batches: [],
    rounds: 1,
    batchRounds: 0,
    thing: 'digit',
    seconds: 10,
    expected: null,
  };
  const report = emptyReport({ schema: 's', backends: ['wasm'], pixels: '', model, ...limits });
  assert.equal(report.quick, true);
});
