/**
 * Ready digits: one plain button each, with the digit's own pixels on it.
 *
 * Streamlit's own buttons look through the whole of themselves at each message from the server, and
 * ten of them make every stroke's answer a tenth slower.
 *
 * @typedef {object} Component
 * @property {{pictures: string[]}} data  one address a digit
 * @property {HTMLElement} parentElement
 * @property {(name: string, value: unknown) => void} setTriggerValue
 */

/** @param {Component} component */
export default function readyDigits({ data, parentElement, setTriggerValue }) {
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
  const made = document.createElement('button');
  made.type = 'button';
  made.ariaLabel = `Ready digit ${digit}`;
  made.style.backgroundImage = `url(${picture})`;
  return made;
}
