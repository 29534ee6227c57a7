/** Either format as two functions on a batch: one predicts, one returns intermediate outputs. */
import { loadGraphModel } from '@tensorflow/tfjs-converter';
import * as tf from '@tensorflow/tfjs-core';

import { tidyAsync, waits } from './control_flow.js';
import { model as functionalModel, loadLayersModel } from './layers.js';

/**
 * @typedef {object} Model
 * @property {(input: tf.Tensor) => tf.Tensor | Promise<tf.Tensor>} call
 * @property {(input: tf.Tensor, names: readonly string[]) => Outputs | Promise<Outputs>} look
 *   the output of every layer, whatever the names, or in a graph model of every named operation
 * @property {<T extends tf.TensorContainer>(work: () => T | Promise<T>) => T | Promise<T>} tidy
 *   frees what `call` or `look` made on the way. A model gives promises if its graph has control
 *   flow, and otherwise its answer at once: then nothing is waited for in a measured time.
 * @property {() => void} dispose
 */

/** @typedef {[string, tf.Tensor][]} Outputs */

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
          tidy: tidyAsync,
          dispose,
        }
      : {
          call: (input) => /** @type {tf.Tensor} */ (model.execute(input)),
          look: (input, names) => named(names, model.execute(input, [...names])),
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
      look: everyLayer(model),
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
 * A second model with the same layers, whose outputs are those of all layers; built on first use.
 * A layer that is called more than once gives the output of its first call.
 * @param {import('@tensorflow/tfjs-layers').LayersModel} model
 * @returns {Model['look']}
 */
function everyLayer(model) {
  /** @type {import('@tensorflow/tfjs-layers').LayersModel | null} */
  let whole = null;
  return (input) => {
    const outputs = model.layers.map((layer) => [layer.getOutputAt(0)].flat()[0]);
    whole ??= functionalModel({ inputs: model.inputs, outputs });
    const tensors = /** @type {tf.Tensor[]} */ ([whole.apply(input, { training: false })].flat());
    return model.layers.map(({ name }, index) => [name, tensors[index]]);
  };
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
