/**
 * Build dist/: for the page an entry with the backends as chunks, for Node one script. Every name
 * has a hash of its content, so files can be cached forever; version.json names the entry. Files
 * for the page are also stored compressed, as .br and .gz: done once, and smaller than a server
 * could make them for each visitor.
 */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';

import { build } from 'esbuild';

/** @type {import('esbuild').BuildOptions} */
const common = {
  bundle: true,
  format: 'esm',
  target: 'es2022',
  minify: true,
  loader: { '.wasm': 'file' },
  assetNames: '[name]-[hash]',
  mainFields: ['module', 'main'], // Node gets the same modules as the page
  legalComments: 'none',
  logLevel: 'warning',
};

rmSync('dist', { recursive: true, force: true });
const page = await build({
  ...common,
  entryPoints: ['src/main.js'],
  outdir: 'dist',
  platform: 'browser',
  metafile: true,
  splitting: true,
  entryNames: '[name]-[hash]',
  chunkNames: '[name]-[hash]',
});
await build({
  ...common,
  entryPoints: ['src/node/cli.js'],
  outfile: 'dist/node/cli.mjs',
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
const [entry] = outputs.find(([, output]) => output.entryPoint === 'src/main.js') ?? [''];
/** @type {Record<string, {bytes: number, gzip: number, brotli: number, sha256: string}>} */
const files = {};
for (const name of readdirSync('dist').sort()) {
  if (name === 'node') continue;
  const content = readFileSync(`dist/${name}`);
  const sha256 = createHash('sha256').update(content).digest('hex');
  const gzip = gzipSync(content, { level: 9 });
  const brotli = brotliCompressSync(content, {
    params: { [constants.BROTLI_PARAM_SIZE_HINT]: content.length },
  });
  writeFileSync(`dist/${name}.gz`, gzip);
  writeFileSync(`dist/${name}.br`, brotli);
  files[name] = { bytes: content.length, gzip: gzip.length, brotli: brotli.length, sha256 };
}
const version = createHash('sha256').update(JSON.stringify(files)).digest('hex').slice(0, 16);
const { packages: locked } = JSON.parse(readFileSync('package-lock.json', 'utf8'));
const packages = Object.fromEntries(
  Object.entries(locked)
    .filter(([path]) => /^node_modules\/(@tensorflow\/[^/]+|esbuild)$/.test(path))
    .map(([path, { version: number }]) => [path.replace('node_modules/', ''), number]),
);
const about = { version, entry: entry.replace('dist/', ''), packages, files };
writeFileSync('dist/version.json', `${JSON.stringify(about, null, 2)}\n`);
