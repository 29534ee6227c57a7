/**
 * What is measured while the page rests, so that no answer waits for it: each lane's times, and once
 * which backend is the fastest.
 *
 * @import {Engine} from '../../frontend/tfjs.js'
 * @import {BrowserLanes, Wanted} from './browser_lanes.js'
 */

import { decode, keepFastestBackend, keptChoice } from '../../frontend/tfjs.js';

/** How long nothing has happened before lanes are timed, and then before backends are, which holds the page. */
const TIMES_MS = 300;
const BACKENDS_MS = 1200;

export class Rest {
  /**
   * @param {BrowserLanes} lanes
   * @param {() => void} onMeasured  told whenever nothing is left to be measured
   */
  constructor(lanes, onMeasured) {
    this.lanes = lanes;
    this.onMeasured = onMeasured;
    this.rest = new AbortController();
    /** Ends once the backends were measured, for the whole visit. @type {Promise<void> | null} */
    this.measured = null;
  }

  /** An answer is whole, and nothing is to be done. @param {Wanted} wanted @param {string} levels  of the picture, base64 */
  async begin(wanted, levels) {
    this.end();
    this.rest = new AbortController();
    const { signal } = this.rest;
    const pixels = decode(levels);
    await pause(TIMES_MS);
    await this.time(pixels, signal);
    const engine = this.lanes.loaded?.engine;
    if (engine && wanted.backend === 'auto' && this.mayBeFaster()) {
      if (!signal.aborted) await pause(BACKENDS_MS);
      if (signal.aborted) return;
      await this.useFastest(engine, wanted);
      await this.time(pixels, signal);
    }
    if (!signal.aborted) this.onMeasured();
  }

  /** The page has something to do. */
  end() {
    this.rest.abort();
  }

  /** @param {Float32Array} pixels @param {AbortSignal} signal */
  async time(pixels, signal) {
    const lanes = this.lanes.loaded?.lanes.flatMap(({ lane }) => lane ?? []) ?? [];
    if (lanes.length > 0) await this.lanes.time(lanes, pixels, () => !signal.aborted);
  }

  /** Backends were not measured, or only after these lanes had been loaded, for another model. */
  mayBeFaster() {
    const { backend, fallback } = this.lanes.loaded ?? {};
    return fallback === null && backend !== keptChoice();
  }

  /**
   * Measure the backends, once a visit; the next pictures run on the fastest.
   * @param {Engine} engine
   * @param {Wanted} wanted
   */
  async useFastest(engine, wanted) {
    try {
      if (keptChoice() === null) this.measured ??= keepFastestBackend(engine, wanted.model);
      await this.measured;
      this.lanes.replace(wanted, await this.lanes.load(wanted));
    } catch {
      // What is in use stays in use.
    }
  }
}

/** @param {number} ms @returns {Promise<void>} */
const pause = (ms) => new Promise((resolve) => void setTimeout(resolve, ms));
