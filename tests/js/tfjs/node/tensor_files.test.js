import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';

import { use } from '../../support/tensorflow.js';

use();
const { bytesOf, outputFile, readParts, readRows } = await import(
  '../../../../models/tfjs/src/node/tensor_files.js'
);

const folder = await mkdtemp(join(tmpdir(), 'digit-parity-'));
after(() => rm(folder, { recursive: true }));

/** @param {string} name @param {Float32Array | Int32Array | Uint8Array} values */
async function stored(name, values) {
  const file = join(folder, name);
  await writeFile(file, bytesOf(values));
  return file;
}

/** @param {string} file */
const floats = async (file) => [...new Float32Array(new Uint8Array(await readFile(file)).buffer)];

test('rows of every type are read where they lie', async () => {
  const inputs =
    /** @type {import('../../../../models/tfjs/src/node/tensor_files.js').Stored[]} */ ([
      { file: await stored('x', Float32Array.of(1, 2, 3, 4, 5, 6)), shape: [2], dtype: 'float32' },
      { file: await stored('words', Int32Array.of(7, 8, 9)), shape: [], dtype: 'int32' },
      { file: await stored('mask', Uint8Array.of(0, 1, 1)), shape: [1], dtype: 'bool' },
    ]);
  const rows = await readRows(inputs, 1, 3);
  assert.deepEqual(
    rows.map(({ values }) => values),
    [Float32Array.of(3, 4, 5, 6), Int32Array.of(8, 9), Uint8Array.of(1, 1)],
  );
});

test('a file that ends too early is an error', async () => {
  const file = await stored('short', Float32Array.of(1, 2, 3));
  await assert.rejects(
    readRows([{ file, shape: [2], dtype: 'float32' }], 0, 2),
    /ends before row 2/,
  );
});

test('batches of two outputs are written output after output', async () => {
  const file = join(folder, 'out');
  const out = await outputFile(file, 3);
  await out.write(
    [
      { shape: [2, 1], values: Float32Array.of(1, 2) },
      { shape: [2, 2], values: Float32Array.of(10, 11, 20, 21) },
    ],
    0,
  );
  await out.write(
    [
      { shape: [1, 1], values: Float32Array.of(3) },
      { shape: [1, 2], values: Float32Array.of(30, 31) },
    ],
    2,
  );
  assert.deepEqual(out.rows, [[1], [2]]);
  await out.close();
  assert.deepEqual(await floats(file), [1, 2, 3, 10, 11, 20, 21, 30, 31]);
});

test('an output that changes its shape from batch to batch is an error', async () => {
  const out = await outputFile(join(folder, 'changing'), 2);
  await out.write([{ shape: [1, 2], values: new Float32Array(2) }], 0);
  await assert.rejects(
    out.write([{ shape: [1, 3], values: new Float32Array(3) }], 1),
    /it gives \[3\], and gave \[2\] before/,
  );
  await out.close();
});

test('named outputs in one file are told apart by their shapes', async () => {
  const file = await stored('parts', Float32Array.of(1, 2, 3));
  const parts = [
    { name: 'a', shape: [1, 2] },
    { name: 'b', shape: [1, 1] },
  ];
  assert.deepEqual(await readParts({ file, parts }), [
    { name: 'a', shape: [1, 2], values: Float32Array.of(1, 2) },
    { name: 'b', shape: [1, 1], values: Float32Array.of(3) },
  ]);
});
