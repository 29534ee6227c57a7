/**
 * Files that a page will ask for, fetched before whatever asks for them is there itself: over a slow network each
 * script that names the next one is a round trip.
 *
 * @import {Backend} from './tfjs.js'
 */

import { underRoot } from '../streamlit_internals/root_address.js';
import { keptChoice } from './tfjs.js';

/** URL paths that were announced. @type {Set<string>} */
const announced = new Set();

/**
 * The scripts that TensorFlow.js begins with, if they will be imported soon: they are those of wasm, its
 * default backend.
 * @param {readonly string[]} first  paths below served/
 * @param {'auto' | Backend} asked
 */
export function announceEngine(first, asked) {
  const backend = asked === 'auto' ? keptChoice() : asked;
  if (backend !== null && backend !== 'wasm') return;
  announce(
    first.map((path) => `served/${path}`),
    { rel: 'modulepreload' },
  );
}

/** Files that are fetched soon, by a plain `fetch`. @param {readonly string[]} paths  below the app's root */
export const announceFiles = (paths) =>
  announce(paths, { rel: 'preload', as: 'fetch', crossOrigin: 'anonymous' });

/** @param {readonly string[]} paths @param {object} how */
function announce(paths, how) {
  for (const path of paths) {
    if (announced.has(path)) continue;
    announced.add(path);
    const link = document.createElement('link');
    document.head.append(Object.assign(link, how, { href: underRoot(path) }));
  }
}
