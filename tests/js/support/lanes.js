/** Lanes of the browser whose loads and answers a test lets go one by one. */

import { encode } from '../../../app/frontend/tfjs.js';
import { spend } from './clock.js';
import { BUNDLE, Deferred, served, stubEngine, stubLane, sure } from './engine.js';
import './served/engine.js'; // so that it is there at once

/** @typedef {import('../../../app/draw/lanes/browser_lanes.js').Wanted} Wanted */

/** What the engine was asked. */
export const seen = {
  /** Loads: format, backend. @type {string[]} */
  loads: [],
  /** Predictions: format, backend, the picture's level. @type {string[]} */
  predicted: [],
};

/** What a load and a prediction wait for; they fail where it does. */
export const before = {
  load: /** @type {(what: string) => Promise<unknown>} */ (async () => {}),
  predict: /** @type {(what: string) => Promise<unknown>} */ (async () => {}),
};

/** How long a prediction takes on each backend. @type {Record<string, number>} */
export const ms = {};

/** A picture whose pixels all have one level, which is the class that every lane reads. @param {number} level */
export const picture = (level) => encode(new Uint8Array(784).fill(level));

/** The same as pixels. @param {number} level */
export const pixels = (level) => new Float32Array(784).fill(level / 255);

/** @param {Partial<Wanted> & {name?: string}} its @returns {Wanted} */
export const wanted = ({ name = 'mnist', ...its } = {}) => ({
  bundle: BUNDLE,
  backend: 'wasm',
  model: {
    name,
    version: 'v1',
    paths: { graph: 'g.json', layers: 'l.json' },
    input: { shape: [28, 28, 1], scale: 1 },
    isDigit: true,
    answers: 'probabilities',
    classes: [...'0123456789'],
  },
  ...its,
});

/** An engine as at first. */
export function newEngine() {
  seen.loads = [];
  seen.predicted = [];
  before.load = before.predict = async () => {};
  Object.assign(ms, { wasm: 2, cpu: 1, webgl: 3, webgpu: 3 });
  /** @type {Map<string, import('../../../models/tfjs/src/lanes.js').Lane>} */
  const lanes = new Map();
  let current = 'wasm';
  served.engine = stubEngine({
    useBackend: async (backend) => {
      current = backend;
      return { backend, initMs: 1 };
    },
    chooseBackend: async (candidates = ['wasm'], probe) => {
      const all = [...candidates];
      const [first] = probe ? all.sort((one, other) => ms[one] - ms[other]) : all;
      current = first;
      return { backend: first, tried: [] };
    },
    loadLane: async (format, url, options = {}) => {
      const backend = options.backend ?? current;
      seen.loads.push(`${format} ${backend}`);
      options.onProgress?.(0.5);
      await before.load(`${format} ${backend}`);
      options.onProgress?.(1);
      const key = `${url} ${backend}`;
      const lane = lanes.get(key) ?? laneOf(format, backend);
      lanes.set(key, lane);
      return lane;
    },
  });
}

/** @param {string} format @param {string} backend */
const laneOf = (format, backend) =>
  stubLane({
    firstMs: 50,
    predict: async (given) => {
      const level = Math.round(given[0] * 255);
      seen.predicted.push(`${format} ${backend} ${level}`);
      await before.predict(`${format} ${level}`);
      spend(ms[backend]);
      return sure(level % 10, ms[backend]);
    },
  });

/** From now on what is named waits until it is let go. @param {'load' | 'predict'} what */
export function hold(what) {
  /** @type {Deferred<void>[]} */
  const gates = [];
  before[what] = () => {
    const gate = /** @type {Deferred<void>} */ (new Deferred());
    gates.push(gate);
    return gate.promise;
  };
  return {
    /** Those that wait now, the oldest first. */
    gates,
    /** All of them, and those that follow. */
    release: () => {
      before[what] = async () => {};
      for (const gate of gates) gate.resolve();
    },
  };
}
