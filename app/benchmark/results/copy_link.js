/**
 * A button that copies the link to a result: this page's address with another query.
 *
 * @import {Component} from '../../frontend/component.js'
 *
 * @typedef {{query: string}} CopyLinkData  of the address that is copied, `report=…`
 */

import { mounted } from '../../frontend/component.js';

export default mounted(
  '.dp-copy-link',
  (root) => new CopyLink(root),
  (part, /** @type {Component<CopyLinkData>} */ { data }) => part.show(data),
);

export class CopyLink {
  /** @param {HTMLElement} root */
  constructor(root) {
    this.query = '';
    this.button = document.createElement('button');
    this.button.type = 'button';
    this.button.textContent = 'Copy a link to this result';
    this.button.onclick = () => this.copy();
    this.link = document.createElement('input');
    this.link.readOnly = true;
    this.link.ariaLabel = 'Link to this result';
    this.link.hidden = true;
    this.note = document.createElement('p');
    this.note.className = 'dp-how';
    this.note.role = 'status';
    root.replaceChildren(this.button, this.link, this.note);
  }

  /** @param {CopyLinkData} data */
  show({ query }) {
    if (query === this.query) return;
    this.query = query;
    this.note.textContent = '';
    this.link.hidden = true;
  }

  async copy() {
    const address = new URL(location.href);
    address.search = this.query;
    address.hash = '';
    try {
      await navigator.clipboard.writeText(address.href);
      this.link.hidden = true;
      this.note.textContent = 'The link is copied. The figures are in it; nothing is stored here.';
    } catch {
      // Only pages of https may write to the clipboard: the link is there to be copied by hand.
      this.note.textContent = 'Copy this link. The figures are in it; nothing is stored here.';
      this.link.hidden = false;
      this.link.value = address.href;
      this.link.select();
    }
  }

  close() {}
}
