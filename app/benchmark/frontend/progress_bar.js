/** A benchmark's progress: a bar, and what is being measured. */

/**
 * @param {HTMLElement} root
 * @param {{share: number, text: string}} now  `share` of the whole, 0 to 1
 */
export function paintProgress(root, { share, text }) {
  if (root.childElementCount === 0) {
    const bar = root.appendChild(document.createElement('progress'));
    bar.max = 1;
    bar.ariaLabel = 'Benchmark in your browser';
    root.appendChild(document.createElement('p')).setAttribute('role', 'status');
  }
  /** @type {HTMLProgressElement} */ (root.querySelector('progress')).value = share;
  /** @type {HTMLElement} */ (root.querySelector('p')).textContent = `In your browser: ${text}`;
}

/** @param {HTMLElement} root */
export function paintNothing(root) {
  root.replaceChildren();
}
