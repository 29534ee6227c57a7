/**
 * Reading along while the pen moves: the browser's lanes, on every frame of the screen that has time.
 *
 * @import {Path} from '../canvas/digit_from_strokes.js'
 * @import {BrowserLanes} from './browser_lanes.js'
 * @import {Answer} from './predict.js'
 */

import { levels } from '../canvas/digit_from_strokes.js';

/**
 * After so many readings one after the other that held the page longer, as with a scribble of many
 * metres, there is a pause before each that follows: the line must follow the pen. One may be a hiccup.
 */
const MOST_MS = 50;
const MOST_LONG = 3;
const PAUSE_MS = 500;

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
    /** The stroke that is read along; null while the pen is up. @type {object | null} */
    this.stroke = null;
  }

  /** Read these strokes on the next frame, unless newer ones come before. @param {Path[]} paths */
  follow(paths) {
    this.next = paths;
    if (this.stroke !== null) return;
    this.stroke = {};
    void this.read(this.stroke);
  }

  /** The pen is up: what comes now is late. */
  stop() {
    this.stroke = null;
    this.next = null;
  }

  /** @param {object} stroke */
  async read(stroke) {
    const isCurrent = () => stroke === this.stroke;
    let long = 0;
    for (;;) {
      if (long >= MOST_LONG) await new Promise((resolve) => void setTimeout(resolve, PAUSE_MS));
      await new Promise(requestAnimationFrame);
      if (!isCurrent()) return;
      const begin = performance.now();
      const paths = this.next;
      this.next = null;
      const digit = paths && levels({ objects: paths });
      const pixels = digit && Float32Array.from(digit, (each) => each / 255);
      const answers = pixels && (await this.lanes.live(pixels, isCurrent));
      if (!isCurrent()) return;
      if (answers) this.onAnswers(answers);
      long = performance.now() - begin > MOST_MS ? long + 1 : 0;
    }
  }
}
