import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';

import { WeightsPicker } from '../../../../app/draw/lanes/weights_picker.js';
import { element, newPage, setGlobals } from '../../support/dom.js';

/** @import {Data, Weights} from '../../../../app/draw/studio_data.js' */

/** @type {HTMLElement} */
let root;
/** @type {Weights[]} */
let picked;
/** @type {WeightsPicker} */
let picker;

beforeEach(() => {
  newPage();
  setGlobals({
    Option: function Option(/** @type {string} */ textContent, /** @type {string} */ value) {
      return Object.assign(element('option', { textContent }), { value });
    },
  });
  root = element('div', {}, element('label'));
  picked = [];
  picker = new WeightsPicker(root, (weights) => picked.push(weights));
});

/** @param {Weights[]} kinds @param {Weights} weights */
const show = (kinds, weights = 'float32') =>
  picker.show(
    /** @type {Data['model']} */ (
      /** @type {unknown} */ ({
        weights,
        stored: Object.fromEntries(kinds.map((kind) => [kind, {}])),
      })
    ),
  );

test('the ways in which the weights are stored can be picked, beside what is there already', () => {
  show(['float32', 'float16', 'uint8'], 'float16');
  assert.equal(root.children.length, 2);
  assert.equal(picker.label.hidden, false);
  assert.deepEqual(
    [...picker.select.children].map(({ textContent }) => textContent),
    ['as converted', 'rounded to float16', 'rounded to uint8'],
  );
  assert.equal(picker.select.value, 'float16');
  picker.select.value = 'uint8';
  picker.select.onchange?.(new Event('change'));
  assert.deepEqual(picked, ['uint8']);
});

test('a model that was converted in one way has nothing to pick', () => {
  show(['float32', 'uint8']);
  show(['float32']);
  assert.equal(picker.label.hidden, true);
  show([]);
  assert.equal(picker.label.hidden, true);
});
