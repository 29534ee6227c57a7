/**
 * A reading of a digit by five versions, as the server answers it.
 *
 * @import {LaneFigures, Reading} from '../../../app/draw/reading/reading_stream.js'
 * @import {Result} from '../../../app/draw/results/details/actions.js'
 * @import {Picture} from '../../../app/draw/studio_data.js'
 */

export const CLASSES = [...'0123456789'];

/** @returns {LaneFigures[]} */
export const lanes = (reads = '7', distance = 1.2e-7) =>
  [
    'keras @ tensorflow',
    'graph @ tensorflow',
    'layers @ tensorflow',
    'graph @ tfjs/wasm',
    'layers @ tfjs/wasm',
  ].map((lane, at) => ({
    lane,
    name: lane,
    format: /** @type {LaneFigures['format']} */ (lane.split(' ')[0]),
    inBrowser: at > 2,
    isReference: at === 0,
    state: 'answered',
    reads,
    sure: 0.99,
    probabilities: CLASSES.map((each) => (each === reads ? 0.99 : 0.01 / 9)),
    distance: at === 0 ? undefined : distance,
    loadMs: 10,
    firstMs: 5,
    steadyMs: [1, 2, 3],
  }));

/** @param {Partial<Reading>} [changed] @returns {Reading} */
export const reading = (changed = {}) =>
  /** @type {Reading} */ ({
    digit: 'a-digit',
    done: true,
    query: 'digit=AQ',
    specs: 'specs.json',
    verdict: { kind: 'agree', headline: 'All five read 7.', detail: 'They differ by rounding.' },
    fallback: null,
    allowed: { share: 9e-6, says: 'rounding explains' },
    classes: CLASSES,
    lanes: lanes(),
    rows: { differences: [], pairs: [] },
    ...changed,
  });

/** @param {Partial<Picture>} [changed] @returns {Picture} */
export const picture = (changed = {}) => ({
  levels: btoa(String.fromCharCode(...new Array(784).fill(9))),
  label: 'Yours',
  paths: [],
  ...changed,
});

/** @param {Partial<Reading>} [changed] @returns {Result} */
export const result = (changed = {}) =>
  /** @type {Result} */ (
    /** @type {unknown} */ ({
      data: {
        model: { title: 'MNIST digits', name: 'mnist' },
        picture: { shape: [28, 28] },
        addresses: { result: 'served/result/mnist' },
      },
      picture: picture(),
      reading: reading(changed),
      posted: { digit: 'AQ', lanes: null },
    })
  );
