/**
 * The verdict: the answer to the page's question, and its figures.
 *
 * @import {Verdict} from '../reading/reading_stream.js'
 */

const MARKS = { agree: '✓', differ: '≠', unsure: '?', waiting: '…', failed: '!' };

export class VerdictView {
  /** @param {HTMLElement} root */
  constructor(root) {
    this.root = root;
  }

  /** @param {Verdict} verdict */
  show({ kind, headline, detail }) {
    this.root.dataset.kind = kind;
    this.fill('.dp-mark', MARKS[kind]);
    this.fill('.dp-headline', headline);
    this.fill('.dp-detail', detail);
  }

  /** @param {string} place @param {string} text */
  fill(place, text) {
    const element = /** @type {HTMLElement} */ (this.root.querySelector(place));
    if (element.textContent !== text) element.textContent = text;
  }
}
