/**
 * Strokes in the pad's own units, as Fabric.js writes them.
 *
 * @import {Path, Point} from './digit_from_strokes.js'
 */

/** The pad's units a side, and the pen's width in them; `app/draw/given.py` has the same. */
export const SIDE = 280;
export const PEN = 18;
export const INK = '#FFFFFF';

/** Units between two points of a stroke, at most: Fabric.js rounds the corner at each of them. */
const SPACING = 12;

/** The straight way from a point to the next, which is its last point. @param {Point} from @param {Point} to @returns {Point[]} */
export function way([startX, startY], [endX, endY]) {
  const parts = Math.max(1, Math.ceil(Math.hypot(endX - startX, endY - startY) / SPACING));
  return Array.from({ length: parts }, (_, part) => {
    const share = (part + 1) / parts;
    return [startX + (endX - startX) * share, startY + (endY - startY) * share];
  });
}

/** The path with every length multiplied. @param {Path} path @param {number} by @returns {Path} */
export function scaled(path, by) {
  const { left, top, width, height, strokeWidth } = path;
  return {
    ...path,
    path: path.path.map(([name, ...numbers]) => [name, ...numbers.map((each) => each * by)]),
    left: left * by,
    top: top * by,
    width: width * by,
    height: height * by,
    strokeWidth: (strokeWidth ?? 0) * by,
  };
}

/** A stroke through these points, as Fabric.js would write it. @param {Point[]} points @returns {Path} */
export function pathOf(points) {
  const { left, top, right, bottom } = box(points);
  return {
    type: 'Path',
    path: points.map(([x, y], at) => [at === 0 ? 'M' : 'L', x, y]),
    originX: 'center',
    originY: 'center',
    left: (left + right) / 2,
    top: (top + bottom) / 2,
    width: right - left,
    height: bottom - top,
    fill: null,
    stroke: INK,
    strokeWidth: PEN,
    strokeLineCap: 'round',
    strokeLineJoin: 'round',
  };
}

/** Whether the pen has hardly moved: its ink is a blot. @param {Point[]} points */
export function isBlot(points) {
  const { left, top, right, bottom } = box(points);
  return Math.max(right - left, bottom - top) <= PEN;
}

/** @param {Point[]} points */
function box(points) {
  const [first] = points;
  const found = { left: first[0], top: first[1], right: first[0], bottom: first[1] };
  for (const [x, y] of points) {
    found.left = Math.min(found.left, x);
    found.top = Math.min(found.top, y);
    found.right = Math.max(found.right, x);
    found.bottom = Math.max(found.bottom, y);
  }
  return found;
}
