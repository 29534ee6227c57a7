import assert from 'node:assert/strict';
import { beforeEach, mock, test } from 'node:test';

import { fetchAndTell } from '../../../models/tfjs/src/arrival.js';

/** What the server has. @type {Record<string, Response>} */
let files;
/** @type {number[]} */
let told;

beforeEach(() => {
  files = {};
  told = [];
  mock.restoreAll();
  mock.method(globalThis, 'fetch', async (/** @type {string} */ url) => files[url]);
});

const tell = () => fetchAndTell((share) => told.push(share));
const WEIGHTS = { isBinary: true };

/** @param {number[]} parts @param {Record<string, string>} [headers] */
const file = (
  parts,
  headers = { 'content-length': `${parts.reduce((sum, one) => sum + one, 0)}` },
) =>
  new Response(
    new ReadableStream({
      start(controller) {
        for (const size of parts) controller.enqueue(new Uint8Array(size).fill(size));
        controller.close();
      },
    }),
    { headers },
  );

test('each part that arrives is told, as a share of all files', async () => {
  files = { 'model.json': file([9]), a: file([2, 4]), b: file([2]) };
  const get = tell();
  await (await get('model.json')).arrayBuffer();
  assert.deepEqual(told, []);
  const [a, b] = await Promise.all(['a', 'b'].map((name) => get(name, undefined, WEIGHTS)));
  assert.deepEqual([...new Uint8Array(await a.arrayBuffer())], [2, 2, 4, 4, 4, 4]);
  assert.equal((await b.arrayBuffer()).byteLength, 2);
  assert.deepEqual(told, [0.25, 0.75, 1]);
});

test('a file that was compressed is longer than was said, and has arrived once', async () => {
  files = { a: file([2, 4], { 'content-length': '4', 'content-encoding': 'identity' }) };
  await (await tell()('a', undefined, WEIGHTS)).arrayBuffer();
  assert.deepEqual(told, [0.5, 1]);
});

test('where the server says no size nothing is told, and the file arrives', async () => {
  files = { a: file([2], {}) };
  assert.equal((await (await tell()('a', undefined, WEIGHTS)).arrayBuffer()).byteLength, 2);
  assert.deepEqual(told, []);
});

test('a file that is not there comes back as it is', async () => {
  files = { a: new Response('gone', { status: 404 }) };
  assert.equal(await tell()('a', undefined, WEIGHTS), files.a);
});
