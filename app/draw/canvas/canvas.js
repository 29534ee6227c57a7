/**
 * The drawing canvas, as its package makes it, but for one thing: a drawing is first shown to the
 * browser's lanes (`browser_lanes.js`), which answer within milliseconds when they are loaded. The
 * page then shows what they say beside what TensorFlow says (`result_component.js`), and their
 * report travels to Python with the drawing, in one message.
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

/** What a drawing waits for the page to show it, at most: it must not be slow where the network is. */
const SHOWN_MS = 150;

/** The package waits 200 ms for the pen's return; within this it mostly is back. */
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
    /** What the package's own module gave to be called at the end. @type {(() => void) | null} */
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

  /** Once the package has made its canvas. */
  announce() {
    const there = () => hasCanvas(this.root);
    if (there()) return padIsThere();
    const made = new MutationObserver(() => {
      if (!there()) return;
      made.disconnect();
      padIsThere();
    });
    made.observe(this.root, { childList: true, subtree: true });
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
    const asked = { drawing: value.raw, answer: null };
    document.dispatchEvent(new CustomEvent(DRAWN, { detail: asked }));
    const lanes = asked.answer && (await asked.answer);
    if (lanes) await shown(lanes);
    // What was drawn meanwhile holds this stroke as well.
    if (number !== this.drawings) return;
    this.undo.sent();
    setStateValue(name, { ...value, lanes });
  }
}

/** Until the page has shown it, as far as it can by itself. @param {object} report */
async function shown(report) {
  /** @type {Answered} */
  const answered = { report, shown: null };
  document.dispatchEvent(new CustomEvent(ANSWERED, { detail: answered }));
  const late = new Promise((resolve) => void setTimeout(resolve, SHOWN_MS));
  await Promise.race([answered.shown, late]);
}
