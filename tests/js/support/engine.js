/**
 * TensorFlow.js with nothing behind it: what a lane answers is up to the test.
 *
 * @typedef {import('../../../models/tfjs/src/main.js')} Engine
 * @typedef {import('../../../models/tfjs/src/lanes.js').Lane} Lane
 * @typedef {import('../../../models/tfjs/src/lanes.js').Prediction} Prediction
 * @typedef {import('../../../models/tfjs/src/lanes.js').Run} Run
 */

/** A promise that the test settles. @template T */
export class Deferred {
  constructor() {
    /** @type {(value: T) => void} */
    this.resolve = () => {};
    /** @type {(error: unknown) => void} */
    this.reject = () => {};
    /** @type {Promise<T>} */
    this.promise = new Promise((resolve, reject) => Object.assign(this, { resolve, reject }));
  }
}

/** What a lane answers that is sure of one class of ten. @param {number} top @param {number} ms @returns {Prediction} */
export function sure(top, ms = 1) {
  const probabilities = new Float32Array(10);
  probabilities[top] = 1;
  return { probabilities, classes: 10, ms };
}

/**
 * A loaded lane, which remembers what it was asked.
 * @param {Partial<Lane>} [its]
 */
export function stubLane(its = {}) {
  /** @type {Float32Array[]} */
  const predicted = [];
  const { predict = async () => sure(3), ...others } = its;
  const made = {
    backend: 'wasm',
    size: 784,
    loadMs: 20,
    disposed: 0,
    predicted,
    firstMs: /** @type {number | null} */ (null),
    predict: async (/** @type {Float32Array} */ pixels, /** @type {number} */ n) => {
      predicted.push(pixels);
      const answer = await predict(pixels, n);
      made.firstMs ??= answer.ms;
      return answer;
    },
    run: async () => ({ ...sure(3), firstMs: 1, steadyMs: [1, 1] }),
    activations: async () => [],
    dispose: async () => {
      made.disposed += 1;
    },
    ...others,
  };
  return /** @type {Lane & {disposed: number, predicted: Float32Array[]}} */ (
    /** @type {unknown} */ (made)
  );
}

/** An engine on which everything works, but for what is said. @param {Partial<Engine>} [its] */
export function stubEngine(its = {}) {
  return /** @type {Engine} */ ({
    BACKENDS: ['wasm', 'webgpu', 'webgl', 'cpu'],
    useBackend: async (backend) => ({ backend, initMs: 5 }),
    chooseBackend: async () => ({ backend: 'wasm', tried: [] }),
    loadLane: async () => stubLane(),
    describeEnvironment: () => ({
      userAgent: 'Stub 1.0',
      cores: 4,
      gpu: null,
      webgpu: false,
      crossOriginIsolated: true,
      tfjs: '4.22.0',
    }),
    memory: () => ({ tensors: 1, bytes: 4 }),
    ...its,
  });
}

/** The engine that the page finds at `BUNDLE`. */
export const served = { engine: stubEngine() };

/** Below `tests/js/support/served/`. */
export const BUNDLE = 'engine.js';
