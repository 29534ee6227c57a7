/** The progress of what takes long in the browser: a bar, and what is being done. */

/**
 * @param {HTMLElement} root
 * @param {{share: number, text: string, name?: string}} now  `share` of the whole, 0 to 1; `name` is
 *   the bar's
 */
export function paintProgress(root, { share, text, name = 'Benchmark in your browser' }) {
  if (root.childElementCount === 0) {
    const bar = root.appendChild(document.createElement('progress'));
    bar.max = 1;
    bar.ariaLabel = name;
    root.appendChild(document.createElement('p')).setAttribute('role', 'status');
  }
  /** @type {HTMLProgressElement} */ (root.querySelector('progress')).value = share;
  /** @type {HTMLElement} */ (root.querySelector('p')).textContent = `In your browser: ${text}`;
}

/** @param {HTMLElement} root */
export function paintNothing(root) {
  root.replaceChildren();
}
