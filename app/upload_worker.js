/** Lanes of a set in a thread of their own, which says so when the backend does not work in one. */

import { runLanes, startEngine } from './upload_lane.js';

addEventListener('message', async ({ data: jobs }) => {
  let engine;
  try {
    engine = await startEngine(jobs[0]);
  } catch {
    postMessage('unable');
    return;
  }
  await runLanes(engine, jobs);
  close();
});
