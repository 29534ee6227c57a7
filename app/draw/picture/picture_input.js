/**
 * Ways to give a picture: choose a file, drop one on the page, paste one, or the camera. The server
 * makes of it what the model takes (`endpoint.py`).
 */

import { reason } from '../../frontend/tfjs.js';
import { underRoot } from '../../streamlit_internals/root_address.js';
import { Camera } from './camera.js';
import { DropTarget } from './drop_target.js';

const KINDS = ['png', 'jpeg', 'webp', 'gif', 'bmp', 'tiff'].map((kind) => `image/${kind}`);
const NO_PICTURE = 'This file is no picture. PNG, JPEG, WebP, GIF, BMP and TIFF are read.';
const BY_KEY = 'Your browser lets a page read pictures only as you paste them: press Ctrl+V or ⌘V.';
const NOTHING = 'There is no picture to paste. Copy one first.';

export class PictureInput {
  /**
   * @param {HTMLElement} root
   * @param {(picture: Blob) => Promise<void>} onPicture  ends when it is shown, or was refused
   */
  constructor(root, onPicture) {
    this.onPicture = onPicture;
    this.mostMB = 0;
    /** Pictures that were given. What is said of an earlier one is not of the present one. */
    this.given = 0;
    this.ended = new AbortController();
    this.input = document.createElement('input');
    this.problem = says('dp-problem', 'alert');
    this.progress = says('dp-progress', 'status');
    const view = document.createElement('div');
    this.camera = new Camera(view, {
      taken: (picture) => this.give([picture]),
      say: (problem) => this.say(problem),
    });
    root.replaceChildren(this.row(), this.progress, this.problem, view);
    const { signal } = this.ended;
    document.addEventListener('paste', (event) => this.pasted(event), { signal });
    this.drop = new DropTarget(root, (files) => this.give(files));
  }

  /** @param {{mostMB: number}} picture */
  begin({ mostMB }) {
    this.mostMB = mostMB;
  }

  row() {
    const row = document.createElement('p');
    row.className = 'dp-ways';
    const choose = document.createElement('label');
    choose.className = 'dp-choose dp-link';
    this.input.type = 'file';
    this.input.accept = KINDS.join(',');
    this.input.ariaLabel = 'Choose a picture';
    this.input.onchange = () => {
      const files = [...(this.input.files ?? [])];
      this.input.value = ''; // so that the same file can be chosen again
      if (files.length > 0) this.give(files);
    };
    choose.append('choose', this.input);
    const paste = link('paste', 'Paste a picture', () => void this.paste());
    const camera = link('camera', 'Take a picture with the camera', () => void this.camera.open());
    row.append(text('Or give a picture:'), choose, text('·'), paste, text('·'), camera);
    return row;
  }

  /** @param {ClipboardEvent} event */
  pasted(event) {
    const files = [...(event.clipboardData?.files ?? [])];
    if (files.length === 0) return; // what is pasted into a field of text stays there
    event.preventDefault();
    this.give(files);
  }

  /** Ask the browser for what was copied: it asks the visitor. */
  async paste() {
    this.say(null);
    /** @type {ClipboardItem[]} */
    let items;
    try {
      items = await navigator.clipboard.read();
    } catch {
      return this.say(BY_KEY); // not allowed, no secure page, or a browser that has not this
    }
    for (const item of items) {
      const kind = item.types.find((each) => each.startsWith('image/'));
      if (kind) return this.give([await item.getType(kind)]);
    }
    this.say(NOTHING);
  }

  /** The first picture of these, or why there is none to read. @param {Blob[]} files */
  give(files) {
    if (this.ended.signal.aborted) return; // the page was left meanwhile
    const picture = files.find(({ type }) => type.startsWith('image/')) ?? files[0];
    const problem = this.refusal(picture);
    if (problem !== null) return this.say(problem);
    void this.read(picture);
  }

  /** @param {Blob | undefined} file */
  refusal(file) {
    if (file === undefined) return 'What was dropped holds no file.';
    // A browser that does not know a file's kind leaves it empty; then the server looks.
    if (file.type !== '' && !file.type.startsWith('image/')) return NO_PICTURE;
    if (file.size <= this.mostMB * 1e6) return null;
    const has = Math.ceil(file.size / 1e6);
    return `The picture has ${has} MB; at most ${this.mostMB} are read. Scale it down first.`;
  }

  /** @param {Blob} picture */
  async read(picture) {
    this.given += 1;
    const { given } = this;
    this.say(null);
    this.progress.textContent = `Reading ${picture instanceof File ? picture.name : 'it'} …`;
    await this.onPicture(picture);
    if (given === this.given) this.progress.textContent = '';
  }

  /** Say why a picture could not be read; nothing for null. @param {string | null} problem */
  say(problem) {
    this.problem.textContent = problem ?? '';
  }

  close() {
    this.ended.abort();
    this.drop.close();
    this.camera.end();
  }
}

/** @param {string} name @param {string} role */
function says(name, role) {
  const element = document.createElement('p');
  element.className = name;
  element.role = role;
  return element;
}

/** @param {string} content */
function text(content) {
  const element = document.createElement('span');
  element.textContent = content;
  return element;
}

/** @param {string} content @param {string} name @param {() => void} onclick */
function link(content, name, onclick) {
  const element = document.createElement('button');
  element.type = 'button';
  element.className = 'dp-link';
  element.textContent = content;
  element.ariaLabel = name;
  element.onclick = onclick;
  return element;
}

/**
 * What the model is given of an image file or of strokes.
 * @param {string} address  URL path below the app's root
 * @param {Blob | {objects: object[]}} given
 * @param {AbortSignal} signal
 * @returns {Promise<string>} its levels in base64
 * @throws {Error} with the server's sentence, or with one on the connection
 */
export async function pictureLevels(address, given, signal) {
  const isFile = given instanceof Blob;
  const response = await fetch(underRoot(address), {
    method: 'POST',
    body: isFile ? given : JSON.stringify(given),
    headers: { 'Content-Type': isFile ? 'application/octet-stream' : 'application/json' },
    signal,
  }).catch((error) => {
    if (signal.aborted) throw error;
    throw new Error(`The picture did not reach the server (${reason(error)}). Give it again.`);
  });
  if (!response.ok) throw new Error(await response.text());
  return (await response.json()).levels;
}
