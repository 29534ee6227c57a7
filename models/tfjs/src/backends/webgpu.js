import '@tensorflow/tfjs-backend-webgpu';

/**
 * Check for WebGPU. The backend itself would only say that it cannot read properties of null.
 * @returns {Promise<void>}
 * @throws {Error} that says why there is no WebGPU here
 */
export async function need() {
  if (!globalThis.navigator?.gpu) throw new Error('this browser does not offer WebGPU.');
  if (!(await navigator.gpu.requestAdapter())) {
    throw new Error('this browser finds no graphics card that WebGPU may use.');
  }
}
