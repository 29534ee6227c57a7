/**
 * Events on the document by which the components tell each other about a drawing. A listener may
 * set a promise in the event's detail.
 *
 * LIFTED: the pen was lifted, and may return. DRAWN: the browser's lanes shall answer a drawing.
 * ANSWERED: they have answered, and the page may show it. SEEN: Python has seen another digit.
 *
 * @typedef {object} Drawn
 * @property {{objects?: import('./canvas/digit_from_strokes.js').Path[]}} drawing
 * @property {Promise<object | null> | null} answer  the lanes' answers, or null when they take too long
 *
 * @typedef {object} Answered
 * @property {object} report  the lanes' answers, Python's `BrowserAnswers`
 * @property {Promise<void> | null} shown
 */
export const LIFTED = 'digit-parity-lifted';
export const DRAWN = 'digit-parity-drawn';
export const ANSWERED = 'digit-parity-answered';
export const SEEN = 'digit-parity-seen';

const PAD = 'digitParityPad';
const PAD_EVENT = 'digit-parity-pad';

/** How long heavy work waits for the canvas, at most; a page may have none. */
const PAD_MS = 2000;

/** Announce that the canvas takes strokes. */
export function padIsThere() {
  document.documentElement.dataset[PAD] = '';
  document.dispatchEvent(new Event(PAD_EVENT));
}

/**
 * Wait until the canvas takes strokes, which a new visitor waits for first.
 * @returns {Promise<void>}
 */
export function padThere() {
  if (PAD in document.documentElement.dataset) return Promise.resolve();
  return new Promise((resolve) => {
    document.addEventListener(PAD_EVENT, () => resolve(), { once: true });
    setTimeout(resolve, PAD_MS);
  });
}
