/**
 * Streamlit's own Vega, from the script that `vega.py` finds.
 *
 * Relied on: the script's first export loads Vega-Embed and the expression interpreter, which needs no
 * `eval`. If it does not, each chart of the Draw page shows that it could not be drawn.
 */

import { underRoot } from './root_address.js';

/**
 * @param {string} path  URL path of the script, below the app's root
 * @returns {Promise<any>}  `embed` and `expressionInterpreter`
 */
export async function loadVega(path) {
  const script = await import(underRoot(path));
  const [load] = Object.values(script);
  return load();
}
