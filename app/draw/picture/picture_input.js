/**
 * Pictures that are pasted anywhere on the page go where a chosen file goes. What is pasted into a
 * field of text stays there.
 *
 * @import {Component} from '../../frontend/component.js'
 */

import { mounted } from '../../frontend/component.js';

export default mounted(
  '.dp-paste',
  () => new Paste(),
  (paste, /** @type {Component<{into: string}>} */ { data }) => paste.show(data.into),
);

class Paste {
  constructor() {
    this.into = '';
    this.ended = new AbortController();
    const { signal } = this.ended;
    document.addEventListener('paste', (event) => this.take(event), { signal });
  }

  /** @param {string} into  the key of the container that the file input is in */
  show(into) {
    this.into = into;
  }

  /** @param {ClipboardEvent} event */
  take(event) {
    const files = [...(event.clipboardData?.files ?? [])];
    const picture = files.find(({ type }) => type.startsWith('image/'));
    if (picture && giveFile(this.into, picture)) event.preventDefault();
  }

  close() {
    this.ended.abort();
  }
}

/**
 * Give `file` to the uploader in the container of this key, as if it had been chosen there. Whether
 * there is one.
 *
 * Relied on: an uploader has one `input type=file`, and takes what is chosen with its event `change`.
 * If it does not, nothing can be pasted (tests/e2e/pages/draw/test_picture.py).
 * @param {string} key
 * @param {File} file
 */
function giveFile(key, file) {
  const input = /** @type {HTMLInputElement | null} */ (
    document.querySelector(`.st-key-${key} input[type=file]`)
  );
  if (input === null) return false;
  const given = new DataTransfer();
  given.items.add(file);
  input.files = given.files;
  input.dispatchEvent(new Event('change', { bubbles: true }));
  return true;
}
