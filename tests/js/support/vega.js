/**
 * Vega with nothing drawn: what was embedded, with the rows that each chart shows.
 *
 * @typedef {import('../../../app/draw/results/vega_chart.js').Vega} Vega
 * @typedef {import('../../../app/draw/results/vega_chart.js').View} View
 *
 * @typedef {{mark: string, config: object, data: {values: object[]}}} Spec
 *
 * @typedef {object} Chart
 * @property {Spec} spec
 * @property {object[]} rows
 * @property {number[]} widths
 * @property {boolean} finalized
 */

/** In the order of their making. @type {Chart[]} */
export const charts = [];

/** What a new chart waits for, or fails by; and new rows of one. */
export const waitsFor = {
  embed: async () => {},
  rows: async () => {},
};

export function newVega() {
  charts.length = 0;
  waitsFor.embed = async () => {};
  waitsFor.rows = async () => {};
}

/** @type {Vega} */
export const vega = {
  expressionInterpreter: 'interpreter',
  embed: async (_place, spec) => {
    await waitsFor.embed();
    const embedded = /** @type {Spec} */ (spec);
    /** @type {Chart} */
    const chart = { spec: embedded, rows: embedded.data.values, widths: [], finalized: false };
    charts.push(chart);
    /** @type {View} */
    const view = {
      data: (_, rows) => ({ ...view, runAsync: () => shown(rows) }),
      width: (pixels) => {
        chart.widths.push(pixels);
        return view;
      },
      resize: () => view,
      runAsync: async () => view,
      toImageURL: async (type, scale) => `data:${type}@${scale}`,
    };
    const shown = async (/** @type {object[]} */ rows) => {
      await waitsFor.rows();
      chart.rows = rows;
      return view;
    };
    return {
      view,
      finalize: () => {
        chart.finalized = true;
      },
    };
  },
};
