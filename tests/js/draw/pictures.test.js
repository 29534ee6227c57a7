import assert from 'node:assert/strict';
import { test } from 'node:test';

import { digitOfStrokes, ofExample, ofFile, ofStrokes } from '../../../app/draw/pictures.js';
import { newPage, setGlobals } from '../support/dom.js';

/** @import {Path} from '../../../app/draw/canvas/digit_from_strokes.js' */
/** @import {Data} from '../../../app/draw/studio_data.js' */

const LINE = /** @type {Path} */ ({
  type: 'path',
  path: [
    ['M', 100, 40],
    ['L', 100, 240],
  ],
  left: 100,
  top: 140,
  width: 0,
  height: 200,
  originX: 'center',
  originY: 'center',
  strokeWidth: 18,
});

/** @param {boolean} isDigit */
const data = (isDigit) =>
  /** @type {Data} */ (
    /** @type {unknown} */ ({ model: { isDigit }, addresses: { picture: 'served/picture' } })
  );

test('strokes are a digit for a model of digits alone', () => {
  const digit = digitOfStrokes(data(true), [LINE]);
  assert.equal(digit?.label, 'Yours');
  assert.deepEqual(digit?.paths, [LINE]);
  const bytes = Buffer.from(digit?.levels ?? '', 'base64');
  assert.equal(bytes.length, 28 * 28);
  assert.ok(bytes.some((level) => level > 200));
  assert.equal(digitOfStrokes(data(false), [LINE]), null);
  assert.equal(digitOfStrokes(null, [LINE]), null);
});

test('the server makes a picture of other strokes and of files, and what it is called stays', async () => {
  newPage();
  setGlobals({ fetch: async () => new Response('{"levels": "AAAA"}') });
  const { signal } = new AbortController();
  assert.deepEqual(await ofStrokes(data(false), [LINE], signal), {
    levels: 'AAAA',
    label: 'Yours',
    paths: [LINE],
  });
  assert.deepEqual(await ofFile(data(false), new Blob(['x']), signal), {
    levels: 'AAAA',
    label: 'Your picture',
    paths: [],
  });
});

test('a ready picture has its own name', async () => {
  const example = { name: 'Ready digit 3', image: 'data:,', levels: 'BBBB', address: '' };
  assert.deepEqual(await ofExample(example), {
    levels: 'BBBB',
    label: 'Ready digit 3',
    paths: [],
  });
});
