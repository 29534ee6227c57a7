/**
 * The pen's strokes as the server takes them for the page's link (`posted.py`).
 *
 * @import {Path, Point} from '../canvas/digit_from_strokes.js'
 */

import { placed } from '../canvas/digit_from_strokes.js';

/** The most points that the server takes: a drawing of more has no place in a link anyway. */
const MOST = 4000;
/** The most strokes of these, `MAX_STROKES` there. */
const MOST_STROKES = 200;
/** In units of the pad: points that are nearer to the one before say nothing more. */
const NEAR = 1;

/** Each stroke's points, in tenths of a unit of the pad; none of a drawing of too many. @param {Path[]} paths */
export function pointsOf(paths) {
  const strokes = paths.map((path) => thinned(placed(path)));
  const points = strokes.reduce((all, { length }) => all + length, 0);
  return points <= MOST && strokes.length <= MOST_STROKES ? strokes : [];
}

/** @param {Point[]} points */
function thinned(points) {
  const [first, ...others] = points;
  const last = others.pop();
  const kept = [first];
  for (const point of others) {
    const [x, y] = kept[kept.length - 1];
    if (Math.hypot(point[0] - x, point[1] - y) >= NEAR) kept.push(point);
  }
  if (last) kept.push(last);
  return kept.map(([x, y]) => [tenths(x), tenths(y)]);
}

/** @param {number} value */
const tenths = (value) => Math.round(value * 10) / 10;
