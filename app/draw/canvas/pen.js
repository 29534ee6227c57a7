/**
 * Which of a mouse, fingers and a pen draws, and where it is. One draws at a time: a pen takes over
 * from a finger, which may be the palm that holds it, and the finger's stroke is abandoned.
 *
 * @import {Point} from './digit_from_strokes.js'
 */

/**
 * @typedef {object} Strokes  points are of the window, in CSS pixels
 * @property {(point: Point) => void} down
 * @property {(points: Point[]) => void} move
 * @property {() => void} up
 * @property {() => void} cancel  the system took the pointer away
 * @property {() => void} abandon
 */

export class Pen {
  /**
   * @param {HTMLElement} over  the element over the pad
   * @param {Strokes} strokes
   */
  constructor(over, strokes) {
    this.over = over;
    this.strokes = strokes;
    /** The pointer that draws. @type {{id: number, type: string} | null} */
    this.drawing = null;
    this.ended = new AbortController();
    const { signal } = this.ended;
    over.addEventListener('pointerdown', (event) => this.down(event), { signal });
    over.addEventListener('pointermove', (event) => this.move(event), { signal });
    over.addEventListener('pointerup', (event) => this.up(event), { signal });
    over.addEventListener('lostpointercapture', (event) => this.lose(event), { signal });
    over.addEventListener('pointercancel', (event) => this.cancel(event), { signal });
    over.addEventListener('contextmenu', (event) => this.hold(event), { signal });
    document.addEventListener('visibilitychange', () => this.leave(), { signal });
    this.holding = new AbortController();
  }

  /** @param {PointerEvent} event */
  down(event) {
    if (event.button !== 0) return;
    const takesOver = event.pointerType === 'pen' && this.drawing?.type === 'touch';
    if (this.drawing !== null && !takesOver) return;
    if (takesOver) this.strokes.abandon();
    event.preventDefault(); // no text is selected, and Fabric.js hears of no mouse but ours
    this.over.dataset.pointer = ''; // no ring of the focus: browsers draw it where a script gives it
    this.over.focus({ preventScroll: true });
    this.capture(event.pointerId);
    this.drawing = { id: event.pointerId, type: event.pointerType };
    this.holdThePage();
    this.strokes.down([event.clientX, event.clientY]);
  }

  /** Draw what was drawn before this was there (`first_strokes.js`). */
  catchUp() {
    const page = /** @type {Window & {dpFirstStrokes?: () => PointerEvent[]}} */ (window);
    for (const event of page.dpFirstStrokes?.() ?? []) {
      if (event.type === 'pointerdown') this.down(event);
      else if (event.type === 'pointermove') this.move(event);
      else if (event.type === 'pointerup') this.up(event);
      else this.cancel(event);
    }
  }

  /** @param {number} id */
  capture(id) {
    try {
      this.over.setPointerCapture(id);
    } catch {
      // It has been lifted meanwhile.
    }
  }

  /** A palm beside the pad does not scroll the page under the pen. */
  holdThePage() {
    this.holding.abort();
    this.holding = new AbortController();
    const { signal } = this.holding;
    document.addEventListener('touchmove', (event) => this.hold(event), { signal, passive: false });
  }

  /** @param {Event} event */
  hold(event) {
    if (this.drawing !== null && event.cancelable) event.preventDefault();
  }

  /** @param {PointerEvent} event */
  move(event) {
    if (event.pointerId !== this.drawing?.id) return;
    // The button was released where no event reached the page.
    if (event.pointerType === 'mouse' && event.buttons === 0) return this.up(event);
    const all = event.getCoalescedEvents?.() ?? [];
    const points = (all.length > 0 ? all : [event]).map(
      ({ clientX, clientY }) => /** @type {Point} */ ([clientX, clientY]),
    );
    this.strokes.move(points);
  }

  /** @param {PointerEvent} event */
  up(event) {
    if (event.pointerId === this.drawing?.id) this.leave();
  }

  /**
   * Without the capture, the end of a stroke outside of the pad or the window is never told. Chromium
   * takes it away when another button is released.
   * @param {PointerEvent} event
   */
  lose(event) {
    const isPressed = event.pointerType === 'mouse' && event.buttons !== 0;
    if (event.pointerId === this.drawing?.id && isPressed) {
      this.capture(event.pointerId);
    } else this.up(event);
  }

  /** @param {PointerEvent} event */
  cancel(event) {
    if (event.pointerId !== this.drawing?.id) return;
    this.release();
    this.strokes.cancel();
  }

  /** The pointer is lifted, or the page is left: what was drawn is a stroke. */
  leave() {
    if (this.drawing === null) return;
    this.release();
    this.strokes.up();
  }

  release() {
    this.drawing = null;
    this.holding.abort();
  }

  close() {
    this.release();
    this.ended.abort();
  }
}
