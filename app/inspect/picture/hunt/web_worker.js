/** The web worker: searches, or says that the backend does not work in it. Any second message stops it. */

import { reason } from '../../../frontend/tfjs.js';
import { search } from './search.js';

/** @import {Engine} from '../../../frontend/tfjs.js' */
/** @import {Job} from './search.js' */

const PAINT_MS = 250;

/** @type {Job} */
const job = await new Promise((resolve) => {
  addEventListener('message', ({ data }) => resolve(data), { once: true });
});
let stopped = false;
addEventListener('message', () => {
  stopped = true;
});
/** @type {Engine | null} */
let engine = null;
try {
  engine = await import(job.engine);
  await engine?.useBackend(job.backend, { threads: false }); // nested web workers do not work everywhere
} catch {
  engine = null;
  postMessage({ kind: 'unable' });
}
if (engine) {
  let told = -PAINT_MS;
  try {
    const result = await search(engine, job, async (share, { asked, best }) => {
      if (performance.now() - told > PAINT_MS) {
        told = performance.now();
        postMessage({ kind: 'step', share, asked, apart: best.apart[0].apart });
      }
      await new Promise((resolve) => setTimeout(resolve, 0)); // hears of a stop
      return !stopped;
    });
    postMessage({ kind: 'done', result });
  } catch (error) {
    postMessage({ kind: 'failed', why: reason(error) });
  }
}
close();
