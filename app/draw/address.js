/**
 * The page's address: it holds the picture that is shown, where a link carries it. It is replaced with
 * each picture: every stroke would be a step of Back.
 *
 * @import {Data, Picture} from './studio_data.js'
 */

/** What `page.py` calls a picture of a link. */
const SHARED = 'Shared digit';

/** @param {string} query  without a question mark @param {string} [label]  of the picture in it */
export function writeAddress(query, label) {
  const url = new URL(location.href);
  url.search = query;
  // A reload of one's own drawing is no shared digit.
  history.replaceState({ ...history.state, shown: { search: url.search, label } }, '', url);
}

/** The address's query without the picture: the model and what else was chosen stay. */
export function withoutPicture() {
  const query = new URLSearchParams(location.search);
  for (const name of ['digit', 'strokes']) query.delete(name);
  return query.toString();
}

/** The picture that the page is opened with. @param {Data} data @returns {Picture | null} */
export function pictureOfAddress({ shown }) {
  if (shown.levels === null) return null;
  const own = history.state?.shown; // as `writeAddress` left it
  const isOwn = shown.label === SHARED && own?.search === location.search && own?.label;
  const label = isOwn ? String(own.label) : shown.label;
  return { levels: shown.levels, label, paths: shown.strokes };
}
