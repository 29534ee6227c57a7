/**
 * Streamlit's own Vega, out of the script that `vega.py` finds.
 *
 * Relied on: the script's first export loads Vega-Embed and the interpreter of expressions that
 * needs no `eval`. If it does not, each chart of the Draw page says that it could not be drawn.
 */

import { underRoot } from './root_address.js';

/**
 * @param {string} address  the script's, below the app's root
 * @returns {Promise<any>}  `embed` and `expressionInterpreter`
 */
export async function loadVega(address) {
  const script = await import(underRoot(address));
  const [load] = Object.values(script);
  return load();
}
