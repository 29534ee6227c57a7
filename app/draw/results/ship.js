/**
 * Which format to ship, with this visitor's figures.
 *
 * @import {Shipping} from '../reading/reading_stream.js'
 */

const WAITING = 'Which format to ship is said once both have answered in your browser.';

export class ShipView {
  /** @param {HTMLElement} root  which holds buttons, too */
  constructor(root) {
    this.line = document.createElement('p');
    this.line.className = 'dp-ship-says';
    this.advice = document.createElement('b');
    this.why = document.createElement('span');
    this.line.append(this.advice, ' ', this.why);
    root.append(this.line);
    /** What was said to be faster on which backend. @type {{backend: string | null, faster: string}} */
    this.said = { backend: null, faster: 'unknown' };
    this.begin();
  }

  /** Another model: what was said of one before is of no use for it. */
  begin() {
    this.said = { backend: null, faster: 'unknown' };
    this.advice.textContent = '';
    this.why.textContent = WAITING;
  }

  /**
   * @param {Shipping | null} ship  null while not all have answered: what was said last then stays
   * @param {string | null} backend  that the browser's versions run on
   */
  show(ship, backend) {
    if (this.said.backend !== backend) this.begin();
    if (ship === null) return;
    this.advice.textContent = ship.advice;
    this.why.textContent = ship.why;
    this.said = { backend, faster: ship.faster };
  }

  /** What was last said: it stands until times contradict it. @param {string | null} backend */
  faster(backend) {
    return this.said.backend === backend ? this.said.faster : 'unknown';
  }
}
