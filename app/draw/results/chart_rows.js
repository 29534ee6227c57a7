/**
 * The rows of the charts that the browser makes of the lanes' figures; the server sends the others.
 *
 * @import {LaneFigures, Reading} from '../reading/reading_stream.js'
 */

/** @param {LaneFigures[]} lanes @param {readonly string[]} classes  that their probabilities are of */
export const probabilityRows = (lanes, classes) =>
  lanes.flatMap(({ lane, probabilities }) =>
    (probabilities ?? []).map((probability, at) => ({ lane, label: classes[at], probability })),
  );

/** @param {Reading} reading @returns {Record<string, object[]>} rows by the chart's name */
export function chartRows({ lanes, classes, rows }) {
  return {
    probabilities: probabilityRows(lanes, classes),
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
