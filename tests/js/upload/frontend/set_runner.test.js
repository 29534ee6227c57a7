import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';

import {
  batchInPage,
  batchInThread,
  fail,
  runLanes,
} from '../../../../app/upload/frontend/set_runner.js';
import { settle, until } from '../../support/clock.js';
import { setGlobals } from '../../support/dom.js';
import { Deferred, stubEngine, stubLane, sure } from '../../support/engine.js';

/** @typedef {import('../../../../app/upload/frontend/set_runner.js').Part} Part */
/** @typedef {import('../../../../models/tfjs/src/lanes.js').Lane} Lane */

/** @type {import('../../../../app/upload/frontend/set_runner.js').Job} */
const JOB = {
  engine: 'engine.js',
  backend: 'wasm',
  input: { shape: [28, 28, 1], scale: 1 },
  size: 784,
  set: 'https://host/served/sets/t',
  models: { graph: 'graph.json', layers: 'layers.json' },
};

/** What happened, in order. @type {string[]} */
let log;
/** What was posted, by the end of its address. @type {Map<string, unknown>} */
let posted;
/** How the server answers a request, when not as usual. @type {(url: string) => Promise<Response> | Response | null} */
let server;

beforeEach(() => {
  log = [];
  posted = new Map();
  server = () => null;
  setGlobals({
    scheduler: { postTask: async () => {} },
    fetch: async (/** @type {string} */ url, /** @type {RequestInit} */ request = {}) => {
      const what = url.replace(`${JOB.set}/`, '');
      log.push(what);
      if (request.method === 'POST') posted.set(what, request.body);
      return (await server(what)) ?? usual(what);
    },
  });
});

/** Every digit's pixels have its number as their level. @param {string} what */
function usual(what) {
  if (!what.startsWith('pixels?')) return Response.json({ goOn: true });
  const query = new URLSearchParams(what.slice('pixels?'.length));
  const [start, stop] = ['start', 'stop'].map((name) => Number(query.get(name)));
  const bytes = new Uint8Array((stop - start) * 784);
  for (let each = start; each < stop; each += 1)
    bytes.fill(each, (each - start) * 784, (each - start + 1) * 784);
  return new Response(bytes);
}

/** A lane of one class, that answers a digit's own number. @param {string} name @param {Partial<Lane>} [its] */
const counting = (name, its = {}) =>
  stubLane({
    predict: async (pixels) => {
      const digits = pixels.length / 784;
      log.push(`${name} ${digits}`);
      const probabilities = Float32Array.from({ length: digits }, (_, at) =>
        Math.round(pixels[at * 784] * 255),
      );
      return { probabilities, classes: 1, ms: digits };
    },
    ...its,
  });

/** Parts as they are asked for. @param {Part[]} parts */
const nextOf = (parts) => async () => parts.shift() ?? null;

/** @param {Record<string, Lane>} lanes */
const engineOf = (lanes) => stubEngine({ loadLane: async (format) => lanes[format] });

const both = () => engineOf({ graph: counting('graph'), layers: counting('layers') });
const parts = () => [
  { start: 0, stop: 5 },
  { start: 5, stop: 7 },
];
const two = async () => 2;

test('every part goes through both lanes in turn, and their answers to the server', async () => {
  await runLanes(both(), JOB, nextOf(parts()), two);
  assert.deepEqual(Object.fromEntries(posted), {
    'answers/graph?backend=wasm&start=0&ms=5': Float32Array.of(0, 1, 2, 3, 4),
    'answers/layers?backend=wasm&start=0&ms=5': Float32Array.of(0, 1, 2, 3, 4),
    'answers/graph?backend=wasm&start=5&ms=2': Float32Array.of(5, 6),
    'answers/layers?backend=wasm&start=5&ms=2': Float32Array.of(5, 6),
  });
  assert.deepEqual(
    log.filter((what) => !what.includes('?')),
    ['graph 2', 'graph 2', 'graph 1', 'layers 2', 'layers 2', 'layers 1', 'graph 2', 'layers 2'],
  );
});

test("the next part's pixels are fetched while one is predicted, no sooner and no later", async () => {
  const gate = new Deferred();
  const lane = stubLane({
    predict: async (pixels) => gate.promise.then(() => sure(pixels.length)),
  });
  const run = runLanes(
    engineOf({ graph: lane, layers: lane }),
    JOB,
    nextOf([...parts(), { start: 7, stop: 9 }]),
    two,
  );
  await settle();
  assert.deepEqual(log, ['pixels?start=0&stop=5', 'pixels?start=5&stop=7']);
  gate.resolve(undefined);
  await run;
});

test('a lane is loaded and warmed once', async () => {
  let warmed = 0;
  await runLanes(both(), JOB, nextOf(parts()), async () => {
    warmed += 1;
    return 8;
  });
  assert.equal(warmed, 2);
});

test('a byte becomes the very number that Python has', async () => {
  const levels = Uint8Array.from({ length: 784 }, (_, at) => at % 256);
  server = (what) => (what.startsWith('pixels') ? new Response(levels) : null);
  const lane = counting('graph');
  await runLanes(
    engineOf({ graph: lane, layers: lane }),
    JOB,
    nextOf([{ start: 0, stop: 1 }]),
    two,
  );
  assert.deepEqual(
    lane.predicted[0],
    Float32Array.from(levels, (level) => level / 255),
  );
});

test('a lane that fails is told to the server and ends; the other one goes on', async () => {
  const breaks = counting('graph', {
    predict: async () => Promise.reject(new Error(`it broke ${'!'.repeat(400)}`)),
  });
  await runLanes(
    engineOf({ graph: breaks, layers: counting('layers') }),
    JOB,
    nextOf(parts()),
    two,
  );
  assert.equal(posted.get('failure/graph'), `it broke ${'!'.repeat(291)}`);
  assert.equal(breaks.predicted.length, 1, 'it is not asked again');
  assert.deepEqual(
    [...posted.keys()].filter((what) => !what.startsWith('answers/layers')),
    ['failure/graph'],
  );
  assert.equal(posted.size, 3);
});

test('a lane that cannot be loaded is told once', async () => {
  const layers = counting('layers');
  let loads = 0;
  const engine = stubEngine({
    loadLane: async (format) => {
      if (format === 'layers') return layers;
      loads += 1;
      throw new Error('no such file');
    },
  });
  await runLanes(engine, JOB, nextOf(parts()), two);
  assert.deepEqual([loads, posted.get('failure/graph')], [1, 'no such file']);
});

test('a server that refuses an answer, or the pixels, is told so of each lane', async () => {
  server = (what) =>
    what.startsWith('answers/graph') ? new Response('too many', { status: 400 }) : null;
  await runLanes(both(), JOB, nextOf([{ start: 0, stop: 1 }]), two);
  assert.equal(posted.get('failure/graph'), 'The server refused the answers: too many');
  posted.clear();
  server = (what) => (what.startsWith('pixels') ? new Response('gone', { status: 404 }) : null);
  await runLanes(both(), JOB, nextOf([{ start: 0, stop: 1 }]), two);
  assert.deepEqual(Object.fromEntries(posted), {
    'failure/graph': 'The pixels could not be fetched: gone',
    'failure/layers': 'The pixels could not be fetched: gone',
  });
});

test("a later part's pixels that cannot be fetched do not disturb the part before", async () => {
  server = (what) =>
    what === 'pixels?start=5&stop=7' ? Promise.reject(new Error('offline')) : null;
  const slow = async () => {
    await settle();
    return 2;
  };
  await runLanes(both(), JOB, nextOf(parts()), slow);
  assert.deepEqual(
    [...posted.keys()],
    [
      'answers/graph?backend=wasm&start=0&ms=5',
      'answers/layers?backend=wasm&start=0&ms=5',
      'failure/graph',
      'failure/layers',
    ],
  );
});

test('when the server wants no more answers, nothing is predicted any more', async () => {
  server = (what) => (what.startsWith('answers') ? Response.json({ goOn: false }) : null);
  await runLanes(both(), JOB, nextOf(parts()), two);
  assert.deepEqual([...posted.keys()], ['answers/graph?backend=wasm&start=0&ms=5']);
  assert.deepEqual(
    log.filter((what) => what.startsWith('layers')),
    [],
  );
});

test('a set that is stopped in the middle of a part posts nothing more of it, and loads nothing', async () => {
  let loads = 0;
  const stop = new AbortController();
  const lane = counting('graph', {
    predict: async () => {
      stop.abort();
      return { probabilities: new Float32Array(2), classes: 1, ms: 1 };
    },
  });
  const engine = stubEngine({
    loadLane: async () => {
      loads += 1;
      return lane;
    },
  });
  await runLanes(engine, JOB, nextOf(parts()), two, stop.signal);
  assert.deepEqual([lane.predicted.length, posted.size, loads], [1, 0, 1]);
});

test('a set that is stopped between two parts begins no other', async () => {
  const stop = new AbortController();
  server = (what) => {
    if (what.startsWith('answers/layers')) stop.abort();
    return null;
  };
  await runLanes(both(), JOB, nextOf([...parts(), { start: 7, stop: 9 }]), two, stop.signal);
  assert.equal(posted.size, 2);
  assert.deepEqual(
    log.filter((what) => what.includes('start=7')),
    [],
    'its pixels are not fetched either',
  );
});

test('on a GPU the last batch is filled up, and what fills it is not answered', async () => {
  const lane = counting('graph', { backend: 'webgl' });
  await runLanes(
    engineOf({ graph: lane, layers: lane }),
    JOB,
    nextOf([{ start: 0, stop: 5 }]),
    async () => 4,
  );
  assert.deepEqual(
    lane.predicted.map(({ length }) => length / 784),
    [4, 4, 4, 4],
  );
  assert.deepEqual(
    posted.get('answers/graph?backend=wasm&start=0&ms=8'),
    Float32Array.of(0, 1, 2, 3, 4),
  );
});

test("a thread's batch is that of its backend; a GPU compiles for that size at once", async () => {
  for (const [backend, batch, first] of /** @type {const} */ ([
    ['cpu', 8, 1],
    ['wasm', 128, 1],
    ['webgl', 128, 128],
  ])) {
    const lane = stubLane({ backend });
    assert.equal(await batchInThread(lane), batch);
    assert.deepEqual(
      lane.predicted.map(({ length }) => length / 784),
      [first],
    );
  }
});

test('in the page a batch doubles until twice its time would be felt', async () => {
  const taking = (/** @type {number} */ each) =>
    stubLane({ predict: async (pixels) => sure(3, (pixels.length / 784) * each) });
  assert.equal(await batchInPage(taking(1)), 16);
  assert.equal(await batchInPage(taking(10)), 8);
  assert.equal(await batchInPage(taking(0.01)), 256);
});

test('between two batches the page has its turn, by a message where there is no scheduler', async () => {
  setGlobals({ scheduler: undefined });
  /** @type {MessagePort[]} */
  const ports = [];
  const Own = MessageChannel;
  setGlobals({
    MessageChannel: class {
      constructor() {
        const { port1, port2 } = new Own();
        ports.push(port1);
        Object.assign(this, { port1, port2 });
      }
    },
  });
  try {
    await runLanes(both(), JOB, nextOf([{ start: 0, stop: 4 }]), two);
    assert.deepEqual([ports.length, posted.size], [4, 2]);
  } finally {
    setGlobals({ MessageChannel: Own });
    for (const port of ports) port.close();
  }
});

test("a failure of a set that is gone is nobody's concern", async () => {
  server = () => new Response('gone', { status: 404 });
  await fail(JOB.set, 'graph', 'the thread broke off');
  await until(() => posted.get('failure/graph') === 'the thread broke off');
});

test('of large pictures few are predicted at once, and of very large ones one', async () => {
  for (const [size, expected] of /** @type {const} */ ([
    [32 * 32 * 3, 128],
    [224 * 224 * 3, 6],
    [1 << 24, 1],
  ])) {
    const lane = counting('graph', { size });
    assert.equal(await batchInThread(lane), expected);
    assert.equal(lane.predicted[0].length, size, 'one warms it up');
  }
});

test('pictures in colour are cut where one ends', async () => {
  const size = 12;
  server = (what) => (what.startsWith('pixels') ? new Response(new Uint8Array(5 * size)) : null);
  const lane = stubLane({ size, predict: async (pixels) => sure(pixels.length) });
  await runLanes(
    engineOf({ graph: lane }),
    { ...JOB, size, models: { graph: 'graph.json' } },
    nextOf([{ start: 0, stop: 5 }]),
    two,
  );
  assert.deepEqual(
    lane.predicted.map(({ length }) => length),
    [2 * size, 2 * size, size],
  );
  assert.deepEqual([...posted.keys()], ['answers/graph?backend=wasm&start=0&ms=3']);
});
