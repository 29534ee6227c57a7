/** One backend at a time: TensorFlow.js has one current backend, for the whole page. */
import * as tf from '@tensorflow/tfjs-core';

import { takeTurns } from './promises.js';

/** @typedef {import('./backends.js').BackendName} BackendName */

/** What all lanes compute takes turns. */
export const inTurn = takeTurns();

/**
 * Work on a backend, in its turn.
 * @template T
 * @param {BackendName} backend  a started one
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 * @throws {Error} when the backend was not started
 */
export const onBackend = (backend, work) =>
  inTurn(async () => {
    if (tf.getBackend() !== backend && !(await tf.setBackend(backend))) {
      throw new Error(`the backend ${backend} is not running; call useBackend('${backend}') first`);
    }
    return work();
  });
