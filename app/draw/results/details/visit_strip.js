/**
 * The pictures of this visit with their verdicts, and the tally of all. They are in the page only.
 *
 * A picture counts once, as it was read last, on whatever backend. Each model counts by itself, and so
 * does each way in which its weights are stored: one that is shown again goes on where it was.
 *
 * @import {Reading, Verdict} from '../../reading/reading_stream.js'
 * @import {Path} from '../../canvas/digit_from_strokes.js'
 * @import {Picture} from '../../studio_data.js'
 *
 * @typedef {object} Counted
 * @property {Verdict['kind']} kind
 * @property {number} versions  that answered
 * @property {number} farthest  the largest difference of a version, as a share
 *
 * @typedef {Counted & {key: string, picture: Picture, reads: string, image: string}} Kept
 *
 * @typedef {object} Visit  of one model
 * @property {Kept[]} shown  the latest, the last of them first
 * @property {Map<string, Counted>} all  by the picture's name
 * @property {string} tally
 */

import { share } from '../../../ui/figures.js';
import { pictureUrl } from '../../picture/given_view.js';

/** How many pictures are shown, and can be opened again; all of the visit are counted. */
const SHOWN = 12;
const MARKS = { agree: '✓', differ: '≠', unsure: '?', waiting: '…', failed: '!' };

export class VisitStrip {
  /** @param {HTMLElement} root @param {(picture: Picture) => void} onOpen */
  constructor(root, onOpen) {
    /** @type {Map<string, Visit>} */
    this.visits = new Map();
    this.visit = emptyVisit();
    this.list = document.createElement('ol');
    this.list.className = 'dp-strip';
    this.tally = document.createElement('p');
    this.tally.className = 'dp-how';
    root.replaceChildren(this.list, this.tally);
    this.list.onclick = ({ target }) => {
      const pressed = /** @type {Element} */ (target).closest('button');
      const kept = pressed && this.visit.shown.find(({ key }) => key === pressed.dataset.key);
      if (kept) onOpen(kept.picture);
    };
  }

  /** Count for this model. @param {string} model  its name, version and weights */
  begin(model) {
    this.visit = this.visits.get(model) ?? emptyVisit();
    this.visits.set(model, this.visit);
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
    const counted = {
      kind: verdict.kind,
      versions: answered.length,
      farthest: Math.max(0, ...answered.map(({ distance }) => distance ?? 0)),
    };
    const { visit } = this;
    const [last] = visit.shown;
    if (last && isContinued(last.picture.paths, picture.paths)) {
      visit.all.delete(last.key); // it was the same drawing, of fewer strokes
      visit.shown.shift();
    }
    visit.all.set(digit, counted);
    const [{ reads = '' }] = answered;
    const image = pictureUrl(picture.levels, shape);
    const kept = { ...counted, key: digit, picture, reads, image };
    const others = visit.shown.filter(({ key }) => key !== digit);
    visit.shown = [kept, ...others].slice(0, SHOWN);
    visit.tally = tallyOf([...visit.all.values()], allowed.share, thing);
    this.show();
  }

  show() {
    const { shown } = this.visit;
    const focused = /** @type {HTMLElement | null} */ (this.list.querySelector(':focus'));
    const key = focused?.dataset.key;
    this.list.replaceChildren(...shown.map((kept, at) => item(kept, shown.length - at)));
    if (key !== undefined)
      this.list.querySelectorAll('button')[shown.findIndex((each) => each.key === key)]?.focus();
    this.tally.textContent = this.visit.tally;
  }
}

/** Whether a drawing begins with another one's strokes. @param {Path[]} one @param {Path[]} other */
function isContinued(one, other) {
  const begins = (/** @type {Path[]} */ [{ path }]) => path.map(([name]) => name).join('');
  if (one.length === 0 || other.length <= one.length) return false;
  const near = (/** @type {'left' | 'top'} */ side) =>
    Math.abs(one[0][side] - other[0][side]) < 1e-3;
  return begins(one) === begins(other) && near('left') && near('top');
}

/** @returns {Visit} */
const emptyVisit = () => ({ shown: [], all: new Map(), tally: '' });

/** @param {Kept} kept @param {number} number  tells two of one digit apart */
function item({ key, kind, reads, image }, number) {
  const button = document.createElement('button');
  button.type = 'button';
  button.dataset.key = key;
  button.dataset.kind = kind;
  button.ariaLabel = `Show number ${number} again: read as ${reads}, ${SAYS[kind]}`;
  button.title = button.ariaLabel;
  button.style.backgroundImage = `url(${image})`;
  button.textContent = MARKS[kind];
  const item = document.createElement('li');
  item.append(button);
  return item;
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
 * @param {Counted[]} all
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
  const agree = versions === 2 ? 'both versions' : `all ${COUNTS[versions] ?? versions} versions`;
  const faults = [
    ...(differ > 0 ? [`versions differ on ${differ}`] : []),
    ...(failed > 0 ? [`a version failed on ${failed}`] : []),
  ];
  const says = faults.join(', ') || `${agree} agree${all.length > 1 ? ' on each' : ''}`;
  // What differs by no more than is allowed gives NaN, which is no distance.
  const givesNaN = all.some(({ kind, farthest }) => kind === 'differ' && farthest <= allowed);
  if (givesNaN) return `${what} this visit: ${says}.`;
  const far = share(Math.max(...all.map(({ farthest }) => farthest)));
  return `${what} this visit: ${says}; the largest difference is ${far} of an allowed ${share(allowed)}.`;
}
