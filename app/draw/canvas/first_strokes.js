/**
 * Keeps what a pointer does on the pad until the pad's modules are there, which then draw it (`pen.js`).
 * Part of the page's HTML, and so there before them.
 */
{
  /** Events: a minute of drawing. */
  const MOST = 5_000;
  const TYPES = /** @type {const} */ (['pointerdown', 'pointermove', 'pointerup', 'pointercancel']);
  /** @type {PointerEvent[]} */
  const kept = [];

  /** @param {PointerEvent} event */
  function keep(event) {
    const { className } = /** @type {Element} */ (event.target);
    if (className === 'dp-pen' && kept.length < MOST) kept.push(event);
  }

  for (const type of TYPES) document.addEventListener(type, keep);

  Object.assign(window, {
    dpFirstStrokes() {
      for (const type of TYPES) document.removeEventListener(type, keep);
      return kept.splice(0);
    },
  });
}
