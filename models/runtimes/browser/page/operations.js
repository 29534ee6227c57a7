/**
 * Operations by themselves, as an engine of run.js: in the script that a bug report has, set as the report
 * sets it, so what fails here fails there.
 *
 * What is to be run is fetched, cases-1.json, cases-2.json and so on, each once it is there; every case
 * is a message {"kind": "case", "lane", "shape"} and values, or {"kind": "case", "lane", "error"}. There
 * is no end: the browser is closed.
 */
import { reason, say } from './messages.js';

const SCRIPT = 'report/script.js';
const WASM = 'report/tfjs.wasm';
const PAUSE = 50; // milliseconds until it is asked again whether there is more

/**
 * @param {{backend: string, flags: Record<string, boolean>}} job
 * @param {number} lane
 */
export async function open({ backend, flags }, lane) {
  await script();
  const report = /** @type {any} */ (globalThis).digitParityReport;
  report.set(flags);
  await report.use(backend, new URL(WASM, location.href).href);
  return { about: {}, look: () => all(report.answer, lane) };
}

/** A report's script is a classic one. */
const script = () =>
  new Promise((resolve, reject) => {
    const element = document.createElement('script');
    element.src = SCRIPT;
    element.onload = resolve;
    element.onerror = () => reject(new Error(`${SCRIPT} cannot be loaded`));
    document.head.append(element);
  });

/**
 * @param {(given: object) => Promise<{shape: number[], values: Float32Array}>} answer
 * @param {number} lane
 */
async function all(answer, lane) {
  for (let number = 1; ; number += 1) {
    for (const given of await cases(number)) {
      try {
        const { shape, values } = await answer(given);
        await say({ kind: 'case', lane, shape }, [values]);
      } catch (error) {
        await say({ kind: 'case', lane, error: reason(error) });
      }
    }
  }
}

/**
 * @param {number} number
 * @returns {Promise<object[]>}
 */
async function cases(number) {
  for (;;) {
    const response = await fetch(`cases-${number}.json`);
    if (response.ok) return response.json();
    await new Promise((resolve) => setTimeout(resolve, PAUSE));
  }
}
