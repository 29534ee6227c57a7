/**
 * The canvas of the package, with one change: a drawing goes first to the browser's lanes
 * (`browser_lanes.js`), which answer within milliseconds once they are loaded. The page then shows
 * their answers beside TensorFlow's (`result_component.js`), and Python gets the drawing and the
 * answers in one message.
 *
 * @import * as frontend from '../../frontend/component.js'
 * @import {Answered, Drawn} from '../events.js'
 *
 * @typedef {frontend.Component<{script: string}>} Component
 */

import { mounted } from '../../frontend/component.js';
import { reason } from '../../frontend/tfjs.js';
import { DRAWING, hasCanvas, loadCanvas, ROOT } from '../../streamlit_internals/canvas_package.js';
import { ANSWERED, DRAWN, LIFTED, padIsThere } from '../events.js';
import { UndoInTurn } from './undo.js';

/** How long a drawing waits for the page to show its answers, at most: the network may be slow. */
const SHOWN_MS = 150;

/** The package's debounce is 200 ms; a pen that returns mostly does so within this time. */
const LIFTED_MS = 80;

export default mounted(
  ROOT,
  (root) => new Pad(root),
  (pad, /** @type {Component} */ component) => void pad.show(component),
);

class Pad {
  /** @param {HTMLElement} root */
  constructor(root) {
    this.root = root;
    /** What the package's module returned, to be called at the end. @type {(() => void) | null} */
    this.end = null;
    this.closed = false;
    this.drawings = 0;
    this.undo = new UndoInTurn();
    let waiting = 0;
    root.addEventListener('pointerdown', () => clearTimeout(waiting), true);
    root.addEventListener(
      'pointerup',
      () => {
        clearTimeout(waiting);
        waiting = window.setTimeout(() => document.dispatchEvent(new Event(LIFTED)), LIFTED_MS);
        this.undo.drawn();
      },
      true,
    );
  }

  /** @param {Component} component */
  async show(component) {
    try {
      const start = await loadCanvas(component.data.script);
      if (this.closed) return;
      const setStateValue = (/** @type {string} */ name, /** @type {any} */ value) =>
        void this.send(component, name, value);
      this.end = start({ ...component, setStateValue }) ?? null;
      this.announce();
    } catch (error) {
      this.root.textContent = `The canvas could not be loaded: ${reason(error)}. Reload the page.`;
    }
  }

  /** Announce the canvas once the package has made it. */
  announce() {
    const there = () => hasCanvas(this.root);
    if (there()) return padIsThere();
    const observer = new MutationObserver(() => {
      if (!there()) return;
      observer.disconnect();
      padIsThere();
    });
    observer.observe(this.root, { childList: true, subtree: true });
  }

  close() {
    this.closed = true;
    this.undo.close();
    this.end?.();
  }

  /**
   * @param {Component} component
   * @param {string} name
   * @param {any} value
   */
  async send({ setStateValue }, name, value) {
    if (name !== DRAWING) return setStateValue(name, value);
    this.drawings += 1;
    const number = this.drawings;
    /** @type {Drawn} */
    const drawn = { drawing: value.raw, answer: null };
    document.dispatchEvent(new CustomEvent(DRAWN, { detail: drawn }));
    const lanes = drawn.answer && (await drawn.answer);
    if (lanes) await shown(lanes);
    // A later drawing holds this stroke as well.
    if (number !== this.drawings) return;
    this.undo.sent();
    setStateValue(name, { ...value, lanes });
  }
}

/** Wait until the page has shown the answers, at most `SHOWN_MS`. @param {object} report */
async function shown(report) {
  /** @type {Answered} */
  const answered = { report, shown: null };
  document.dispatchEvent(new CustomEvent(ANSWERED, { detail: answered }));
  const late = new Promise((resolve) => void setTimeout(resolve, SHOWN_MS));
  await Promise.race([answered.shown, late]);
}
