/**
 * What a benchmark in the browser gets and reports. The report has the format of the file that the
 * page saves (app/benchmark/report_json.py).
 *
 * @import {Backend, Model} from '../../frontend/tfjs.js'
 * @import {Expected} from '../../frontend/judge.js'
 *
 * @typedef {object} Plan
 * @property {string} schema
 * @property {Model} model
 * @property {Backend[]} backends
 * @property {number[]} batches
 * @property {number} rounds        turns of each lane for one picture, at most
 * @property {number} batchRounds   turns of each lane at each batch size, at most
 * @property {string} pixels        one picture: a byte for each value, base64
 * @property {string} thing         what the picture is called, a digit or a picture
 * @property {Expected | null} expected  null where the reference's answer is not known
 * @property {number | null} seconds  what all may take, of a quick run; null for a full one
 *
 * @typedef {object} Checked  what the answers of a lane's predictions were
 * @property {number} answers  the predictions that were looked at
 * @property {number} wrong    those of which any row is further from the reference than it may be
 * @property {number} nan      those of the wrong ones that hold NaN or infinity
 * @property {number | null} first_wrong  counted from 0 on, the first prediction after loading
 * @property {number | null} worst  the largest distance of the others from the reference
 *
 * @typedef {object} LaneReport
 * @property {string} lane
 * @property {number | null} load_ms
 * @property {number | null} first_ms
 * @property {number[]} steady_ms
 * @property {number[]} turns       how many of these each turn measured, in order
 * @property {{size: number, ms: number[], turns: number[]}[]} batches
 * @property {string | null} error
 * @property {Checked | null} checked  null where the reference's answer is not known
 *
 * @typedef {object} BenchmarkReport
 * @property {string} schema
 * @property {string} model
 * @property {string} model_version
 * @property {boolean} cancelled
 * @property {boolean} quick
 * @property {Record<string, string>} environment
 * @property {number | null} script_ms
 * @property {Record<string, number>} backends
 * @property {Record<string, {tensors: number, bytes: number}>} memory
 * @property {LaneReport[]} lanes
 */

import { formatsOf } from '../../frontend/tfjs.js';

/**
 * A report without measurements.
 * @param {Plan} plan
 * @returns {BenchmarkReport}
 */
export function emptyReport({ schema, model, backends, seconds }) {
  const names = backends.flatMap((backend) =>
    formatsOf(model).map((format) => `${format} @ tfjs/${backend}`),
  );
  const lanes = names.map((lane) => ({
    lane,
    load_ms: null,
    first_ms: null,
    steady_ms: [],
    turns: [],
    batches: [],
    error: null,
    checked: null,
  }));
  return {
    schema,
    model: model.name,
    model_version: model.version,
    cancelled: false,
    quick: seconds !== null,
    environment: {},
    script_ms: null,
    backends: {},
    memory: {},
    lanes,
  };
}
