/**
 * What can be done with a result: share its link, save it as a file, save a picture of it.
 *
 * @import {Reading} from '../../reading/reading_stream.js'
 * @import {Data, Picture} from '../../studio_data.js'
 *
 * @typedef {object} Result  what is shown
 * @property {Data} data
 * @property {Picture} picture
 * @property {Reading} reading
 * @property {object} posted  for which the server answered the reading
 */

import { reason } from '../../../frontend/tfjs.js';
import { underRoot } from '../../../streamlit_internals/root_address.js';
import { cardOf } from './result_card.js';

export class Actions {
  /** @param {HTMLElement} root */
  constructor(root) {
    /** @type {Result | null} */
    this.result = null;
    this.note = document.createElement('p');
    this.note.className = 'dp-how';
    this.note.role = 'status';
    this.link = document.createElement('input');
    this.link.readOnly = true;
    this.link.ariaLabel = 'Link to this result';
    this.link.hidden = true;
    this.buttons = [
      this.button('Share', (result) => this.share(result)),
      this.button('Download', (result) => this.download(result)),
      this.button('Save as picture', (result) => this.save(result)),
    ];
    root.replaceChildren(...this.buttons, this.link, this.note);
    this.show(null);
  }

  /** @param {string} name @param {(result: Result) => Promise<void>} act */
  button(name, act) {
    const button = document.createElement('button');
    button.type = 'button';
    button.textContent = name;
    button.onclick = async () => {
      if (this.result === null) return;
      this.say('');
      try {
        await act(this.result);
      } catch (error) {
        this.say(`${name} did not work: ${reason(error)}`);
      }
    };
    return button;
  }

  /** @param {Result | null} result */
  show(result) {
    if (result?.reading.digit !== this.result?.reading.digit) this.say('');
    this.result = result;
    for (const button of this.buttons) button.disabled = result === null;
  }

  /** @param {string} text */
  say(text) {
    this.note.textContent = text;
    this.link.hidden = true;
  }

  /** The system's share sheet where there is one, on phones mostly; else the link is copied. @param {Result} result */
  async share({ reading, picture, data }) {
    const address = new URL(location.href);
    address.search = reading.query; // the page's own may still be of the picture before
    const url = address.href;
    const isIn =
      new URLSearchParams(reading.query).has('digit') ||
      data.model.isDigit ||
      picture.label === 'Ready picture 0'; // what opens without a picture
    const what = isIn
      ? 'It opens on the same picture.'
      : 'The picture itself is too large for a link.';
    const title = `Digit Parity: ${data.model.title}`;
    if (navigator.share !== undefined && matchMedia('(pointer: coarse)').matches) {
      try {
        await navigator.share({ title, text: reading.verdict.headline, url });
      } catch (error) {
        if (!(error instanceof DOMException && error.name === 'AbortError')) throw error;
      }
      return;
    }
    try {
      await navigator.clipboard.writeText(url);
      this.say(`The link is copied. ${what} Nothing is stored here.`);
    } catch {
      // Only pages of https may write to the clipboard: the link is there to be copied by hand.
      this.say(`Copy this link. ${what} Nothing is stored here.`);
      this.link.hidden = false;
      this.link.value = url;
      this.link.select();
    }
  }

  /** @param {Result} result */
  async download({ data, posted, reading }) {
    const response = await fetch(underRoot(data.addresses.result), {
      method: 'POST',
      body: JSON.stringify(posted),
    });
    if (!response.ok) throw new Error(await response.text());
    give(await response.blob(), `digit-parity-${reading.digit}.json`);
  }

  /** @param {Result} result */
  async save(result) {
    const picture = await cardOf(result);
    give(picture, `digit-parity-${result.reading.digit}.png`);
  }
}

/** Let the browser save a file. @param {Blob} content @param {string} name */
function give(content, name) {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(content);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000); // the browser reads it meanwhile
}
