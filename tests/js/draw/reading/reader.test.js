import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';

import { Reader } from '../../../../app/draw/reading/reader.js';
import { settle } from '../../support/clock.js';
import { newPage, setGlobals } from '../../support/dom.js';

const REPORT = { backend: 'wasm', fallback: null, environment: {}, lanes: [] };
const PICTURE = { levels: 'AAAA', label: '', paths: [] };

/** What was posted, and what the server answers. @type {any[]} */
let posted;
/** @type {() => Promise<Response>} */
let server;
/** What the page shows, and what it is told. @type {string[]} */
let shown;
let isCurrent = true;
/** When the charts are painted. @type {Promise<void>} */
let painted;
/** @type {any} */
let lanes;

beforeEach(() => {
  newPage();
  posted = [];
  shown = [];
  isCurrent = true;
  painted = Promise.resolve();
  server = async () => new Response('{"done":true,"query":"digit=1"}\n');
  lanes = { loaded: {}, answer: async () => REPORT };
  setGlobals({
    fetch: async (/** @type {string} */ _url, /** @type {{body: string}} */ { body }) => {
      posted.push(JSON.parse(body));
      return server();
    },
  });
});

function reader() {
  const results = /** @type {any} */ ({
    waiting: () => shown.push('waiting'),
    answered: () => {},
    wanted: () => [],
    faster: () => null,
    show: async () => {
      shown.push('reading');
      await painted;
      shown.push('painted');
    },
    fail: (/** @type {{headline: string}} */ { headline }) => shown.push(headline),
  });
  return new Reader(lanes, results, (query) => shown.push(`told ${query}`));
}

const asked = () =>
  /** @type {any} */ ({
    wanted: { backend: 'auto' },
    weights: 'float32',
    address: 'served/reading/a',
    picture: PICTURE,
    isCurrent: () => isCurrent,
  });

test('the answers of the browser are posted, and what is shown is told once it is painted', async () => {
  /** @type {() => void} */
  let paint = () => {};
  painted = new Promise((done) => (paint = done));
  await reader().read(asked());
  assert.deepEqual(shown, ['waiting', 'reading'], 'Streamlit works for as long as all charts');
  paint();
  await settle();
  assert.deepEqual(shown.slice(2), ['painted', 'told digit=1']);
  assert.deepEqual([posted[0].backend, posted[0].asked, posted[0].lanes], ['wasm', 'auto', []]);
});

test('while the lanes of the browser load, those of the server are shown and nothing is told', async () => {
  /** @type {(report: object) => void} */
  let answer = () => {};
  lanes = { loaded: null, answer: () => new Promise((resolve) => (answer = resolve)) };
  const reading = reader().read(asked());
  await settle();
  assert.deepEqual(shown, ['waiting', 'reading', 'painted']);
  assert.equal(posted[0].lanes, null);
  answer(REPORT);
  await reading;
  await settle();
  assert.deepEqual(shown.slice(3), ['reading', 'painted', 'told digit=1']);
});

test('of a picture that another has taken the place of nothing is shown any more', async () => {
  server = async () => {
    isCurrent = false;
    return new Response('{"done":true,"query":""}\n');
  };
  await reader().read(asked());
  assert.deepEqual(shown, ['waiting']);
});

test('a server that cannot be reached is said, and Streamlit is told all the same', async () => {
  server = async () => {
    throw new TypeError('no network');
  };
  await reader().read(asked());
  assert.deepEqual(shown, ['waiting', 'The server cannot be reached.', 'told null']);
});

test('other classes are asked for only of what the browser has answered', async () => {
  const one = reader();
  one.again(asked());
  assert.equal(posted.length, 0);
  await one.read(asked());
  one.again(asked());
  await settle();
  assert.equal(posted.length, 2);
  one.end();
  one.again(asked());
  assert.equal(posted.length, 2);
});
