/**
 * What all lanes read of one picture: the browser's, whose answers are posted, and the server's, whose
 * stream is shown.
 *
 * @import {Backend} from '../../frontend/tfjs.js'
 * @import {BrowserLanes, Report, Wanted} from '../lanes/browser_lanes.js'
 * @import {ResultsView} from '../results/results_view.js'
 * @import {Picture, Weights} from '../studio_data.js'
 *
 * @typedef {object} Asked
 * @property {Wanted} wanted  what the browser's lanes run
 * @property {Weights} weights
 * @property {string} address  URL path of the endpoint, below the app's root
 * @property {Picture} picture
 * @property {() => boolean} isCurrent  whether this picture is still the one that is shown
 */

import { CUT_OFF, refused } from '../results/prompts.js';
import { pointsOf } from './posted_strokes.js';
import { Refused, readings } from './reading_stream.js';

export class Reader {
  /**
   * @param {BrowserLanes} lanes
   * @param {ResultsView} results
   * @param {(query: string | null) => void} onRead  told once a picture, with the page's new query; null
   *   where the server gave none
   */
  constructor(lanes, results, onRead) {
    this.lanes = lanes;
    this.results = results;
    this.onRead = onRead;
    /** What the browser's lanes answered to what is shown. @type {Report | null} */
    this.report = null;
    /** @type {Backend | null} */
    this.ranOn = null;
    this.stream = new AbortController();
  }

  /** Show what all lanes read, as they answer. @param {Asked} asked */
  async read(asked) {
    const { wanted, picture, isCurrent } = asked;
    this.results.waiting(picture);
    // While the browser's lanes load, the server's are shown.
    if (this.lanes.loaded === null) void this.follow(asked, null);
    const report = await this.lanes.answer(wanted, picture.levels, isCurrent, (answer) =>
      this.results.answered(answer),
    );
    if (report === null || !isCurrent()) return;
    this.ranOn = report.backend;
    this.report = report;
    await this.follow(asked, report);
  }

  /** Ask the server again about what is shown: its charts shall show other classes. @param {Asked} asked */
  again(asked) {
    if (this.report !== null) void this.follow(asked, this.report);
  }

  /**
   * Show the server's reading as its lanes answer.
   * @param {Asked} asked
   * @param {Report | null} report  of the browser's lanes; null while they load
   */
  async follow({ wanted, weights, address, picture, isCurrent }, report) {
    this.stream.abort();
    this.stream = new AbortController();
    const { signal } = this.stream;
    const posted = {
      digit: picture.levels,
      asked: wanted.backend,
      backend: null,
      fallback: null,
      environment: {},
      lanes: null,
      wanted: this.results.wanted(),
      weights,
      strokes: pointsOf(picture.paths),
      faster: this.results.faster(report?.backend ?? null),
      ...report,
    };
    this.results.posted = posted;
    try {
      let isTold = false;
      for await (const reading of readings(address, posted, signal)) {
        if (!isCurrent() || signal.aborted) return;
        const painted = this.results.show(reading);
        // Once a picture: what the server reads while the browser's lanes load comes again with theirs.
        // And after what the visitor waits for, since Streamlit works for as long as all of the charts.
        if (!isTold && report !== null) {
          void painted.then(() => isCurrent() && !signal.aborted && this.onRead(reading.query));
        }
        isTold = true;
      }
    } catch (error) {
      if (!isCurrent() || signal.aborted) return;
      this.results.fail(error instanceof Refused ? refused(error.message) : CUT_OFF);
      this.onRead(null);
    }
  }

  /** What is on its way is of an earlier picture. */
  end() {
    this.stream.abort();
    this.report = null;
  }
}
