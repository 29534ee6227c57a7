/**
 * The Benchmark page's browser side: a component that measures `data.run`, shows its own progress
 * and what it has so far, and reports once at the end, so that no rerun of the page disturbs a
 * measurement.
 *
 * @import {Component} from '../../frontend/component.js'
 * @import {Plan} from './report.js'
 *
 * @typedef {object} BenchmarkData
 * @property {string | null} bundle  path of the bundle's entry below served/, null if not built
 * @property {Plan & {token: string} | null} run  what to measure; null stops a running measurement
 */

import { mounted } from '../../frontend/component.js';
import { paintNothing, paintProgress } from '../../frontend/progress_bar.js';
import { loadEngine, reason } from '../../frontend/tfjs.js';
import { paintChart } from './growing_chart.js';
import { measure } from './measure.js';
import { emptyReport } from './report.js';

const PAINT_MS = 500; // between two pictures of what is there so far

export default mounted(
  '.dp-bench',
  (root) => new Bench(root),
  (bench, /** @type {Component<BenchmarkData>} */ { data, setStateValue }) =>
    bench.show(data, (report) => setStateValue('report', report)),
);

class Bench {
  /** @param {HTMLElement} root */
  constructor(root) {
    this.root = root;
    /** The last run's token. @type {string | null} */
    this.token = null;
    /** @type {AbortController | null} */
    this.running = null;
    /** @type {(report: object) => void} */
    this.report = () => {};
  }

  /**
   * @param {BenchmarkData} data
   * @param {(report: object) => void} report
   */
  show({ bundle, run }, report) {
    this.report = report;
    if (run === null) {
      this.stop();
    } else if (run.token !== this.token) {
      this.stop();
      this.token = run.token;
      void this.work(bundle, run, run.token);
    }
  }

  stop() {
    this.running?.abort();
  }

  close() {
    this.stop();
  }

  /**
   * @param {string | null} bundle
   * @param {Plan} plan
   * @param {string} token
   */
  async work(bundle, plan, token) {
    const control = new AbortController();
    this.running = control;
    const { signal } = control;
    const began = performance.now();
    let report = emptyReport(plan);
    let painted = began;
    try {
      paintProgress(this.root, { share: 0, text: 'Fetching TensorFlow.js …' });
      paintChart(this.root, report, plan.thing);
      const known = performance
        .getEntriesByType('resource')
        .some(({ name }) => bundle && name.endsWith(bundle));
      const engine = await loadEngine(bundle);
      if (!known) report.script_ms = performance.now() - began;
      report = await measure(engine, plan, report, {
        signal,
        began,
        grown: () => {
          if (signal.aborted || performance.now() - painted < PAINT_MS) return;
          paintChart(this.root, report, plan.thing);
          painted = performance.now();
        },
        progress: (share, text) => {
          if (!signal.aborted) paintProgress(this.root, { share, text });
        },
      });
    } catch (error) {
      for (const lane of report.lanes) lane.error ??= reason(error).slice(0, 500);
    }
    if (this.running !== control) return;
    paintNothing(this.root);
    report.cancelled = signal.aborted;
    this.report({ token, report });
  }
}
