/**
 * Every version of the model in one table: what it reads, how sure it is, how far from the original it
 * is, how long one picture takes.
 *
 * @import {LaneFigures} from '../reading/reading_stream.js'
 */

import { milliseconds, percent, share } from '../../ui/figures.js';

const COLUMNS = [
  ['version', ''],
  ['reads', ''],
  ['how sure', ''],
  ['difference', 'n'],
  ['one takes', 'n'],
];

export class LanesTable {
  /** @param {HTMLElement} root */
  constructor(root) {
    this.table = document.createElement('table');
    this.table.className = 'dp-lanes';
    const head = this.table.createTHead().insertRow();
    for (const [text, kind] of COLUMNS) {
      const cell = document.createElement('th');
      cell.scope = 'col';
      cell.textContent = text;
      cell.className = kind;
      head.append(cell);
    }
    this.body = this.table.createTBody();
    root.replaceChildren(this.table);
  }

  /** Show all lanes, or the newer figures of those that are there. @param {LaneFigures[]} lanes */
  show(lanes) {
    const names = lanes.map(placeOf);
    const there = [...this.body.rows].map((row) => row.dataset.place);
    if (String(names) !== String(there)) this.body.replaceChildren(...lanes.map(emptyRow));
    for (const lane of lanes) this.update(lane);
  }

  /** Say how much of a lane's weights is there. @param {string} format @param {number} share */
  progress(format, share) {
    const row = [...this.body.rows].find(
      ({ dataset }) => dataset.format === format && dataset.where === 'browser',
    );
    if (row?.dataset.state !== 'waiting') return;
    const text = row.cells[2].lastElementChild;
    if (text) text.textContent = share < 1 ? `loading, ${Math.floor(100 * share)} %` : '…';
  }

  /** @param {LaneFigures} lane */
  update(lane) {
    const row = [...this.body.rows].find((each) => each.dataset.place === placeOf(lane));
    if (row === undefined) return;
    row.dataset.state = lane.state;
    row.dataset.lane = lane.lane;
    row.toggleAttribute('data-differs', lane.differs ?? false);
    const [, reads, sure, difference, time] = row.cells;
    const failed = lane.state === 'failed';
    fill(reads, failed ? '×' : (lane.reads ?? '–'));
    reads.title = lane.reads ?? '';
    if (failed) fill(sure, lane.error ?? '');
    else showSure(sure, lane.sure ?? null);
    sure.colSpan = failed ? 3 : 1;
    difference.hidden = time.hidden = failed;
    fill(difference, distance(lane));
    fill(time, lane.steadyMs?.length ? milliseconds(median(lane.steadyMs)) : '');
  }
}

/** A lane's place in the table, whatever backend it runs on. @param {LaneFigures} lane */
const placeOf = ({ lane, inBrowser }) =>
  `${lane.split(' @ ')[0]} ${inBrowser ? 'browser' : 'server'}`;

/** A lane's name for a reader: where it runs is what tells two of one format apart. @param {LaneFigures} lane */
export function nameOf({ lane, format, inBrowser, isReference }) {
  const what = format === 'keras' ? 'Keras' : lane.split(' @ ')[0];
  if (isReference && format === 'keras') return 'Keras, the original';
  return `${what}, ${inBrowser ? 'in your browser' : 'on the server'}`;
}

/** The median as in Python: the mean of the middle two of an even number of times. @param {number[]} times */
export function median(times) {
  const sorted = [...times].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** @param {LaneFigures} lane */
function emptyRow(lane) {
  const row = document.createElement('tr');
  row.dataset.place = placeOf(lane);
  row.dataset.format = lane.format;
  row.dataset.where = lane.inBrowser ? 'browser' : 'server';
  row.className = `dp-${lane.format}`;
  const name = document.createElement('th');
  name.scope = 'row';
  name.textContent = nameOf(lane);
  row.append(name);
  for (const [, kind] of COLUMNS.slice(1)) row.insertCell().className = kind;
  row.cells[1].classList.add('dp-digit');
  return row;
}

/** @param {LaneFigures} lane */
function distance({ isReference, state, distance: far, differs }) {
  if (isReference || state !== 'answered' || far === undefined) return '–';
  return far === null ? (differs ? 'NaN' : '–') : share(far);
}

/** @param {HTMLTableCellElement} cell @param {number | null} sure */
function showSure(cell, sure) {
  if (cell.querySelector('.dp-sure') === null) {
    const bar = document.createElement('span');
    bar.className = 'dp-sure';
    cell.replaceChildren(bar, document.createElement('span'));
  }
  const [bar, text] = /** @type {HTMLElement[]} */ ([...cell.children]);
  bar.style.setProperty('--sure', String(sure ?? 0));
  fill(text, sure === null ? '…' : percent(sure));
}

/** @param {HTMLElement} element @param {string} text */
function fill(element, text) {
  if (element.textContent !== text) element.textContent = text;
}
