/**
 * Every version of the model in one table: what it reads, how sure it is, how far from the original it
 * is, how long one picture takes.
 *
 * @import {LaneFigures} from '../reading/reading_stream.js'
 */

import { milliseconds, percent, plain, share } from '../../ui/figures.js';

const CAPTION = 'What every version reads, how sure it is, and how far it is from the original';
const COLUMNS = [
  ['version', ''],
  ['reads', ''],
  ['how sure', ''],
  ['difference', 'n'],
  ['takes', 'n'],
];

export class LanesTable {
  /** @param {HTMLElement} root */
  constructor(root) {
    const table = document.createElement('table');
    table.className = 'dp-lanes';
    const [caption, head, body] = ['caption', 'thead', 'tbody'].map((tag) =>
      document.createElement(tag),
    );
    caption.textContent = CAPTION;
    const names = document.createElement('tr');
    names.append(...COLUMNS.map(([text, kind]) => heading('col', text, kind)));
    head.append(names);
    table.append(caption, head, body);
    root.append(table);
    this.takes = /** @type {HTMLElement} */ (names.lastElementChild);
    this.body = body;
    /** Each version's row by its place. @type {Map<string, Row>} */
    this.rows = new Map();
  }

  /** @param {string} thing  what versions are given */
  begin(thing) {
    this.takes.textContent = `a ${thing} takes`;
  }

  /** Show all lanes, or the newer figures of those that are there. @param {LaneFigures[]} lanes */
  show(lanes) {
    if (String(lanes.map(placeOf)) !== String([...this.rows.keys()])) {
      this.rows = new Map(lanes.map((lane) => [placeOf(lane), new Row(lane)]));
      this.body.replaceChildren(...[...this.rows.values()].map(({ row }) => row));
    }
    for (const lane of lanes) this.update(lane);
  }

  /** Say how much of a lane's weights is there. @param {string} format @param {number} share */
  progress(format, share) {
    const inBrowser = [...this.rows.values()].find(
      ({ row }) => row.dataset.format === format && row.dataset.where === 'browser',
    );
    inBrowser?.progress(share);
  }

  /** @param {LaneFigures} lane */
  update(lane) {
    this.rows.get(placeOf(lane))?.show(lane);
  }
}

class Row {
  /** @param {LaneFigures} lane */
  constructor(lane) {
    this.row = document.createElement('tr');
    this.row.className = `dp-${lane.format}`;
    this.row.dataset.format = lane.format;
    this.row.dataset.where = lane.inBrowser ? 'browser' : 'server';
    this.reads = cell('dp-digit');
    this.sure = cell('');
    this.difference = cell('n');
    this.time = cell('n');
    this.bar = document.createElement('span');
    this.bar.className = 'dp-sure';
    this.percent = document.createElement('span');
    this.sure.append(this.bar, this.percent);
    const name = heading('row', lane.name, '');
    this.row.append(name, this.reads, this.sure, this.difference, this.time);
  }

  /** @param {LaneFigures} lane */
  show(lane) {
    const hasFailed = lane.state === 'failed';
    this.row.dataset.state = lane.state;
    this.row.dataset.lane = lane.lane;
    this.row.toggleAttribute('data-differs', lane.differs ?? false);
    fill(this.reads, hasFailed ? '×' : (lane.reads ?? '–'));
    this.reads.title = lane.reads ?? '';
    this.bar.style.setProperty('--sure', String(lane.sure ?? 0));
    fill(this.percent, hasFailed ? (lane.error ?? '') : sureOf(lane));
    this.sure.colSpan = hasFailed ? 3 : 1; // the whole sentence, in the place of the figures
    this.bar.hidden = this.difference.hidden = this.time.hidden = hasFailed;
    fill(this.difference, distanceOf(lane));
    this.difference.title = typeof lane.distance === 'number' ? plain(lane.distance) : '';
    fill(this.time, lane.steadyMs?.length ? milliseconds(median(lane.steadyMs)) : '');
  }

  /** @param {number} share  of the weights that is there */
  progress(share) {
    if (this.row.dataset.state !== 'waiting') return;
    fill(this.percent, share < 1 ? `loading, ${Math.floor(100 * share)} %` : '…');
  }
}

/** A lane's place in the table, whatever backend it runs on. @param {LaneFigures} lane */
const placeOf = ({ lane, inBrowser }) =>
  `${lane.split(' @ ')[0]} ${inBrowser ? 'browser' : 'server'}`;

/** The median as in Python: the mean of the middle two of an even number of times. @param {number[]} times */
export function median(times) {
  const sorted = [...times].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** @param {LaneFigures} lane */
const sureOf = ({ sure }) => (sure === undefined ? '…' : percent(sure));

/** @param {LaneFigures} lane */
function distanceOf({ isReference, state, distance, differs }) {
  if (isReference || state !== 'answered' || distance === undefined) return '–';
  return distance === null ? (differs ? 'NaN' : '–') : share(distance);
}

/** @param {'col' | 'row'} scope @param {string} text @param {string} className */
function heading(scope, text, className) {
  const made = document.createElement('th');
  made.scope = scope;
  made.className = className;
  made.textContent = text;
  return made;
}

/** @param {string} className */
function cell(className) {
  const made = document.createElement('td');
  made.className = className;
  return made;
}

/** @param {HTMLElement} element @param {string} text */
function fill(element, text) {
  if (element.textContent !== text) element.textContent = text;
}
