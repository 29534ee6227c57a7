/**
 * How far each version is from the original, on a log axis: identical, within rounding, another model.
 *
 * @import {LaneFigures, Reading} from '../reading/reading_stream.js'
 */

import { plain } from '../../ui/figures.js';

/** Smaller differences than this stand at its place; an exact zero has one of its own, at the left end. */
const FLOOR = 1e-10;
/** Where the floor is, as a share of the width. */
const BEGIN = 0.08;
const NOTHING = 'How far each version is from the original: none has been compared yet.';

export class Gauge {
  /** @param {HTMLElement} root */
  constructor(root) {
    this.root = root;
    root.setAttribute('role', 'img');
    this.track = part('dp-track');
    this.kind = part('dp-tick dp-tick-kind');
    this.bound = part('dp-tick dp-tick-bound');
    this.end = part('dp-tick dp-tick-end');
    const [identical, another, zero] = ['same', 'other', 'zero'].map((each) =>
      part(`dp-tick dp-tick-${each}`),
    );
    identical.textContent = 'identical';
    another.textContent = 'another model';
    zero.textContent = '0';
    root.replaceChildren(identical, this.kind, another, this.track, zero, this.bound, this.end);
    this.empty();
  }

  /** Nothing has been compared yet. */
  empty() {
    this.root.setAttribute('aria-label', NOTHING);
    this.root.toggleAttribute('data-empty', true);
    this.track.replaceChildren();
  }

  /** @param {Pick<Reading, 'lanes' | 'allowed'>} reading */
  show({ lanes, allowed }) {
    const compared = comparedOf(lanes);
    if (compared.length === 0) {
      this.empty();
      return;
    }
    const end = endOf(allowed.share);
    const at = placeOf(allowed.share, end);
    this.root.toggleAttribute('data-empty', false);
    this.root.style.setProperty('--bound', `${100 * at}%`);
    this.kind.textContent = isRounding(allowed) ? 'rounding' : 'tolerance';
    this.bound.textContent = plain(allowed.share);
    this.end.textContent = plain(end);
    this.track.replaceChildren(...compared.map((lane, row) => dot(lane, row, end)));
    this.root.setAttribute('aria-label', said(compared, lanes, allowed));
  }
}

/** The versions whose distance from the original is known; null of those that differ is NaN. @param {LaneFigures[]} lanes */
function comparedOf(lanes) {
  const original = lanes.find(({ isReference }) => isReference);
  if (original?.state !== 'answered') return [];
  return lanes.filter(
    ({ isReference, distance, differs }) =>
      !isReference && (typeof distance === 'number' || differs),
  );
}

/** The right end of the axis: what another model may be off, and well beyond the bound. @param {number} bound */
const endOf = (bound) => Math.max(1, 10 * bound);

/**
 * Where a difference stands, as a share of the width.
 * @param {number | null | undefined} value  null for NaN
 * @param {number} end
 */
export function placeOf(value, end) {
  if (value === 0) return 0;
  if (value === null || value === undefined) return 1;
  const share = Math.log(value / FLOOR) / Math.log(end / FLOOR);
  return BEGIN + (1 - BEGIN) * Math.min(1, Math.max(0, share));
}

/** @param {LaneFigures} lane @param {number} row @param {number} end */
function dot({ format, inBrowser, distance }, row, end) {
  const made = part(`dp-dot dp-${format}`);
  made.dataset.where = inBrowser ? 'browser' : 'server';
  made.style.setProperty('--share', String(placeOf(distance, end)));
  made.style.setProperty('--row', String(row));
  return made;
}

/** The gauge in words. @param {LaneFigures[]} compared @param {LaneFigures[]} lanes @param {Reading['allowed']} allowed */
function said(compared, lanes, allowed) {
  const original = lanes.find(({ isReference }) => isReference)?.name;
  const each = compared.map(({ name, distance, differs }) => {
    const far = typeof distance === 'number' ? plain(distance) : 'NaN';
    return `${name}: ${far}${differs ? ', too far' : ''}`;
  });
  const explains = isRounding(allowed) ? 'Rounding explains up to' : 'The fixed tolerance is';
  return `How far each version is from ${original}. ${each.join('; ')}. ${explains} ${plain(allowed.share)}.`;
}

/** @param {Reading['allowed']} allowed */
const isRounding = ({ says }) => says === 'rounding explains';

/** @param {string} className */
function part(className) {
  const made = document.createElement('span');
  made.className = className;
  return made;
}
