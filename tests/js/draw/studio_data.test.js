import assert from 'node:assert/strict';
import { test } from 'node:test';

import { changes } from '../../../app/draw/studio_data.js';

/** @import {Data} from '../../../app/draw/studio_data.js' */

/** What Streamlit says, with what a test says of it. @param {{model?: object, shape?: number[], version?: number, session?: string, weights?: string}} its */
const says = ({ model = {}, shape = [28, 28, 1], version = 1, ...its } = {}) =>
  /** @type {Data} */ (
    /** @type {unknown} */ ({
      session: 'one',
      bundle: 'main.js',
      weights: 'float32',
      picture: { shape },
      shown: { version },
      ...its,
      model: {
        name: 'mnist',
        version: 'v1',
        stored: {
          float32: { weights: 'float32', bytes: 4 },
          uint8: { weights: 'uint8', bytes: 1 },
        },
        ...model,
      },
    })
  );

/** What is new. @param {Data | null} before @param {Data} given */
const found = (before, given) =>
  Object.entries(changes(before, given)).flatMap(([name, is]) => (is === true ? [name] : []));

const before = changes(null, says()).data;

test('at first everything is new, but for the session', () => {
  assert.deepEqual(found(null, says()), ['isAsked', 'isOther', 'hasChanged']);
});

test('what Streamlit says again is nothing new', () => {
  assert.deepEqual(found(before, says()), ['fits']);
});

test('another model, or other files of it, are other lanes', () => {
  const other = says({ model: { name: 'other' }, shape: [8, 8, 1] });
  assert.deepEqual(found(before, other), ['isOther', 'hasChanged']);
  assert.deepEqual(found(before, says({ model: { version: 'v2' } })), ['fits', 'hasChanged']);
});

test('a link says how weights are stored; otherwise they stay as the visitor has picked', () => {
  const picked = changes(before, says({ version: 2, weights: 'uint8' }));
  assert.ok(picked.isAsked && picked.hasChanged);
  assert.equal(picked.data.model.bytes, 1);
  assert.equal(changes(picked.data, says({ version: 2 })).data.model.weights, 'uint8');
});

test('a server that was started anew asks for nothing, whatever the number of what it shows', () => {
  assert.deepEqual(found(before, says({ session: 'two', version: 7 })), ['isNewSession', 'fits']);
});
