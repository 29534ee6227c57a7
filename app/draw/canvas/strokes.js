/**
 * Strokes in the pad's own units, as Fabric.js writes them, and what Undo takes away.
 *
 * @import {Path, Point} from './digit_from_strokes.js'
 */

/** The pad's units a side, and the pen's width in them; `app/draw/given.py` has the same. */
export const SIDE = 280;
export const PEN = 18;

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

/** What was shown before and after, one step each for every stroke and every Clear. */
export class History {
  constructor() {
    /** @type {Path[][]} */
    this.before = [];
    /** @type {Path[][]} */
    this.after = [];
    /** @type {Path[]} */
    this.now = [];
  }

  /** @param {Path[]} paths */
  add(paths) {
    this.before.push(this.now);
    this.after = [];
    this.now = paths;
  }

  /** Begin anew. @param {Path[]} paths */
  begin(paths) {
    this.before = [];
    this.after = [];
    this.now = paths;
  }

  /** The strokes before the last step; null if there is none. */
  undo() {
    const step = this.before.pop();
    if (step === undefined) return null;
    this.after.push(this.now);
    this.now = step;
    return step;
  }

  /** The strokes after the step that was undone last; null if there is none. */
  redo() {
    const step = this.after.pop();
    if (step === undefined) return null;
    this.before.push(this.now);
    this.now = step;
    return step;
  }
}

/** A stroke through these points, as Fabric.js would write it. @param {Point[]} points @returns {Path} */
export function pathOf(points) {
  const xs = points.map(([x]) => x);
  const ys = points.map(([, y]) => y);
  const [left, right] = [Math.min(...xs), Math.max(...xs)];
  const [top, bottom] = [Math.min(...ys), Math.max(...ys)];
  return {
    type: 'Path',
    path: points.map(([x, y], at) => [at === 0 ? 'M' : 'L', x, y]),
    originX: 'center',
    originY: 'center',
    left: (left + right) / 2,
    top: (top + bottom) / 2,
    width: right - left,
    height: bottom - top,
    strokeWidth: PEN,
  };
}
