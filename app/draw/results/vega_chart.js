/**
 * A Vega chart in its place. It is embedded once for each specification; then only its rows change.
 *
 * @typedef {{view: View, finalize: () => void}} Embedded
 * @typedef {{data: (name: string, rows: object[]) => View, width: (pixels: number) => View,
 *   resize: () => View, runAsync: () => Promise<View>,
 *   toImageURL: (type: string, scale: number) => Promise<string>}} View
 * @typedef {{embed: (place: HTMLElement, spec: object, options: object) => Promise<Embedded>,
 *   expressionInterpreter: unknown}} Vega
 */

import { reason } from '../../frontend/tfjs.js';

/** The picture has the resolution of a high-density screen. */
const SAVED_SCALE = 2;

export class Plot {
  /**
   * @param {HTMLElement} place
   * @param {() => Promise<Vega>} vega
   */
  constructor(place, vega) {
    this.place = place;
    this.vega = vega;
    /** @type {object | null} */
    this.spec = null;
    this.rows = '';
    this.width = 0;
    /** @type {Embedded | null} */
    this.made = null;
    this.closed = false;
    this.work = Promise.resolve();
    /** Rows that change from frame to frame; null when the latest are shown. @type {object[] | null} */
    this.moving = null;
    this.isMoving = false;
    this.resized = new ResizeObserver(() => this.fit());
  }

  /**
   * Show these rows. Calls are queued.
   * @param {Promise<object> | null} spec  null to keep the present one
   * @param {object[]} rows
   * @returns {Promise<void>}
   */
  show(spec, rows) {
    this.moving = null;
    return this.queue(() => this.update(spec, rows));
  }

  /** @param {() => Promise<void>} work */
  queue(work) {
    this.work = this.work.then(work).catch((error) => this.fail(error));
    return this.work;
  }

  /** Show rows that are replaced soon: those that come while others are painted are left out. @param {object[]} rows */
  live(rows) {
    this.moving = rows;
    if (this.isMoving || this.made === null) return;
    this.isMoving = true;
    void this.queue(async () => {
      this.isMoving = false;
      const latest = this.moving;
      this.moving = null;
      if (latest) await this.update(null, latest);
    });
  }

  /** @param {Promise<object> | null} requested @param {object[]} rows */
  async update(requested, rows) {
    const now = JSON.stringify(rows);
    const spec = requested && (await requested);
    if (this.closed) return;
    if (spec !== null && spec !== this.spec) {
      await this.make(spec, rows);
    } else if (this.made !== null && now !== this.rows) {
      await this.made.view.data('rows', rows).runAsync();
    }
    this.rows = now;
    // Axes alone say nothing: Vega calls marks pictures, of which these would have no name.
    const drawing = this.place.querySelector('svg');
    if (drawing) drawing.ariaHidden = `${rows.length === 0}`;
  }

  /** @param {{config?: object}} spec @param {object[]} rows */
  async make(spec, rows) {
    const { embed, expressionInterpreter } = await this.vega();
    if (this.closed) return;
    this.clear();
    const config = { ...spec.config, font: getComputedStyle(this.place).fontFamily };
    const made = await embed(
      this.place,
      { ...spec, config, data: { name: 'rows', values: rows } },
      {
        actions: false,
        ast: true, // the page allows no `eval`
        defaultStyle: false,
        logLevel: 1, // errors; an empty chart would be a warning
        expr: expressionInterpreter,
        tooltip: { disableDefaultStyle: true },
      },
    );
    if (this.closed) {
      made.finalize();
      return;
    }
    this.made = made;
    this.place.append(this.button());
    this.spec = spec;
    this.width = this.place.clientWidth;
    this.resized.observe(this.place);
  }

  button() {
    const element = document.createElement('button');
    element.className = 'dp-save';
    element.type = 'button';
    const title = this.place.parentElement?.querySelector('.dp-title')?.firstChild?.textContent;
    element.ariaLabel = element.title = `Save as a picture: ${title}`;
    element.onclick = () => void this.save();
    return element;
  }

  async save() {
    const link = document.createElement('a');
    link.href = (await this.made?.view.toImageURL('png', SAVED_SCALE)) ?? '';
    link.download = `digit-parity-${this.place.parentElement?.dataset.chart}.png`;
    link.click();
  }

  fit() {
    const { clientWidth } = this.place;
    if (this.made === null || clientWidth === 0 || clientWidth === this.width) return;
    this.width = clientWidth;
    void this.made.view.width(clientWidth).resize().runAsync();
  }

  /** @param {unknown} error */
  fail(error) {
    if (this.closed) return;
    this.clear();
    this.spec = null;
    this.place.textContent = `This chart could not be drawn: ${reason(error)}. Reload the page.`;
  }

  close() {
    this.closed = true;
    this.clear();
  }

  /** End the present chart; another may follow. */
  clear() {
    this.resized.disconnect();
    this.made?.finalize();
    this.made = null;
  }
}
