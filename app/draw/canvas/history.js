/**
 * What Undo takes back: a stroke, a Clear, and a picture that was put in a drawing's place.
 *
 * @import {Path} from './digit_from_strokes.js'
 * @import {Picture} from '../studio_data.js'
 */

/**
 * @typedef {object} Step  what the pad shows
 * @property {Path[]} paths
 * @property {Picture | null | undefined} picture  what is read of it; null of an empty pad, undefined until it is known
 */

/** More steps back than anybody takes. */
const MOST = 200;
/** Characters of pictures that are kept: of digits that is every step, of photographs some. */
const MOST_LEVELS = 20e6;

export class History {
  constructor() {
    /** @type {Step[]} */
    this.before = [];
    /** @type {Step[]} */
    this.after = [];
    /** @type {Step} */
    this.now = { paths: [], picture: undefined };
  }

  /** Begin with these strokes, of which each can be taken back. @param {Path[]} paths */
  begin(paths) {
    this.after = [];
    this.before = paths.slice(-MOST).map((_, at, last) => {
      const some = paths.slice(0, paths.length - last.length + at);
      return { paths: some, picture: some.length === 0 ? null : undefined };
    });
    this.now = { paths, picture: undefined };
  }

  /** @param {Path[]} paths @param {Picture | null} [picture] */
  add(paths, picture) {
    this.before = [...this.before, this.now].slice(-MOST);
    let all = this.before.reduce((sum, each) => sum + sizeOf(each), 0);
    while (all > MOST_LEVELS && this.before.length > 1) all -= sizeOf(this.before.shift());
    this.after = [];
    this.now = { paths, picture };
  }

  /**
   * A picture is read: that of the strokes, or another, which is a step of its own.
   * @param {Picture | null} picture
   */
  show(picture) {
    const { now } = this;
    const isOfNow = picture === null ? now.paths.length === 0 : picture.paths === now.paths;
    if (now.picture === undefined && isOfNow) now.picture = picture;
    if (now.picture !== picture) this.add(picture?.paths ?? [], picture);
  }

  /** The step before; null if there is none. */
  undo() {
    const step = this.before.pop();
    if (step === undefined) return null;
    this.after.push(this.now);
    this.now = step;
    return step;
  }

  /** The step that was undone last; null if there is none. */
  redo() {
    const step = this.after.pop();
    if (step === undefined) return null;
    this.before.push(this.now);
    this.now = step;
    return step;
  }
}

/** @param {Step | undefined} step */
const sizeOf = (step) => step?.picture?.levels.length ?? 0;
