/** Of many classes the likeliest, in a line below the versions: the charts show no more than a dozen. */

import { percent } from '../../ui/figures.js';

/** Classes that charts show without a choice, as in `many_classes.py`. */
const FEW = 12;

export class LikeliestView {
  /** @param {HTMLElement} root */
  constructor(root) {
    this.line = document.createElement('p');
    this.line.className = 'dp-likeliest';
    this.line.hidden = true;
    root.append(this.line);
  }

  /** @param {readonly string[]} classes  all that the model has */
  begin(classes) {
    this.line.hidden = classes.length <= FEW;
    this.show([]);
  }

  /** @param {{reads: string, sure: number}[]} likeliest */
  show(likeliest) {
    const each = likeliest.map(({ reads, sure }) => `${reads} ${percent(sure)}`);
    this.line.textContent = `Likeliest: ${each.join(' · ') || '…'}`;
  }
}
