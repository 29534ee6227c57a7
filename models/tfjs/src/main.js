/**
 * TensorFlow.js for digits: pick a backend, load a model of either format, predict, measure times.
 * The same module serves the page and, through src/node/cli.js, the command line.
 *
 * The page imports `dist/ENTRY`, where ENTRY is `entry` in `dist/version.json`. Backends are chunks
 * of their own, fetched on first use; the .wasm files are beside the bundle.
 *
 *     import { useBackend, loadLane } from '/served/tfjs/main-….js';
 *     const { initMs } = await useBackend('wasm');
 *     const lane = await loadLane('graph', '/served/models/mnist/model_graph/model.json');
 *     const { probabilities, ms } = await lane.predict(pixels);          // one digit: 784 values
 *     const { firstMs, steadyMs } = await lane.run(pixels, { repeats: 30, budgetMs: 60 });
 *
 * Calls may overlap: predictions are queued, each runs on the backend that its lane was loaded on.
 * Every time in `…Ms` is in milliseconds and includes reading the result back.
 *
 * | function | result |
 * | --- | --- |
 * | `useBackend(name, {wasmPaths, threads})` | `{backend, initMs}`, or an Error that says why it does not work |
 * | `chooseBackend(candidates, probe)` | `{backend, tried: [{backend, ok, ms, error}]}`: the first that works; with a probe `{format, url}` the fastest |
 * | `loadLane(format, url, {backend, scale, shape})` | a `Lane`; the same promise for the same arguments, unless it failed |
 * | `lane.predict(pixels, n)` | `{probabilities, classes, ms}` for n digits in one batch |
 * | `lane.run(pixels, {n, repeats, budgetMs, signal})` | `{probabilities, classes, firstMs, steadyMs}`; the first run is separate from the warm ones |
 * | `lane.activations(pixels, names, n)` | `[{name, shape, values}]`: the output of each layer, or of each named operation of a graph model |
 * | `lane.dispose()` | frees the weights; a later `loadLane` loads again |
 * | `describeEnvironment()` | browser, cores, GPU, isolation, version of TensorFlow.js |
 * | `memory()` | tensors and bytes alive |
 * | `repeat`, `median`, `quantile` | the clock and its summaries |
 *
 * @typedef {import('./backends.js').BackendName} BackendName
 * @typedef {import('./backends.js').Choice} Choice
 * @typedef {import('./lanes.js').Format} Format
 * @typedef {import('./lanes.js').Lane} Lane
 * @typedef {import('./lanes.js').Prediction} Prediction
 * @typedef {import('./lanes.js').Run} Run
 * @typedef {import('./environment.js').Environment} Environment
 */
export { BACKENDS, chooseBackend, useBackend } from './backends.js';
export { describeEnvironment, memory } from './environment.js';
export { FORMATS, loadLane } from './lanes.js';
export { median, quantile, repeat } from './timing.js';
