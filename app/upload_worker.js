/** A set's parts in a thread of its own, which says so when the backend does not work in one. */

import { runLanes, startEngine } from './upload_lane.js';

/** @typedef {import('./upload_lane.js').Part} Part */

/** @type {() => Promise<any>} */
const message = () => new Promise((resolve) => {
  addEventListener('message', ({ data }) => resolve(data), { once: true });
});

/** @returns {Promise<Part | null>} */
async function next() {
  postMessage('next');
  return message();
}

const job = await message();
try {
  await runLanes(await startEngine(job), job, next);
} catch {
  postMessage('unable');
}
close();
