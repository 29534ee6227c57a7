/** A model of two classes over 28×28 pixels, for the tests of lanes. */
import { reset, tensor, tf } from './tensorflow.js';

/** What the model was given. @type {Float32Array[]} */
export const given = [];

let tests = 0;

/** The model's address: each test has a lane of its own. */
export const address = () => `https://host/${tests}/model.json`;

/** TensorFlow.js as at first, with the model at a new address. */
export function anew() {
  reset();
  given.length = 0;
  tests += 1;
  tf.model = async () => MODEL;
}

/** Its answer: the first pixel of each digit, and what it lacks to one. @type {import('./tensorflow.js').StubModel} */
export const MODEL = {
  inputs: [{ name: 'input_1', shape: [null, 28, 28, 1] }],
  outputs: [1],
  run: (input, names) => {
    const { values, shape } = /** @type {import('./tensorflow.js').Tensor} */ ([input].flat()[0]);
    const [digits] = shape;
    given.push(values);
    const answers = Float32Array.from({ length: 2 * digits }, (_, at) => {
      const first = values[(at >> 1) * 784];
      return at % 2 ? 1 - first : first;
    });
    if (!names) return tensor(answers, [digits, 2]);
    return names.map((name) =>
      tensor(
        answers,
        name === 'shape' ? [2] : [digits, 2],
        name === 'argmax' ? 'int32' : 'float32',
      ),
    );
  },
};
