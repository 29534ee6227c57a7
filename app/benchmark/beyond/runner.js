/**
 * Runs the worker of one lane after the other, as the server says, and tells it what a worker cannot
 * say itself: that it broke off, and whether the browser has WebGPU.
 *
 * @import {Component} from '../../frontend/component.js'
 *
 * @typedef {object} Run
 * @property {string} token  identifies the run
 * @property {number} lane  the place of the lane among all of the run
 * @property {string | null} worker  the URL path of the lane's worker; null while there is none
 *
 * @typedef {{run: Run | null}} Data
 * @typedef {(name: 'card' | 'failed', value: object) => void} Tell
 */

import { mounted } from '../../frontend/component.js';
import { underRoot } from '../../streamlit_internals/root_address.js';

export default mounted(
  '.dp-beyond',
  () => new Runner(),
  (runner, /** @type {Component<Data>} */ { data, setTriggerValue }) =>
    runner.show(data, setTriggerValue),
);

class Runner {
  constructor() {
    /** What it runs now. @type {string | null} */
    this.key = null;
    /** @type {string | null} */
    this.token = null;
    /** @type {Worker | null} */
    this.worker = null;
    /** @type {Tell} */
    this.tell = () => {};
  }

  /** @param {Data} data @param {Tell} tell */
  show({ run }, tell) {
    this.tell = tell;
    if (run === null) {
      this.close();
      return;
    }
    if (run.token !== this.token) void this.tellOfCard(run.token);
    const key = `${run.token} ${run.lane}`;
    if (key === this.key) return;
    this.close();
    [this.token, this.key] = [run.token, key];
    if (run.worker !== null) this.begin(run, run.worker);
  }

  close() {
    this.worker?.terminate();
    this.worker = null;
    this.key = null;
  }

  /** @param {Run} run @param {string} path */
  begin({ token, lane }, path) {
    const worker = new Worker(`${underRoot(path)}?run=${token}`);
    this.worker = worker;
    worker.addEventListener('error', ({ message }) => {
      if (this.worker !== worker) return;
      this.tell('failed', { token, lane, why: message || 'Its worker cannot be loaded.' });
    });
  }

  /** @param {string} token */
  async tellOfCard(token) {
    this.token = token;
    const why = await withoutCard();
    if (this.token === token) this.tell('card', { token, why });
  }
}

/** Why there is no graphics card for WebGPU; null where there is one. */
async function withoutCard() {
  if (!navigator.gpu) return 'This browser does not offer WebGPU.';
  const adapter = await navigator.gpu.requestAdapter().catch(() => null);
  if (!adapter) return 'This browser finds no graphics card that WebGPU may use.';
  // Older browsers have no `info`, and say there whether it is a fallback.
  const older = /** @type {{isFallbackAdapter?: boolean}} */ (/** @type {unknown} */ (adapter));
  const { vendor, architecture, device, description } = adapter.info ?? {};
  const isFallbackAdapter = adapter.info?.isFallbackAdapter ?? older.isFallbackAdapter;
  const name = [vendor, architecture, device, description].join(' ');
  if (isFallbackAdapter || /swiftshader|llvmpipe/i.test(name))
    return 'Here the processor draws WebGPU, so its times would say nothing of a graphics card.';
  return null;
}
