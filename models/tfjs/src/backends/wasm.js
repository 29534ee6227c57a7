import '@tensorflow/tfjs-backend-wasm';
import { resetWasmPath, setWasmPaths } from '@tensorflow/tfjs-backend-wasm/dist/backend_wasm';
import plain from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm.wasm';
import simd from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm';
import threaded from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-threaded-simd.wasm';
import { env } from '@tensorflow/tfjs-core';

export { getThreadsCount as threads } from '@tensorflow/tfjs-backend-wasm/dist/backend_wasm';

/**
 * Set where the .wasm files are: beside this script, or at `wasmPaths` (a folder's URL that ends in
 * a slash, or a URL for each file). Without threads, another file is used.
 * @param {import('../backends.js').Options} options
 */
export function locate({ wasmPaths, threads = true }) {
  if (!threads) env().set('WASM_HAS_MULTITHREAD_SUPPORT', false);
  resetWasmPath(); // otherwise a new path is refused after a failed start
  setWasmPaths(
    wasmPaths ?? {
      'tfjs-backend-wasm.wasm': beside(plain),
      'tfjs-backend-wasm-simd.wasm': beside(simd),
      'tfjs-backend-wasm-threaded-simd.wasm': beside(threaded),
    },
  );
}

/** @param {string} name */
function beside(name) {
  const url = new URL(name, import.meta.url);
  // In Node the backend reads its file from a path.
  return url.protocol === 'file:' ? decodeURIComponent(url.pathname) : url.href;
}
