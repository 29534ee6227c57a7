import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';

import beyond from '../../../../app/benchmark/beyond/runner.js';
import { settle } from '../../support/clock.js';
import { componentOf, element, newPage, setGlobals } from '../../support/dom.js';

/** @typedef {import('../../../../app/benchmark/beyond/runner.js').Data} Data */

/** The page's side of a worker. */
class StubWorker extends EventTarget {
  /** @param {string} url */
  constructor(url) {
    super();
    this.url = url;
    this.terminated = false;
    workers.push(this);
  }

  terminate() {
    this.terminated = true;
  }

  /** @param {string} message */
  fails(message) {
    this.dispatchEvent(Object.assign(new Event('error'), { message }));
  }
}

/** @type {StubWorker[]} */
let workers;
/** @type {[string, any][]} */
let told;
/** @type {HTMLElement} */
let root;

const RUN = { token: 'a', lane: 0, worker: 'served/alternatives/v/mnist/0/worker.js' };

/** @param {object} [info] */
const gpu = (info) => ({ requestAdapter: async () => info && { info } });

beforeEach(() => {
  newPage();
  workers = [];
  told = [];
  root = element('div');
  root.className = 'dp-beyond';
  setGlobals({ Worker: StubWorker, navigator: {} });
});

/** @param {Data['run']} run */
async function show(run) {
  const end = beyond(componentOf(root, { run }, (name, value) => void told.push([name, value])));
  await settle();
  return end;
}

test('each lane has a worker of its own, which knows its run', async () => {
  await show(RUN);
  await show({ ...RUN });
  assert.equal(workers.length, 1);
  assert.match(workers[0].url, /served\/alternatives\/v\/mnist\/0\/worker\.js\?run=a$/);
  await show({ ...RUN, lane: 1, worker: 'served/alternatives/v/mnist/1/worker.js' });
  assert.deepEqual(
    workers.map(({ terminated }) => terminated),
    [true, false],
  );
});

test('a worker that cannot start or breaks off is told of, one that is over is not', async () => {
  await show(RUN);
  workers[0].fails('');
  await show({ ...RUN, lane: 1 });
  workers[0].fails('late');
  workers[1].fails('out of memory');
  assert.deepEqual(
    told.filter(([name]) => name === 'failed').map(([, value]) => value),
    [
      { token: 'a', lane: 0, why: 'Its worker cannot be loaded.' },
      { token: 'a', lane: 1, why: 'out of memory' },
    ],
  );
});

for (const [what, navigator, why] of /** @type {const} */ ([
  ['no WebGPU', {}, /does not offer WebGPU/],
  ['no card', { gpu: gpu() }, /no graphics card/],
  ['a fallback', { gpu: gpu({ isFallbackAdapter: true }) }, /the processor draws WebGPU/],
  ['SwiftShader', { gpu: gpu({ description: 'SwiftShader' }) }, /the processor draws WebGPU/],
  ['a refusal', { gpu: { requestAdapter: () => Promise.reject(new Error('x')) } }, /no graphics/],
])) {
  test(`${what} is told of once, in a sentence`, async () => {
    setGlobals({ navigator });
    await show(RUN);
    await show({ ...RUN, lane: 1 });
    assert.equal(told.length, 1);
    assert.equal(told[0][0], 'card');
    assert.match(told[0][1].why, why);
  });
}

test('a card is told of without a reason', async () => {
  setGlobals({ navigator: { gpu: gpu({ vendor: 'nvidia' }) } });
  await show(RUN);
  assert.deepEqual(told, [['card', { token: 'a', why: null }]]);
});

test('while there is no lane to run none is started', async () => {
  await show({ ...RUN, worker: null });
  assert.deepEqual(workers, []);
});

test('cancelling and leaving the page end the worker', async () => {
  await show(RUN);
  await show(null);
  assert.ok(workers[0].terminated);
  const end = await show({ ...RUN, token: 'b' });
  end();
  assert.ok(workers[1].terminated);
});
