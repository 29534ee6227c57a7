import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';

import { Camera } from '../../../../app/draw/picture/camera.js';
import { element, newPage, setGlobals } from '../../support/dom.js';

/** @type {any} */
let root;
/** @type {Camera} */
let camera;
/** @type {(string | null)[]} */
let said;
/** @type {Blob[]} */
let taken;
/** What the page does when it is hidden for good. @type {Map<string, () => void>} */
let onPage;

beforeEach(() => {
  newPage();
  onPage = new Map();
  setGlobals({
    isSecureContext: true,
    addEventListener: (/** @type {string} */ type, /** @type {() => void} */ act) =>
      onPage.set(type, act),
    removeEventListener: (/** @type {string} */ type) => onPage.delete(type),
  });
  root = element('div');
  said = [];
  taken = [];
  camera = new Camera(root, { taken: (each) => taken.push(each), say: (each) => said.push(each) });
});

/** A stream with one track, which knows whether it runs. */
function stream() {
  const track = {
    isOn: true,
    stop: () => {
      track.isOn = false;
    },
    onended: () => {},
  };
  return { track, getTracks: () => [track] };
}

/** @param {() => Promise<unknown>} getUserMedia */
function allow(getUserMedia) {
  setGlobals({ navigator: { mediaDevices: { getUserMedia } } });
}

const press = (/** @type {string} */ name) =>
  root
    .querySelectorAll('button')
    .find((/** @type {any} */ each) => each.textContent === name)
    .click();
const isShown = () => root.querySelector('video') !== null;

test('the camera is shown while it is on, and Close switches it off', async () => {
  const seen = stream();
  allow(async () => seen);
  await camera.open();
  assert.ok(isShown() && seen.track.isOn);
  press('Close');
  assert.ok(!isShown() && !seen.track.isOn);
});

test('Take gives the middle square, and switches the camera off', async () => {
  const seen = stream();
  allow(async () => seen);
  await camera.open();
  Object.assign(root.querySelector('video'), { videoWidth: 640, videoHeight: 480 });
  /** @type {unknown[]} */
  let drawn = [];
  const canvas = Object.assign(element('canvas'), {
    getContext: () => ({
      drawImage: (/** @type {unknown[]} */ ...args) => {
        drawn = args.slice(1);
      },
    }),
    toBlob: (/** @type {(blob: Blob) => void} */ done, /** @type {string} */ type) =>
      done(new Blob(['x'], { type })),
  });
  document.createElement = /** @type {any} */ (() => canvas);
  press('Take');
  await new Promise((resolve) => setImmediate(resolve));
  assert.deepEqual(drawn, [80, 0, 480, 480, 0, 0, 480, 480]);
  assert.deepEqual(
    taken.map(({ type }) => type),
    ['image/jpeg'],
  );
  assert.equal(seen.track.isOn, false);
});

test('before the first picture has come, Take takes nothing', async () => {
  allow(async () => stream());
  await camera.open();
  press('Take');
  assert.ok(isShown());
  assert.deepEqual(taken, []);
});

for (const [name, sentence] of [
  ['NotAllowedError', /was not allowed/],
  ['NotFoundError', /no camera here/],
  ['NotReadableError', /Another program/],
  ['AbortError', /does not work: it burnt/],
]) {
  test(`it is said why there is no camera: ${name}`, async () => {
    allow(() => Promise.reject(Object.assign(new Error('it burnt'), { name })));
    await camera.open();
    assert.match(said.at(-1) ?? '', /** @type {RegExp} */ (sentence));
    assert.equal(isShown(), false);
  });
}

test('a page without HTTPS says so, a browser without cameras too', async () => {
  setGlobals({ navigator: {}, isSecureContext: false });
  await camera.open();
  assert.match(said.at(-1) ?? '', /HTTPS/);
  setGlobals({ isSecureContext: true });
  await camera.open();
  assert.match(said.at(-1) ?? '', /no camera here/);
});

test('a camera that comes after its view was closed is switched off', async () => {
  const seen = stream();
  allow(async () => seen);
  const opened = camera.open();
  camera.close();
  await opened;
  assert.ok(!isShown() && !seen.track.isOn);
});

test('a camera that is unplugged, and a page that is left, close the view', async () => {
  const [first, second, third] = [stream(), stream(), stream()];
  allow(async () => first);
  await camera.open();
  first.track.onended();
  assert.equal(isShown(), false);
  allow(async () => second);
  await camera.open();
  onPage.get('pagehide')?.();
  assert.ok(!isShown() && !second.track.isOn);
  allow(async () => third);
  await camera.open();
  camera.end();
  assert.equal(third.track.isOn, false);
  assert.equal(onPage.size, 0);
});
