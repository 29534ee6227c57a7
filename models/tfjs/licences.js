/** The licences of the packages that a bundle holds. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * The licence of every package that esbuild has bundled, in the package's own words: of a file LICENSE,
 * or of its README. Copyright notices within scripts are in esbuild's own files, *.LEGAL.txt.
 * @param {string[]} inputs paths of the files that were bundled, as `node_modules/long/umd/index.js`
 */
export function licences(inputs) {
  const folders = inputs.flatMap(
    (path) => path.match(/^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+/) ?? [],
  );
  return [...new Set(folders)]
    .sort()
    .map(licence)
    .join(`\n${'-'.repeat(80)}\n\n`);
}

/** @param {string} folder of a package */
function licence(folder) {
  const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  return `${name} ${version}, ${license}\n\n${ownWords(folder)}`;
}

/** @param {string} folder of a package */
function ownWords(folder) {
  const file = readdirSync(folder).find((each) => /^licen[cs]e/i.test(each));
  if (file) return readFileSync(join(folder, file), 'utf8');
  const readme = join(folder, 'README.md');
  const text = existsSync(readme) ? readFileSync(readme, 'utf8') : '';
  const granted = text.search(/^.*licen[cs]e.*$\s*(?:^.*$\s*){0,8}Permission is hereby granted/im);
  return granted < 0 ? '' : text.slice(granted);
}
