/**
 * TensorFlow.js for the components: its URL, its backend, and its description of this browser.
 *
 * @typedef {import('../../models/tfjs/src/main.js')} Engine
 * @typedef {import('../../models/tfjs/src/main.js').BackendName} Backend
 * @typedef {import('../../models/tfjs/src/main.js').Format} Format
 * @typedef {import('../../models/tfjs/src/main.js').Lane} Lane
 * @typedef {import('../../models/tfjs/src/picture_input.js').Input} Input
 *
 * @typedef {object} Model  the URL and the input of a model
 * @property {string} name
 * @property {string} version
 * @property {Partial<Record<Format, string>>} paths  of each model.json, below the version's URL
 * @property {Input} input  how a picture becomes the model's input, as its manifest has it
 */

import { underRoot } from '../streamlit_internals/root_address.js';

/** @type {readonly Format[]} */
export const FORMATS = ['graph', 'layers'];

/** The formats that a model has. @param {Model} model */
export const formatsOf = ({ paths }) => FORMATS.filter((format) => format in paths);

const KEPT_CHOICE = 'digit-parity-backend';

/** Values of an input: with more, plain JavaScript would hold the page for seconds to be measured. */
const LARGE = 10_000;

/** @type {Map<string, Promise<Engine>>} */
const engines = new Map();

/**
 * @param {string | null} bundle
 * @returns {Promise<Engine>}
 */
export function loadEngine(bundle) {
  if (bundle === null) {
    throw new Error('TensorFlow.js is not installed on this server; its log says why.');
  }
  const known = engines.get(bundle);
  if (known) return known;
  const loading = import(served(bundle));
  engines.set(bundle, loading);
  loading.catch(() => engines.delete(bundle));
  return loading;
}

/** The URL of a file below served/. @param {string} path */
export const served = (path) => underRoot(`served/${path}`);

/** The URL of a format's model.json. @param {Model} model @param {Format} format */
export const modelAddress = ({ name, version, paths }, format) =>
  served(`models/${name}/${version}/${paths[format]}`);

/**
 * Use the requested backend, or the first other one that works, with the reason for the fallback.
 * `auto` is the backend measured fastest in this tab; before a measurement the first that works.
 * @param {Engine} engine
 * @param {'auto' | Backend} asked
 * @returns {Promise<{backend: Backend, fallback: string | null}>}
 */
export async function pickBackend(engine, asked) {
  const kept = asked === 'auto' ? keptChoice() : asked;
  if (kept === null) {
    const { backend } = await engine.chooseBackend();
    return { backend, fallback: null };
  }
  try {
    await engine.useBackend(kept);
    return { backend: kept, fallback: null };
  } catch (error) {
    const others = engine.BACKENDS.filter((name) => name !== kept);
    const { backend } = await engine.chooseBackend(others);
    return { backend, fallback: reason(error) };
  }
}

/** The fastest backend measured in this tab. @returns {Backend | null} */
export const keptChoice = () => /** @type {Backend | null} */ (sessionStorage.getItem(KEPT_CHOICE));

/**
 * Measure every backend and keep the fastest for this tab. A software GPU is left out, and so is a
 * backend that does not work here.
 * @param {Engine} engine
 * @param {Model} model
 */
export async function keepFastestBackend(engine, model) {
  const format = FORMATS.find((each) => each in model.paths);
  if (format === undefined) return;
  const { input } = model;
  const probe = { format, url: modelAddress(model, format), input };
  const isLarge = input.shape.reduce((all, size) => all * size, 1) > LARGE;
  const candidates = engine.BACKENDS.filter((name) => name !== 'cpu' || !isLarge);
  const { backend } = await engine.chooseBackend(candidates, probe);
  sessionStorage.setItem(KEPT_CHOICE, backend);
}

/**
 * The environment as reports have it.
 * @param {Engine} engine
 * @returns {Record<string, string>}
 */
export function describe(engine) {
  const { userAgent, cores, gpu, crossOriginIsolated, tfjs } = engine.describeEnvironment();
  return {
    browser: userAgent,
    cores: String(cores ?? 'unknown'),
    gpu: gpu?.renderer ?? 'none',
    'cross-origin isolated': crossOriginIsolated ? 'yes' : 'no',
    'TensorFlow.js': tfjs,
  };
}

/**
 * Levels from 0 to 255 in base64 → pixels in [0, 1], bit for bit those of Python's `Digit`: both
 * divide and round to the nearest float32.
 * @param {string} levels
 * @returns {Float32Array}
 */
export function decode(levels) {
  const bytes = atob(levels);
  const pixels = new Float32Array(bytes.length);
  // Not `from`, which takes a second for the millions of values of a few photographs.
  for (let at = 0; at < bytes.length; at += 1) pixels[at] = bytes.charCodeAt(at) / 255;
  return pixels;
}

/** Levels from 0 to 255 in base64 → bytes. @param {string} levels */
export function decodeLevels(levels) {
  const bytes = atob(levels);
  const values = new Uint8Array(bytes.length);
  for (let at = 0; at < bytes.length; at += 1) values[at] = bytes.charCodeAt(at); // as `decode`
  return values;
}

/** Levels → base64. @param {Uint8Array} levels */
export function encode(levels) {
  const letters = new Array(levels.length); // a call has no room for a photograph's
  for (let at = 0; at < levels.length; at += 1) letters[at] = String.fromCharCode(levels[at]);
  return btoa(letters.join(''));
}

/** @param {unknown} error */
export const reason = (error) => (error instanceof Error ? error.message : String(error));
