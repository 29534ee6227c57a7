import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';

import { GivenView, paintLevels } from '../../../../app/draw/picture/given_view.js';
import { element, newPage, setGlobals } from '../../support/dom.js';

/** A canvas that keeps what is put on it. */
function canvas() {
  const made = Object.assign(/** @type {any} */ (element('canvas')), {
    toDataURL: () => 'data:image/png;base64,',
    getContext: () => ({
      putImageData: (/** @type {any} */ image) => {
        made.image = image;
      },
    }),
  });
  return made;
}

beforeEach(() => {
  newPage();
  setGlobals({
    ImageData: class {
      /** @param {number} width @param {number} height */
      constructor(width, height) {
        this.data = new Uint8ClampedArray(4 * width * height);
      }
    },
  });
});

const base64 = (/** @type {number[]} */ ...bytes) => Buffer.from(bytes).toString('base64');
const painted = (/** @type {any} */ made) => [...made.image.data];

test('grey, colour and transparency are painted as they are', () => {
  const made = canvas();
  paintLevels(made, base64(7, 9), [1, 2]);
  assert.deepEqual([made.width, made.height], [2, 1]);
  assert.deepEqual(painted(made), [7, 7, 7, 255, 9, 9, 9, 255]);
  paintLevels(made, base64(1, 2, 3), [1, 1, 3]);
  assert.deepEqual(painted(made), [1, 2, 3, 255]);
  paintLevels(made, base64(1, 2, 3, 4), [1, 1, 4]);
  assert.deepEqual(painted(made), [1, 2, 3, 4]);
});

test('a picture is named by its size, and has a grid only where it is small', () => {
  const root = element('div');
  const view = new GivenView(/** @type {any} */ (root));
  const createElement = document.createElement.bind(document);
  document.createElement = /** @type {any} */ (
    (/** @type {string} */ tag) => (tag === 'canvas' ? canvas() : createElement(tag))
  );
  const place = /** @type {any} */ (root.querySelector('.dp-pixels'));
  place.style.setProperty = () => {};
  view.begin([1, 2], 'As it is.');
  view.show(base64(7, 9));
  assert.match(/** @type {any} */ (root.querySelector('img')).alt, /^The 2×1 picture/);
  assert.equal('fine' in place.dataset, false);
  view.begin([1, 65], 'As it is.');
  view.show(base64(...new Uint8Array(65)));
  assert.equal('fine' in place.dataset, true);
  view.show(null);
  assert.equal(root.querySelector('img'), null);
});
