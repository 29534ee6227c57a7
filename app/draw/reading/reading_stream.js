/**
 * Shows what every lane read in the page's places (`result_component.py`). Python sends a reading with
 * each run of the page. A new drawing does not wait for that: its reading is fetched as soon as the
 * browser's lanes have answered, and Python's reading follows with the same content.
 *
 * @import {Component} from '../../frontend/component.js'
 * @import {Answered} from '../events.js'
 * @import {Vega} from './vega_chart.js'
 *
 * @typedef {object} Reading
 * @property {string | null} digit  784 levels, base64; null for an empty canvas
 * @property {string[]} lanes  all lanes that the page has a place for
 * @property {Record<string, string>} parts  HTML by place
 * @property {Record<string, object[]>} rows  by the chart's name
 *
 * @typedef {object} Data
 * @property {string} address  URL path of the endpoint for readings, below the app's root
 * @property {string} vega  URL path of the script that loads Vega, below the app's root
 * @property {string} specs  URL path of the charts' specifications, below the app's root
 * @property {Reading} reading
 * @property {string} cutOff  HTML for the verdict's place when the server cannot be reached
 */

import { mounted } from '../../frontend/component.js';
import { underRoot } from '../../streamlit_internals/root_address.js';
import { loadVega } from '../../streamlit_internals/vega.js';
import { ANSWERED, padThere } from '../events.js';
import { Plot } from './vega_chart.js';

/** Timeout of the request: Python's reading would come as early. */
const LATE_MS = 1000;

/** How long Python may still send the reading of a previous digit. */
const OUTDATED_MS = 1000;

export default mounted(
  '.dp-sheet',
  () => new ResultView(),
  (view, /** @type {Component<Data>} */ { data }) => view.show(data),
);

class ResultView {
  constructor() {
    /** What Python sent last. @type {Data | null} */
    this.data = null;
    /** The digit that is shown. @type {string | null} */
    this.digit = null;
    /** Digits that are or were shown and that Python has not sent yet. @type {(string | null)[]} */
    this.ahead = [];
    /** Number of the latest reading or request. Responses to older requests are dropped. */
    this.turn = 0;
    /** The HTML in each place. @type {WeakMap<Element, string>} */
    this.painted = new WeakMap();
    /** Specifications by URL path. @type {Map<string, Promise<Record<string, object>>>} */
    this.specs = new Map();
    /** @type {Map<Element, Plot>} */
    this.plots = new Map();
    this.ended = new AbortController();
    document.addEventListener(
      ANSWERED,
      (event) => {
        const answered = /** @type {CustomEvent<Answered>} */ (event).detail;
        answered.shown = this.fetch(answered.report);
      },
      { signal: this.ended.signal },
    );
  }

  /** Show Python's reading. @param {Data} data */
  show(data) {
    this.data = data;
    const { reading, specs } = data;
    const outdated = this.ahead.slice(0, -1).includes(reading.digit);
    if (outdated) {
      const { turn } = this;
      setTimeout(() => {
        if (this.data !== data || this.turn !== turn || this.ended.signal.aborted) return;
        this.ahead = []; // nothing else came: the drawing was undone
        this.show(data);
      }, OUTDATED_MS);
      return;
    }
    this.turn += 1;
    this.ahead = [];
    void this.paint(reading, this.specsAt(specs));
  }

  /** Fetch and show the reading of a new drawing, before Python has seen it. @param {object} report */
  async fetch(report) {
    if (this.data === null) return;
    this.turn += 1;
    const { turn } = this;
    /** @type {Response} */
    let response;
    try {
      response = await fetch(underRoot(this.data.address), {
        method: 'POST',
        body: JSON.stringify(report),
        signal: AbortSignal.timeout(LATE_MS),
      });
    } catch (error) {
      // After a timeout, Python's reading still comes. Without a connection it does not.
      if (error instanceof TypeError && turn === this.turn) this.sayCutOff(this.data.cutOff);
      return;
    }
    try {
      if (response.status !== 200) return;
      /** @type {Reading} */
      const reading = await response.json();
      if (turn !== this.turn || this.ended.signal.aborted) return;
      if (this.ahead.length === 0) this.ahead.push(this.digit);
      this.ahead.push(reading.digit);
      await this.paint(reading, null);
    } catch {
      // Python's reading comes anyway.
    }
  }

  /**
   * @param {Reading} reading
   * @param {Promise<Record<string, object>> | null} specs  null to keep the present ones
   */
  async paint({ digit, lanes, parts, rows }, specs) {
    this.digit = digit;
    for (const [name, html] of Object.entries(parts)) {
      for (const place of document.querySelectorAll(`[data-place=${name}]`)) this.fill(place, html);
    }
    // Other lanes need other charts, which Python sends.
    if (specs === null && String(lanes) !== String(this.data?.reading.lanes)) return;
    const charts = /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll('.dp-chart'));
    await Promise.all(
      [...charts].map((chart) => {
        const name = chart.dataset.chart ?? '';
        return this.plot(chart).show(specs?.then((byName) => byName[name]) ?? null, rows[name]);
      }),
    );
  }

  /** @param {string} address @returns {Promise<Record<string, object>>} */
  specsAt(address) {
    const known = this.specs.get(address);
    if (known) return known;
    const request = fetch(underRoot(address)).then((response) => {
      if (!response.ok) throw new Error('the server could not make it');
      return response.json();
    });
    request.catch(() => this.specs.delete(address));
    this.specs.set(address, request);
    return request;
  }

  /**
   * Replace the verdict, which is about an older drawing than the browser's lanes have answered.
   *
   * @param {string} html
   */
  sayCutOff(html) {
    for (const place of document.querySelectorAll('[data-place=verdict]')) this.fill(place, html);
  }

  /** @param {Element} place @param {string} html */
  fill(place, html) {
    if (this.painted.get(place) === html) return;
    place.innerHTML = html;
    this.painted.set(place, html);
  }

  /** @param {HTMLElement} chart */
  plot(chart) {
    const known = this.plots.get(chart);
    if (known) return known;
    const plot = new Plot(/** @type {HTMLElement} */ (chart.lastElementChild), () => this.vega());
    this.plots.set(chart, plot);
    return plot;
  }

  /** @returns {Promise<Vega>} */
  async vega() {
    await padThere();
    return loadVega(this.data?.vega ?? '');
  }

  close() {
    this.ended.abort();
    for (const plot of this.plots.values()) plot.close();
  }
}
