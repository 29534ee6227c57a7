/** Edge cases. That the digits are the server's, byte for byte, tests/app/draw/canvas/ says. */

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { levels } from '../../../../app/draw/canvas/digit_from_strokes.js';

/** @typedef {import('../../../../app/draw/canvas/digit_from_strokes.js').Path} Path */
/** @typedef {Path['path'][number]} Command */

/**
 * A stroke where its points are, as the canvas writes it: the box without the pen, placed by its centre.
 * @param {Command[]} commands
 * @param {Partial<Path>} [others]
 * @returns {Path}
 */
function stroke(commands, others = {}) {
  const points = commands.flatMap(([, ...numbers]) =>
    numbers.flatMap((x, at) => (at % 2 === 0 ? [[x, numbers[at + 1]]] : [])),
  );
  const [left, top] = [0, 1].map((axis) => Math.min(...points.map((point) => point[axis])));
  const [right, bottom] = [0, 1].map((axis) => Math.max(...points.map((point) => point[axis])));
  return {
    type: 'path',
    path: commands,
    left: (left + right) / 2,
    top: (top + bottom) / 2,
    width: right - left,
    height: bottom - top,
    originX: 'center',
    originY: 'center',
    strokeWidth: 18,
    ...others,
  };
}

/** @param {number[][]} points @returns {Command[]} */
const through = (points) => points.map(([x, y], at) => [at === 0 ? 'M' : 'L', x, y]);

/** @param {Path[]} objects */
function digit(...objects) {
  const found = levels({ objects });
  assert(found !== null);
  return found;
}

/** The first and the last row, and column, that has ink. @param {Uint8Array} pixels */
function box(pixels) {
  const inked = [...pixels.keys()].filter((at) => pixels[at] > 0);
  const rows = inked.map((at) => Math.floor(at / 28));
  const columns = inked.map((at) => at % 28);
  return {
    rows: [Math.min(...rows), Math.max(...rows)],
    columns: [Math.min(...columns), Math.max(...columns)],
  };
}

const DIAGONAL = through([
  [20, 30],
  [100, 150],
]);

test('no drawing, and an empty one, has no digit', () => {
  for (const nothing of [null, undefined, {}, { objects: [] }]) assert.equal(levels(nothing), null);
});

test('a drawing with one thing that only the server reads is left to it', () => {
  /** @type {[string, Path][]} */
  const others = [
    [
      'a curve of another kind',
      stroke([
        ['M', 0, 0],
        ['C', 5, 5, 10, 10, 20, 20],
      ]),
    ],
    ['scaled', stroke(DIAGONAL, { scaleX: 1.01 })],
    ['turned', stroke(DIAGONAL, { angle: 1 })],
    ['mirrored', stroke(DIAGONAL, { flipY: true })],
    ['no path', stroke(DIAGONAL, { type: 'circle' })],
  ];
  for (const [what, other] of others)
    assert.equal(levels({ objects: [stroke(DIAGONAL), other] }), null, what);
});

test('a dot is one disc in the middle, wherever it was drawn', () => {
  const dot = digit(
    stroke([
      ['M', 12, 200],
      ['L', 12, 200],
    ]),
  );
  assert.deepEqual(box(dot), { rows: [13, 15], columns: [13, 15] });
  const middle = 14 * 28 + 14; // where MNIST has the centre of mass
  for (const away of [0, 1, 27, 28, 29]) assert.equal(dot[middle + away], dot[middle - away]);
  assert.deepEqual(dot, digit(stroke([['M', 250, 3]])));
});

test('a tap that moved within the width of the pen is the same dot', () => {
  const dot = digit(stroke([['M', 12, 200]]));
  const [within, beyond] = [18, 19].map((size) =>
    digit(
      stroke(
        through([
          [100, 100],
          [100 + size, 104],
        ]),
      ),
    ),
  );
  assert.deepEqual(within, dot);
  assert.deepEqual(box(beyond).columns, [4, 24]);
});

test('a digit is the same wherever and however large it was drawn', () => {
  const made = digit(stroke(DIAGONAL));
  assert.deepEqual(
    digit(
      stroke(
        through([
          [148, 30],
          [228, 150],
        ]),
      ),
    ),
    made,
  );
  assert.deepEqual(
    digit(
      stroke(
        through([
          [5, 7.5],
          [25, 37.5],
        ]),
      ),
    ),
    made,
  );
});

test('the longer side with its pen is twenty pixels long', () => {
  assert.deepEqual(
    box(
      digit(
        stroke(
          through([
            [10, 50],
            [250, 50],
          ]),
        ),
      ),
    ),
    { rows: [13, 15], columns: [4, 24] },
  );
  assert.deepEqual(
    box(
      digit(
        stroke(
          through([
            [50, 10],
            [50, 250],
          ]),
        ),
      ),
    ),
    { rows: [4, 24], columns: [13, 15] },
  );
});

test('a digit whose weight is at one end moves to the edge and no further', () => {
  const scribble = Array.from({ length: 90 }, (_, at) => [(at % 2) * 240, 225 + at / 6]);
  const foot = through([
    [0, 240],
    [240, 240],
  ]);
  const made = digit(
    stroke(
      through([
        [120, 0],
        [120, 240],
      ]),
    ),
    stroke(through(scribble)),
    stroke(foot),
  );
  assert.deepEqual(box(made).rows, [0, 19]);
  assert.deepEqual(
    [made[18 * 28 + 14], made[19 * 28 + 14]],
    [255, 255],
    'the foot lies on both rows',
  );
});

test('the order of strokes changes nothing', () => {
  const [one, other] = [
    stroke(DIAGONAL),
    stroke(
      through([
        [10, 90],
        [140, 60],
      ]),
    ),
  ];
  assert.deepEqual(digit(one, other), digit(other, one));
});

test('a stroke that is placed by its corner, pen included, is where the one placed by its centre is', () => {
  const [first, second] = [
    stroke(DIAGONAL),
    stroke(
      through([
        [10, 90],
        [140, 60],
      ]),
    ),
  ];
  const { left, top, width, height } = second;
  const origin = { originX: undefined, originY: undefined };
  const corner = {
    ...second,
    ...origin,
    left: left - (width + 18) / 2,
    top: top - (height + 18) / 2,
  };
  const bare = {
    ...second,
    ...origin,
    strokeUniform: true,
    left: left - width / 2,
    top: top - height / 2,
  };
  const far = {
    ...second,
    originX: 'right',
    originY: 'bottom',
    left: left + (width + 18) / 2,
    top: top + (height + 18) / 2,
  };
  for (const same of [corner, bare, far])
    assert.deepEqual(digit(first, same), digit(first, second));
});

test('a curve is followed, not cut off', () => {
  const straight = digit(
    stroke(
      through([
        [0, 0],
        [64, 0],
        [128, 0],
      ]),
    ),
  );
  assert.deepEqual(
    digit(
      stroke([
        ['M', 0, 0],
        ['Q', 64, 0, 128, 0],
      ]),
    ),
    straight,
  );
  assert(
    box(
      digit(
        stroke([
          ['M', 0, 0],
          ['Q', 64, 128, 128, 0],
        ]),
      ),
    ).rows[1] > 15,
  );
});

test('points that lie on one another leave no hole and no number that is none', () => {
  const twice = digit(
    stroke(
      through([
        [20, 30],
        [20, 30],
        [100, 150],
        [100, 150],
      ]),
    ),
  );
  assert.deepEqual(twice, digit(stroke(DIAGONAL)));
});

test('a scribble of ten thousand of points is still a full picture', () => {
  const points = Array.from({ length: 2_000 }, (_, at) => [(at * 37) % 200, (at * 101) % 200]);
  const { rows, columns } = box(digit(stroke(through(points))));
  assert.deepEqual(
    [rows, columns],
    [
      [4, 24],
      [4, 24],
    ],
  );
});
