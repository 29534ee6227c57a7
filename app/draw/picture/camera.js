/**
 * The camera: a small live view with Take and Close. It is on only while the view is there.
 *
 * @typedef {object} Listener
 * @property {(picture: Blob) => void} taken
 * @property {(problem: string | null) => void} say
 */

import { reason } from '../../frontend/tfjs.js';

const INSECURE =
  'A page may use the camera only over HTTPS, which this address has not. Choose a picture instead.';
const NONE = 'There is no camera here. Choose a picture instead.';
/** By the error's name. @type {Record<string, string>} */
const PROBLEMS = {
  NotAllowedError:
    'The camera was not allowed. Allow it in the browser’s settings for this page, or choose a picture.',
  NotFoundError: NONE,
  OverconstrainedError: NONE,
  NotReadableError: 'Another program has the camera. Close that first, or choose a picture.',
};
/** What a photograph needs; a model takes far fewer pixels. */
const SIDE = 1080;
const QUALITY = 0.95;

export class Camera {
  /** @param {HTMLElement} root @param {Listener} listener */
  constructor(root, listener) {
    this.root = root;
    this.listener = listener;
    /** @type {MediaStream | null} */
    this.stream = null;
    /** Times that it was opened or closed: a camera that comes later is switched off again. */
    this.turn = 0;
    this.left = () => this.close();
    addEventListener('pagehide', this.left);
  }

  async open() {
    this.close();
    this.listener.say(null);
    const { turn } = this;
    if (!navigator.mediaDevices?.getUserMedia)
      return this.listener.say(isSecureContext ? NONE : INSECURE);
    const size = { ideal: SIDE };
    const video = { facingMode: 'environment', width: size, height: size };
    try {
      const stream = await navigator.mediaDevices.getUserMedia({ video });
      if (turn === this.turn) this.show(stream);
      else stop(stream);
    } catch (error) {
      if (turn !== this.turn) return;
      const { name } = /** @type {Error} */ (error);
      this.listener.say(PROBLEMS[name] ?? `The camera does not work: ${reason(error)}.`);
    }
  }

  /** @param {MediaStream} stream */
  show(stream) {
    this.stream = stream;
    for (const track of stream.getTracks()) track.onended = this.left; // it was unplugged
    this.video = document.createElement('video');
    this.video.ariaLabel = 'What the camera sees';
    this.video.muted = this.video.playsInline = this.video.autoplay = true;
    this.video.srcObject = stream;
    const buttons = document.createElement('div');
    const take = button('Take', () => void this.take());
    take.dataset.main = '';
    buttons.append(take, button('Close', this.left));
    this.root.className = 'dp-camera';
    this.root.replaceChildren(this.video, buttons);
    take.focus();
  }

  /** Give the middle square, which the view shows. */
  async take() {
    const { video } = this;
    if (!video?.videoWidth) return; // nothing has come yet
    const side = Math.min(video.videoWidth, video.videoHeight);
    const [left, top] = [(video.videoWidth - side) / 2, (video.videoHeight - side) / 2];
    const canvas = document.createElement('canvas');
    canvas.width = canvas.height = side;
    canvas.getContext('2d')?.drawImage(video, left, top, side, side, 0, 0, side, side);
    this.close();
    const picture = await new Promise((resolve) => canvas.toBlob(resolve, 'image/jpeg', QUALITY));
    if (picture) this.listener.taken(picture);
  }

  close() {
    this.turn += 1;
    if (this.stream) stop(this.stream);
    this.stream = null;
    this.root.className = '';
    this.root.replaceChildren();
  }

  /** The page's part is removed. */
  end() {
    this.close();
    removeEventListener('pagehide', this.left);
  }
}

/** @param {MediaStream} stream */
function stop(stream) {
  for (const track of stream.getTracks()) track.stop();
}

/** @param {string} text @param {() => void} onclick */
function button(text, onclick) {
  const element = document.createElement('button');
  element.type = 'button';
  element.textContent = text;
  element.onclick = onclick;
  return element;
}
