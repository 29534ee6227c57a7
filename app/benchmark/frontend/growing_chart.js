/**
 * What a benchmark has measured so far: the table of bars that the page shows at the end
 * (app/benchmark/results/bars.py), and a sentence on how sure it is who leads. It is drawn here,
 * between rounds, since a rerun of the page would disturb what is measured.
 *
 * @import {BenchmarkReport, LaneReport} from './report.js'
 */

import { interval, median, writtenInterval, writtenTime } from './precision.js';

const FEWEST = 6; // rounds, before anybody is said to lead: fewer have no interval
const CUT = 12; // times the shortest bar: a longer one goes on outside of the picture

/**
 * Draws the first time, and then changes what is there.
 * @param {HTMLElement} root
 * @param {BenchmarkReport} report
 * @param {string} thing  what is measured, a digit or a picture
 */
export function paintChart(root, report, thing) {
  const { rows, said } = drawn(root, report, thing);
  const spans = report.lanes.map(spanOf);
  const right = spans.filter((_, at) => !isWrong(report.lanes[at])).flatMap((span) => span ?? []);
  const shortest = Math.min(
    ...(right.length > 0 ? right : spans.flatMap((span) => span ?? [])).map(({ at }) => at),
  );
  const longest = Math.min(Math.max(...spans.map((span) => span?.at ?? 0)), CUT * shortest);
  for (const [index, lane] of report.lanes.entries())
    paintRow(rows[index], lane, spans[index], longest);
  said.textContent = sureness(report.lanes.filter((lane) => isTimed(lane) && !isWrong(lane)));
}

/** @typedef {{at: number, low: number, high: number}} Span */

/** A lane's median and its interval. @param {LaneReport} lane @returns {Span | null} */
function spanOf(lane) {
  const { steady_ms, turns } = lane;
  return isTimed(lane) ? { at: median(steady_ms), ...interval(steady_ms, turns) } : null;
}

/** @param {HTMLElement} row @param {LaneReport} lane @param {Span | null} span @param {number} longest */
function paintRow(row, lane, span, longest) {
  const track = /** @type {HTMLElement} */ (row.querySelector('.dp-span'));
  for (const name of /** @type {const} */ (['at', 'low', 'high'])) {
    track.style.setProperty(
      `--${name}`,
      `${span ? Math.min(100, (100 * span[name]) / longest) : 0}%`,
    );
  }
  track.toggleAttribute('data-cut', span !== null && span.at > longest);
  row.toggleAttribute('data-empty', span === null);
  row.toggleAttribute('data-wrong', isWrong(lane));
  const { steady_ms, turns } = lane;
  setText(row, 'b', span ? writtenTime(steady_ms, turns) : '…');
  setText(row, 'small', span ? writtenInterval(span) : '');
  setText(row, '.dp-answers', answers(lane));
}

/** @param {HTMLElement} row @param {string} selector @param {string} text */
function setText(row, selector, text) {
  const found = /** @type {HTMLElement} */ (row.querySelector(selector));
  if (found.textContent !== text) found.textContent = text;
}

/** What the answers are so far, as app/benchmark/results/answers.py says it. @param {LaneReport} lane */
function answers({ checked, error }) {
  if (error !== null) return 'does not run here';
  if (checked === null) return '';
  if (checked.wrong === 0) return 'all right';
  if (checked.wrong === checked.answers)
    return checked.nan === checked.wrong ? 'all NaN' : 'all wrong';
  return `${checked.wrong} of ${checked.answers} ${checked.nan === checked.wrong ? 'NaN' : 'wrong'}`;
}

/** How sure it is so far who leads. @param {LaneReport[]} lanes */
function sureness(lanes) {
  if (lanes.length < 2) return '';
  const rounds = Math.min(...lanes.map(({ turns }) => turns.length));
  const after = `After ${rounds} round${rounds === 1 ? '' : 's'}`;
  if (rounds < FEWEST) return `${after}: too early to say which is the fastest.`;
  const [best, second] = [...lanes].sort((a, b) => median(a.steady_ms) - median(b.steady_ms));
  const [{ high }, { low }] = [best, second].map((lane) => interval(lane.steady_ms, lane.turns));
  if (high < low) return `${after}: ${name(best)} leads, beyond the noise so far.`;
  return `${after}: ${name(best)} and ${name(second)} are within the noise.`;
}

/** @param {LaneReport} lane */
const isTimed = ({ steady_ms }) => steady_ms.length > 0;

/** @param {LaneReport} lane */
const isWrong = ({ checked }) => (checked?.wrong ?? 0) > 0;

/** What pages call a lane: "graph on wasm". @param {LaneReport} report */
const name = ({ lane }) => lane.replace(' @ tfjs/', ' on ');

/**
 * The chart's parts, which are made where they are not there.
 * @param {HTMLElement} root
 * @param {BenchmarkReport} report
 * @param {string} thing
 */
function drawn(root, { lanes }, thing) {
  if (root.querySelector('table') === null) {
    const table = made(root, 'table', 'dp-bars');
    made(table, 'caption', '').textContent =
      `One ${thing}: the median time of each version so far, with its 95 % interval, and whether its answers were right`;
    const head = made(made(table, 'thead', ''), 'tr', '');
    for (const title of ['Version', `Time for one ${thing}`, 'Answers'])
      heading(head, 'col', title);
    const body = made(table, 'tbody', '');
    for (const lane of lanes) emptyRow(body, lane);
    made(root, 'p', 'dp-sure');
  }
  return {
    rows: /** @type {HTMLElement[]} */ ([...root.querySelectorAll('tbody tr')]),
    said: /** @type {HTMLElement} */ (root.querySelector('.dp-sure')),
  };
}

/** @param {HTMLElement} body @param {LaneReport} lane */
function emptyRow(body, lane) {
  const row = made(body, 'tr', `dp-${lane.lane.split(' ')[0]}`);
  heading(row, 'row', name(lane));
  const cell = made(made(row, 'td', ''), 'div', 'dp-timed');
  made(cell, 'div', 'dp-span');
  const took = made(cell, 'div', 'dp-took');
  made(took, 'b', '');
  took.append(' ');
  made(took, 'small', '');
  made(row, 'td', 'dp-answers');
}

/** @param {HTMLElement} row @param {string} scope @param {string} text */
function heading(row, scope, text) {
  const cell = made(row, 'th', '');
  cell.setAttribute('scope', scope);
  cell.textContent = text;
}

/** @param {HTMLElement} parent @param {string} tag @param {string} className */
function made(parent, tag, className) {
  const child = document.createElement(tag);
  if (className) child.className = className;
  return parent.appendChild(child);
}
