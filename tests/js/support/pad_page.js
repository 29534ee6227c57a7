/** A page with a pad on it, as far as the canvas's modules ask for one. */

import { newPage, StubElement, setGlobals } from './dom.js';

/** An element with a place in the window: all have the pad's, with its corner at (0, 0). */
export class Pixels extends StubElement {
  /** CSS pixels of the pad. */
  static side = 280;

  /** @param {string} tag */
  constructor(tag) {
    super(tag);
    Object.defineProperty(this, 'clientWidth', { get: () => Pixels.side });
    this.hidden = false;
    Object.defineProperty(this, 'clientWidth', { get: () => Pixels.side });
    this.width = 0;
    this.height = 0;
    this.captured = 0;
    /** Whether it got the focus by keyboard. */
    this.isFocusVisible = false;
  }

  getBoundingClientRect() {
    return { left: 0, top: 0, width: Pixels.side, height: Pixels.side };
  }

  getContext() {
    return null;
  }

  remove() {
    const siblings = this.parentElement?.children ?? [];
    siblings.splice(siblings.indexOf(this), 1);
  }

  /** @param {StubElement} child */
  prepend(child) {
    child.parentElement = this;
    this.children.unshift(child);
  }

  focus() {
    this.dispatchEvent(new Event('focus'));
  }

  /** @param {number} id */
  setPointerCapture(id) {
    this.captured = id;
  }

  /** @param {string} selector */
  matches(selector) {
    return selector === ':focus-visible' ? this.isFocusVisible : super.matches(selector);
  }
}

/** Any event with what a test says of it. @param {string} type @param {object} its */
export function event(type, its = {}) {
  const made = new Event(type, { cancelable: true });
  for (const [name, value] of Object.entries(its)) Object.defineProperty(made, name, { value });
  return made;
}

/** @param {string} tag @param {string} className @param {Pixels[]} children */
function part(tag, className, ...children) {
  const made = new Pixels(tag);
  made.className = className;
  made.append(...children);
  return made;
}

/** The pad's HTML, as `studio.html` has it. */
export function newPad() {
  newPage();
  Pixels.side = 280;
  setGlobals({
    MouseEvent: class extends Event {
      /** @param {string} type @param {{clientX: number, clientY: number}} its */
      constructor(type, { clientX, clientY }) {
        super(type);
        Object.assign(this, { clientX, clientY });
      }
    },
    Element: StubElement,
    devicePixelRatio: 1,
    addEventListener: () => {},
  });
  Object.assign(document, { createElement: (/** @type {string} */ tag) => new Pixels(tag) });
  const [over, cursor] = [part('div', 'dp-pen'), part('div', 'dp-cursor')];
  const root = part('div', 'dp-pad', part('div', 'dp-canvas'), over, cursor);
  return { root: html(root), over, cursor };
}

/** @param {Pixels} element */
export const html = (element) => /** @type {HTMLElement} */ (/** @type {unknown} */ (element));
