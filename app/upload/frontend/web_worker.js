/** The web worker: predicts parts of a test set, or says that the backend does not work in it. */

import { batchInThread, runLanes } from './set_runner.js';

/**
 * @import {Engine} from '../../frontend/tfjs.js'
 * @import {Job, Part} from './set_runner.js'
 */

/** @type {() => Promise<any>} */
const message = () =>
  new Promise((resolve) => {
    addEventListener('message', ({ data }) => resolve(data), { once: true });
  });

/** @returns {Promise<Part | null>} */
async function next() {
  postMessage('next');
  return message();
}

/** @type {Job} */
const job = await message();
try {
  /** @type {Engine} */
  const engine = await import(job.engine);
  await engine.useBackend(job.backend, { threads: false }); // several web workers run already
  await runLanes(engine, job, next, batchInThread, undefined, (format, share) =>
    postMessage({ format, share }),
  );
  postMessage('done');
} catch {
  postMessage('unable');
}
close();
