/**
 * The pictures of this visit with their verdicts, and the tally of all. They are in the page only.
 *
 * @import {Reading, Verdict} from '../reading/reading_stream.js'
 * @import {Picture} from '../studio.js'
 *
 * @typedef {object} Kept
 * @property {string} key  the picture's name
 * @property {Picture} picture
 * @property {Verdict['kind']} kind
 * @property {string} reads
 * @property {number} versions  that answered
 * @property {number} farthest  the largest difference of a version, as a share
 */

import { share } from '../../ui/figures.js';
import { pictureUrl } from '../picture/given_view.js';

/** How many pictures are shown; all of the visit are counted. */
const SHOWN = 12;
const MARKS = { agree: '✓', differ: '≠', unsure: '?', waiting: '…', failed: '!' };

export class VisitStrip {
  /** @param {HTMLElement} root @param {(picture: Picture) => void} onOpen */
  constructor(root, onOpen) {
    /** @type {Map<string, Kept>} */
    this.all = new Map();
    this.model = '';
    this.allowed = 0;
    this.list = document.createElement('ol');
    this.list.className = 'dp-strip';
    this.tally = document.createElement('p');
    this.tally.className = 'dp-how';
    root.replaceChildren(this.list, this.tally);
    this.list.onclick = ({ target }) => {
      const pressed = /** @type {Element} */ (target).closest('button');
      const kept = pressed && this.all.get(pressed.dataset.key ?? '');
      if (kept) onOpen(kept.picture);
    };
  }

  /** Count anew for another model. @param {string} model  its name and version */
  begin(model) {
    if (model === this.model) return;
    this.model = model;
    this.all.clear();
    this.show();
  }

  /**
   * Keep what was read, once all versions have answered or failed.
   * @param {Picture} picture
   * @param {Reading} reading
   * @param {{shape: readonly number[], thing: string}} about
   */
  add(picture, { digit, verdict, lanes, allowed }, { shape, thing }) {
    const answered = lanes.filter(({ state }) => state === 'answered');
    if (lanes.some(({ state }) => state === 'waiting') || answered.length === 0) return;
    this.all.delete(digit); // it is the latest now
    this.all.set(digit, {
      key: digit,
      picture,
      kind: verdict.kind,
      reads: answered[0].reads ?? '',
      versions: answered.length,
      farthest: Math.max(0, ...answered.map(({ distance }) => distance ?? 0)),
    });
    this.allowed = allowed.share;
    this.thing = thing;
    this.shape = shape;
    this.show();
  }

  show() {
    const latest = [...this.all.values()].slice(-SHOWN).reverse();
    this.list.replaceChildren(...latest.map((kept) => this.item(kept)));
    this.tally.textContent = tallyOf([...this.all.values()], this.allowed, this.thing ?? 'picture');
  }

  /** @param {Kept} kept */
  item({ key, picture, kind, reads }) {
    const button = document.createElement('button');
    button.type = 'button';
    button.dataset.key = key;
    button.dataset.kind = kind;
    button.ariaLabel = `${picture.label || 'Picture'}: read as ${reads}, ${SAYS[kind]}. Show it again.`;
    button.title = button.ariaLabel;
    button.style.backgroundImage = `url(${pictureUrl(picture.levels, this.shape ?? [28, 28])})`;
    button.textContent = MARKS[kind];
    const item = document.createElement('li');
    item.append(button);
    return item;
  }
}

/** @type {Record<Verdict['kind'], string>} */
const SAYS = {
  agree: 'all versions agree',
  differ: 'versions differ',
  unsure: 'none is sure',
  waiting: 'not all have answered',
  failed: 'a version failed',
};

const COUNTS = ['no', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine'];

/**
 * One sentence on all pictures of the visit; empty for none.
 * @param {Kept[]} all
 * @param {number} allowed
 * @param {string} thing
 */
export function tallyOf(all, allowed, thing) {
  if (all.length === 0) return '';
  const versions = Math.max(...all.map((each) => each.versions));
  const count = (/** @type {Verdict['kind']} */ kind) =>
    all.filter((each) => each.kind === kind).length;
  const [differ, failed] = [count('differ'), count('failed')];
  const what = all.length === 1 ? `1 ${thing}` : `${all.length} ${thing}s`;
  const far = Math.max(...all.map(({ farthest }) => farthest));
  const largest = `the largest difference is ${share(far)} of an allowed ${share(allowed)}`;
  if (failed > 0) return `${what} this visit: a version failed on ${failed}; ${largest}.`;
  if (differ > 0) return `${what} this visit: versions differ on ${differ}; ${largest}.`;
  const agree = `all ${COUNTS[versions] ?? versions} versions agree`;
  return `${what} this visit: ${agree}${all.length > 1 ? ' on each' : ''}; ${largest}.`;
}
