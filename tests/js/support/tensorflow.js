/**
 * What `models/tfjs/src` takes from TensorFlow.js's packages, without them. A test says what
 * backends there are and what models give; `use()` puts this in the packages' place.
 */

import { register } from 'node:module';

/** Modules that are imported after this find this one where they ask for a package of TensorFlow.js. */
export function use() {
  register('./tensorflow_hooks.js', import.meta.url);
}

/**
 * A tensor that holds what it is given, and is counted until it is disposed of.
 * @typedef {{values: Float32Array, shape: number[], dtype: string, data: () => Promise<Float32Array>, dispose: () => void}} Tensor
 *
 * @typedef {object} StubModel  what is built of files
 * @property {unknown[]} inputs
 * @property {unknown[]} outputs
 * @property {{node: {op: string}[]}} [modelTopology]
 * @property {(input: Tensor | Tensor[] | Record<string, Tensor>, names?: string[]) => Tensor | Tensor[] | Promise<Tensor | Tensor[]>} run
 */

/** What is so now. */
export const tf = {
  /** @type {Map<string, () => Promise<object>>} */
  factories: new Map(),
  current: 'cpu',
  alive: 0,
  disposedModels: 0,
  /** What was called of graph models. @type {string[]} */
  executed: [],
  /** Whether a backend is running, so that it can become the current one. @type {(name: string) => boolean} */
  runs: () => true,
  /** What loading a model gives. @type {(url: string) => Promise<StubModel>} */
  model: async () => Promise.reject(new Error('no model')),
};

export function reset() {
  tf.factories = new Map();
  tf.current = 'cpu';
  tf.alive = 0;
  tf.disposedModels = 0;
  tf.executed = [];
  tf.runs = () => true;
  tf.model = async () => Promise.reject(new Error('no model'));
}

/** @param {Float32Array} values @param {number[]} shape @param {string} [dtype] @returns {Tensor} */
export function tensor(values, shape, dtype = 'float32') {
  tf.alive += 1;
  return {
    values,
    shape,
    dtype,
    data: async () => values,
    dispose: () => {
      tf.alive -= 1;
    },
  };
}

// From here on, by the packages' own names.

export const version_core = '4.22.0';
export const enableProdMode = () => {};
export const getBackend = () => tf.current;
export const memory = () => ({ numTensors: tf.alive, numBytes: 4 * tf.alive });

/** @param {string} name */
export async function setBackend(name) {
  if (!tf.runs(name)) return false;
  tf.current = name;
  return true;
}

/** @param {string} name */
export const findBackendFactory = (name) => tf.factories.get(name);

/** @param {string} name */
export const removeBackend = (name) => void tf.factories.delete(name);

/** @param {string} name @param {() => Promise<object>} factory */
export const registerBackend = (name, factory) => void tf.factories.set(name, factory);

export const env = () => ({ set: () => {} });
export const util = {
  sizeFromShape: (/** @type {number[]} */ shape) => shape.reduce((a, b) => a * b, 1),
};
export const io = {
  http: (/** @type {string} */ url) => ({ load: async () => tf.model(url) }),
  fromMemory: (/** @type {StubModel} */ model) => model,
};

/** What was made within is gone, but for what is returned. @template {Tensor | Tensor[]} T @param {() => T} work */
export function tidy(work) {
  const before = tf.alive;
  const kept = work();
  tf.alive = before + [kept].flat().length;
  return kept;
}

/** How many tensors were alive when a scope began. @type {number[]} */
const scopes = [];

/** `tidy` in two steps. */
export const engine = () => ({
  startScope: () => void scopes.push(tf.alive),
  endScope: (/** @type {Tensor | Tensor[] | undefined} */ kept) => {
    tf.alive = (scopes.pop() ?? 0) + (kept === undefined ? 0 : [kept].flat().length);
  },
});

/** @param {Tensor[]} tensors */
export const dispose = (tensors) =>
  tensors.forEach((each) => {
    each.dispose();
  });

/** The operations that have to be waited for. */
export const json = [{ tfOpName: 'While' }];

/**
 * @param {string} name
 * @param {StubModel['run']} run
 * @returns {StubModel['run']}
 */
const called =
  (name, run) =>
  (...given) => {
    tf.executed.push(name);
    return run(...given);
  };

/** @param {StubModel} model */
export const loadGraphModel = async (model) => ({
  ...model,
  execute: called('execute', model.run),
  executeAsync: async (/** @type {Parameters<StubModel['run']>} */ ...given) =>
    called('executeAsync', model.run)(...given),
  dispose: () => {
    tf.disposedModels += 1;
  },
});

/** @param {StubModel} made */
export const loadLayersModel = async (made) => ({
  ...made,
  layers: [],
  apply: made.run,
  dispose: () => {
    tf.disposedModels += 1;
  },
});

/** An activation by its name. */
export const getActivation = () => {
  throw new Error('not stubbed');
};

// The wasm backend's: where its files lie, and their names.
export const resetWasmPath = () => {};
export const setWasmPaths = () => {};
export const getThreadsCount = () => 2;
export default 'stub.wasm';
