/**
 * Climbs by chance from real pictures to the one on which two versions of a model are farthest apart:
 * the pictures that are best so far are changed a little, again and again. No change takes a picture
 * farther from the real one than `Limits` say, which are those of models/verify/hunt/space.py.
 *
 * @typedef {{linf: number, rms: number}} Limits  of any value, and of the root of the mean square, as
 *   shares of the range
 * @typedef {{levels: Uint8Array, origin: number}} Candidate  `origin` is the real picture's place
 * @typedef {{apart: number, flips: number}} Score  as `score` of score.js gives it
 * @typedef {Candidate & Score} Found
 * @typedef {{apart: Found[], flips: Found[]}} Best  the farthest apart, and those whose top class
 *   changes most clearly or is nearest to that; the best first
 *
 * @typedef {object} Ground
 * @property {Uint8Array[]} real  levels from 0 to 255, row by row and channels last
 * @property {number} width  of a picture
 * @property {number} channels
 * @property {Limits} limits
 * @property {number} seed
 * @property {number} count  how many pictures are asked for at once
 *
 * @typedef {object} Told
 * @property {number} steps
 * @property {number} asked  pictures
 * @property {Best} best
 */

const KEPT = 6; // of each score: more are seldom gone on from
const LEVELS = 255;

/**
 * The same numbers from 0 to 1 for the same seed (mulberry32).
 * @param {number} seed
 */
export function randomOf(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/**
 * @param {Ground} ground
 * @param {(pictures: Uint8Array[]) => Promise<Score[]>} ask
 * @param {(now: Told) => Promise<boolean>} goOn  told after each step how it stands
 * @returns {Promise<Told>}
 */
export async function climb(ground, ask, goOn) {
  const random = randomOf(ground.seed);
  /** @type {Candidate[]} */
  const waiting = ground.real.map((levels, origin) => ({ levels, origin }));
  const now = { steps: 0, asked: 0, best: /** @type {Best} */ ({ apart: [], flips: [] }) };
  do {
    const batch = waiting.splice(0, ground.count);
    while (batch.length < ground.count) batch.push(proposed(ground, now.best, random));
    const scores = await ask(batch.map(({ levels }) => levels));
    for (const [at, each] of batch.entries()) {
      keep(now.best.apart, { ...each, ...scores[at] }, 'apart');
      keep(now.best.flips, { ...each, ...scores[at] }, 'flips');
    }
    now.steps += 1;
    now.asked += batch.length;
  } while (await goOn(now));
  return now;
}

/** @param {Found[]} best @param {Found} found @param {keyof Score} by */
function keep(best, found, by) {
  if (best.some(({ levels, [by]: score }) => score === found[by] && same(levels, found.levels)))
    return;
  const place = best.findIndex((each) => found[by] > each[by]);
  best.splice(place < 0 ? best.length : place, 0, found);
  best.length = Math.min(best.length, KEPT);
}

/** @param {Uint8Array} one @param {Uint8Array} other */
const same = (one, other) => one.every((each, at) => each === other[at]);

/**
 * Now and then another real picture, changed as a good one was; else a good one, changed further.
 * @param {Ground} ground
 * @param {Best} best
 * @param {() => number} random
 * @returns {Candidate}
 */
function proposed(ground, best, random) {
  const { real, limits } = ground;
  const any = (/** @type {number} */ count) => Math.floor(random() * count);
  const pool = random() < 0.7 || best.flips.length === 0 ? best.apart : best.flips;
  // Before anything is known, the real ones are all there is.
  const from = pool[any(pool.length)] ?? { levels: real[0], origin: 0 };
  const elsewhere = random() < 0.1;
  const origin = elsewhere ? any(real.length) : from.origin;
  const moved = Float32Array.from(from.levels, (each, at) =>
    elsewhere ? each - real[from.origin][at] + real[origin][at] : each,
  );
  const most = limits.linf * LEVELS * (0.1 + random());
  if (random() < 0.5) few(moved, most, random);
  else blob(moved, ground, most, random);
  return { levels: within(moved, real[origin], limits), origin };
}

/** Changes values here and there. @param {Float32Array} levels @param {number} most @param {() => number} random */
function few(levels, most, random) {
  const count = 1 + Math.floor((random() * levels.length) / 32);
  for (let each = 0; each < count; each += 1)
    levels[Math.floor(random() * levels.length)] += (2 * random() - 1) * most;
}

/**
 * Makes a round area lighter or darker, less and less towards its edge.
 * @param {Float32Array} levels
 * @param {Ground} ground
 * @param {number} most
 * @param {() => number} random
 */
function blob(levels, { width, channels }, most, random) {
  const height = levels.length / width / channels;
  const [x, y] = [random() * width, random() * height];
  const radius = (0.03 + 0.17 * random()) * Math.max(width, height);
  const strength = (random() < 0.5 ? -1 : 1) * most;
  const [top, bottom] = [Math.max(0, y - 3 * radius), Math.min(height, y + 3 * radius)];
  const [left, right] = [Math.max(0, x - 3 * radius), Math.min(width, x + 3 * radius)];
  for (let row = Math.floor(top); row < bottom; row += 1)
    for (let column = Math.floor(left); column < right; column += 1) {
      const far = ((column - x) ** 2 + (row - y) ** 2) / (2 * radius ** 2);
      const start = (row * width + column) * channels;
      for (let at = start; at < start + channels; at += 1) levels[at] += strength * Math.exp(-far);
    }
}

/**
 * The nearest levels that lie within the range and the limits.
 * @param {Float32Array} levels
 * @param {Uint8Array} real
 * @param {Limits} limits
 */
export function within(levels, real, { linf, rms }) {
  const most = Math.floor(linf * LEVELS);
  const added = levels.map((each, at) => {
    const near = Math.min(most, Math.max(-most, Math.round(each) - real[at]));
    return Math.min(LEVELS, Math.max(0, real[at] + near)) - real[at];
  });
  const far = Math.sqrt(added.reduce((sum, each) => sum + each ** 2, 0) / added.length);
  const share = Math.min(1, (rms * LEVELS) / (far || 1));
  return Uint8Array.from(real, (each, at) => each + Math.trunc(added[at] * share));
}
