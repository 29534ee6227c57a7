/**
 * Example pictures: a plain button each, with the picture on it.
 *
 * Streamlit's own buttons do work at each message from the server; ten of them make every stroke's
 * answer a tenth slower.
 *
 * @typedef {object} Component
 * @property {{pictures: string[], what: string}} data  a data: URL for each; "digit" or "picture"
 * @property {HTMLElement} parentElement
 * @property {(name: string, value: unknown) => void} setTriggerValue
 */

/** What buttons show: another model has other pictures. @type {WeakMap<Element, string>} */
const shownIn = new WeakMap();

/** @param {Component} component */
export default function exampleDigits({ data, parentElement, setTriggerValue }) {
  const root = /** @type {HTMLElement} */ (parentElement.querySelector('.dp-ready'));
  const shown = data.pictures.join(' ');
  if (shownIn.get(root) !== shown) {
    root.replaceChildren(...data.pictures.map((each, number) => button(each, number, data.what)));
    shownIn.set(root, shown);
  }
  root.onclick = ({ target }) => {
    const pressed = /** @type {Element} */ (target).closest('button');
    if (pressed) setTriggerValue('picked', [...root.children].indexOf(pressed));
  };
}

/**
 * @param {string} picture
 * @param {number} number
 * @param {string} what
 */
function button(picture, number, what) {
  const element = document.createElement('button');
  element.type = 'button';
  element.ariaLabel = `Ready ${what} ${number}`;
  element.style.backgroundImage = `url(${picture})`;
  return element;
}
