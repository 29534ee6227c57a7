/** A lane of a set in a thread of its own. It says UNABLE when the backend does not work in one. */

import { runLane, startEngine } from './upload_lane.js';

addEventListener('message', async ({ data: job }) => {
  let engine;
  try {
    engine = await startEngine(job);
  } catch {
    postMessage('unable');
    return;
  }
  await runLane(engine, job);
  close();
});
