/** Graphs with control flow: which those are, and how the memory of their predictions is freed. */
import { json as control } from '@tensorflow/tfjs-converter/dist/operations/op_list/control';
import { json as dynamic } from '@tensorflow/tfjs-converter/dist/operations/op_list/dynamic';
import { json as tables } from '@tensorflow/tfjs-converter/dist/operations/op_list/hash_table';
import * as tf from '@tensorflow/tfjs-core';

/**
 * The operations that TensorFlow.js computes asynchronously, by its own lists: loops and branches
 * read a tensor to choose their way. `execute()` refuses a graph that has one.
 */
const WAITING = new Set([...control, ...dynamic, ...tables].map((operation) => operation.tfOpName));

/**
 * Whether a graph has to be run by `executeAsync()`.
 * @param {unknown} topology  of a graph model's model.json
 * @returns {boolean}
 */
export function waits(topology) {
  const { node = [] } = /** @type {{node?: {op: string}[]}} */ (topology ?? {});
  return node.some(({ op }) => WAITING.has(op));
}

/**
 * `tf.tidy()` for work that takes its time: whatever it makes is freed at its end, but for what it
 * returns, also when it fails. Nothing else may compute meanwhile; predictions take turns.
 * @template {tf.TensorContainer} T
 * @param {() => T | Promise<T>} work
 * @returns {Promise<T>}
 */
export async function tidyAsync(work) {
  const engine = tf.engine();
  engine.startScope();
  /** @type {T | undefined} */
  let kept;
  try {
    kept = await work();
    return kept;
  } finally {
    engine.endScope(kept);
  }
}
