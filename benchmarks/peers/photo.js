/**
 * How long a model of photos takes to answer for the first time in a tab, and after that: ours, and
 * TensorFlow.js called directly, which load the same files. A tab has one of them.
 */

/**
 * @param {'ours' | 'bare'} way
 * @param {string} format
 * @param {{entry: string, input: import('../../models/tfjs/src/picture_input.js').Input, side: number,
 *   times: number}} plan
 * @returns {Promise<{first: number, one: number[], answer: number[]}>}  milliseconds
 */
export async function measure(way, format, { entry, input, side, times }) {
  const picture = Float32Array.from({ length: side * side * 3 }, (_, at) => Math.abs(Math.sin(at)));
  const url = new URL(`/model/model_${format}/model.json`, location.href).href;
  const begin = performance.now();
  const predict = await (way === 'ours'
    ? ours(entry, format, url, input)
    : bare(format, url, input.scale, side));
  const answer = await predict(picture);
  const first = performance.now() - begin;
  const one = [];
  for (let time = 0; time < times; time += 1) {
    const start = performance.now();
    await predict(picture);
    one.push(performance.now() - start);
  }
  return { first, one, answer: [...answer] };
}

async function ours(entry, format, url, input) {
  const bundle = await import(entry);
  await bundle.useBackend('wasm');
  const lane = await bundle.loadLane(format, url, { backend: 'wasm', input });
  return async (picture) => (await lane.predict(picture, 1)).probabilities;
}

async function bare(format, url, scale, side) {
  for (const name of ['core', 'converter', 'layers', 'backend-cpu', 'backend-wasm']) {
    await script(`/node_modules/@tensorflow/tfjs-${name}/dist/tf-${name}.min.js`);
  }
  tf.wasm.setWasmPaths('/node_modules/@tensorflow/tfjs-backend-wasm/dist/');
  if (!(await tf.setBackend('wasm'))) throw new Error('TensorFlow.js cannot start wasm');
  const model = await (format === 'graph' ? tf.loadGraphModel(url) : tf.loadLayersModel(url));
  return async (picture) => {
    const scaled = picture.map((value) => value * scale);
    const input = tf.tensor4d(scaled, [1, side, side, 3]);
    const output = model.predict(input);
    const probabilities = await output.data();
    tf.dispose([input, output]);
    return probabilities;
  };
}

/** @param {string} source */
function script(source) {
  const element = document.createElement('script');
  element.src = source;
  document.head.append(element);
  return new Promise((resolve, reject) => {
    element.onload = resolve;
    element.onerror = reject;
  });
}
