/**
 * What stands in the verdict's place while there is none of the server's.
 *
 * @import {Verdict} from '../reading/reading_stream.js'
 */

/** @type {Verdict} */
export const DRAW = {
  kind: 'waiting',
  headline: 'Draw a digit.',
  detail: 'Both formats and the original answer while you draw.',
};

/** @type {Verdict} */
export const GIVE = {
  kind: 'waiting',
  headline: 'Give it a picture.',
  detail: 'Both formats and the original answer at once.',
};

/** @type {Verdict} */
export const CUT_OFF = {
  kind: 'waiting',
  headline: 'The server cannot be reached.',
  detail:
    'Your browser has read this by itself; the rows of your browser say what. The others, and the ' +
    'charts, follow with the next picture once the connection is back.',
};

/** @param {string} said @returns {Verdict} */
export const refused = (said) => ({
  kind: 'failed',
  headline: 'The server did not read this.',
  detail: said,
});

/** @param {string} thing @returns {Verdict} */
export const reading = (thing) => ({
  kind: 'waiting',
  headline: `Reading your ${thing} …`,
  detail: '',
});
