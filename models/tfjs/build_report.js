/**
 * `node build_report.js OUT`: what a bug report holds of TensorFlow.js, in the folder OUT: one classic
 * script with every backend, and the .wasm file that browsers take. A report is opened from a disk,
 * where no module can be imported and nothing fetched. Made only for who asks for a report.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';

import { build } from 'esbuild';

const [out] = process.argv.slice(2);
const { outputFiles } = await build({
  bundle: true,
  format: 'iife',
  target: 'es2022',
  minify: true,
  entryPoints: ['src/report/page.js'],
  outdir: out,
  write: false,
  platform: 'browser',
  loader: { '.wasm': 'file' },
  assetNames: '[name]',
  mainFields: ['module', 'main'],
  legalComments: 'eof', // copyright notices, in the script: a report is one file
  logLevel: 'error', // that import.meta is empty: the files are in the report, and given by address
});
mkdirSync(out, { recursive: true });
for (const { path, contents } of outputFiles) {
  const name = { 'page.js': 'script', 'tfjs-backend-wasm-simd.wasm': 'wasm' }[
    path.split(/[\\/]/).at(-1) ?? ''
  ];
  if (name) writeFileSync(`${out}/${name}.gz`, gzipSync(contents, { level: 9 }));
}
const { version } = JSON.parse(
  readFileSync('node_modules/@tensorflow/tfjs-core/package.json', 'utf8'),
);
writeFileSync(`${out}/version.json`, JSON.stringify({ version }));
