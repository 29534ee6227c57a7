/** ONNX Runtime Web's build for WebAssembly. */
import * as ort from 'onnxruntime-web/wasm';

import { openWith } from './onnx.js';

const WASM = new URL('ort-wasm-simd-threaded.wasm', import.meta.url).href;

/** @param {import('./values.js').LaneJob} job */
export const open = (job) => openWith(ort, WASM, job);
