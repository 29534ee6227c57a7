/**
 * What a benchmark has measured so far: a bar a version, with the interval that its end may lie in,
 * and a sentence on how sure it is who leads. It is drawn here, between rounds, since a rerun of the
 * page would disturb what is measured.
 *
 * @import {BenchmarkReport, LaneReport} from './report.js'
 *
 * @typedef {{times: number[], turns: number[]}} Sample
 * @typedef {{of: (lane: LaneReport) => Sample, caption: string}} Figure
 */

import { interval, median, writtenTime } from './precision.js';

const FEWEST = 6; // rounds, before anybody is said to lead: fewer have no interval

/** @type {Figure} */
const ONE = {
  of: ({ steady_ms, turns }) => ({ times: steady_ms, turns }),
  caption: 'One picture: how long it takes, so far. A shorter bar is faster.',
};

/** @type {Figure} */
const MANY = {
  of: bestBatch,
  caption: 'Many pictures: how long each takes in the best batch, so far. A shorter bar is faster.',
};

/**
 * Draws the first time, and then changes what is there.
 * @param {HTMLElement} root
 * @param {BenchmarkReport} report
 */
export function paintChart(root, report) {
  const figure = report.lanes.some(({ batches }) => batches.length > 0) ? MANY : ONE;
  const { table, said } = drawn(root, report);
  /** @type {HTMLElement} */ (table.querySelector('caption')).textContent = figure.caption;
  const lanes = report.lanes.map((lane) => ({ lane, ...figure.of(lane) }));
  const spans = lanes.map(({ lane, times, turns }) =>
    times.length > 0 && !isWrong(lane)
      ? { ...interval(times, turns), middle: median(times) }
      : null,
  );
  const longest = Math.max(...spans.map((span) => span?.high ?? 0));
  for (const [at, { lane, times, turns }] of lanes.entries()) {
    const span = spans[at];
    const { bar, value } = cells(table, at);
    for (const name of /** @type {const} */ (['low', 'middle', 'high'])) {
      bar.style.setProperty(`--dp-${name}`, span ? `${(100 * span[name]) / longest}%` : '0%');
    }
    value.textContent = span ? writtenTime(times, turns) : noFigure(lane);
  }
  said.textContent = sureness(lanes.filter((_, at) => spans[at]));
}

/** How sure it is so far who leads. @param {(Sample & {lane: LaneReport})[]} lanes */
function sureness(lanes) {
  if (lanes.length < 2) return '';
  const rounds = Math.min(...lanes.map(({ turns }) => turns.length));
  const after = `After ${rounds} round${rounds === 1 ? '' : 's'}`;
  if (rounds < FEWEST) return `${after}: too early to say which is the fastest.`;
  const [best, second] = [...lanes].sort((one, other) => median(one.times) - median(other.times));
  const [{ high }, { low }] = [best, second].map(({ times, turns }) => interval(times, turns));
  if (high < low) return `${after}: ${name(best.lane)} leads, beyond the noise so far.`;
  return `${after}: ${name(best.lane)} and ${name(second.lane)} are within the noise.`;
}

/** @param {LaneReport} lane */
function noFigure(lane) {
  if (isWrong(lane)) return 'wrong answers';
  return lane.error === null ? '…' : 'cannot run';
}

/** @param {LaneReport} lane */
const isWrong = ({ checked }) => (checked?.wrong ?? 0) > 0;

/** What pages call a lane: "graph on wasm". @param {LaneReport} report */
const name = ({ lane }) => lane.replace(' @ tfjs/', ' on ');

/** The times per picture at the batch size at which a lane is fastest. @param {LaneReport} lane @returns {Sample} */
function bestBatch({ batches }) {
  const all = batches.map(({ size, ms, turns }) => ({
    times: ms.map((each) => each / size),
    turns,
  }));
  const [best = { times: [], turns: [] }] = all.sort((a, b) => median(a.times) - median(b.times));
  return best;
}

/** The chart's parts, which are made where they are not there. @param {HTMLElement} root @param {BenchmarkReport} report */
function drawn(root, { lanes }) {
  let table = /** @type {HTMLTableElement | null} */ (root.querySelector('table'));
  let said = /** @type {HTMLElement | null} */ (root.querySelector('.dp-sure'));
  if (table && said) return { table, said };
  table = root.appendChild(document.createElement('table'));
  table.appendChild(document.createElement('caption'));
  const rows = table.createTBody();
  for (const lane of lanes) {
    const row = rows.insertRow();
    const head = row.appendChild(document.createElement('th'));
    head.scope = 'row';
    head.textContent = name(lane);
    const bar = row.insertCell().appendChild(document.createElement('span'));
    bar.className = `dp-bar dp-${lane.lane.split(' ')[0]}`;
    row.insertCell();
  }
  said = root.appendChild(document.createElement('p'));
  said.className = 'dp-sure';
  return { table, said };
}

/** A row's bar and figure. @param {HTMLTableElement} table @param {number} at */
function cells(table, at) {
  const row = table.querySelectorAll('tr')[at];
  const [, value] = row.querySelectorAll('td');
  return { bar: /** @type {HTMLElement} */ (row.querySelector('.dp-bar')), value };
}
