/**
 * `node build.js [OUT]`: build OUT, by default dist/: for the page an entry with the backends as
 * chunks, for Node one script. Every name has a hash of its content, so files can be cached forever;
 * version.json names the entry, and what is imported first. Files for the page are also stored compressed, as .br and .gz: done
 * once, and smaller than a server could make them for each visitor.
 */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';

import { build } from 'esbuild';

import { licences } from './licences.js';

/** @type {import('esbuild').BuildOptions} */
const common = {
  bundle: true,
  format: 'esm',
  target: 'es2022',
  minify: true,
  loader: { '.wasm': 'file' },
  assetNames: '[name]-[hash]',
  mainFields: ['module', 'main'], // Node gets the same modules as the page
  legalComments: 'external', // copyright notices, in a file beside each script
  logLevel: 'warning',
};

const [out = 'dist'] = process.argv.slice(2);
rmSync(out, { recursive: true, force: true });
const page = await build({
  ...common,
  entryPoints: ['src/main.js'],
  outdir: out,
  platform: 'browser',
  metafile: true,
  splitting: true,
  entryNames: '[name]-[hash]',
  chunkNames: '[name]-[hash]',
});
const node = await build({
  ...common,
  metafile: true,
  entryPoints: ['src/node/cli.js'],
  outfile: `${out}/node/cli.mjs`,
  platform: 'node',
  // The wasm backend was built for CommonJS.
  banner: {
    js: [
      "import { createRequire } from 'node:module';",
      'const require = createRequire(import.meta.url);',
      'const __dirname = import.meta.dirname;',
    ].join('\n'),
  },
});

const outputs = Object.entries(page.metafile.outputs);
/** @param {string} source @returns {string[]}  the output that is made of it, and what that imports at once */
function withImports(source) {
  const [name] = outputs.find(([, { entryPoint }]) => entryPoint === source) ?? [''];
  /** @param {string} each @returns {string[]} */
  const closure = (each) => [
    each,
    ...(page.metafile.outputs[each]?.imports ?? [])
      .filter(({ kind, external }) => kind === 'import-statement' && !external)
      .flatMap(({ path }) => closure(path)),
  ];
  return closure(name).map((path) => basename(path));
}
const [entry, ...imported] = withImports('src/main.js');
// With the default backend's, which the entry imports when it is asked to compute.
const first = [...new Set([entry, ...imported, ...withImports('src/backends/wasm.js')])];
/** @type {Record<string, {bytes: number, gzip: number, brotli: number, sha256: string}>} */
const files = {};
for (const name of readdirSync(out).sort()) {
  if (name === 'node' || name.endsWith('.txt')) continue;
  const content = readFileSync(`${out}/${name}`);
  const sha256 = createHash('sha256').update(content).digest('hex');
  const gzip = gzipSync(content, { level: 9 });
  const brotli = brotliCompressSync(content, {
    params: { [constants.BROTLI_PARAM_SIZE_HINT]: content.length },
  });
  writeFileSync(`${out}/${name}.gz`, gzip);
  writeFileSync(`${out}/${name}.br`, brotli);
  files[name] = { bytes: content.length, gzip: gzip.length, brotli: brotli.length, sha256 };
}
const version = createHash('sha256').update(JSON.stringify(files)).digest('hex').slice(0, 16);
const { packages: locked } = JSON.parse(readFileSync('package-lock.json', 'utf8'));
const packages = Object.fromEntries(
  Object.entries(locked)
    .filter(([path]) => /^node_modules\/(@tensorflow\/[^/]+|esbuild)$/.test(path))
    .map(([path, { version: number }]) => [path.replace('node_modules/', ''), number]),
);
const about = { version, entry, first, packages, files };
writeFileSync(`${out}/version.json`, `${JSON.stringify(about, null, 2)}\n`);
const bundled = [...Object.keys(page.metafile.inputs), ...Object.keys(node.metafile.inputs)];
writeFileSync(`${out}/LICENSES.txt`, licences(bundled));
