/**
 * Asks two versions of a model, and climbs to the picture on which they are farthest apart: in a web
 * worker, or in the page where a backend does not work in one.
 *
 * @import {Backend, Engine, Format, Input, Lane} from '../../../frontend/tfjs.js'
 * @import {Ground, Told} from './climb.js'
 * @import {Judge} from './score.js'
 *
 * @typedef {object} Job
 * @property {string} engine  the bundle's URL
 * @property {Backend} backend
 * @property {{format: Format, url: string}[]} models  the two, and the URLs of their model.json
 * @property {Input} input
 * @property {Ground} ground  whose `count` is the most that are asked for at once
 * @property {Judge} judge
 * @property {number} seconds
 *
 * @typedef {object} Result
 * @property {number} steps
 * @property {number} asked
 * @property {number} ms
 * @property {{levels: Uint8Array, origin: number, answers: Float32Array[]}[]} found  one whose top
 *   class changes, if there is one, and the one on which they are farthest apart
 */

import { climb } from './climb.js';
import { score } from './score.js';

const STEP_MS = 300; // a longer step would not stop at once
const FEW = 8;
const ALONE = 3; // of each kind that are asked alone in the end

/**
 * @param {Engine} engine
 * @param {Job} job
 * @param {(share: number, now: Told) => Promise<boolean>} goOn  told which share of the time is over
 * @returns {Promise<Result>}
 */
export async function search(engine, { backend, models, input, ground, judge, seconds }, goOn) {
  /** @type {Lane[]} */
  const lanes = [];
  for (const { format, url } of models)
    lanes.push(await engine.loadLane(format, url, { backend, input }));
  /** @param {Uint8Array[]} pictures */
  const answers = async (pictures) => {
    const [{ length: size }] = pictures;
    const pixels = new Float32Array(pictures.length * size);
    for (const [place, levels] of pictures.entries())
      for (let at = 0; at < size; at += 1) pixels[place * size + at] = levels[at] / 255;
    /** @type {Float32Array[]} */
    const both = [];
    for (const lane of lanes)
      both.push((await lane.predict(pixels, pictures.length)).probabilities);
    return pictures.map((_, at) =>
      both.map((all) => {
        const each = all.length / pictures.length;
        return all.slice(at * each, (at + 1) * each);
      }),
    );
  };
  /** @param {Uint8Array[]} pictures */
  const ask = async (pictures) =>
    (await answers(pictures)).map(([one, other]) => score(judge, one, other));
  const some = (/** @type {number} */ many) => Array(many).fill(ground.real[0]);
  const most = await fitting(Math.min(FEW, ground.count), (many) => answers(some(many)));
  const count = Math.min(ground.count, most);
  const began = performance.now();
  const climbed = await climb({ ...ground, count }, ask, async (now) => {
    const share = (performance.now() - began) / 1e3 / seconds;
    return (await goOn(Math.min(1, share), now)) && share < 1;
  });
  const ms = performance.now() - began;
  /** @type {Result['found']} */
  const found = [];
  for (const by of /** @type {const} */ (['flips', 'apart'])) {
    const asked = [];
    // Each alone, as pages ask: a batch rounds otherwise.
    for (const { levels, origin } of climbed.best[by].slice(0, ALONE)) {
      const [both] = await answers([levels]);
      const value = score(judge, both[0], both[1])[by];
      asked.push({ value, found: { levels, origin, answers: both } });
    }
    const best = asked.reduce((one, other) => (other.value > one.value ? other : one));
    const isNew = !found.some(({ levels }) => levels === best.found.levels);
    if (isNew && (by === 'apart' || best.value > 0)) found.push(best.found);
  }
  return { steps: climbed.steps, asked: climbed.asked, ms, found };
}

/**
 * How many pictures a step has time for: at first one is asked for, then a few, since a batch takes
 * less time for each.
 * @param {number} few
 * @param {(many: number) => Promise<unknown>} ask
 */
async function fitting(few, ask) {
  let most = 1;
  for (const many of [1, few]) {
    if (many > most) break;
    await ask(many); // compiles
    const began = performance.now();
    await ask(many);
    most = Math.max(1, Math.floor((many * STEP_MS) / Math.max(0.1, performance.now() - began)));
  }
  return most;
}
