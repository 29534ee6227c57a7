/**
 * Ctrl+Z takes back, Ctrl+Y and Ctrl+Shift+Z do again, wherever the focus is; Cmd on a Mac. In a field
 * of text they are the field's own.
 */

const FIELDS = ['input', 'textarea', 'select'];

/**
 * @param {{undo: () => void, redo: () => void}} acts
 * @param {AbortSignal} signal
 */
export function listen(acts, signal) {
  document.addEventListener(
    'keydown',
    (event) => {
      const act = actOf(event);
      if (act === null || isText(event)) return;
      event.preventDefault();
      acts[act]();
    },
    { signal },
  );
}

/** @param {KeyboardEvent} event @returns {'undo' | 'redo' | null} */
function actOf({ key, ctrlKey, metaKey, altKey, shiftKey }) {
  if (altKey || ctrlKey === metaKey) return null;
  const letter = key.toLowerCase();
  if (letter === 'z') return shiftKey ? 'redo' : 'undo';
  return letter === 'y' && !shiftKey ? 'redo' : null;
}

/** @param {Event} event */
function isText(event) {
  const { localName, isContentEditable } = /** @type {HTMLElement} */ (event.composedPath()[0]);
  return isContentEditable || FIELDS.includes(localName);
}
