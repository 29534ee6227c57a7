/**
 * What the page imports as the canvas's package: it loads what it is told to show in so many promises as
 * there are strokes, as Fabric.js does, and draws what a mouse draws.
 */

import { Pixels } from '../pad_page.js';

/**
 * @typedef {object} Given
 * @property {{canvasWidth: number, strokeWidth: number, initialDrawing: {objects: object[], shown: number}}} data
 * @property {import('../dom.js').StubElement} parentElement
 * @property {(name: string, value: unknown) => void} setStateValue
 */

export const drawable = {
  /** One for each time that it was told what to show. @type {Given[]} */
  told: [],
  /** What is on its canvas. @type {any[]} */
  objects: [],
  /** Points of the stroke that is being drawn. @type {number[][] | null} */
  points: null,
  /** Whether it takes no mouse. */
  isDeaf: false,
  ended: 0,
};

/** Before each test. */
export function newDrawable() {
  Object.assign(drawable, { told: [], objects: [], points: null, isDeaf: false, ended: 0 });
}

/** @param {Given} given */
export default function start(given) {
  const isFirst = drawable.told.length === 0;
  drawable.told.push(given);
  if (isFirst) build(given);
  void load(given.data.initialDrawing.objects);
  return () => {
    drawable.ended += 1;
  };
}

/** @param {object[]} objects */
async function load(objects) {
  for (let turn = 0; turn < 3 + 2 * objects.length; turn += 1) await null;
  drawable.objects = [...objects];
}

/** @param {Given} given */
function build({ parentElement }) {
  const root = parentElement.querySelector('.canvas-root');
  const upper = new Pixels('canvas');
  upper.className = 'upper-canvas';
  const send = new Pixels('button');
  send.onclick = () => {
    const { setStateValue } = drawable.told[drawable.told.length - 1];
    setStateValue('drawing', { raw: { objects: [...drawable.objects] } });
  };
  const toolbar = new Pixels('div');
  toolbar.className = 'dc-toolbar';
  toolbar.append(send);
  root?.append(upper, toolbar);
  upper.addEventListener('mousedown', (event) => {
    drawable.points = [place(event)];
  });
  upper.addEventListener('mousemove', (event) => drawable.points?.push(place(event)));
  upper.addEventListener('mouseup', () => {
    const { points } = drawable;
    drawable.points = null;
    if (points && !drawable.isDeaf)
      drawable.objects = [...drawable.objects, { type: 'Path', ...pathThrough(points) }];
  });
}

/** @param {Event} event */
function place(event) {
  const { clientX, clientY } = /** @type {MouseEvent} */ (event);
  const { data } = drawable.told[drawable.told.length - 1];
  const by = data.canvasWidth / Pixels.side;
  return [clientX * by, clientY * by];
}

/** @param {number[][]} points */
function pathThrough(points) {
  const path = points.map(([x, y], at) => [at === 0 ? 'M' : 'L', x, y]);
  return { path, left: 0, top: 0, width: 0, height: 0, strokeWidth: 0, byPackage: true };
}
