/**
 * `node build.js OUT`: build OUT: a script for each of the runtimes, with the files that it fetches
 * beside it. version.json has the versions of the packages.
 */
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';

import { build } from 'esbuild';

const [out] = process.argv.slice(2);
const LITERT = 'node_modules/@litertjs/core/wasm';
const ONNX = 'node_modules/onnxruntime-web/dist';
const BESIDE = [
  `${LITERT}/litert_wasm_internal.js`,
  `${LITERT}/litert_wasm_internal.wasm`,
  `${LITERT}/litert_wasm_compat_internal.js`, // where there is no relaxed SIMD
  `${LITERT}/litert_wasm_compat_internal.wasm`,
  `${ONNX}/ort-wasm-simd-threaded.wasm`,
  `${ONNX}/ort-wasm-simd-threaded.asyncify.wasm`,
];

mkdirSync(out, { recursive: true });
await build({
  entryPoints: ['src/litert.js', 'src/onnx_wasm.js', 'src/onnx_webgpu.js', 'src/measured.js'],
  outdir: out,
  bundle: true,
  format: 'esm',
  target: 'es2022',
  minify: true,
  platform: 'browser',
  legalComments: 'external',
  logLevel: 'error', // ONNX Runtime Web looks for Node's modules where there is Node
});
for (const path of BESIDE) copyFileSync(path, `${out}/${path.split('/').at(-1)}`);
const { packages: locked } = JSON.parse(readFileSync('package-lock.json', 'utf8'));
const version = (/** @type {string} */ name) => locked[`node_modules/${name}`].version;
const packages = {
  'litert.js': version('@litertjs/core'),
  'onnxruntime-web': version('onnxruntime-web'),
};
writeFileSync(`${out}/version.json`, `${JSON.stringify({ packages }, null, 2)}\n`);
