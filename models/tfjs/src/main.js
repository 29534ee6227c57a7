/**
 * TensorFlow.js for pictures: pick a backend, load a model of either format, predict, measure times.
 * The same modules serve the page and, through src/node/cli.js, the command line, for any tensors.
 *
 * The page imports `dist/ENTRY`, where ENTRY is `entry` in `dist/version.json`. Backends are chunks
 * of their own, fetched on first use; the .wasm files are beside the bundle.
 *
 *     import { useBackend, loadLane } from '/served/tfjs/main-….js';
 *     const { initMs } = await useBackend('wasm');
 *     const lane = await loadLane('graph', '/served/models/mnist/model_graph/model.json', { input });
 *     const { probabilities, ms } = await lane.predict(pixels);          // one picture, in [0, 1]
 *     const { firstMs, steadyMs } = await lane.run(pixels, { repeats: 30, budgetMs: 60 });
 *
 * Calls may overlap: predictions are queued, each runs on the backend that its lane was loaded on.
 * Every time in `…Ms` is in milliseconds and includes reading the result back.
 *
 * | function | result |
 * | --- | --- |
 * | `useBackend(name, {wasmPaths, threads})` | `{backend, initMs}`, or an Error that says why it does not work |
 * | `chooseBackend(candidates, probe)` | `{backend, tried: [{backend, ok, ms, error}]}`: the first that works; with a probe `{format, url}` the fastest |
 * | `loadLane(format, url, {backend, input, onProgress})` | a `Lane`; the same promise for the same arguments, unless it failed. `input` is how a picture becomes the model's input, as its manifest says |
 * | `loadModel(format, url, {backend, ends, fixed})` | a `LoadedModel`, for any tensors |
 * | `lane.predict(pixels, n)` | `{probabilities, classes, ms}` for n pictures in one batch: the model's first output |
 * | `lane.run(pixels, {n, repeats, budgetMs, signal, each})` | `{probabilities, classes, firstMs, steadyMs}`; the first run is separate from the warm ones, `each` gets every one's answer |
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
 * @typedef {import('./picture_input.js').Input} Input
 * @typedef {import('./environment.js').Environment} Environment
 */
export { BACKENDS, chooseBackend, useBackend, wasmThreads } from './backends.js';
export { describeEnvironment, memory } from './environment.js';
export { FORMATS, loadLane, loadModel } from './lanes.js';
export { median, quantile, repeat } from './timing.js';
