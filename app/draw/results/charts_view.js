/**
 * The charts, each below its heading. Their specifications are fetched once for each set of lanes.
 *
 * @import {LaneFigures, Reading} from '../reading/reading_stream.js'
 * @import {Vega} from './vega_chart.js'
 *
 * @typedef {{name: string, title: string, how: string}} Heading
 */

import { underRoot } from '../../streamlit_internals/root_address.js';
import { loadVega } from '../../streamlit_internals/vega.js';
import { chartRows, probabilityRows } from './chart_rows.js';
import { Plot } from './vega_chart.js';

/** The chart that has a second specification, on a log scale, and where the choice is kept. */
const PROBABILITIES = 'probabilities';
const LOG = 'probabilities log';
const KEPT = 'digit-parity-log';

export class ChartsView {
  /** @param {HTMLElement} root @param {Promise<unknown>} before  what the visitor waits for more */
  constructor(root, before) {
    this.root = root;
    this.before = before;
    this.vega = '';
    this.headings = '';
    /** @type {Map<string, Plot>} */
    this.plots = new Map();
    /** Whether probabilities are shown on a log scale. It is kept over the visit. */
    this.isLog = sessionStorage.getItem(KEPT) !== null;
    /** What is shown. @type {{address: string, rows: Record<string, object[]>}} */
    this.shown = { address: '', rows: {} };
    /** Specifications by URL path. @type {Map<string, Promise<Record<string, object>>>} */
    this.specs = new Map();
  }

  /**
   * Make the charts' places, and show them empty.
   * @param {Heading[]} headings
   * @param {string} vega  URL path of the script that loads Vega
   * @param {string} specs  URL path of their specifications
   * @param {boolean} areWords  whether classes are words, which take more room
   */
  begin(headings, vega, specs, areWords) {
    this.vega = vega;
    const now = JSON.stringify(headings);
    if (now === this.headings) return;
    this.headings = now;
    this.close();
    this.plots.clear();
    this.root.replaceChildren(...headings.map((each) => this.section(each, areWords)));
    void this.paint(specs, {});
  }

  /** @param {Reading} reading @returns {Promise<unknown>}  once it is painted */
  show(reading) {
    return this.paint(reading.specs, chartRows(reading));
  }

  /**
   * Show what lanes read of an unfinished stroke, as often as there is time.
   * @param {LaneFigures[]} lanes
   * @param {string[]} classes
   */
  live(lanes, classes) {
    this.plots.get('probabilities')?.live(probabilityRows(lanes, classes));
  }

  /** Show no rows: there is no picture. */
  empty() {
    this.shown.rows = {};
    for (const plot of this.plots.values()) void plot.show(null, []);
  }

  /** @param {string} address @param {Record<string, object[]>} rows */
  paint(address, rows) {
    this.shown = { address, rows };
    const specs = this.specsAt(address);
    const painted = [...this.plots].map(([name, plot]) => {
      const spec = specs.then(
        (byName) => byName[name === PROBABILITIES && this.isLog ? LOG : name],
      );
      return plot.show(spec, rows[name] ?? []);
    });
    return Promise.all(painted);
  }

  /** A button for the other scale. */
  scaleButton() {
    const button = document.createElement('button');
    button.type = 'button';
    button.className = 'dp-scale';
    button.textContent = 'log scale';
    button.setAttribute('aria-pressed', String(this.isLog));
    button.onclick = () => {
      this.isLog = !this.isLog;
      if (this.isLog) sessionStorage.setItem(KEPT, '');
      else sessionStorage.removeItem(KEPT);
      button.setAttribute('aria-pressed', String(this.isLog));
      void this.paint(this.shown.address, this.shown.rows);
    };
    return button;
  }

  /** @param {Heading} heading @param {boolean} areWords */
  section({ name, title, how }, areWords) {
    const section = document.createElement('section');
    section.className = 'dp-chart';
    section.dataset.chart = name;
    section.toggleAttribute('data-words', areWords);
    const head = document.createElement('h2');
    head.className = 'dp-title';
    head.textContent = title;
    const note = document.createElement('p');
    note.className = 'dp-how';
    note.textContent = how;
    const place = document.createElement('div');
    const scale = name === PROBABILITIES ? [this.scaleButton()] : [];
    section.append(head, ...scale, note, place);
    this.plots.set(name, new Plot(place, () => this.load()));
    return section;
  }

  /** @param {string} address @returns {Promise<Record<string, object>>} */
  specsAt(address) {
    const known = this.specs.get(address);
    if (known) return known;
    const request = this.fetch(address);
    request.catch(() => this.specs.delete(address));
    this.specs.set(address, request);
    return request;
  }

  /** @param {string} address @returns {Promise<Record<string, object>>} */
  async fetch(address) {
    await this.before;
    const response = await fetch(underRoot(address));
    if (!response.ok) throw new Error('the server could not make it');
    return response.json();
  }

  /** @returns {Promise<Vega>} */
  async load() {
    await this.before;
    return loadVega(this.vega);
  }

  close() {
    for (const plot of this.plots.values()) plot.close();
  }
}
