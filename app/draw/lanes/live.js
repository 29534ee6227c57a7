/**
 * Reading along while the pen moves: the browser's lanes, on every frame of the screen that has time.
 *
 * @import {Path} from '../canvas/digit_from_strokes.js'
 * @import {BrowserLanes} from './browser_lanes.js'
 * @import {Answer} from './predict.js'
 */

import { levels } from '../canvas/digit_from_strokes.js';

export class LiveReading {
  /**
   * @param {BrowserLanes} lanes
   * @param {(answers: Answer[]) => void} onAnswers
   */
  constructor(lanes, onAnswers) {
    this.lanes = lanes;
    this.onAnswers = onAnswers;
    /** What is to be read next. @type {Path[] | null} */
    this.next = null;
    this.frame = 0;
  }

  /** Read these strokes on the next frame, unless newer ones come before. @param {Path[]} paths */
  follow(paths) {
    this.next = paths;
    if (this.frame === 0) this.frame = requestAnimationFrame(() => void this.read());
  }

  async read() {
    const paths = this.next;
    this.next = null;
    const digit = paths && levels({ objects: paths });
    const answers = digit && (await this.lanes.live(digit));
    if (this.frame === 0) return; // the pen is up: what comes now is late
    this.frame = 0;
    if (answers) this.onAnswers(answers);
    if (this.next) this.follow(this.next);
  }

  /** The pen is up. */
  stop() {
    cancelAnimationFrame(this.frame);
    this.frame = 0;
    this.next = null;
  }
}
