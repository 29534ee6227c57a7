/**
 * What every lane read, shown in the page's places (`result_component.py`). Readings come from
 * Python with each run of the page. What was just drawn does not wait for that: its reading is
 * fetched as soon as the browser's lanes have answered, and Python's own follows with the same words
 * and numbers.
 *
 * @import {Component} from '../../frontend/component.js'
 * @import {Answered} from '../events.js'
 * @import {Vega} from './vega_chart.js'
 *
 * @typedef {object} Reading
 * @property {string | null} digit  784 levels, base64; null for an empty canvas
 * @property {string[]} lanes
 * @property {Record<string, string>} parts  HTML by place
 * @property {Record<string, object[]>} rows  by chart
 *
 * @typedef {object} Data
 * @property {string} address  where a reading is fetched, below the app's root
 * @property {string} vega  the script that loads Vega, below the app's root
 * @property {string} specs  the charts' specifications, below the app's root
 * @property {Reading} reading
 * @property {string} cutOff  HTML for the verdict's place when the server cannot be reached
 */

import { mounted } from '../../frontend/component.js';
import { underRoot } from '../../streamlit_internals/root_address.js';
import { loadVega } from '../../streamlit_internals/vega.js';
import { ANSWERED, padThere } from '../events.js';
import { Plot } from './vega_chart.js';

/** What is fetched later than this does not come before Python's own. */
const LATE_MS = 1000;

/** So long Python may still send the reading of a digit before. */
const OUTDATED_MS = 1000;

export default mounted(
  '.dp-sheet',
  () => new Sheet(),
  (sheet, /** @type {Component<Data>} */ { data }) => sheet.show(data),
);

class Sheet {
  constructor() {
    /** What Python sent last. @type {Data | null} */
    this.data = null;
    /** The digit that is shown. @type {string | null} */
    this.digit = null;
    /** Digits that are shown, or were, and that Python has yet to come to. @type {(string | null)[]} */
    this.ahead = [];
    /** Of what is shown and asked. What is not of the latest is dropped. */
    this.turn = 0;
    /** What is in each place. @type {WeakMap<Element, string>} */
    this.painted = new WeakMap();
    /** By address. @type {Map<string, Promise<Record<string, object>>>} */
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

  /** Python's own. @param {Data} data */
  show(data) {
    this.data = data;
    const { reading, specs } = data;
    const outdated = this.ahead.slice(0, -1).includes(reading.digit);
    if (outdated) {
      const { turn } = this;
      setTimeout(() => {
        if (this.data !== data || this.turn !== turn) return;
        this.ahead = []; // nothing else came: the drawing was taken back
        this.show(data);
      }, OUTDATED_MS);
      return;
    }
    this.turn += 1;
    this.ahead = [];
    void this.paint(reading, this.specsAt(specs));
  }

  /** What was just drawn, before Python has seen it. @param {object} report */
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
      // When it was only slow, Python's own comes. Without a connection nothing does.
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
      // Python's own comes anyway.
    }
  }

  /**
   * @param {Reading} reading
   * @param {Promise<Record<string, object>> | null} asked  specifications; null for those that are there
   */
  async paint({ digit, lanes, parts, rows }, asked) {
    this.digit = digit;
    for (const [name, html] of Object.entries(parts)) {
      for (const place of document.querySelectorAll(`[data-place=${name}]`)) this.fill(place, html);
    }
    // Other lanes have other charts, which Python sends.
    if (asked === null && String(lanes) !== String(this.data?.reading.lanes)) return;
    const charts = /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll('.dp-chart'));
    await Promise.all(
      [...charts].map((chart) => {
        const name = chart.dataset.chart ?? '';
        return this.plot(chart).show(asked?.then((specs) => specs[name]) ?? null, rows[name]);
      }),
    );
  }

  /** @param {string} address @returns {Promise<Record<string, object>>} */
  specsAt(address) {
    const known = this.specs.get(address);
    if (known) return known;
    const asked = fetch(underRoot(address)).then((response) => {
      if (!response.ok) throw new Error('the server could not make it');
      return response.json();
    });
    asked.catch(() => this.specs.delete(address));
    this.specs.set(address, asked);
    return asked;
  }

  /**
   * What stands there is of another drawing than the browser's lanes have just answered.
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
    const made = new Plot(/** @type {HTMLElement} */ (chart.lastElementChild), () => this.vega());
    this.plots.set(chart, made);
    return made;
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
