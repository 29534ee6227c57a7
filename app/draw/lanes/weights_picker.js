/**
 * How the weights of both formats are stored, where the model has been converted in several ways: what a
 * conversion costs that rounds them can be seen.
 *
 * @import {Data, Weights} from '../studio_data.js'
 */

/** @type {Record<Weights, string>} */
const NAMES = {
  float32: 'as converted',
  float16: 'rounded to float16',
  uint8: 'rounded to uint8',
};

export class WeightsPicker {
  /** @param {HTMLElement} root  which holds other controls, too @param {(weights: Weights) => void} onPick */
  constructor(root, onPick) {
    this.select = document.createElement('select');
    this.select.onchange = () => onPick(/** @type {Weights} */ (this.select.value));
    this.label = document.createElement('label');
    this.label.className = 'dp-weights';
    this.label.append('Weights ', this.select);
    root.append(this.label);
  }

  /** Nothing is shown for a model that has its weights stored in one way. @param {Data['model']} model */
  show({ stored, weights }) {
    const kinds = /** @type {Weights[]} */ (Object.keys(stored));
    this.label.hidden = kinds.length < 2;
    this.select.replaceChildren(...kinds.map((kind) => new Option(NAMES[kind], kind)));
    this.select.value = weights;
  }
}
