/**
 * Ways to give a picture: choose a file, drop one on the page, paste one (Ctrl+V), or the camera. The
 * server makes of it what the model takes (`endpoint.py`).
 */

import { underRoot } from '../../streamlit_internals/root_address.js';

const KINDS = 'image/png,image/jpeg,image/webp,image/gif,image/bmp,image/tiff';

export class PictureInput {
  /**
   * @param {HTMLElement} root
   * @param {(file: Blob) => void} onFile
   */
  constructor(root, onFile) {
    this.root = root;
    this.onFile = onFile;
    this.ended = new AbortController();
    const { signal } = this.ended;
    const input = document.createElement('input');
    input.type = 'file';
    input.accept = KINDS;
    input.addEventListener('change', () => {
      const [file] = input.files ?? [];
      input.value = ''; // so that the same file can be chosen again
      if (file) onFile(file);
    });
    const label = document.createElement('label');
    label.className = 'dp-choose';
    label.append('Choose a picture', input);
    this.problem = document.createElement('p');
    this.problem.className = 'dp-problem';
    this.problem.role = 'alert';
    root.replaceChildren(label, this.problem);
    document.addEventListener('paste', (event) => this.take(event, event.clipboardData), {
      signal,
    });
    document.addEventListener('dragover', (event) => event.preventDefault(), { signal });
    document.addEventListener('drop', (event) => this.take(event, event.dataTransfer), { signal });
  }

  /** @param {Event} event @param {DataTransfer | null} data */
  take(event, data) {
    const picture = [...(data?.files ?? [])].find(({ type }) => type.startsWith('image/'));
    if (picture === undefined) return; // what is pasted into a field of text stays there
    event.preventDefault();
    this.onFile(picture);
  }

  /** Say why a picture could not be read; nothing for null. @param {string | null} problem */
  say(problem) {
    this.problem.textContent = problem ?? '';
  }

  close() {
    this.ended.abort();
  }
}

/**
 * What the model is given of an image file or of strokes.
 * @param {string} address  URL path below the app's root
 * @param {Blob | {objects: object[]}} given
 * @param {AbortSignal} signal
 * @returns {Promise<string>} its levels in base64
 * @throws {Error} with the server's sentence
 */
export async function pictureLevels(address, given, signal) {
  const isFile = given instanceof Blob;
  const response = await fetch(underRoot(address), {
    method: 'POST',
    body: isFile ? given : JSON.stringify(given),
    headers: { 'Content-Type': isFile ? 'application/octet-stream' : 'application/json' },
    signal,
  });
  if (!response.ok) throw new Error(await response.text());
  return (await response.json()).levels;
}
