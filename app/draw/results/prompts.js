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

/**
 * What the browser's lanes read while the pen moves; none have read anything yet when it begins.
 * @param {LaneFigures[]} lanes
 * @returns {Verdict}
 */
export function readAlong(lanes) {
  const read = lanes.filter(({ reads }) => reads !== undefined);
  const detail = 'The original and the versions on the server answer when you lift the pen.';
  const [first] = read;
  if (first === undefined) return { kind: 'waiting', headline: 'Reading along …', detail };
  const isOne = read.every(({ reads }) => reads === first.reads);
  const names = read.map(({ format }) => format).join(' and ');
  const says = isOne
    ? `${names} in your browser ${read.length > 1 ? 'read' : 'reads'} ${first.reads}`
    : `in your browser ${read.map(({ format, reads }) => `${format} reads ${reads}`).join(', ')}`;
  const sure = Math.min(...read.map((lane) => lane.sure ?? 0));
  return { kind: 'waiting', headline: `Reading along: ${says}, ${percent(sure)} sure.`, detail };
}
