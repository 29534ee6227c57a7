import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';

import { address, anew, MODEL } from '../support/digit_model.js';
import { tensor, tf, use } from '../support/tensorflow.js';

use();
const { loadModel } = await import('../../../models/tfjs/src/lanes.js');

beforeEach(anew);

/** @typedef {import('../support/tensorflow.js').Tensor} Tensor */
/** @typedef {import('../../../models/tfjs/src/tensors.js').Values} Values */

/** @type {Values[]} */
const DIGIT = [{ shape: [28, 28, 1], dtype: 'float32', values: new Float32Array(784) }];

/** Two inputs, numbers and words. @type {Values[]} */
const PAIR = [
  { shape: [2], dtype: 'float32', values: Float32Array.from([1, 2, 3, 4, 5, 6]) },
  { shape: [], dtype: 'int32', values: Int32Array.from([7, 8, 9]) },
];

/** What each call was given: dtype, shape and values of each tensor. @type {unknown[][]} */
let seen = [];

beforeEach(() => {
  seen = [];
  tf.model = async () => ({
    inputs: [{ name: 'x' }, { name: 'words' }],
    outputs: [1, 2],
    run: (input, names) => {
      const tensors = /** @type {Tensor[]} */ (Array.isArray(input) ? input : Object.values(input));
      if (!Array.isArray(input)) seen.push([...Object.keys(input), ...(names ?? [])]);
      seen.push(...tensors.map(({ dtype, shape, values }) => [dtype, shape, [...values]]));
      const [x, words] = tensors;
      return [
        tensor(
          x.values.map((value) => -value),
          x.shape,
        ),
        tensor(words.values, [...words.shape, 1], 'int32'),
      ];
    },
  });
});

/** @param {import('../../../models/tfjs/src/tensors.js').Output[]} outputs */
const shown = (outputs) => outputs.map(({ shape, values }) => [shape, [...values]]);

test('every input goes in with its type, and every output comes back as float32', async () => {
  const model = await loadModel('graph', address());
  const { outputs } = await model.answer(PAIR, 3);
  assert.deepEqual(seen, [
    ['float32', [3, 2], [1, 2, 3, 4, 5, 6]],
    ['int32', [3], [7, 8, 9]],
  ]);
  assert.deepEqual(shown(outputs), [
    [
      [3, 2],
      [-1, -2, -3, -4, -5, -6],
    ],
    [
      [3, 1],
      [7, 8, 9],
    ],
  ]);
  assert.ok(outputs.every(({ values }) => values instanceof Float32Array));
  assert.equal(tf.alive, 0);
});

test("a graph's tensors are asked for by the names that are given", async () => {
  const ends = { inputs: ['x:0', 'words:0'], outputs: ['b:0', 'a:1'] };
  await (await loadModel('graph', address(), { ends })).answer(PAIR, 3);
  assert.deepEqual(seen[0], ['x:0', 'words:0', 'b:0', 'a:1']);
});

for (const [how, options, shape] of /** @type {const} */ ([
  ['says so', { fixed: 2 }, undefined],
  ['was stored so', {}, [2, 2]],
])) {
  test(`a model that takes two at once, which ${how}, gets them by two, the last one filled up`, async () => {
    const plain = tf.model;
    tf.model = async (at) => ({
      ...(await plain(at)),
      inputs: [{ name: 'x', shape }, { name: 'words' }],
    });
    const model = await loadModel('graph', address(), options);
    const { outputs } = await model.answer(PAIR, 3);
    assert.deepEqual(seen, [
      ['float32', [2, 2], [1, 2, 3, 4]],
      ['int32', [2], [7, 8]],
      ['float32', [2, 2], [5, 6, 5, 6]],
      ['int32', [2], [9, 9]],
    ]);
    assert.deepEqual(shown(outputs), [
      [
        [3, 2],
        [-1, -2, -3, -4, -5, -6],
      ],
      [
        [3, 1],
        [7, 8, 9],
      ],
    ]);
    const found = await model.look(PAIR, 3, ['x', 'words']);
    assert.deepEqual(
      found.map(({ name, shape: whole, values }) => [name, whole, [...values]]),
      [['x', [3, 2], [-1, -2, -3, -4, -5, -6]]],
    );
  });
}

test('a model that is given too few inputs says so', async () => {
  for (const format of /** @type {const} */ (['graph', 'layers'])) {
    const model = await loadModel(format, address());
    await assert.rejects(model.answer(PAIR.slice(1), 3), /it takes 2 inputs, and was given 1/);
  }
});

test('an output without a row for each input is an error, and leaves no tensor', async () => {
  tf.model = async () => ({ ...MODEL, run: () => tensor(new Float32Array(4), [4, 1]) });
  const model = await loadModel('graph', address());
  await assert.rejects(
    model.answer(DIGIT, 1),
    /it gives a tensor of the shape \[4,1\] for 1 inputs, not a row for each/,
  );
  assert.equal(tf.alive, 0);
});

test('an output of text is an error', async () => {
  tf.model = async () => ({ ...MODEL, run: () => tensor(new Float32Array(1), [1], 'string') });
  const model = await loadModel('graph', address());
  await assert.rejects(model.answer(DIGIT, 1), /it gives a tensor of string/);
});

test('an operation that is asked alone has the inputs themselves, of their types', async () => {
  const model = await loadModel('graph', address());
  const known = [{ name: 'words', shape: [3], values: Float32Array.from([7, 8, 9]) }];
  await model.own(PAIR, 3, known, [['dense', ['x', 'words']]]);
  assert.deepEqual(seen[0], ['x', 'words', 'dense']);
  assert.deepEqual(seen[2], ['int32', [3], [7, 8, 9]]);
});

test('an operation that is asked alone is fed with what is given, and says why it gives nothing', async () => {
  /** @type {unknown[]} */
  const fed = [];
  tf.model = async () => ({
    ...MODEL,
    run: (input, names = []) => {
      fed.push(Object.keys(input), names);
      if (names[0] === 'broken') throw new Error('no kernel');
      return [tensor(new Float32Array([5, 6]), [1, 2])];
    },
  });
  const lane = await loadModel('graph', `${address()}?own`);
  const conv = { name: 'conv', shape: [1, 2], values: new Float32Array([1, 2]) };
  const { outputs, errors } = await lane.own(
    DIGIT,
    1,
    [conv],
    [
      ['dense', ['conv']],
      ['broken', ['conv']],
    ],
  );
  assert.deepEqual(fed, [['conv'], ['dense'], ['conv'], ['broken']]);
  assert.deepEqual(
    outputs.map(({ name, values }) => [name, ...values]),
    [['dense', 5, 6]],
  );
  assert.deepEqual(errors, [['broken', 'no kernel']]);
});
