/** ONNX Runtime Web's build for WebGPU. */
import * as ort from 'onnxruntime-web/webgpu';

import { openWith } from './onnx.js';

const WASM = new URL('ort-wasm-simd-threaded.asyncify.wasm', import.meta.url).href;

/** @param {import('./values.js').LaneJob} job */
export const open = (job) => openWith(ort, WASM, job);
