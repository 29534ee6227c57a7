/**
 * The rows of the charts that the browser makes of the lanes' figures; the server sends the others.
 *
 * @import {Reading} from '../reading/reading_stream.js'
 */

/** @param {Reading} reading @returns {Record<string, object[]>} rows by the chart's name */
export function chartRows({ lanes, classes, rows }) {
  return {
    probabilities: lanes.flatMap(({ lane, probabilities }) =>
      (probabilities ?? []).map((probability, at) => ({ lane, label: classes[at], probability })),
    ),
    ...rows,
    steady: lanes.flatMap(({ lane, steadyMs }) => (steadyMs ?? []).map((ms) => ({ lane, ms }))),
    load: lanes.flatMap(({ lane, loadMs, firstMs }) =>
      [
        { lane, kind: 'load', ms: loadMs },
        { lane, kind: 'first', ms: firstMs },
      ].filter(({ ms }) => ms !== null && ms !== undefined),
    ),
  };
}
