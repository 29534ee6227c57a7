/**
 * The app's root URL, also below a path prefix; `root_address.py` does the same for Python.
 *
 * Relied on: Streamlit's own scripts are at `static/js/NAME`, two levels below the root.
 */

/** The URL of a path below the app's root. @param {string} path */
export function underRoot(path) {
  const script = /** @type {HTMLScriptElement | null} */ (
    document.querySelector('script[src*="static/js/"]')
  );
  return new URL(`../../${path}`, script?.src ?? document.baseURI).href;
}
