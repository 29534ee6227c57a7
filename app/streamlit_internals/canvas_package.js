/**
 * Starts the canvas of the package streamlit-drawable-canvas for our component.
 *
 * Relied on: the default export of the package's script takes what Streamlit passes to a component and
 * returns a function that ends it; it finds the element `.canvas-root`, adds a `canvas` to it, and
 * sends a drawing as the state `drawing`, with Fabric.js's JSON as `raw`. If the names change, the
 * package sends drawings to Python unchanged, and the browser's lanes answer later.
 */

import { underRoot } from './root_address.js';

/** The selector of the element to which the package adds its canvas. */
export const ROOT = '.canvas-root';

/** The name of the state that holds a drawing, of the shape `{raw}`. */
export const DRAWING = 'drawing';

/** Whether the package has added its canvas. @param {HTMLElement} root */
export const hasCanvas = (root) => root.querySelector('canvas') !== null;

/**
 * Load the function that starts a canvas. It takes what Streamlit passes to a component, and returns
 * a function that ends the canvas.
 * @param {string} path  URL path of the package's script, below the app's root
 * @returns {Promise<(component: object) => (() => void) | undefined>}
 */
export async function loadCanvas(path) {
  const { default: start } = await import(underRoot(path));
  return start;
}
