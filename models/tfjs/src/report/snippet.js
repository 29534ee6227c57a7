/**
 * The operation as code that runs with the package @tensorflow/tfjs alone, to be copied.
 * @param {import('./case.js').Case} given
 * @param {object} report
 * @param {string} report.backend
 * @param {Record<string, boolean>} report.flags  of TensorFlow.js
 * @param {string} report.wanted  what is expected, in words, for a comment of one line
 */
export function snippet(given, { backend, flags, wanted }) {
  const { format, topology, weights, data, inputs, output } = given;
  const load = format === 'graph' ? 'loadGraphModel' : 'loadLayersModel';
  const fed = inputs.map(
    ({ name, shape, dtype, data: values }) =>
      `${JSON.stringify(name)}: tf.tensor(${KINDS[dtype]}('${values}'), ${JSON.stringify(shape)}, '${dtype}'),`,
  );
  const run =
    format === 'graph'
      ? `await model.executeAsync(inputs, ${JSON.stringify(output)})`
      : 'model.predict(Object.values(inputs))';
  return `import * as tf from '@tensorflow/tfjs';

${Object.entries(flags).map(setFlag).join('')}await tf.setBackend('${backend}');${backend === 'wasm' || backend === 'webgpu' ? ` // import '@tensorflow/tfjs-backend-${backend}'` : ''}
const bytes = (base64) => Uint8Array.from(atob(base64), (each) => each.charCodeAt(0));
const floats = (base64) => new Float32Array(bytes(base64).buffer);
const ints = (base64) => new Int32Array(bytes(base64).buffer);
const model = await tf.${load}(tf.io.fromMemory({
  modelTopology: ${JSON.stringify(topology)},
  weightSpecs: ${JSON.stringify(weights)},
  weightData: bytes('${data}').buffer,
}));
const inputs = {
  ${fed.join('\n  ')}
};
const found = ${run};
found.print(); // expected: ${wanted.replace(/\s+/g, ' ')}
`;
}

/** @param {[string, boolean]} flag */
const setFlag = ([name, value]) => `tf.env().set('${name}', ${value});\n`;

const KINDS = { float32: 'floats', int32: 'ints', bool: 'bytes' };
