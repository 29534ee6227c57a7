/**
 * How the components tell each other of a drawing: by events at the document, whose detail may be
 * given an answer. They are components of their own, and share nothing else.
 *
 * LIFTED: the pen was lifted, and may come back. DRAWN: the browser's lanes are asked of a drawing.
 * ANSWERED: they have answered, and the page may show it. SEEN: Python has seen another digit.
 *
 * @typedef {object} Drawn
 * @property {{objects?: import('./canvas/digit_from_strokes.js').Path[]}} drawing
 * @property {Promise<object | null> | null} answer  a report, or null when it takes too long
 *
 * @typedef {object} Answered
 * @property {object} report
 * @property {Promise<void> | null} shown
 */
export const LIFTED = 'digit-parity-lifted';
export const DRAWN = 'digit-parity-drawn';
export const ANSWERED = 'digit-parity-answered';
export const SEEN = 'digit-parity-seen';

const PAD = 'digitParityPad';
const PAD_EVENT = 'digit-parity-pad';

/** What is heavy waits so long at most, on a page without a canvas too. */
const PAD_MS = 2000;

/** The canvas takes strokes. */
export function padIsThere() {
  document.documentElement.dataset[PAD] = '';
  document.dispatchEvent(new Event(PAD_EVENT));
}

/**
 * Until the canvas takes strokes: a new visitor waits for that first.
 * @returns {Promise<void>}
 */
export function padThere() {
  if (PAD in document.documentElement.dataset) return Promise.resolve();
  return new Promise((resolve) => {
    document.addEventListener(PAD_EVENT, () => resolve(), { once: true });
    setTimeout(resolve, PAD_MS);
  });
}
