/**
 * The ways to run the model. Each has its own frame, because TensorFlow.js keeps its state in the
 * window, which ours and the bare one would share.
 *
 * @typedef {(pixels: Float32Array, n: number) => Promise<Float32Array>} Predict
 */

/** @param {string} format */
const url = (format) => new URL(`/model/model_${format}/model.json`, location.href).href;

/**
 * Our bundle's lanes.
 * @param {string} backend
 * @param {string} entry  of the bundle
 * @returns {Promise<Record<string, Predict>>}
 */
export async function ours(backend, entry) {
  const bundle = await import(entry);
  await bundle.useBackend(backend);
  const lanes = {};
  for (const format of ['graph', 'layers']) {
    const lane = await bundle.loadLane(format, url(format), { backend });
    lanes[format] = async (pixels, n) => (await lane.predict(pixels, n)).probabilities;
  }
  return lanes;
}

/**
 * TensorFlow.js's own builds, called directly: the global `tf`.
 * @param {string} backend
 * @returns {Promise<Record<string, Predict>>}
 */
export async function bare(backend) {
  tf.wasm.setWasmPaths('/node_modules/@tensorflow/tfjs-backend-wasm/dist/');
  if (!(await tf.setBackend(backend))) throw new Error(`TensorFlow.js cannot start ${backend}`);
  const models = {
    graph: await tf.loadGraphModel(url('graph')),
    layers: await tf.loadLayersModel(url('layers')),
  };
  const call = (model) => async (pixels, n) => {
    const input = tf.tensor4d(pixels, [n, 28, 28, 1]);
    const output = model.predict(input, { batchSize: n });
    const probabilities = await output.data();
    tf.dispose([input, output]);
    return probabilities;
  };
  return { graph: call(models.graph), layers: call(models.layers) };
}

/**
 * ONNX Runtime Web with one thread: the global `ort`.
 * @returns {Promise<Record<string, Predict>>}
 */
export async function onnx() {
  ort.env.wasm.numThreads = 1;
  ort.env.wasm.wasmPaths = '/peers/onnxruntime-web/dist/';
  const session = await ort.InferenceSession.create('/model.onnx', {
    executionProviders: ['wasm'],
  });
  const [input] = session.inputNames;
  const [output] = session.outputNames;
  const predict = async (pixels, n) => {
    const answers = await session.run({
      [input]: new ort.Tensor('float32', pixels, [n, 28, 28, 1]),
    });
    return answers[output].data;
  };
  return { model: predict };
}

/**
 * An engine with its pixels and clock, for the page around the frame. Times are in milliseconds and
 * include making the input and reading the result back.
 * @param {Predict} predict
 * @param {number} batch
 */
export function timed(predict, batch) {
  const digits = Float32Array.from({ length: 784 * batch }, (_, index) =>
    Math.abs(Math.sin(index % 784)),
  );
  const digit = digits.slice(0, 784);
  return {
    answer: async () => [...(await predict(digit, 1))],
    // Times several at once: the clock of a page that is not isolated has steps of 0.1 ms.
    one: async (times) => {
      await predict(digit, 1); // warms up after another engine's turn
      const begin = performance.now();
      for (let run = 0; run < times; run += 1) await predict(digit, 1);
      return (performance.now() - begin) / times;
    },
    many: async () => {
      const begin = performance.now();
      await predict(digits, batch);
      return performance.now() - begin;
    },
  };
}
