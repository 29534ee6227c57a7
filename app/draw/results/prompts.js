/**
 * What stands in the verdict's place while there is none of the server's.
 *
 * @import {LaneFigures, Verdict} from '../reading/reading_stream.js'
 */

import { percent } from '../../ui/figures.js';

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
  kind: 'failed',
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

/** The pen moves, and nothing has read along yet. @type {Verdict} */
export const DRAWING = {
  kind: 'waiting',
  headline: 'Drawing …',
  detail: 'All versions answer when you lift the pen.',
};

/**
 * What the browser's lanes read of a stroke that goes on: at least one of them.
 * @param {LaneFigures[]} lanes
 * @returns {Verdict}
 */
export function readAlong(lanes) {
  const names = lanes.map(({ format }) => format).join(' and ');
  const isOne = lanes.every(({ reads }) => reads === lanes[0].reads);
  const each = lanes.map(({ format, reads }) => `${format} reads ${reads}`).join(', ');
  const says = isOne
    ? `${names} in your browser ${lanes.length > 1 ? 'read' : 'reads'} ${lanes[0].reads}`
    : `in your browser ${each}`;
  const sure = percent(Math.min(...lanes.map((lane) => lane.sure ?? 0)));
  return {
    kind: 'waiting',
    headline: `Reading along: ${says}, ${sure} sure.`,
    detail: 'The original and the versions on the server answer when you lift the pen.',
  };
}
