/**
 * Bundle the app's own modules: `node build_app.js SOURCE OUT`. SOURCE/frontend/entries.json lists the
 * entries, which keep their paths; what they share goes into chunks. OUT/bundle.json says which
 * modules went in, and what the canvas, the first of the entries, imports.
 */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { build } from 'esbuild';

const [source, out] = process.argv.slice(2);
/** @type {string[]} */
const entries = JSON.parse(readFileSync(join(source, 'frontend', 'entries.json'), 'utf8'));

/** The hash that `app/frontend/module_tree.py` calls the version of a tree. */
function version() {
  const names = readdirSync(source, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.js'))
    .map((name) => name.replaceAll('\\', '/'));
  const total = createHash('sha256');
  for (const name of names.sort()) {
    const content = readFileSync(join(source, name));
    total.update(`${name}\0`).update(createHash('sha256').update(content).digest());
  }
  return total.digest('hex').slice(0, 16);
}

rmSync(out, { recursive: true, force: true });
const { metafile } = await build({
  absWorkingDir: source,
  entryPoints: entries,
  outbase: '.',
  outdir: out,
  chunkNames: 'chunks/[name]-[hash]',
  bundle: true,
  splitting: true,
  format: 'esm',
  target: 'es2022',
  minify: true,
  metafile: true,
  legalComments: 'none',
  logLevel: 'warning',
});

const outputs = new Map(Object.entries(metafile.outputs));
const [first] = [...outputs].find(([, { entryPoint }]) => entryPoint === entries[0]) ?? [''];
const prefix = first.slice(0, first.length - entries[0].length);
/** @param {string} name @returns {string[]} */
const closure = (name) => [
  name,
  ...(outputs.get(name)?.imports ?? [])
    .filter(({ kind, external }) => kind === 'import-statement' && !external)
    .flatMap(({ path }) => closure(path)),
];
const preloaded = [...new Set(closure(first))].map((name) => name.slice(prefix.length));
const about = { modules: version(), preloaded };
writeFileSync(join(out, 'bundle.json'), `${JSON.stringify(about, null, 2)}\n`);
