/** The environment: browser or Node, processor, GPU, and what TensorFlow.js holds in memory. */
import * as tf from '@tensorflow/tfjs-core';

/**
 * @typedef {object} Environment
 * @property {string} userAgent
 * @property {number | null} cores        logical processors
 * @property {{vendor: string, renderer: string, software: boolean} | null} gpu  as WebGL reports it
 * @property {boolean} webgpu             whether the browser offers WebGPU
 * @property {boolean} crossOriginIsolated  without it clocks are coarse and wasm has one thread
 * @property {string} tfjs                version of TensorFlow.js
 */

/** Drivers that render on the processor: with them WebGL is the slowest backend. */
const SOFTWARE = /swiftshader|llvmpipe|softpipe|software|basic render/i;

/** @type {Environment['gpu'] | undefined} */
let knownGpu;

/**
 * The GPU behind WebGL, queried once; null if there is none.
 * @returns {Environment['gpu']}
 */
export function describeGpu() {
  if (knownGpu === undefined) knownGpu = queryGpu();
  return knownGpu;
}

/** @returns {Environment['gpu']} */
function queryGpu() {
  if (typeof document === 'undefined') return null;
  const gl = document.createElement('canvas').getContext('webgl2');
  if (!gl) return null;
  const names = gl.getExtension('WEBGL_debug_renderer_info');
  const vendor = String(gl.getParameter(names ? names.UNMASKED_VENDOR_WEBGL : gl.VENDOR));
  const renderer = String(gl.getParameter(names ? names.UNMASKED_RENDERER_WEBGL : gl.RENDERER));
  gl.getExtension('WEBGL_lose_context')?.loseContext(); // browsers allow only a few at a time
  return { vendor, renderer, software: SOFTWARE.test(renderer) };
}

/** @returns {Environment} */
export function describeEnvironment() {
  const browser = typeof navigator === 'undefined' ? undefined : navigator;
  const node = typeof process === 'undefined' ? undefined : process.version;
  return {
    userAgent: node ? `Node.js ${node}` : (browser?.userAgent ?? 'unknown'),
    cores: browser?.hardwareConcurrency ?? null,
    gpu: describeGpu(),
    webgpu: browser !== undefined && 'gpu' in browser,
    crossOriginIsolated: globalThis.crossOriginIsolated === true,
    tfjs: tf.version_core,
  };
}

/**
 * The tensors alive on the current backend, and their size.
 * @returns {{tensors: number, bytes: number}}
 */
export function memory() {
  const { numTensors, numBytes } = tf.memory();
  return { tensors: numTensors, bytes: numBytes };
}
