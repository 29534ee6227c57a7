/**
 * How a picture becomes a model's input: `Input.tensor` of models/formats/model_input.py, value for
 * value. A product or sum of two float32 is rounded to float32 at once, as NumPy does.
 *
 * @typedef {object} Input  as a manifest stores it
 * @property {readonly number[]} shape  of the tensor, without the batch
 * @property {number | readonly number[]} scale  by which values in [0, 1] are multiplied, or one a channel
 * @property {number | readonly number[]} [offset]  what is added then
 * @property {'HWC' | 'CHW' | 'HW' | 'flat'} [layout]
 * @property {'rgb' | 'bgr'} [order]
 * @property {readonly number[]} [flattened]  height, width, channels of a flat one; a grey square has none
 */

/** What most models of digits take. @type {Input} */
export const DIGITS = { shape: [28, 28, 1], scale: 1 };

/**
 * How many values one picture has, and how many of them belong to one of its points.
 * @param {Input} input
 */
export function sizes({ shape, layout = 'HWC', flattened = [1, 1, 1] }) {
  const [, , flat] = flattened;
  const channels = { HWC: shape[shape.length - 1], CHW: shape[0], HW: 1, flat }[layout];
  return { size: shape.reduce((product, each) => product * each, 1), channels };
}

/**
 * Pictures, row by row and channels last, in [0, 1] → what the model takes. Pictures that it takes
 * as they are come back as they are.
 * @param {Input} input
 * @param {Float32Array} pictures
 * @returns {Float32Array}
 */
export function modelValues(input, pictures) {
  const { scale, offset = 0, layout = 'HWC', order = 'rgb' } = input;
  const { size, channels } = sizes(input);
  const factors = ofChannels(scale, channels);
  const offsets = ofChannels(offset, channels);
  const moves = order === 'bgr' || layout === 'CHW';
  const multiplies = factors.some((factor) => factor !== 1);
  const adds = offsets.some((each) => each !== 0);
  if (!moves && !multiplies && !adds) return pictures;
  const points = size / channels;
  const [toPoint, toChannel] = layout === 'CHW' ? [1, points] : [channels, 1];
  const values = new Float32Array(pictures.length);
  for (let start = 0; start < pictures.length; start += size) {
    for (let channel = 0; channel < channels; channel += 1) {
      const factor = factors[channel];
      const added = offsets[channel];
      let from = start + sourceOf(channel, channels, order);
      let to = start + channel * toChannel;
      for (let point = 0; point < points; point += 1) {
        const product = Math.fround(pictures[from] * factor);
        values[to] = adds ? product + added : product;
        from += channels;
        to += toPoint;
      }
    }
  }
  return values;
}

/**
 * One float32 a channel.
 * @param {number | readonly number[]} given
 * @param {number} channels
 */
function ofChannels(given, channels) {
  const each = [given].flat();
  return Float32Array.from({ length: channels }, (_, channel) => each[channel % each.length]);
}

/**
 * The channel of a picture that a channel of the model is: transparency stays the last.
 * @param {number} channel
 * @param {number} channels
 * @param {string} order
 */
function sourceOf(channel, channels, order) {
  const colours = Math.min(channels, 3);
  return order === 'bgr' && channel < colours ? colours - 1 - channel : channel;
}
