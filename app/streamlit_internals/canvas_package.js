/**
 * The canvas of the package streamlit-drawable-canvas, started for a component of ours.
 *
 * Relied on: the default export of the package's script takes what Streamlit hands to a component
 * and gives a function that ends it; it looks for the element `.canvas-root`, puts a `canvas` into
 * it, and reports a drawing as the state `drawing`, with Fabric.js's JSON as `raw`. If the names
 * change, drawings reach Python as the package sends them, and the browser's lanes answer later.
 */

import { underRoot } from './root_address.js';

/** Where the package puts its canvas, as a selector. */
export const ROOT = '.canvas-root';

/** The name of the state that holds a drawing, of the shape `{raw}`. */
export const DRAWING = 'drawing';

/** Whether the canvas is there. @param {HTMLElement} root */
export const hasCanvas = (root) => root.querySelector('canvas') !== null;

/**
 * What starts a canvas, given what Streamlit hands to a component, and returns what ends it.
 * @param {string} address  the package's script, below the app's root
 * @returns {Promise<(component: object) => (() => void) | undefined>}
 */
export async function loadCanvas(address) {
  const { default: start } = await import(underRoot(address));
  return start;
}
