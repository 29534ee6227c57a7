import assert from 'node:assert/strict';
import { afterEach, beforeEach, mock, test } from 'node:test';

import { measure } from '../../../../app/benchmark/frontend/measure.js';
import { emptyReport } from '../../../../app/benchmark/frontend/report.js';
import { encode } from '../../../../app/frontend/tfjs.js';
import { newPage } from '../../support/dom.js';
import { stubEngine, stubLane, sure } from '../../support/engine.js';

/** @typedef {import('../../../../app/benchmark/frontend/report.js').Plan} Plan */
/** @typedef {import('../../../../models/tfjs/src/lanes.js').Lane} Lane */

/** @type {Plan} */
const PLAN = {
  schema: 's',
  backends: ['wasm', 'cpu'],
  batches: [8, 64],
  rounds: 3,
  batchRounds: 2,
  pixels: encode(new Uint8Array(784).fill(255)),
  thing: 'digit',
  seconds: null,
  expected: null,
  model: {
    name: 'mnist',
    version: 'v1',
    paths: { graph: 'g.json', layers: 'l.json' },
    input: { shape: [28, 28, 1], scale: 255 },
  },
};
const LANES = ['graph @ tfjs/cpu', 'graph @ tfjs/wasm', 'layers @ tfjs/cpu', 'layers @ tfjs/wasm'];

/** @type {import('../../../../app/frontend/judge.js').Expected} */
const EXPECTED = {
  answer: [...sure(3).probabilities],
  row: 10,
  bound: 1e-6,
  head: 'softmax',
  scale: null,
};

/** What was timed: a lane and its digits at once. @type {string[]} */
let turns;
/** Every lane that was loaded. @type {Map<string, ReturnType<typeof stubLane>>} */
let loaded;
let passed = 0;
/** Milliseconds that a digit takes, of so many at once. @type {(lane: string, digits: number) => number} */
let takes;
/** What a lane answers, by the number of its prediction; 3 where it is not here. @type {Map<string, (number: number) => number>} */
let planted;
/** Called before each turn. @type {(turn: string) => void} */
let onTurn;
/** @type {{share: number, text: string}[]} */
let progress;
/** How many turns each lane had had whenever it was told that nothing is timed. @type {number[][]} */
let grown;

beforeEach(() => {
  newPage();
  [turns, loaded, passed, takes, onTurn, progress] = [[], new Map(), 0, () => 1, () => {}, []];
  [grown, planted] = [[], new Map()];
  mock.method(performance, 'now', () => passed);
});
afterEach(() => mock.restoreAll());

/** @param {string} name */
function timedLane(name) {
  let predictions = 0;
  const answer = (/** @type {number} */ n) => {
    const top = planted.get(name)?.(predictions) ?? 3;
    predictions += 1;
    const rows = Float32Array.from({ length: n * 10 }, (_, at) => Number(at % 10 === 3));
    rows.set(
      sure(Math.max(0, top)).probabilities.map((each) => (top < 0 ? NaN : each)),
      (n - 1) * 10,
    );
    return rows;
  };
  return stubLane({
    predict: async () => ({ ...sure(3, 7), probabilities: answer(1) }),
    run: async (_, { n = 1, each } = {}) => {
      each?.(answer(n)); // the warm-up
      const turn = `${name} ${n}`;
      turns.push(turn);
      onTurn(turn);
      passed += n * takes(name, n);
      each?.(answer(n));
      return { ...sure(3), firstMs: 7, steadyMs: [n * takes(name, n)] };
    },
  });
}

const engine = (its = {}) =>
  stubEngine({
    loadLane: async (format, _, { backend } = {}) => {
      const lane = timedLane(`${format} @ tfjs/${backend}`);
      loaded.set(`${format} @ tfjs/${backend}`, lane);
      return lane;
    },
    ...its,
  });

/** @param {Partial<Plan>} [its] @param {AbortSignal} [signal] */
function run(its = {}, on = engine(), signal = new AbortController().signal) {
  const plan = { ...PLAN, ...its };
  const report = emptyReport(plan);
  const control = {
    signal,
    began: 0,
    grown: () => void grown.push(report.lanes.map(({ turns }) => turns.length)),
    progress: (/** @type {number} */ share, /** @type {string} */ text) =>
      void progress.push({ share, text }),
  };
  return measure(on, plan, report, control);
}

test('every lane takes its turn in every round, and is freed at the end', async () => {
  const report = await run();
  for (const [from, digits] of [
    [0, 1],
    [4, 1],
    [8, 1],
    [12, 8],
    [16, 64],
    [20, 8],
    [24, 64],
  ]) {
    assert.deepEqual(
      turns.slice(from, from + 4).sort(),
      LANES.map((lane) => `${lane} ${digits}`),
    );
  }
  assert.equal(turns.length, 28);
  for (const { steady_ms, turns: each, batches, load_ms, first_ms, error } of report.lanes) {
    assert.deepEqual([load_ms, first_ms, error], [20, 7, null]);
    assert.deepEqual(
      [steady_ms, each],
      [
        [1, 1, 1],
        [1, 1, 1],
      ],
    );
    assert.deepEqual(batches, [
      { size: 8, ms: [8, 8], turns: [1, 1] },
      { size: 64, ms: [64, 64], turns: [1, 1] },
    ]);
  }
  assert.deepEqual(
    [...loaded.values()].map(({ disposed }) => disposed),
    [1, 1, 1, 1],
  );
  assert.deepEqual(report.backends, { wasm: 5, cpu: 5 });
  assert.deepEqual(Object.keys(report.memory), ['before', 'loaded', 'after']);
  assert.equal(report.environment.browser, 'Stub 1.0');
});

test('the order within a round is drawn by lot', async () => {
  let drawn = 0;
  mock.method(Math, 'random', () => {
    drawn += 1;
    return (drawn * 0.37) % 1;
  });
  await run({ rounds: 2, batches: [8], batchRounds: 2 });
  const rounds = [0, 4, 8, 12].map((from) => turns.slice(from, from + 4));
  assert.notDeepEqual(rounds[0], rounds[1]);
  assert.notDeepEqual(rounds[2], rounds[3]);
});

test('progress goes on and never back', async () => {
  await run();
  const shares = progress.map(({ share }) => share);
  assert.deepEqual(
    shares,
    [...shares].sort((a, b) => a - b),
  );
  assert(shares[0] === 0 && (shares.at(-1) ?? 0) > 0.7 && (shares.at(-1) ?? 1) < 1);
});

test('models are loaded anew in each run', async () => {
  /** @type {string[]} */
  const urls = [];
  const lane = timedLane('any');
  const on = engine({
    loadLane: async (/** @type {string} */ _, /** @type {string} */ url) => {
      urls.push(url);
      return lane;
    },
  });
  await run({ rounds: 0, batchRounds: 0, backends: ['wasm'] }, on);
  await run({ rounds: 0, batchRounds: 0, backends: ['wasm'] }, on);
  assert.equal(new Set(urls).size, 4);
  const { pathname } = new URL('../../support/served/models/mnist/v1/', import.meta.url);
  assert.deepEqual(
    new Set(urls.map((url) => new URL(url).pathname)),
    new Set([`${pathname}g.json`, `${pathname}l.json`]),
  );
});

test('the lanes of a backend that does not start say why; the others are measured', async () => {
  const report = await run(
    {},
    engine({
      useBackend: async (/** @type {string} */ backend) =>
        backend === 'wasm' ? Promise.reject(new Error('no wasm')) : { backend, initMs: 5 },
    }),
  );
  assert.deepEqual(
    report.lanes.map(({ error, steady_ms }) => [error, steady_ms.length]),
    [
      ['no wasm', 0],
      ['no wasm', 0],
      [null, 3],
      [null, 3],
    ],
  );
  assert.deepEqual(
    [report.backends, [...loaded.keys()].sort()],
    [{ cpu: 5 }, ['graph @ tfjs/cpu', 'layers @ tfjs/cpu']],
  );
});

test('when no backend starts nothing is loaded', async () => {
  const report = await run(
    {},
    engine({ useBackend: async () => Promise.reject(new Error('none')) }),
  );
  assert.deepEqual(
    [loaded.size, report.memory, report.lanes.map(({ error }) => error)],
    [0, {}, Array(4).fill('none')],
  );
});

test('a lane that cannot be loaded says why; the others are measured', async () => {
  const well = engine();
  const report = await run(
    {},
    engine({
      loadLane: async (/** @type {Parameters<typeof well.loadLane>} */ ...given) =>
        given[0] === 'graph' ? Promise.reject(new Error('x'.repeat(600))) : well.loadLane(...given),
    }),
  );
  assert.deepEqual(
    report.lanes.map(({ error, steady_ms }) => [error, steady_ms.length]),
    [
      ['x'.repeat(500), 0],
      [null, 3],
      ['x'.repeat(500), 0],
      [null, 3],
    ],
  );
});

test('a lane that fails in a turn takes no further part, and is freed', async () => {
  onTurn = (turn) => {
    if (turn === 'graph @ tfjs/cpu 8') throw new Error('out of memory');
  };
  const report = await run();
  const failed = report.lanes.find(({ lane }) => lane === 'graph @ tfjs/cpu');
  assert.deepEqual(
    [failed?.error, failed?.steady_ms.length, failed?.batches],
    ['out of memory', 3, []],
  );
  assert.equal(
    turns.filter((turn) => turn.startsWith('graph @ tfjs/cpu ') && !turn.endsWith(' 1')).length,
    1,
  );
  assert.equal(loaded.get('graph @ tfjs/cpu')?.disposed, 1);
});

test('a run that is stopped in the middle of a round takes no further turn, and frees its lanes', async () => {
  for (const last of [2, 14]) {
    [turns, loaded, progress] = [[], new Map(), []];
    const stop = new AbortController();
    onTurn = () => {
      if (turns.length === last) stop.abort();
    };
    await run({}, engine(), stop.signal);
    assert.equal(turns.length, last);
    assert.match(progress.at(-1)?.text ?? '', / round 1$/);
    assert.deepEqual(
      [...loaded.values()].map(({ disposed }) => disposed),
      [1, 1, 1, 1],
    );
  }
});

test('a run that is stopped while it loads loads no more', async () => {
  const stop = new AbortController();
  const well = engine();
  await run(
    {},
    engine({
      loadLane: async (/** @type {Parameters<typeof well.loadLane>} */ ...given) => {
        stop.abort();
        return well.loadLane(...given);
      },
    }),
    stop.signal,
  );
  assert.deepEqual([loaded.size, turns], [1, []]);
});

test('a run that is stopped while backends start starts no more', async () => {
  const stop = new AbortController();
  const report = await run(
    {},
    engine({
      useBackend: async (/** @type {string} */ backend) => {
        stop.abort();
        return { backend, initMs: 5 };
      },
    }),
    stop.signal,
  );
  assert.deepEqual([report.backends, loaded.size], [{ wasm: 5 }, 0]);
});

test('a part whose time is over begins no new round, but has one', async () => {
  takes = () => 4_000; // a round of one image is over the whole 15 s
  const report = await run({ batches: [8] });
  assert.deepEqual(
    report.lanes.map(({ steady_ms }) => steady_ms.length),
    [1, 1, 1, 1],
  );
  takes = (_, images) => (images === 1 ? 1 : 1_000); // one of batches over 25 s
  const { lanes } = await run({ batches: [8] });
  assert.deepEqual(
    lanes.map(({ batches }) => batches[0].ms.length),
    [1, 1, 1, 1],
  );
});

test('an image that alone holds the page for long is measured in no batch', async () => {
  takes = (lane) => (lane.endsWith('cpu') ? 4_000 : 10);
  const report = await run({ batches: [1, 8] });
  assert.deepEqual(
    report.lanes.map(({ batches }) => batches.map(({ size }) => size)),
    [[1, 8], [1, 8], [], []],
  );
});

test('while weights arrive, it is said how many are here', async () => {
  const on = engine({
    loadLane: async (
      /** @type {string} */ format,
      /** @type {string} */ _,
      /** @type {any} */ { onProgress },
    ) => {
      onProgress(0.254);
      return timedLane(format);
    },
  });
  await run({ backends: ['wasm'] }, on);
  assert.deepEqual(
    progress
      .map(({ text }) => text)
      .filter((text) => text.includes('%'))
      .sort(),
    [
      'Loading graph on wasm: 25 % of its weights are here',
      'Loading layers on wasm: 25 % of its weights are here',
    ],
  );
});

test('a model of one format has one lane a backend', async () => {
  const model = { ...PLAN.model, paths: { graph: 'g.json' } };
  const report = await run({ model });
  assert.deepEqual(
    report.lanes.map(({ lane, error }) => [lane, error]),
    [
      ['graph @ tfjs/wasm', null],
      ['graph @ tfjs/cpu', null],
    ],
  );
});

test('a batch that would hold the page is left out, judged by the largest smaller one', async () => {
  takes = (lane) => (lane.endsWith('cpu') ? 10 : 1); // 64 digits take 640 ms
  const report = await run();
  assert.deepEqual(
    report.lanes.map(({ batches }) => batches.map(({ size }) => size)),
    [[8, 64], [8, 64], [8], [8]],
  );
});

test('of two smaller batches the larger one is judged by', async () => {
  takes = (_, digits) => (digits === 8 ? 20 : 1); // 64 digits take 64 ms
  const report = await run({ batches: [8, 16, 64], batchRounds: 1 });
  for (const { batches } of report.lanes)
    assert.deepEqual(
      batches.map(({ size }) => size),
      [8, 16, 64],
    );
});

test('lanes are freed when something breaks that is no lane', async () => {
  let asked = 0;
  const on = engine({
    memory: () => {
      asked += 1;
      if (asked === 3) throw new Error('the GPU was lost');
      return { tensors: 1, bytes: 4 };
    },
  });
  await assert.rejects(run({}, on), /the GPU was lost/);
  assert.deepEqual(
    [...loaded.values()].map(({ disposed }) => disposed),
    [1, 1, 1, 1],
  );
});

test('a turn without a time leaves no trace', async () => {
  const empty = { ...sure(3), firstMs: 1, steadyMs: [] };
  const on = engine({ loadLane: async () => stubLane({ run: async () => empty }) });
  const report = await run({}, on);
  for (const { steady_ms, turns: each, batches } of report.lanes)
    assert.deepEqual([steady_ms, each, batches], [[], [], []]);
});

// Loading has one prediction, and every turn two: the one that warms up, too.
const ANSWERS = 1 + 2 * (3 + 2 * 2);

/** What is said of a lane that answers this. @param {(number: number) => number} answers */
async function checked(answers) {
  planted.set('graph @ tfjs/wasm', answers);
  const report = await run({ expected: EXPECTED });
  const [graph, ...others] = report.lanes.map((lane) => lane.checked);
  for (const right of others)
    assert.deepEqual(right, { answers: ANSWERS, wrong: 0, nan: 0, first_wrong: null, worst: 0 });
  return graph;
}

test('a lane that is always wrong is wrong in every prediction', async () => {
  const found = await checked(() => 5);
  assert.deepEqual([found?.wrong, found?.nan, found?.first_wrong], [ANSWERS, 0, 0]);
});

test('a lane that is right at first, and wrong from the second prediction on, is found out', async () => {
  const found = await checked((number) => (number === 0 ? 3 : 5));
  assert.deepEqual([found?.wrong, found?.first_wrong], [ANSWERS - 1, 1]);
});

test('a lane that is wrong in a late batch alone, in its last picture, is found out', async () => {
  const found = await checked((number) => (number === ANSWERS - 1 ? 5 : 3));
  assert.deepEqual([found?.wrong, found?.first_wrong], [1, ANSWERS - 1]);
});

test('a lane that gives NaN is found out, once or always', async () => {
  const always = await checked(() => -1);
  assert.deepEqual([always?.wrong, always?.nan, always?.first_wrong], [ANSWERS, ANSWERS, 0]);
  const once = await checked((number) => (number === 4 ? -1 : 3));
  assert.deepEqual([once?.wrong, once?.nan, once?.first_wrong], [1, 1, 4]);
});

test('after each round, when nothing is timed, it is told that there is more to show', async () => {
  await run();
  assert.equal(grown.length, 3 + 2 * PLAN.batches.length);
  assert.deepEqual(grown.slice(0, 3), [Array(4).fill(1), Array(4).fill(2), Array(4).fill(3)]);
});

test('a quick run begins no round that would end after its seconds, of which loading took some', async () => {
  passed = 4_000; // since it began
  takes = () => 15;
  const report = await run({ seconds: 10, rounds: 100, batches: [32], batchRounds: 50 });
  for (const { turns: each, batches } of report.lanes) {
    assert.equal(each.length, 60); // rounds of 60 ms, in 3.6 s
    assert.equal(batches[0].turns.length, 1); // of 1.92 s, in 2.4 s
  }
  assert.ok(passed <= 10_000, `${passed} ms`);
});

test('a quick run whose seconds loading has used up still has a round of each', async () => {
  passed = 60_000;
  const report = await run({ seconds: 10, batches: [8] });
  for (const { turns: each, batches } of report.lanes)
    assert.deepEqual([each, batches], [[1], [{ size: 8, ms: [8], turns: [1] }]]);
});

test('where one batch size is all, it is judged by one image whether it would hold the page', async () => {
  takes = (lane) => (lane.endsWith('cpu') ? 20 : 1); // 32 images take 640 ms
  const report = await run({ batches: [32] });
  assert.deepEqual(
    report.lanes.map(({ batches }) => batches.length),
    [1, 1, 0, 0],
  );
});
