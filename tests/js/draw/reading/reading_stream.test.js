import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Refused, readings } from '../../../../app/draw/reading/reading_stream.js';
import { newPage, setGlobals } from '../../support/dom.js';

/** What the stream gives of a response. @param {Response} response */
async function of(response) {
  newPage();
  setGlobals({ fetch: async () => response });
  const found = [];
  for await (const each of readings('served/reading/a', {}, AbortSignal.timeout(9e3)))
    found.push(/** @type {any} */ (each).at);
  return found;
}

/** @param {string[]} parts  as they come over the network */
const streamed = (...parts) =>
  new Response(
    new ReadableStream({
      start(controller) {
        for (const part of parts) controller.enqueue(new TextEncoder().encode(part));
        controller.close();
      },
    }),
  );

/** @param {number} status @param {string} type */
const refusal = (status, type) =>
  new Response('Said.', { status, headers: { 'content-type': type } });

test('a line is a reading, wherever the network cuts it', async () => {
  const line = (/** @type {number} */ at, done = false) => `${JSON.stringify({ at, done })}\n`;
  assert.deepEqual(await of(streamed(line(1), line(2, true))), [1, 2]);
  assert.deepEqual(await of(streamed(`${line(1)}{"at"`, ':2,"done":tr', 'ue}\n')), [1, 2]);
});

test('a stream that ends before the last reading is no answer', async () => {
  await assert.rejects(of(streamed('{"at":1,"done":false}\n')), TypeError);
  await assert.rejects(of(streamed('{"at":1,"done":true}')), TypeError);
});

test('what the server refuses is said in its words, and a page of a proxy is not', async () => {
  await assert.rejects(of(refusal(400, 'text/plain; charset=utf-8')), new Refused('Said.'));
  await assert.rejects(of(refusal(502, 'text/html')), TypeError);
});
