import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';

import { cardOf, linesOf } from '../../../../../app/draw/results/details/result_card.js';
import { newCanvases, painted, written } from '../../../support/canvas.js';
import { newPage, setGlobals } from '../../../support/dom.js';
import { result } from '../../../support/result.js';

const WIDTH = 1200;
const HEIGHT = 630;

beforeEach(() => {
  newPage();
  newCanvases();
  setGlobals({
    navigator: { userAgent: 'Mozilla/5.0 (X11; Linux x86_64) Chrome/120.0 Safari/537' },
  });
});

const texts = () => written.map(({ text }) => text);

test('it is a PNG of the picture, the verdict, every version, the model and the device', async () => {
  const card = await cardOf(result());
  assert.equal(card.type, 'image/png');
  assert.equal(painted.length, 4 * 784);
  assert.deepEqual(painted.slice(0, 4), [9, 9, 9, 255]);
  const all = texts().join(' ');
  assert.match(
    all,
    /Did the conversion keep the model\? All five read 7\. They differ by rounding\./,
  );
  assert.equal(texts().filter((text) => /: 7$/.test(text)).length, 5);
  assert.match(all, /MNIST digits · Chrome on Linux · Digit Parity$/);
});

for (const words of [3, 30, 120])
  test(`a verdict of ${words} words is written whole, inside the card`, async () => {
    const detail = Array.from({ length: words }, (_, at) => `word${at}`).join(' ');
    await cardOf(
      result({ verdict: { kind: 'differ', headline: 'No: the graph reads 1.', detail } }),
    );
    assert.ok(texts().join(' ').includes(detail));
    for (const { text, x, y, font } of written) {
      const wide = text.length * Number(/ ([\d.]+)px/.exec(font)?.[1]) * 0.5;
      assert.ok(x + wide <= WIDTH - 60 && y <= HEIGHT - 60, `${text} ends at ${x + wide}, ${y}`);
    }
  });

test('a short verdict keeps its size', async () => {
  await cardOf(result());
  assert.equal(written.find(({ text }) => text === 'All five read 7.')?.font, '700 44px Page Sans');
});

test('lines end between words, and a word that is too long has a line of its own', () => {
  const width = (/** @type {string} */ text) => text.length;
  assert.deepEqual(linesOf('one two three', width, 7), ['one two', 'three']);
  assert.deepEqual(linesOf('a verylongword b', width, 5), ['a', 'verylongword', 'b']);
});

test('a browser that makes no picture is a fault that can be said', async () => {
  const make = document.createElement.bind(document);
  document.createElement = /** @type {typeof document.createElement} */ (
    (/** @type {string} */ tag) =>
      Object.assign(make(tag), { toBlob: (/** @type {BlobCallback} */ done) => done(null) })
  );
  await assert.rejects(cardOf(result()), /the browser made none/);
});
