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
