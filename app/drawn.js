/**
 * How the canvas tells the browser's lanes that the pen was lifted, and asks the browser's lanes of a drawing: by an event at the document, whose detail
 * the lanes may give an answer. They are components of their own, and share nothing else.
 *
 * @typedef {object} Drawn
 * @property {{objects?: import('./strokes.js').Path[]}} drawing
 * @property {Promise<object | null> | null} answer  a report, or null when it takes too long
 */
export const DRAWN = 'digit-parity-drawn';
export const LIFTED = 'digit-parity-lifted';
