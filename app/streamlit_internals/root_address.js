/**
 * Where the app's root is, also under a path prefix; `root_address.py` says the same to Python.
 *
 * Relied on: Streamlit's own scripts are at `static/js/NAME`, two levels below the root.
 */

/** An address below the app's root. @param {string} path */
export function underRoot(path) {
  const script = /** @type {HTMLScriptElement | null} */ (
    document.querySelector('script[src*="static/js/"]')
  );
  return new URL(`../../${path}`, script?.src ?? document.baseURI).href;
}
