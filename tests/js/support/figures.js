/** Figures of versions, as the server sends them. */

/** @typedef {import('../../../app/draw/reading/reading_stream.js').LaneFigures} LaneFigures */

const ROUNDING = { share: 2.3e-5, says: 'rounding explains' };

/**
 * @param {'keras' | 'graph' | 'layers'} format
 * @param {boolean} inBrowser
 * @param {Partial<LaneFigures>} more
 * @returns {LaneFigures}
 */
export const version = (format, inBrowser, more = {}) => ({
  lane: `${format} @ ${inBrowser ? 'tfjs/wasm' : 'tensorflow'}`,
  name:
    format === 'keras'
      ? 'Keras, the original'
      : `${format}, ${inBrowser ? 'in your browser' : 'on the server'}`,
  format,
  inBrowser,
  isReference: format === 'keras',
  state: 'answered',
  reads: '7',
  sure: 0.998,
  ...more,
});

/** All five, of which four differ by so much from the original. @param {(number | null)[]} distances */
export const five = (...distances) => [
  version('keras', false, { distance: null }),
  ...['graph', 'layers', 'graph', 'layers'].map((format, at) =>
    version(/** @type {'graph'} */ (format), at > 1, {
      distance: distances[at],
      differs: distances[at] === null || distances[at] > ROUNDING.share,
    }),
  ),
];

/** A reading of them. @param {LaneFigures[]} lanes */
export const readingOf = (lanes) => ({ lanes, allowed: ROUNDING });
