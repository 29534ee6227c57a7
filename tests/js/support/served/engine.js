/** What the page imports as TensorFlow.js: the engine that the test has put there. */

import { served } from '../engine.js';

/** @typedef {import('../engine.js').Engine} Engine */

export const { BACKENDS } = served.engine;

/** @type {Engine['useBackend']} */
export const useBackend = (...given) => served.engine.useBackend(...given);

/** @type {Engine['chooseBackend']} */
export const chooseBackend = (...given) => served.engine.chooseBackend(...given);

/** @type {Engine['loadLane']} */
export const loadLane = (...given) => served.engine.loadLane(...given);

export const describeEnvironment = () => served.engine.describeEnvironment();
export const memory = () => served.engine.memory();
