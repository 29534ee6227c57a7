/**
 * Example pictures: a plain button each, with the picture on it.
 *
 * @typedef {object} Example
 * @property {string} name
 * @property {string} image  a data: URL
 * @property {string | null} levels  base64; null for a large one, which is fetched
 * @property {string} address  URL path below the app's root
 */

import { underRoot } from '../../streamlit_internals/root_address.js';

export class ReadyPictures {
  /** @param {HTMLElement} root @param {(example: Example) => void} onPick */
  constructor(root, onPick) {
    this.root = root;
    this.shown = '';
    /** @type {Example[]} */
    this.examples = [];
    root.onclick = ({ target }) => {
      const pressed = /** @type {Element} */ (target).closest('button');
      if (pressed) onPick(this.examples[[...root.children].indexOf(pressed)]);
    };
  }

  /** @param {Example[]} examples */
  begin(examples) {
    const now = examples.map(({ address }) => address).join(' ');
    this.examples = examples;
    this.root.hidden = examples.length === 0;
    if (now === this.shown) return;
    this.shown = now;
    this.root.replaceChildren(...examples.map(button));
  }
}

/** The levels of an example. @param {Example} example @returns {Promise<string>} */
export async function levelsOf({ levels, address }) {
  if (levels !== null) return levels;
  const response = await fetch(underRoot(address));
  if (!response.ok) throw new Error('The picture is not there any more. Reload the page.');
  return (await response.json()).levels;
}

/** @param {Example} example */
function button({ name, image }) {
  const element = document.createElement('button');
  element.type = 'button';
  element.ariaLabel = name;
  element.style.backgroundImage = `url(${image})`;
  return element;
}
