import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';

import { History } from '../../../../app/draw/canvas/history.js';
import { pathOf } from '../../../../app/draw/canvas/strokes.js';

const [ONE, TWO, THREE] = [1, 2, 3].map((at) =>
  pathOf([
    [at, at],
    [at + 50, at],
  ]),
);
const READY = { levels: 'r', label: 'Ready digit 3', paths: [] };

/** @param {ReturnType<typeof pathOf>[]} paths */
const pictureOf = (paths) => ({ levels: String(paths.length), label: 'Yours', paths });

/** @type {History} */
let history;

beforeEach(() => {
  history = new History();
  history.begin([]);
  history.show(null);
});

test('there is nothing to take back at first', () => {
  assert.equal(history.undo(), null);
  assert.equal(history.redo(), null);
});

test('each stroke is a step, back and forth, with what was read of it', () => {
  const pictures = [[ONE], [ONE, TWO]].map((paths) => {
    history.add(paths);
    const picture = pictureOf(paths);
    history.show(picture);
    return picture;
  });
  assert.equal(history.undo()?.picture, pictures[0]);
  assert.deepEqual(history.undo(), { paths: [], picture: null });
  assert.equal(history.redo()?.picture, pictures[0]);
  assert.equal(history.redo()?.picture, pictures[1]);
});

test('a picture in the place of a drawing is a step of its own', () => {
  const drawn = pictureOf([ONE]);
  history.add(drawn.paths);
  history.show(drawn);
  history.show(READY);
  history.show(READY);
  assert.equal(history.undo()?.picture, drawn);
  assert.equal(history.redo()?.picture, READY);
});

test('a stroke whose reading has not come is a step, to be read again', () => {
  history.add([ONE]);
  history.add([ONE, TWO]);
  assert.deepEqual(history.undo(), { paths: [ONE], picture: undefined });
});

test('a reading of other strokes is not taken for that of these', () => {
  history.add([ONE]);
  history.show(pictureOf([TWO]));
  assert.deepEqual(history.undo(), { paths: [ONE], picture: undefined });
});

test('what is done after Undo ends what could be done again', () => {
  history.add([ONE]);
  history.undo();
  history.add([TWO]);
  assert.equal(history.redo(), null);
});

test('strokes of a link are taken back one by one', () => {
  const paths = [ONE, TWO, THREE];
  history.begin(paths);
  history.show(pictureOf(paths));
  const steps = [history.undo(), history.undo(), history.undo(), history.undo()];
  assert.deepEqual(
    steps.map((step) => step?.paths ?? null),
    [[ONE, TWO], [ONE], [], null],
  );
});

test('steps have a bound', () => {
  for (let count = 0; count < 1_000; count += 1) history.add([ONE]);
  assert.equal(history.before.length, 200);
  history.begin(Array.from({ length: 1_000 }, () => ONE));
  assert.equal(history.before.length, 200);
  assert.equal(history.undo()?.paths.length, 999);
});

test('of large pictures fewer steps are kept', () => {
  const history = new History();
  const photo = (/** @type {number} */ at) => ({
    levels: 'x'.repeat(6e6),
    label: `${at}`,
    paths: [],
  });
  for (let at = 0; at < 9; at += 1) history.show(photo(at));
  const kept = history.before.reduce((all, { picture }) => all + (picture?.levels.length ?? 0), 0);
  assert.ok(kept <= 20e6 && kept > 12e6, `${kept}`);
  assert.equal(history.undo()?.picture?.label, '7');
});
