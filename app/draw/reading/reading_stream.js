/**
 * The server's reading of a picture, line by line as its lanes answer (`endpoint.py`).
 *
 * @typedef {object} LaneAbout  what is known of a lane before it answers
 * @property {string} lane
 * @property {string} name  for a reader
 * @property {'keras' | 'graph' | 'layers'} format
 * @property {boolean} inBrowser
 * @property {boolean} isReference
 *
 * @typedef {object} LaneAnswer  what is not there yet is left out
 * @property {'waiting' | 'live' | 'answered' | 'failed'} state  live: of a stroke that goes on
 * @property {string} [reads]
 * @property {number} [sure]
 * @property {number[]} [probabilities]  of the classes that are shown
 * @property {number | null} [distance]  from the reference, as a share; null for no finite one
 * @property {boolean} [differs]  by more than rounding
 * @property {number | null} [loadMs]
 * @property {number | null} [firstMs]
 * @property {number[]} [steadyMs]
 * @property {string} [error]
 *
 * @typedef {LaneAbout & LaneAnswer} LaneFigures
 *
 * @typedef {object} Reading
 * @property {string} digit
 * @property {boolean} done
 * @property {string} query  of the page's address, without a question mark
 * @property {string} specs  URL path of the charts' specifications, below the app's root
 * @property {Verdict} verdict
 * @property {Shipping | null} ship  null until the original and the browser have answered
 * @property {string | null} fallback
 * @property {{share: number, says: string}} allowed
 * @property {string[]} classes  that are shown
 * @property {{reads: string, sure: number}[]} likeliest  of many classes; empty for a few
 * @property {LaneFigures[]} lanes
 * @property {{differences: object[], pairs: object[]}} rows
 *
 * @typedef {object} Verdict
 * @property {'agree' | 'differ' | 'unsure' | 'waiting' | 'failed'} kind
 * @property {string} headline
 * @property {string} detail
 *
 * @typedef {object} Shipping
 * @property {string} advice
 * @property {string} why
 * @property {string} faster  the format that is said to be faster, neither, or unknown
 */

import { underRoot } from '../../streamlit_internals/root_address.js';

/** The server has answered, and refuses. */
export class Refused extends Error {}

/**
 * Post a picture with what the browser's lanes answered.
 * @param {string} address  URL path below the app's root
 * @param {object} report
 * @param {AbortSignal} signal
 * @returns {AsyncGenerator<Reading>}
 * @throws {Refused} with the server's sentence
 * @throws {TypeError} when the server cannot be reached, or the stream breaks off
 */
export async function* readings(address, report, signal) {
  const response = await fetch(underRoot(address), {
    method: 'POST',
    body: JSON.stringify(report),
    signal,
  });
  const isOurs = response.headers.get('content-type')?.startsWith('text/plain');
  if (!response.ok && !isOurs) throw new TypeError(`status ${response.status}`); // a proxy's page
  if (!response.ok || response.body === null) throw new Refused(await response.text());
  const text = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = '';
  let isDone = false;
  for (;;) {
    const { value, done } = await text.read();
    if (done) break;
    const lines = (rest + value).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      /** @type {Reading} */
      const reading = JSON.parse(line);
      isDone = reading.done;
      yield reading;
    }
  }
  if (!isDone) throw new TypeError('The answer broke off.');
}
