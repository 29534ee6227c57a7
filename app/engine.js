/**
 * TensorFlow.js for the components: where it is served, which backend it runs on, what it says of
 * this browser.
 *
 * @typedef {import('../models/tfjs/src/main.js')} Engine
 * @typedef {'cpu' | 'wasm' | 'webgl' | 'webgpu'} Backend
 */

/** @type {readonly ('graph' | 'layers')[]} */
export const FORMATS = ['graph', 'layers'];
const KEPT_CHOICE = 'digit-parity-backend';

/** @type {Map<string, Promise<Engine>>} */
const engines = new Map();

/**
 * @param {string | null} bundle
 * @returns {Promise<Engine>}
 */
export function loadEngine(bundle) {
  if (bundle === null) {
    throw new Error('TensorFlow.js is not installed on this server. Its operator installs it with: make install');
  }
  const known = engines.get(bundle);
  if (known) return known;
  const loading = import(served(bundle));
  engines.set(bundle, loading);
  loading.catch(() => engines.delete(bundle));
  return loading;
}

/**
 * The address of a served file, also under a path prefix: Streamlit's own script shows the root.
 * @param {string} path
 */
export function served(path) {
  const script = /** @type {HTMLScriptElement | null} */ (document.querySelector('script[src*="static/js/"]'));
  return new URL(`../../served/${path}`, script?.src ?? document.baseURI).href;
}

/**
 * The backend that was asked for, or the next one that works with the reason; `auto` is measured.
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

/** What was measured fastest in this tab. @returns {Backend | null} */
export const keptChoice = () => /** @type {Backend | null} */ (sessionStorage.getItem(KEPT_CHOICE));

/**
 * Measure every backend and keep the fastest for this tab.
 * A software GPU is left out, and so is what does not work here.
 * @param {Engine} engine
 * @param {{name: string, version: string, paths: {graph: string}, scale: number}} model
 */
export async function keepFastestBackend(engine, { name, version, paths, scale }) {
  const url = served(`models/${name}/${version}/${paths.graph}`);
  const { backend } = await engine.chooseBackend(engine.BACKENDS, { format: 'graph', url, scale });
  sessionStorage.setItem(KEPT_CHOICE, backend);
}

/**
 * What a report says of this browser.
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
 * @param {string} base64
 * @returns {Float32Array}
 */
export function decode(base64) {
  const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
  return new Float32Array(bytes.buffer);
}

/** @param {unknown} error */
export const reason = (error) => (error instanceof Error ? error.message : String(error));
