/**
 * Example digits: a plain button each, with the digit's pixels on it.
 *
 * Streamlit's own buttons do work at each message from the server; ten of them make every stroke's
 * answer a tenth slower.
 *
 * @typedef {object} Component
 * @property {{pictures: string[]}} data  a data: URL for each digit
 * @property {HTMLElement} parentElement
 * @property {(name: string, value: unknown) => void} setTriggerValue
 */

/** @param {Component} component */
export default function exampleDigits({ data, parentElement, setTriggerValue }) {
  const root = /** @type {HTMLElement} */ (parentElement.querySelector('.dp-ready'));
  if (root.childElementCount === 0) root.append(...data.pictures.map(button));
  root.onclick = ({ target }) => {
    const pressed = /** @type {Element} */ (target).closest('button');
    if (pressed) setTriggerValue('picked', [...root.children].indexOf(pressed));
  };
}

/**
 * @param {string} picture
 * @param {number} digit
 */
function button(picture, digit) {
  const element = document.createElement('button');
  element.type = 'button';
  element.ariaLabel = `Ready digit ${digit}`;
  element.style.backgroundImage = `url(${picture})`;
  return element;
}
