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
 * @property {(input: tf.Tensor) => tf.Tensor | Promise<tf.Tensor>} call
 * @property {(input: tf.Tensor, names: readonly string[]) => Outputs | Promise<Outputs>} look
 *   the output of every layer, whatever the names, or in a graph model of every named operation
 * @property {(input: tf.Tensor, given: ReadonlyMap<string, tf.Tensor>, feeds: Feeds) =>
 *   Own | Promise<Own>} own
 *   what each part in `feeds` gives when it is computed from given outputs of those before it
 * @property {<T extends tf.TensorContainer>(work: () => T | Promise<T>) => T | Promise<T>} tidy
 *   frees what `call` or `look` made on the way. A model gives promises if its graph has control
 *   flow, and otherwise its answer at once: then nothing is waited for in a measured time.
 * @property {() => void} dispose
 */

/** @typedef {[string, tf.Tensor][]} Outputs */
/** @typedef {[string, readonly string[]][]} Feeds  parts, each with what it is computed from */
/** @typedef {[string, tf.Tensor | string][]} Own  a part's output, or why there is none */

/**
 * @param {import('./lanes.js').Format} format
 * @param {tf.io.ModelArtifacts} artifacts
 * @returns {Promise<Model>}
 */
export async function buildModel(format, artifacts) {
  const source = tf.io.fromMemory(artifacts);
  if (format === 'graph') {
    const model = await loadGraphModel(source);
    only('input', model.inputs.length);
    only('output', model.outputs.length);
    const dispose = () => model.dispose();
    return waits(artifacts.modelTopology)
      ? {
          call: async (input) => /** @type {tf.Tensor} */ (await model.executeAsync(input)),
          look: async (input, names) => named(names, await model.executeAsync(input, [...names])),
          own: (_, given, feeds) =>
            each(feeds, async (name, fed) => [await model.executeAsync(fed, [name])].flat(), given),
          tidy: tidyAsync,
          dispose,
        }
      : {
          call: (input) => /** @type {tf.Tensor} */ (model.execute(input)),
          look: (input, names) => named(names, model.execute(input, [...names])),
          own: (_, given, feeds) =>
            each(feeds, async (name, fed) => [model.execute(fed, [name])].flat(), given),
          tidy: tidySync,
          dispose,
        };
  }
  if (format === 'layers') {
    const model = await loadLayersModel(source);
    only('input', model.inputs.length);
    only('output', model.outputs.length);
    return {
      // predict() would split the batch into pieces of 32 and copy each.
      call: (input) => {
        checkShape(model.inputs[0], input);
        return /** @type {tf.Tensor} */ (model.apply(input, { training: false }));
      },
      look: (input) => /** @type {Outputs} */ ([...run(model, input)]),
      own: (input, given, feeds) => {
        const outputs = run(model, input, given);
        return feeds.map(([name]) => [name, outputs.get(name) ?? `there is no step ${name}`]);
      },
      tidy: tidySync,
      dispose: () => void model.dispose(),
    };
  }
  throw new Error(`there is no format ${format}; expected one of graph, layers`);
}

const tidySync = /** @type {Model['tidy']} */ (tf.tidy);

/**
 * @param {readonly string[]} names
 * @param {tf.Tensor | tf.Tensor[]} outputs
 * @returns {Outputs}
 */
function named(names, outputs) {
  const tensors = [outputs].flat();
  return names.map((name, index) => [name, tensors[index]]);
}

/**
 * Each part of a graph by itself, from the given outputs that it is fed with.
 * @param {Feeds} feeds
 * @param {(name: string, fed: tf.NamedTensorMap) => Promise<tf.Tensor[]>} execute
 * @param {ReadonlyMap<string, tf.Tensor>} given
 * @returns {Promise<Own>}
 */
async function each(feeds, execute, given) {
  /** @type {Own} */
  const found = [];
  for (const [name, sources] of feeds) {
    const fed = sources.map((source) => [source, /** @type {tf.Tensor} */ (given.get(source))]);
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

/**
 * @param {string} what
 * @param {number} count
 */
function only(what, count) {
  if (count !== 1)
    throw new Error(`it has ${count} ${what}s; expected one ${what}, a batch of digits`);
}
