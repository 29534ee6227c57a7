/**
 * A drawing → a digit, with the same operations as `fabric_drawing.py`, `strokes.py` and `digit.py` in
 * `models/digit/`, so that the browser can answer before the server has preprocessed the drawing. The
 * server's digit decides: an answer for other pixels is discarded.
 *
 * @typedef {[number, number]} Point
 * @typedef {{type: string, path: [string, ...number[]][], left: number, top: number, width: number,
 *   height: number, originX?: string, originY?: string, strokeWidth?: number,
 *   strokeUniform?: boolean, fill?: string | null, stroke?: string | null, strokeLineCap?: string,
 *   strokeLineJoin?: string, scaleX?: number, scaleY?: number, angle?: number, flipX?: boolean,
 *   flipY?: boolean}} Path
 */

import { PEN } from './strokes.js';

const SIZE = 28;
const BOX = 20;
const REDRAWN = 2; // pixels: the pen's width in the digit
const SPACING = 0.5; // pixels between points along a stroke
const MANY = 1000;
/** @type {Record<string, number>} */
const ORIGIN = { left: 0, top: 0, center: 0.5, right: 1, bottom: 1 };

/**
 * The digit's 784 levels from 0 to 255, row by row. Null for an empty drawing, and for one that only
 * the server can read: moved, scaled or rotated by hand, or with other objects than pencil strokes.
 * @param {{objects?: Path[]} | null | undefined} drawing
 * @returns {Uint8Array | null}
 */
export function levels(drawing) {
  const paths = drawing?.objects ?? [];
  if (paths.length === 0 || !paths.every(isAsDrawn)) return null;
  const strokes = fit(paths.map(placed), BOX - REDRAWN).flatMap(along);
  const away = centreOfMass(render(strokes)).map((at) => SIZE / 2 - at);
  const room = (SIZE - BOX) / 2;
  const [right, down] = away.map((way) => Math.min(Math.max(way, -room), room));
  const pixels = render(strokes.map(([x, y]) => [x + right, y + down]));
  return Uint8Array.from(pixels, (value) => even(Math.fround(value * 255)));
}

/** @param {Path} path */
function isAsDrawn({ type, path, scaleX = 1, scaleY = 1, angle = 0, flipX, flipY }) {
  const plain = scaleX === 1 && scaleY === 1 && angle === 0 && !flipX && !flipY;
  return plain && type.toLowerCase() === 'path' && path.every(([name]) => 'MLQ'.includes(name));
}

/** The path's points in canvas coordinates. @param {Path} path @returns {Point[]} */
export function placed(path) {
  const points = flatten(path.path);
  const [low, high] = bounds(points);
  const pen = path.strokeUniform ? 0 : (path.strokeWidth ?? 0);
  const centre = [
    path.left + (0.5 - ORIGIN[path.originX ?? 'left']) * (path.width + pen),
    path.top + (0.5 - ORIGIN[path.originY ?? 'top']) * (path.height + pen),
  ];
  const moved = (/** @type {Point} */ point, /** @type {0 | 1} */ axis) =>
    point[axis] - (low[axis] + high[axis]) / 2 + centre[axis];
  return points.map((point) => [moved(point, 0), moved(point, 1)]);
}

/** SVG path commands M, L and Q → points along the path. @param {Path['path']} commands @returns {Point[]} */
function flatten(commands) {
  /** @type {Point[]} */
  const points = [];
  for (const [name, x, y, endX, endY] of commands) {
    if (name !== 'Q') {
      points.push([x, y]);
      continue;
    }
    const [startX, startY] = points[points.length - 1];
    for (const t of [0.25, 0.5, 0.75, 1]) {
      const bend = (
        /** @type {number} */ start,
        /** @type {number} */ control,
        /** @type {number} */ end,
      ) => (1 - t) ** 2 * start + 2 * t * (1 - t) * control + t ** 2 * end;
      points.push([bend(startX, x, endX), bend(startY, y, endY)]);
    }
  }
  return points;
}

/** The minimum and the maximum of each coordinate. @param {Point[]} points @returns {[Point, Point]} */
function bounds(points) {
  /** @type {Point} */
  const low = [Infinity, Infinity];
  /** @type {Point} */
  const high = [-Infinity, -Infinity];
  for (const point of points) {
    for (const axis of /** @type {const} */ ([0, 1])) {
      low[axis] = Math.min(low[axis], point[axis]);
      high[axis] = Math.max(high[axis], point[axis]);
    }
  }
  return [low, high];
}

/**
 * Move the centre of the strokes' bounding box to (0, 0) and scale its longer side to `side`. Strokes
 * within the pen's width are a blot, as a tap leaves it, and become a dot.
 * @param {Point[][]} strokes
 * @param {number} side
 */
function fit(strokes, side) {
  const [low, high] = bounds(strokes.flat());
  const longer = Math.max(high[0] - low[0], high[1] - low[1]);
  const largest = Math.max(...[...low, ...high].map(Math.abs));
  const scale = longer > Math.max(PEN, 1e-9 * (1 + largest)) ? side / longer : 0;
  return strokes.map((stroke) =>
    stroke.map(
      ([x, y]) =>
        /** @type {Point} */ ([
          (x - (low[0] + high[0]) / 2) * scale,
          (y - (low[1] + high[1]) / 2) * scale,
        ]),
    ),
  );
}

/** Points along the stroke, at most `SPACING` apart. @param {Point[]} stroke @returns {Point[]} */
function along(stroke) {
  const way = [0];
  for (let n = 1; n < stroke.length; n += 1) {
    way.push(
      way[n - 1] + Math.hypot(stroke[n][0] - stroke[n - 1][0], stroke[n][1] - stroke[n - 1][1]),
    );
  }
  const whole = way[way.length - 1];
  if (whole === 0) return stroke.slice(0, 1);
  const steps = Math.ceil(whole / SPACING);
  /** @type {Point[]} */
  const points = [];
  for (let step = 0, n = 0; step < steps; step += 1) {
    const at = step * (whole / steps);
    while (n < way.length - 2 && way[n + 1] <= at) n += 1;
    const between = (/** @type {0 | 1} */ axis) =>
      ((stroke[n + 1][axis] - stroke[n][axis]) / (way[n + 1] - way[n])) * (at - way[n]) +
      stroke[n][axis];
    points.push([between(0), between(1)]);
  }
  points.push(stroke[stroke.length - 1]);
  return points;
}

/** Discs of diameter `REDRAWN` at `points`, antialiased. @param {Point[]} points @returns {Float32Array} */
function render(points) {
  const drawn = points.length > MANY ? coarse(points) : points;
  const nearest = new Float64Array(SIZE * SIZE).fill(Infinity);
  // A disc leaves no ink beyond this distance.
  const reach = REDRAWN / 2 + 0.5;
  for (const [x, y] of drawn) {
    const [left, right] = pixelsNear(x, reach);
    const [top, bottom] = pixelsNear(y, reach);
    for (let row = top; row <= bottom; row += 1) {
      const down = (row - (SIZE - 1) / 2 - y) ** 2;
      for (let column = left; column <= right; column += 1) {
        const at = row * SIZE + column;
        const square = down + (column - (SIZE - 1) / 2 - x) ** 2;
        if (square < nearest[at]) nearest[at] = square;
      }
    }
  }
  return Float32Array.from(nearest, (square) =>
    Math.min(Math.max(reach - Math.sqrt(square), 0), 1),
  );
}

/** The first and the last row or column within `reach` of `at`. @param {number} at @param {number} reach */
function pixelsNear(at, reach) {
  const first = Math.max(0, Math.floor(at - reach + (SIZE - 1) / 2));
  const last = Math.min(SIZE - 1, Math.ceil(at + reach + (SIZE - 1) / 2));
  return [first, last];
}

/** Points rounded to a quarter of a pixel, without duplicates. @param {Point[]} points */
function coarse(points) {
  const rounded = new Map(
    points.map(([x, y]) => [
      `${even(x * 4)} ${even(y * 4)}`,
      /** @type {Point} */ ([even(x * 4) / 4, even(y * 4) / 4]),
    ]),
  );
  return [...rounded.values()];
}

/** @param {Float32Array} pixels @returns {Point} */
function centreOfMass(pixels) {
  let mass = 0;
  let right = 0;
  let down = 0;
  pixels.forEach((value, at) => {
    mass += value;
    right += value * (at % SIZE);
    down += value * Math.floor(at / SIZE);
  });
  return [right / mass, down / mass];
}

/** The nearest integer, and the even one of two, as NumPy rounds. @param {number} value */
function even(value) {
  const rounded = Math.round(value);
  return Math.abs(value % 1) === 0.5 && rounded % 2 !== 0 ? rounded - 1 : rounded;
}
