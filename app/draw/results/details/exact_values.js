/**
 * The exact values of every version, as a table: nine digits tell any two float32 numbers apart.
 *
 * @import {Reading} from '../../reading/reading_stream.js'
 */

import { median } from '../lanes_table.js';

const DIGITS = 9;

export class ExactValues {
  /** @param {HTMLElement} root */
  constructor(root) {
    this.details = document.createElement('details');
    const summary = document.createElement('summary');
    summary.textContent = 'Exact values';
    this.place = document.createElement('div');
    this.place.className = 'dp-scroll';
    this.place.tabIndex = 0; // so that a keyboard can scroll it
    this.place.role = 'group';
    this.place.ariaLabel = 'Exact values, as a table';
    this.details.append(summary, this.place);
    root.append(this.details);
    /** @type {Reading | null} */
    this.reading = null;
    this.details.ontoggle = () => this.paint();
  }

  /** @param {Reading | null} reading  null without a picture */
  show(reading) {
    this.reading = reading;
    this.details.hidden = reading === null;
    this.paint();
  }

  /** A closed table is not made: every stroke would. */
  paint() {
    if (!this.details.open || this.reading === null) return;
    const { classes, lanes } = this.reading;
    const table = document.createElement('table');
    table.className = 'dp-exact';
    const head = table.createTHead().insertRow();
    const names = [
      'version',
      ...classes.map((each) => `P(${each})`),
      'median ms',
      'first ms',
      'load ms',
    ];
    for (const name of names) {
      const cell = document.createElement('th');
      cell.scope = 'col';
      cell.textContent = name;
      head.append(cell);
    }
    const body = table.createTBody();
    for (const lane of lanes) {
      const row = body.insertRow();
      const name = document.createElement('th');
      name.scope = 'row';
      name.textContent = lane.name;
      row.append(name);
      const { probabilities, steadyMs, firstMs, loadMs, error } = lane;
      if (probabilities === undefined) {
        const cell = row.insertCell();
        cell.colSpan = names.length - 1;
        cell.textContent = error ?? '…';
        continue;
      }
      for (const value of probabilities) row.insertCell().textContent = exact(value);
      const times = [steadyMs?.length ? median(steadyMs) : null, firstMs, loadMs];
      for (const ms of times) row.insertCell().textContent = ms == null ? '–' : ms.toFixed(3);
    }
    this.place.replaceChildren(table);
  }
}

/** @param {number} value */
const exact = (value) => String(Number(value.toPrecision(DIGITS)));
