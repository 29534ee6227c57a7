/**
 * How the components tell each other of a drawing: by events at the document, whose detail may be
 * given an answer. They are components of their own, and share nothing else.
 *
 * LIFTED: the pen was lifted, and may come back. DRAWN: the browser's lanes are asked of a drawing.
 * ANSWERED: they have answered, and the page may show it.
 *
 * @typedef {object} Drawn
 * @property {{objects?: import('./strokes.js').Path[]}} drawing
 * @property {Promise<object | null> | null} answer  a report, or null when it takes too long
 *
 * @typedef {object} Answered
 * @property {object} report
 * @property {Promise<void> | null} shown
 */
export const LIFTED = 'digit-parity-lifted';
export const DRAWN = 'digit-parity-drawn';
export const ANSWERED = 'digit-parity-answered';
