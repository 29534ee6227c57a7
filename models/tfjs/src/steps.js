/**
 * A layers model step by step, those of models inside it too, from its inputs or from given values.
 * models/formats/anatomy gives the steps of a stored model the same names.
 */
import * as tf from '@tensorflow/tfjs-core';
import { getActivation } from '@tensorflow/tfjs-layers/dist/activations';

/** @typedef {import('@tensorflow/tfjs-layers').LayersModel} LayersModel */
/** @typedef {import('@tensorflow/tfjs-layers').SymbolicTensor} SymbolicTensor */
/** @typedef {tf.Tensor | string} Given  a step's output, or why there is none */
/** @typedef {{ outboundLayer: any, inputTensors: SymbolicTensor[], outputTensors: SymbolicTensor[] }} CallNode */
/** @typedef {{ value: Given, mask: tf.Tensor | null }} Held */

/** What a graph computes in an operation of its own: see `own_step` in models/formats/anatomy. */
const ACTIVATED = new Set([
  'Dense',
  'Conv1D',
  'Conv2D',
  'Conv2DTranspose',
  'DepthwiseConv2D',
  'SeparableConv2D',
]);
const OWN_STEP = new Set(['softmax', 'sigmoid', 'tanh', 'softplus', 'selu']);

/**
 * What each step gives, by its name. Where there is a value among the `given`, the steps after it
 * take that in place of what it gives: each then shows what it adds itself. What a step throws is
 * the step's own then; without given values it is thrown.
 * @param {LayersModel} model
 * @param {readonly tf.Tensor[]} inputs
 * @param {ReadonlyMap<string, tf.Tensor>} [given]
 * @returns {Map<string, Given>}
 */
export function run(model, inputs, given) {
  /** @type {Map<string, Given>} */
  const outputs = new Map();
  const held = inputs.map((value) => ({ value, mask: null }));
  level(model, held, '', { given, outputs });
  return outputs;
}

/**
 * One call of a model: of the whole, or of one inside it.
 * @param {LayersModel} model
 * @param {Held[]} inputs
 * @param {string} prefix
 * @param {{ given?: ReadonlyMap<string, tf.Tensor>, outputs: Map<string, Given> }} found
 * @returns {Held[]}
 */
function level(model, inputs, prefix, found) {
  /** @type {Map<number, Held>} */
  const known = new Map(model.inputs.map(({ id }, index) => [id, inputs[index]]));
  for (const { name, node } of calls(model)) {
    const layer = node.outboundLayer;
    const called = prefix + name;
    if (layer.getClassName() === 'InputLayer') {
      const held = /** @type {Held} */ (known.get(node.outputTensors[0].id));
      if (prefix === '') found.outputs.set(called, held.value);
      continue;
    }
    const taken = node.inputTensors.map(({ id }) => /** @type {Held} */ (known.get(id)));
    const gives =
      'layers' in layer
        ? level(/** @type {any} */ (layer), taken, `${called}/`, found)
        : call(layer, taken, called, found);
    for (const [index, { id }] of node.outputTensors.entries()) {
      known.set(id, gives[index] ?? gives[0]);
    }
  }
  return model.outputs.map(({ id }) => /** @type {Held} */ (known.get(id)));
}

/**
 * The calls of a model's layers, each after those that it takes from.
 * @param {LayersModel} model
 */
function calls(model) {
  // No public way leads from a model to the calls that belong to it.
  const { nodesByDepth } = /** @type {{ nodesByDepth: Record<number, CallNode[]> }} */ (
    /** @type {unknown} */ (functional(model))
  );
  const depths = Object.keys(nodesByDepth).map(Number);
  /** @type {CallNode[]} */
  const nodes = depths.sort((a, b) => b - a).flatMap((depth) => nodesByDepth[depth]);
  const number = (/** @type {CallNode} */ node) => node.outboundLayer.inboundNodes.indexOf(node);
  return nodes.map((node) => {
    const { name } = node.outboundLayer;
    const before = nodes.filter(
      (each) => each.outboundLayer === node.outboundLayer && number(each) < number(node),
    ).length;
    return { node, name: before === 0 ? name : `${name} (call ${before + 1})` };
  });
}

/**
 * A Sequential model keeps its calls in a functional one, which it builds when it is first run.
 * @param {any} model
 */
function functional(model) {
  if (model.getClassName() !== 'Sequential') return model;
  if (!model.model) model.build();
  return model.model;
}

/**
 * @param {any} layer
 * @param {Held[]} taken
 * @param {string} called
 * @param {Parameters<typeof level>[3]} found
 * @returns {Held[]}
 */
function call(layer, taken, called, found) {
  const mask = taken.some((each) => each.mask) ? taken[0].mask : null;
  const apply = (/** @type {Held[]} */ held) => {
    const values = held.map(({ value }) => {
      if (typeof value === 'string') throw new Error(value);
      return value;
    });
    return [layer.apply(values, mask ? { training: false, mask } : { training: false })].flat();
  };
  const masks = () => {
    const each = taken.map(({ value }) => value);
    if (!layer.supportsMasking || each.some((value) => typeof value === 'string')) return null;
    const made = layer.computeMask(
      each,
      taken.map((held) => held.mask),
    );
    return Array.isArray(made) ? made[0] : made;
  };
  const kind = layer.activation?.getClassName?.();
  if (!ACTIVATED.has(layer.getClassName()) || !OWN_STEP.has(kind)) {
    return kept(called, () => apply(taken), masks, found);
  }
  const { activation } = layer;
  layer.activation = getActivation('linear');
  const first = `${called} before ${kind}`;
  const [linear] = kept(first, () => apply(taken), masks, found);
  layer.activation = activation;
  const activate = () => {
    if (typeof linear.value === 'string') throw new Error(linear.value);
    return [activation.apply(linear.value)];
  };
  return kept(called, activate, () => linear.mask, found);
}

/**
 * Note what a step gives. Returns what comes after it takes.
 * @param {string} called
 * @param {() => tf.Tensor[]} work
 * @param {() => tf.Tensor | null} masks
 * @param {Parameters<typeof level>[3]} found
 * @returns {Held[]}
 */
function kept(called, work, masks, { given, outputs }) {
  /** @type {Given[]} */
  let values;
  try {
    values = work();
  } catch (error) {
    if (!given) throw error;
    values = [error instanceof Error ? error.message : String(error)];
  }
  outputs.set(called, values[0]);
  const [first, ...others] = [given?.get(called) ?? values[0], ...values.slice(1)];
  const mask = masks();
  return [first, ...others].map((value) => ({ value, mask }));
}
