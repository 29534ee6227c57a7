/**
 * A bug report when it is opened: runs the operation on every backend that this browser has, and says
 * whether the difference shows. `start(wasm)` is called by the report once it has unpacked this script;
 * the command line tries operations in a browser by `use` and `answer`.
 */

import { loadGraphModel } from '@tensorflow/tfjs-converter';
import * as tf from '@tensorflow/tfjs-core';

import { BACKENDS, useBackend } from '../backends.js';
import { loadLayersModel } from '../layers.js';
import { reason } from '../promises.js';
import { answer, floatsOf } from './case.js';
import { difference, isReproduced } from './difference.js';
import { snippet } from './snippet.js';

/** @typedef {{ shape: number[], data: string }} Stored */

/** @param {Stored | null} stored */
const valuesOf = (stored) => stored && { shape: stored.shape, values: floatsOf(stored.data) };

/** @param {string} id */
const at = (id) => /** @type {HTMLElement} */ (document.getElementById(id));

/** @param {number} value */
const figure = (value) => String(Number(value.toPrecision(3)));

/**
 * Make a backend the current one, as a report has it.
 * @param {import('../backends.js').BackendName} backend
 * @param {string} wasm  the address of the .wasm file
 */
function use(backend, wasm) {
  const kinds = ['', '-simd', '-threaded-simd'];
  const files = kinds.map((kind) => [`tfjs-backend-wasm${kind}.wasm`, wasm]);
  return useBackend(backend, { wasmPaths: Object.fromEntries(files), threads: false });
}

/**
 * Set TensorFlow.js, before a backend has started.
 * @param {Record<string, boolean>} flags
 */
const set = (flags) => tf.env().setFlags({ ...tf.env().getFlags(), ...flags });

/** @param {string} wasm  the address of the .wasm file */
async function start(wasm) {
  const report = JSON.parse(at('case').textContent ?? '');
  set(report.flags);
  const known = {
    expected: /** @type {import('./difference.js').Values} */ (valuesOf(report.expected)),
    measured: valuesOf(report.measured),
    difference: report.difference,
    noise: report.noise,
  };
  at('browser').textContent = navigator.userAgent;
  const code = at('code');
  code.textContent = snippet(report.operation, report);
  at('copy').addEventListener('click', () => copy(code));
  const others = BACKENDS.filter((each) => each !== report.backend);
  for (const backend of [report.backend, ...others]) {
    const row = document.createElement('tr');
    row.innerHTML = '<th scope="row"></th><td>…</td>';
    at('live').append(row);
    const [name, cell] = /** @type {Iterable<HTMLElement>} */ (row.children);
    name.textContent = backend;
    const said = await tried(backend, wasm, report.operation, known);
    cell.textContent = said.text;
    row.dataset.kind = said.kind;
    if (backend !== report.backend) continue;
    at('verdict').textContent = said.headline;
    at('verdict').dataset.kind = said.kind;
    fillColumn(said.found);
  }
  at('live').dataset.done = 'true';
}

/**
 * @param {import('../backends.js').BackendName} backend
 * @param {string} wasm
 * @param {import('./case.js').Case} operation
 * @param {Parameters<typeof isReproduced>[0]} known
 */
async function tried(backend, wasm, operation, known) {
  try {
    await use(backend, wasm);
  } catch (error) {
    const text = `not tried: ${reason(error)}`;
    const headline = `Open this file in a browser that offers ${backend}. ${reason(error)}`;
    return { kind: 'absent', text, headline, found: null };
  }
  const before = known.measured ? measured(known) : 'an error';
  try {
    const found = await answer(operation);
    const same = isReproduced(known, found);
    const here = `${apart(known.expected, found)} (the command measured ${before})`;
    const text = `${same ? 'reproduced' : 'not reproduced'}: ${here}`;
    return { kind: same ? 'reproduced' : 'other', text, headline: sentence(text), found };
  } catch (error) {
    const same = isReproduced(known, null);
    const text = `${same ? 'reproduced' : 'not reproduced'}: TensorFlow.js says “${reason(error)}” (the command measured ${before})`;
    return { kind: same ? 'reproduced' : 'other', text, headline: sentence(text), found: null };
  }
}

/** @param {Parameters<typeof isReproduced>[0]} known */
const measured = ({ expected, measured: found, difference: before }) =>
  before === null && found
    ? apart(expected, found).replace('difference ', '')
    : figure(before ?? 0);

/**
 * @param {import('./difference.js').Values} expected
 * @param {import('./difference.js').Values} found
 */
function apart(expected, found) {
  if (String(expected.shape) !== String(found.shape)) {
    return `the shape ${found.shape.join('×')} in place of ${expected.shape.join('×')}`;
  }
  const most = difference(expected, found);
  return Number.isNaN(most) ? 'NaN' : `difference ${figure(most)}`;
}

/** @param {string} text */
const sentence = (text) => `${text[0].toUpperCase()}${text.slice(1)}.`;

/**
 * What this browser gives, beside the values in the table.
 * @param {import('./difference.js').Values | null} found
 */
function fillColumn(found) {
  for (const cell of /** @type {NodeListOf<HTMLElement>} */ (
    document.querySelectorAll('[data-index]')
  )) {
    const value = found?.values[Number(cell.dataset.index)];
    cell.textContent = value === undefined ? '–' : String(Number(value.toPrecision(7)));
  }
}

/** @param {HTMLElement} code */
async function copy(code) {
  try {
    await navigator.clipboard.writeText(code.textContent ?? '');
    at('copy').textContent = 'Copied';
  } catch {
    getSelection()?.selectAllChildren(code); // a page from a disk may have no clipboard
    at('copy').textContent = 'Selected: copy it';
  }
}

// What the code that is copied uses: it can be tried on this page's console.
Object.assign(globalThis, {
  digitParityReport: { answer, set, start, use },
  tf: {
    env: tf.env,
    io: tf.io,
    loadGraphModel,
    loadLayersModel,
    setBackend: tf.setBackend,
    tensor: tf.tensor,
  },
});
