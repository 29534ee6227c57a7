/**
 * Which of a mouse, fingers and a pen draws, and where it is. One draws at a time: a pen takes over
 * from a finger, which may be the palm that holds it, and the finger's stroke is abandoned.
 *
 * @import {Point} from './digit_from_strokes.js'
 */

/**
 * @typedef {object} Strokes  points are of the window, in CSS pixels
 * @property {(x: number, y: number) => void} down
 * @property {(points: Point[]) => void} move
 * @property {() => void} up
 * @property {() => void} abandon
 */

export class Pen {
  /**
   * @param {HTMLElement} over  the element over the pad
   * @param {Strokes} strokes
   */
  constructor(over, strokes) {
    this.strokes = strokes;
    /** The pointer that draws. @type {{id: number, type: string} | null} */
    this.drawing = null;
    this.ended = new AbortController();
    const { signal } = this.ended;
    over.addEventListener('pointerdown', (event) => this.down(event), { signal });
    over.addEventListener('pointermove', (event) => this.move(event), { signal });
    over.addEventListener('pointerup', (event) => this.up(event), { signal });
    // The system took the finger away, for a call or a gesture: what it drew is a stroke.
    over.addEventListener('pointercancel', (event) => this.up(event), { signal });
  }

  /** @param {PointerEvent} event */
  down(event) {
    if (event.button !== 0) return;
    const takesOver = event.pointerType === 'pen' && this.drawing?.type === 'touch';
    if (this.drawing !== null && !takesOver) return;
    if (takesOver) this.strokes.abandon();
    event.preventDefault();
    const over = /** @type {HTMLElement} */ (event.currentTarget);
    over.focus({ preventScroll: true });
    over.setPointerCapture(event.pointerId);
    this.drawing = { id: event.pointerId, type: event.pointerType };
    this.strokes.down(event.clientX, event.clientY);
  }

  /** @param {PointerEvent} event */
  move(event) {
    if (event.pointerId !== this.drawing?.id) return;
    const all = event.getCoalescedEvents?.() ?? [];
    const points = (all.length > 0 ? all : [event]).map(
      ({ clientX, clientY }) => /** @type {Point} */ ([clientX, clientY]),
    );
    this.strokes.move(points);
  }

  /** @param {PointerEvent} event */
  up(event) {
    if (event.pointerId !== this.drawing?.id) return;
    this.drawing = null;
    this.strokes.up();
  }

  close() {
    this.ended.abort();
  }
}
