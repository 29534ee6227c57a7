/**
 * What TensorFlow.js computes with in this browser.
 *
 * @import {Backend} from '../../frontend/tfjs.js'
 */

const NAMES = {
  auto: 'the fastest here',
  cpu: 'JavaScript (cpu)',
  wasm: 'WebAssembly (wasm)',
  webgl: 'the graphics card (webgl)',
  webgpu: 'the graphics card (webgpu)',
};

export class BackendPicker {
  /** @param {HTMLElement} root @param {(backend: 'auto' | Backend) => void} onPick */
  constructor(root, onPick) {
    this.select = document.createElement('select');
    for (const [value, text] of Object.entries(NAMES)) this.select.add(new Option(text, value));
    this.select.onchange = () => onPick(/** @type {'auto' | Backend} */ (this.select.value));
    const label = document.createElement('label');
    label.className = 'dp-backend';
    label.append('TensorFlow.js in your browser runs on ', this.select);
    this.note = document.createElement('p');
    this.note.className = 'dp-how';
    root.replaceChildren(label, this.note);
  }

  /** @param {'auto' | Backend} backend */
  show(backend) {
    this.select.value = backend;
  }

  /** Say why another backend runs than the one that was asked for. @param {string | null} fallback */
  say(fallback) {
    this.note.textContent = fallback ?? '';
  }
}
