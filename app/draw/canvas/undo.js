/**
 * Undo must not overtake a stroke: Python would remove the previous stroke, and its new canvas would
 * hold neither. So a press of Undo waits until Python has seen the stroke.
 */

import { SEEN } from '../events.js';

/** How long a press waits, at most: a touch may leave no stroke, and Python may be unreachable. */
const SEEN_MS = 1_000;

export class UndoInTurn {
  constructor() {
    this.underway = false;
    this.isSent = false;
    this.late = 0;
    /** The button that was pressed meanwhile. @type {HTMLElement | null} */
    this.pressed = null;
    this.ended = new AbortController();
    const { signal } = this.ended;
    document.addEventListener('click', (click) => this.hold(click), { capture: true, signal });
    document.addEventListener(SEEN, () => this.isSent && this.arrived(), { signal });
  }

  /** A stroke is on the canvas, and will be sent. */
  drawn() {
    clearTimeout(this.late);
    this.late = window.setTimeout(() => this.arrived(), SEEN_MS);
    this.underway = true;
    this.isSent = false;
  }

  sent() {
    this.isSent = true;
  }

  arrived() {
    clearTimeout(this.late);
    this.underway = false;
    const { pressed } = this;
    this.pressed = null;
    if (pressed) setTimeout(() => pressed.click(), 0); // not while Streamlit paints
  }

  /** @param {Event} click */
  hold(click) {
    const button = /** @type {Element} */ (click.target).closest('.st-key-undo button');
    if (!this.underway || !(button instanceof HTMLElement)) return;
    click.stopImmediatePropagation();
    this.pressed = button;
  }

  close() {
    clearTimeout(this.late);
    this.ended.abort();
  }
}
