/**
 * Either format as functions on a batch: one predicts, one returns intermediate outputs, one
 * returns them from given values of what comes before each.
 */
import { loadGraphModel } from '@tensorflow/tfjs-converter';
import * as tf from '@tensorflow/tfjs-core';

import { tidyAsync, waits } from './control_flow.js';
import { loadLayersModel } from './layers.js';
import { reason } from './promises.js';
import { run } from './steps.js';

/**
 * @typedef {object} Model
 * @property {readonly Declared[]} inputs  in the order in which it is given tensors
 * @property {number} outputs  how many it gives
 * @property {(given: tf.Tensor[]) => tf.Tensor[] | Promise<tf.Tensor[]>} call
 * @property {(given: tf.Tensor[], names: readonly string[]) => Outputs | Promise<Outputs>} look
 *   the output of every layer, whatever the names, or in a graph model of every named operation
 * @property {(given: tf.Tensor[], known: ReadonlyMap<string, tf.Tensor>, feeds: Feeds) =>
 *   Own | Promise<Own>} own
 *   what each part in `feeds` gives when it is computed from known outputs of those before it
 * @property {<T extends tf.TensorContainer>(work: () => T | Promise<T>) => T | Promise<T>} tidy
 *   frees what `call` or `look` made on the way. A model gives promises if its graph has control
 *   flow, and otherwise its answer at once: then nothing is waited for in a measured time.
 * @property {() => void} dispose
 */

/** @typedef {{ name: string, shape?: (number | null)[], dtype?: string }} Declared */
/**
 * The names of a graph's tensors in the order of the model's inputs and outputs; null: in its own.
 * @typedef {{ inputs: readonly string[] | null, outputs: readonly string[] | null }} Ends
 */
/** @typedef {[string, tf.Tensor][]} Outputs */
/** @typedef {[string, readonly string[]][]} Feeds  parts, each with what it is computed from */
/** @typedef {[string, tf.Tensor | string][]} Own  a part's output, or why there is none */

/** @type {Ends} */
const ITS_OWN = { inputs: null, outputs: null };

/**
 * @param {import('./lanes.js').Format} format
 * @param {tf.io.ModelArtifacts} artifacts
 * @param {Ends} [ends]  of a graph; a layers model's are in Keras's order by themselves
 * @returns {Promise<Model>}
 */
export async function buildModel(format, artifacts, ends = ITS_OWN) {
  const source = tf.io.fromMemory(artifacts);
  if (format === 'graph') {
    return graphModel(await loadGraphModel(source), waits(artifacts.modelTopology), ends);
  }
  if (format === 'layers') return layersModel(await loadLayersModel(source));
  throw new Error(`there is no format ${format}; expected one of graph, layers`);
}

/**
 * @param {import('@tensorflow/tfjs-converter').GraphModel} model
 * @param {boolean} mustWait
 * @param {Ends} ends
 * @returns {Model}
 */
function graphModel(model, mustWait, { inputs, outputs }) {
  const names = inputs?.map(nodeOf) ?? model.inputs.map(({ name }) => name);
  const declared = names.map(
    (name) => model.inputs.find((input) => input.name === name) ?? { name },
  );
  const fed = (/** @type {tf.Tensor[]} */ given) => {
    sameNumber(declared, given);
    return inputs ? Object.fromEntries(inputs.map((name, at) => [name, given[at]])) : given;
  };
  const gives = outputs ? [...outputs] : undefined;
  const listed = (/** @type {tf.Tensor | tf.Tensor[]} */ found) => [found].flat();
  // `execute()` is not waited for: then nothing is waited for in a measured time.
  const execute = (
    /** @type {tf.Tensor[] | tf.NamedTensorMap} */ given,
    /** @type {any} */ asked,
  ) =>
    mustWait
      ? model.executeAsync(given, asked).then(listed)
      : listed(/** @type {tf.Tensor} */ (model.execute(given, asked)));
  return {
    inputs: /** @type {Declared[]} */ (declared),
    outputs: gives?.length ?? model.outputs.length,
    call: (given) => execute(fed(given), gives),
    look: (given, asked) => {
      const found = execute(fed(given), [...asked]);
      return found instanceof Promise
        ? found.then((tensors) => named(asked, tensors))
        : named(asked, found);
    },
    own: (given, known, feeds) => {
      const starts = names.map((name, at) => /** @type {const} */ ([name, given[at]]));
      return each(
        feeds,
        async (name, from) => execute(from, [name]),
        new Map([...known, ...starts]),
      );
    },
    tidy: mustWait ? tidyAsync : tidySync,
    dispose: () => model.dispose(),
  };
}

/**
 * @param {import('@tensorflow/tfjs-layers').LayersModel} model
 * @returns {Model}
 */
function layersModel(model) {
  return {
    inputs: model.inputs,
    outputs: model.outputs.length,
    // predict() would split the batch into pieces of 32 and copy each.
    call: (given) => {
      sameNumber(model.inputs, given);
      for (const [at, input] of given.entries()) checkShape(model.inputs[at], input);
      const found = model.apply(given.length === 1 ? given[0] : given, { training: false });
      return /** @type {tf.Tensor[]} */ ([found].flat());
    },
    look: (given) => /** @type {Outputs} */ ([...run(model, given)]),
    own: (given, known, feeds) => {
      const outputs = run(model, given, known);
      return feeds.map(([name]) => [name, outputs.get(name) ?? `there is no step ${name}`]);
    },
    tidy: tidySync,
    dispose: () => void model.dispose(),
  };
}

const tidySync = /** @type {Model['tidy']} */ (tf.tidy);

/** The operation that gives a tensor. @param {string} name */
const nodeOf = (name) => name.split(':')[0];

/**
 * @param {readonly string[]} names
 * @param {tf.Tensor[]} tensors
 * @returns {Outputs}
 */
const named = (names, tensors) => names.map((name, at) => [name, tensors[at]]);

/**
 * Each part of a graph by itself, from the known outputs that it is fed with.
 * @param {Feeds} feeds
 * @param {(name: string, fed: tf.NamedTensorMap) => Promise<tf.Tensor[]>} execute
 * @param {ReadonlyMap<string, tf.Tensor>} known
 * @returns {Promise<Own>}
 */
async function each(feeds, execute, known) {
  /** @type {Own} */
  const found = [];
  for (const [name, sources] of feeds) {
    const fed = sources.map((source) => [source, /** @type {tf.Tensor} */ (known.get(source))]);
    try {
      const [tensor] = await execute(name, Object.fromEntries(fed));
      found.push([name, tensor]);
    } catch (error) {
      found.push([name, reason(error)]);
    }
  }
  return found;
}

/**
 * @param {readonly unknown[]} declared
 * @param {readonly tf.Tensor[]} given
 */
function sameNumber({ length: wanted }, { length: there }) {
  if (wanted !== there) {
    throw new Error(`it takes ${wanted} input${wanted === 1 ? '' : 's'}, and was given ${there}`);
  }
}

/**
 * What predict() checks first, in its words, and apply() does not: what a user's predict() refuses
 * is no answer here.
 * @param {{ name: string, shape: (number | null)[] }} declared
 * @param {tf.Tensor} input
 */
function checkShape({ name, shape: expected }, { shape }) {
  const fits = expected.every((size, axis) => axis === 0 || size === null || size === shape[axis]);
  if (fits && expected.length === shape.length) return;
  throw new Error(
    `Error when checking : expected ${name} to have shape ${JSON.stringify(expected)} but got ` +
      `array with shape ${JSON.stringify(shape)}.`,
  );
}
