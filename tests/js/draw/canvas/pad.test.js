/** The pad over a package that loads what it shows in its own time. */

import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';

import { Pad } from '../../../../app/draw/canvas/pad.js';
import { pathOf } from '../../../../app/draw/canvas/strokes.js';
import { StubObserver } from '../../support/dom.js';
import { event, newPad, Pixels } from '../../support/pad_page.js';
import { drawable, newDrawable } from '../../support/served/drawable.js';

/** @typedef {import('../../../../app/draw/canvas/digit_from_strokes.js').Path} Path */
/** @typedef {import('../../../../app/draw/canvas/digit_from_strokes.js').Point} Point */

const SCRIPT = 'served/drawable.js';
/** @type {Point[]} */
const LINE = [
  [20, 30],
  [60, 30],
  [100, 30],
];
const [ONE, TWO, THREE] = [50, 150, 250].map((y) =>
  pathOf([
    [20, y],
    [260, y],
  ]),
);

/** @type {Pad} */
let pad;
/** @type {HTMLElement} */
let root;
/** @type {Pixels} */
let over;
/** What the pad says, and of how many strokes. @type {string[]} */
let said;

beforeEach(() => {
  ({ root, over } = newPad());
  newDrawable();
  said = [];
  pad = new Pad(root, {
    begun: () => said.push('begun'),
    moved: (points) => said.push(`moved ${points.length}`),
    drawn: (paths) => said.push(`drawn ${paths.length}`),
    abandoned: () => said.push('abandoned'),
  });
});

/** All that the package loads is loaded, and what waited for it. */
async function settle() {
  for (let turn = 0; turn < 3; turn += 1) await new Promise((done) => setTimeout(done));
}

/** @param {string} type @param {Point} point */
function point(type, [clientX, clientY]) {
  const its = { pointerId: 1, pointerType: 'mouse', button: 0, clientX, clientY };
  over.dispatchEvent(event(`pointer${type}`, { ...its, buttons: type === 'up' ? 0 : 1 }));
}

/** @param {Point[]} points */
function stroke(points = LINE) {
  point('down', points[0]);
  for (const each of points.slice(1)) point('move', each);
  point('up', points[points.length - 1]);
}

/** How high each stroke on the package's canvas begins, in the pad's units. */
const onCanvas = () => drawable.objects.map(({ path }) => Math.round(path[0][2] / pad.ratio));

test('a stroke is the package’s own, in the pad’s units', async () => {
  Pixels.side = 140;
  Object.assign(globalThis, { devicePixelRatio: 3 });
  await pad.start(SCRIPT);
  await settle();
  assert.equal(drawable.told[0].data.canvasWidth, 420, 'the screen’s own pixels');
  stroke([
    [10, 20],
    [70, 20],
  ]);
  assert.deepEqual(said, ['begun', 'moved 11', 'drawn 1'], 'no two points lie far apart');
  const [path] = /** @type {(Path & {byPackage?: boolean})[]} */ (pad.paths);
  assert(path.byPackage);
  assert.deepEqual(
    [path.path[0], path.path[10]].map(([, x, y]) => [Math.round(x), Math.round(y)]),
    [
      [20, 40],
      [140, 40],
    ],
  );
});

test('a stroke before the package is there is seen, read, and shown by it', async () => {
  const starting = pad.start(SCRIPT);
  stroke();
  assert.deepEqual(said.slice(-1), ['drawn 1']);
  assert.equal(root.children[0].className, 'dp-early');
  await starting;
  await settle();
  assert.equal(root.querySelector('.dp-early'), null);
  assert.deepEqual(onCanvas(), [30]);
  stroke();
  assert.deepEqual(onCanvas(), [30, 30], 'the package draws the second');
});

test('a stroke that the package meets half drawn goes on', async () => {
  const starting = pad.start(SCRIPT);
  point('down', LINE[0]);
  await starting;
  await settle();
  assert.equal(drawable.told.length, 0, 'nothing is taken from under the pen');
  point('move', LINE[1]);
  point('up', LINE[2]);
  await settle();
  assert.deepEqual(said.slice(-1), ['drawn 1']);
  assert.deepEqual(onCanvas(), [30]);
});

test('of several that are shown at once the last stays', async () => {
  await pad.start(SCRIPT);
  await settle();
  pad.show([ONE, TWO, THREE]);
  pad.show([ONE, TWO]);
  pad.show([]);
  await settle();
  assert.deepEqual(onCanvas(), []);
});

test('a stroke while the package loads fewer strokes is added to those alone', async () => {
  await pad.start(SCRIPT);
  pad.show([ONE, TWO]);
  await settle();
  pad.show([ONE]);
  stroke();
  assert.equal(pad.paths.length, 2);
  assert.equal(pad.paths[1].path[0][2], 30, 'it is the new one');
  await settle();
  assert.deepEqual(onCanvas(), [50, 30]);
});

test('a stroke while the package loads more strokes is added to them', async () => {
  await pad.start(SCRIPT);
  pad.show([ONE]);
  await settle();
  pad.show([ONE, TWO]);
  stroke();
  await settle();
  assert.deepEqual(onCanvas(), [50, 150, 30]);
});

test('a stroke that the package does not draw is read and shown all the same', async () => {
  await pad.start(SCRIPT);
  pad.show([ONE]);
  await settle();
  drawable.isDeaf = true;
  stroke();
  await settle();
  assert.deepEqual(onCanvas(), [50, 30]);
  assert.equal(pad.paths[1].path.length, 9);
});

test('what is abandoned leaves nothing, and what follows of it is not drawn', async () => {
  await pad.start(SCRIPT);
  pad.show([ONE]);
  await settle();
  point('down', LINE[0]);
  point('move', LINE[1]);
  pad.abandon();
  point('move', LINE[2]);
  point('up', LINE[2]);
  await settle();
  assert.deepEqual(said, ['begun', 'moved 5', 'abandoned']);
  assert.deepEqual(onCanvas(), [50]);
  assert.deepEqual(pad.paths, [ONE]);
});

test('a picture that is shown while a stroke is drawn ends it', async () => {
  await pad.start(SCRIPT);
  point('down', LINE[0]);
  pad.show([TWO]);
  point('move', LINE[1]);
  point('up', LINE[2]);
  await settle();
  assert.deepEqual(said, ['begun']);
  assert.deepEqual(onCanvas(), [150]);
});

test('a blot that the system takes away is abandoned, a stroke is drawn', async () => {
  await pad.start(SCRIPT);
  await settle();
  for (const [end, wanted] of /** @type {[Point, string][]} */ ([
    [[25, 33], 'abandoned'],
    [[20, 90], 'drawn 1'],
  ])) {
    point('down', LINE[0]);
    point('move', end);
    point('cancel', end);
    assert.equal(said[said.length - 1], wanted);
  }
});

test('a resize keeps the strokes, and waits for the one that is drawn', async () => {
  await pad.start(SCRIPT);
  pad.show([ONE]);
  await settle();
  point('down', LINE[0]);
  Pixels.side = 400;
  const before = drawable.told.length;
  StubObserver.fire();
  assert.equal(drawable.told.length, before, 'not under the pen');
  assert.equal(root.querySelector('.dp-early'), null);
  point('up', LINE[0]);
  await settle();
  assert.equal(drawable.told[drawable.told.length - 1].data.canvasWidth, 400);
  assert.equal(onCanvas()[0], 50);
  assert.equal(onCanvas().length, 2);
});

test('a pad that is hidden is shown once it has a size', async () => {
  Pixels.side = 0;
  await pad.start(SCRIPT);
  pad.show([ONE]);
  assert.equal(drawable.told.length, 0);
  Pixels.side = 300;
  StubObserver.fire();
  await settle();
  assert.deepEqual(onCanvas(), [50]);
});

test('a pad that is closed while the package loads starts nothing', async () => {
  const starting = pad.start(SCRIPT);
  pad.close();
  await starting;
  assert.equal(drawable.told.length, 0);
});
