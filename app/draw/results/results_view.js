/**
 * The answer's side of the page: verdict, versions, charts. All of it is drawn from figures.
 *
 * @import {Backend, Format} from '../../frontend/tfjs.js'
 * @import {Report} from '../lanes/browser_lanes.js'
 * @import {Answer} from '../lanes/predict.js'
 * @import {LaneFigures, Reading, Verdict} from '../reading/reading_stream.js'
 * @import {Data, Picture, Weights} from '../studio_data.js'
 */

import { probabilities } from '../lanes/probabilities.js';
import { WeightsPicker } from '../lanes/weights_picker.js';
import { BackendPicker } from './backend_picker.js';
import { ChartsView } from './charts_view.js';
import { ClassSearch } from './class_search.js';
import { Actions } from './details/actions.js';
import { ExactValues } from './details/exact_values.js';
import { VisitStrip } from './details/visit_strip.js';
import { Gauge } from './gauge.js';
import { LanesTable } from './lanes_table.js';
import { LikeliestView } from './likeliest.js';
import { DRAW, DRAWING, GIVE, readAlong, reading as readingNow } from './prompts.js';
import { ShipView } from './ship.js';
import { VerdictView } from './verdict_view.js';

/** Letters of a class that has room for its name even on a phone. */
const SHORT = 2;

/** Bytes of a model whose lanes the charts wait for: over a slow network, 4 MB are twenty seconds. */
const SMALL = 4e6;

export class ResultsView {
  /**
   * @param {HTMLElement} root
   * @param {Promise<void>} padThere
   * @param {{backend: (backend: 'auto' | Backend) => void, search: () => void, weights: (weights: Weights) => void, opened: (picture: Picture) => void}} listener
   */
  constructor(root, padThere, listener) {
    const find = (/** @type {string} */ place) =>
      /** @type {HTMLElement} */ (root.querySelector(place));
    this.root = root;
    this.verdict = new VerdictView(find('.dp-verdict'));
    this.gauge = new Gauge(find('.dp-gauge'));
    this.ship = new ShipView(find('.dp-ship'));
    this.backends = new BackendPicker(find('.dp-controls'), listener.backend);
    this.weights = new WeightsPicker(find('.dp-controls'), listener.weights);
    this.table = new LanesTable(find('.dp-versions'));
    this.likeliest = new LikeliestView(find('.dp-versions'));
    this.search = new ClassSearch(find('.dp-search'), listener.search);
    /** Vega is as large as TensorFlow.js: it waits for the pad and for the first answers. @type {Promise<void>} */
    const answered = new Promise((resolve) => {
      this.letCharts = resolve;
    });
    this.charts = new ChartsView(find('.dp-charts'), Promise.all([padThere, answered]));
    this.exact = new ExactValues(find('.dp-details'));
    this.actions = new Actions(find('.dp-actions'));
    this.strip = new VisitStrip(find('.dp-visit'), listener.opened);
    /** What is read. @type {Picture | null} */
    this.picture = null;
    /** What was posted for the reading that is shown. @type {(object & {backend: Report['backend']}) | null} */
    this.posted = null;
    /** @type {Reading | null} */
    this.reading = null;
    /** @type {LaneFigures[]} */
    this.lanes = [];
  }

  /** @param {Data} data @param {'auto' | Backend} backend */
  begin(data, backend) {
    const isOther = this.data?.model.version !== data.model.version;
    this.data = data;
    const areWords = data.model.classes.some(({ length }) => length > SHORT);
    if (data.model.bytes > SMALL) this.letCharts?.();
    this.charts.begin(data.charts, data.vega, data.specs, areWords);
    this.backends.show(backend);
    if (isOther) this.search.begin(data.model.classes);
    this.weights.show(data.model);
    this.lanes = lanesOf(data);
    this.ship.begin();
    this.gauge.empty();
    this.likeliest.begin(data.model.classes);
    this.table.begin(this.thing);
    this.table.show(this.lanes);
    this.strip.begin(`${data.model.name} ${data.model.version} ${data.model.weights}`);
  }

  get thing() {
    return this.data?.model.isDigit ? 'digit' : 'picture';
  }

  /** There is no picture. */
  empty() {
    this.forget();
    this.letCharts?.();
    this.root.toggleAttribute('data-outdated', false);
    this.verdict.show(this.data?.model.isDigit ? DRAW : GIVE);
    this.gauge.empty();
    this.likeliest.show([]);
    this.charts.empty();
    this.exact.show(null);
    this.actions.show(null);
  }

  /** A stroke begins. */
  begun() {
    this.forget();
    this.verdict.show(DRAWING);
    this.root.toggleAttribute('data-live', true);
  }

  /** A picture is being read. @param {Picture} picture */
  waiting(picture) {
    this.forget();
    this.picture = picture;
    this.actions.show(null);
    this.verdict.show(readingNow(this.thing));
  }

  /** What is shown is of an older picture: no figure of it is left standing beside a newer one's. */
  forget() {
    this.root.toggleAttribute('data-live', false);
    this.root.toggleAttribute('data-outdated', true);
    this.lanes = this.lanes.map(({ lane, name, format, inBrowser, isReference }) => {
      return { lane, name, format, inBrowser, isReference, state: 'waiting' };
    });
    this.table.show(this.lanes);
  }

  /** @param {Format} format @param {number} share  of the weights that is there */
  loading(format, share) {
    this.table.progress(format, share);
  }

  /** A lane of the browser has answered. @param {Answer} answer */
  answered(answer) {
    const lane = this.inBrowser(answer);
    if (lane) this.table.update(lane);
  }

  /** What the browser's lanes read of an unfinished stroke. @param {Answer[]} answers */
  live(answers) {
    const lanes = answers.flatMap((answer) => this.inBrowser(answer) ?? []);
    for (const lane of lanes) this.table.update({ ...lane, state: 'live' });
    this.verdict.show(readAlong(lanes));
    this.charts.live(lanes, this.data?.model.classes ?? []);
  }

  /** @param {Answer} answer @returns {LaneFigures | null} */
  inBrowser({ format, probabilities: given, steadyMs, error }) {
    const lane = this.lanes.find((each) => each.inBrowser && each.format === format);
    if (!lane || !this.data) return null;
    const { inBrowser, isReference, name } = lane;
    const about = { lane: lane.lane, name, format, inBrowser, isReference };
    if (given === null) return { ...about, state: 'failed', error: error ?? '' };
    const { answers, classes } = this.data.model;
    const values = [...probabilities(given, answers)];
    const top = values.reduce((best, value, at) => (value > values[best] ? at : best), 0);
    const read = { reads: classes[top], sure: values[top], probabilities: values };
    return { ...about, state: 'answered', ...read, steadyMs };
  }

  /** @param {Reading} reading @returns {Promise<unknown>}  once the charts are painted */
  show(reading) {
    this.root.toggleAttribute('data-outdated', false);
    this.reading = reading;
    this.lanes = reading.lanes;
    if (reading.lanes.every(hasAnswered)) this.letCharts?.();
    this.verdict.show(reading.verdict);
    this.gauge.show(reading);
    this.ship.show(reading.ship, this.posted?.backend ?? null);
    this.table.show(reading.lanes);
    this.likeliest.show(reading.likeliest);
    this.backends.say(reading.fallback);
    const painted = this.charts.show(reading);
    this.exact.show(reading);
    const { picture, data, posted } = this;
    if (picture !== null && data && posted !== null && reading.done) {
      this.actions.show({ data, picture, reading, posted });
      this.strip.add(picture, reading, { shape: data.picture.shape, thing: this.thing });
    }
    return painted;
  }

  /** The server's reading did not come. @param {Verdict} verdict */
  fail(verdict) {
    this.letCharts?.();
    this.verdict.show(verdict);
    if (this.root.hasAttribute('data-outdated')) this.charts.empty();
    this.root.toggleAttribute('data-outdated', false);
  }

  /** Classes that the charts shall show in any case. @returns {number[]} */
  wanted() {
    return this.search.wanted();
  }

  /** The format that was last said to be faster. @param {Report['backend']} backend */
  faster(backend) {
    return this.ship.faster(backend);
  }

  close() {
    this.charts.close();
  }
}

/** Whether a lane of the browser is there. One of the server may be loading for long. @param {LaneFigures} lane */
const hasAnswered = ({ inBrowser, state }) => !inBrowser || state !== 'waiting';

/** All lanes before any has answered. @param {Data} data @returns {LaneFigures[]} */
const lanesOf = ({ model }) => model.lanes.map((lane) => ({ ...lane, state: 'waiting' }));
