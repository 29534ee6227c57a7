import assert from 'node:assert/strict';
import { test } from 'node:test';

import { climb, randomOf, within } from '../../../../../app/inspect/picture/hunt/climb.js';

/** @typedef {import('../../../../../app/inspect/picture/hunt/climb.js').Ground} Ground */

const SIZE = 12;
const LIMITS = { linf: 0.3, rms: 0.1 };

/** @param {number} count @param {number} seed */
function pictures(count, seed) {
  const random = randomOf(seed);
  return Array.from({ length: count }, () =>
    Uint8Array.from({ length: SIZE * SIZE }, () => 256 * random()),
  );
}

const weights = (() => {
  const random = randomOf(99);
  return Array.from({ length: SIZE * SIZE }, () => random() - 0.5);
})();

/** What one unit gives. @param {Uint8Array} levels */
const unit = (levels) => levels.reduce((sum, each, at) => sum + weights[at] * (each / 255), 0);

/** A clip that only one version has. @param {number} limit @param {Uint8Array} levels */
const apart = (limit, levels) => 1e-7 * Math.abs(unit(levels)) + Math.max(0, unit(levels) - limit); // the first is rounding

/** @param {Partial<Ground>} [its] @returns {Ground} */
const ground = (its) => ({
  real: pictures(20, 1),
  width: SIZE,
  channels: 1,
  limits: LIMITS,
  seed: 0,
  count: 64,
  ...its,
});

/** @param {number} limit */
const asking = (limit) => async (/** @type {Uint8Array[]} */ all) =>
  all.map((levels) => ({ apart: apart(limit, levels), flips: unit(levels) - limit - 1 }));

test('a fault that a thousand random pictures miss is found in forty steps', async () => {
  const most = Math.max(...pictures(1_000, 7).map(unit), ...ground().real.map(unit));
  const limit = 1.1 * most;
  assert.ok(pictures(1_000, 8).every((levels) => apart(limit, levels) < 1e-5));
  const { best, steps, asked } = await climb(
    ground(),
    asking(limit),
    async (now) => now.steps < 40,
  );
  assert.deepEqual([steps, asked], [40, 40 * 64]);
  assert.ok(best.apart[0].apart > 0.1, `${best.apart[0].apart}`);
});

test('what is found lies within the limits of the real picture that it began at', async () => {
  const its = ground({ real: pictures(3, 2).map((each) => each.map((level) => level & ~1)) });
  const { best } = await climb(its, asking(0), async (now) => now.steps < 20);
  for (const { levels, origin } of [...best.apart, ...best.flips]) {
    const added = [...levels].map((each, at) => (each - its.real[origin][at]) / 255);
    assert.ok(Math.max(...added.map(Math.abs)) <= LIMITS.linf);
    const square = added.reduce((sum, each) => sum + each ** 2, 0) / added.length;
    assert.ok(Math.sqrt(square) <= LIMITS.rms);
  }
});

test('the nearest picture within the limits and the range is taken', () => {
  const real = Uint8Array.of(0, 255, 100, 100);
  const limits = { linf: 0.3, rms: 1 };
  const far = Float32Array.of(-40, 300, 300, 110.4);
  assert.deepEqual([...within(far, real, limits)], [0, 255, 176, 110]);
  assert.deepEqual([...within(far, real, { linf: 0.3, rms: 0.05 })], [0, 255, 125, 103]);
});

test('the same seed finds the same, another one something else', async () => {
  const found = async (/** @type {number} */ seed) =>
    (await climb(ground({ seed }), asking(9), async (now) => now.steps < 5)).best.apart[0].levels;
  assert.deepEqual(await found(3), await found(3));
  assert.notDeepEqual(await found(3), await found(4));
});

test('the best real picture is kept where nothing else is better, and it stops when told', async () => {
  const its = ground();
  const ask = async (/** @type {Uint8Array[]} */ all) =>
    all.map((levels) => ({ apart: levels === its.real[11] ? 1 : 0, flips: -Infinity }));
  const { best, steps } = await climb(its, ask, async () => false);
  assert.equal(best.apart[0].origin, 11);
  assert.equal(steps, 1);
});

test('more real pictures than are asked for at once are all asked, each once', async () => {
  /** @type {Uint8Array[]} */
  const asked = [];
  const its = ground({ count: 8 });
  await climb(
    its,
    async (all) => {
      asked.push(...all);
      return asking(9)(all);
    },
    async (now) => now.steps < 3,
  );
  assert.deepEqual(asked.slice(0, 20), its.real);
});

test('a picture in colour is changed in all its channels', async () => {
  const real = [new Uint8Array(6 * 4 * 3).fill(100)];
  /** @type {Uint8Array[]} */
  const asked = [];
  const its = ground({ real, width: 6, channels: 3, count: 200 });
  const ask = async (/** @type {Uint8Array[]} */ all) => {
    asked.push(...all);
    return all.map(() => ({ apart: 0, flips: 0 }));
  };
  await climb(its, ask, async () => false);
  const grey = (/** @type {Uint8Array} */ levels) =>
    levels.every((each, at) => each === levels[at - (at % 3)]);
  assert.ok(asked.filter(grey).length > 50); // areas
  assert.ok(asked.filter((each) => !grey(each)).length > 50); // values
});
