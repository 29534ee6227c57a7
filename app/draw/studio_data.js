/**
 * What the Draw page's component is mounted with, and what it shows.
 *
 * @import {Backend, Format} from '../frontend/tfjs.js'
 * @import {Path} from './canvas/digit_from_strokes.js'
 * @import {Wanted} from './lanes/browser_lanes.js'
 * @import {Example} from './picture/ready_pictures.js'
 * @import {LaneAbout} from './reading/reading_stream.js'
 * @import {Heading} from './results/charts_view.js'
 *
 * @typedef {object} Data  what `studio.py` mounts it with
 * @property {string} session
 * @property {string | null} bundle
 * @property {string[]} first  the bundle's scripts that are imported first, as `bundle`
 * @property {Wanted['model'] & Stored & {title: string, stored: Partial<Record<Weights, Stored>>}} model
 * @property {{shape: number[], hasCanvas: boolean, says: string, mostMB: number}} picture
 * @property {string[]} assumed
 * @property {string} canvasScript
 * @property {string} vega
 * @property {string} specs
 * @property {Heading[]} charts
 * @property {{reading: string, result: string, picture: string}} addresses
 * @property {Example[]} examples
 * @property {'auto' | Backend} backend
 * @property {Weights} weights
 * @property {{version: number, levels: string | null, label: string, strokes: Path[]}} shown
 *
 * @typedef {'float32' | 'float16' | 'uint8'} Weights  how weights are stored
 *
 * @typedef {object} Stored  a model with weights that are stored in one way
 * @property {Weights} weights
 * @property {Partial<Record<Format, string>>} paths
 * @property {LaneAbout[]} lanes
 * @property {number} bytes  of both formats
 *
 * @typedef {object} Picture  what every lane is given
 * @property {string} levels  from 0 to 255, base64
 * @property {string} label  what it is, for its reader
 * @property {Path[]} paths  the pen's strokes, where it was drawn
 */

/** The model with its weights stored like this, or as they were converted. @param {Data} data @param {Weights} weights @returns {Data} */
export function storedAs(data, weights) {
  const { stored } = data.model;
  return { ...data, model: { ...data.model, ...(stored[weights] ?? stored.float32) } };
}

/**
 * What Streamlit says now, and what is new of it: `isNewSession`, which knows nothing of this page, as
 * its server was started anew, or slept; `isAsked`, a link; `isOther`, another model; `fits`, whether
 * it takes pictures as before; `hasChanged`, whether the lanes run something else.
 * @param {Data | null} before  null at first
 * @param {Data} given
 */
export function changes(before, given) {
  const isNewSession = before !== null && before.session !== given.session;
  const isAsked = !isNewSession && before?.shown.version !== given.shown.version;
  const data = storedAs(given, isAsked || !before ? given.weights : before.model.weights);
  const isOther = before?.model.name !== data.model.name;
  const hasChanged =
    isOther ||
    before?.model.version !== data.model.version ||
    before?.model.weights !== data.model.weights ||
    before?.bundle !== data.bundle;
  const fits = String(before?.picture.shape) === String(data.picture.shape);
  return { data, isNewSession, isAsked, isOther, fits, hasChanged };
}

/**
 * What Streamlit is told of a visit, as `visit.py` takes it.
 * @param {Data | null} data
 * @param {Picture | null} picture  that is shown
 * @param {{asked: 'auto' | Backend, backend: Backend | null}} ran
 */
export const visitOf = (data, picture, ran) => ({
  model: data?.model.name,
  levels: picture?.levels ?? null,
  label: picture?.label ?? '',
  strokes: picture?.paths ?? [],
  ...ran,
  weights: data?.model.weights,
  query: location.search,
});
