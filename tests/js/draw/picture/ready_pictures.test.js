import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';

import { levelsOf, ReadyPictures } from '../../../../app/draw/picture/ready_pictures.js';
import { element, newPage, setGlobals } from '../../support/dom.js';

beforeEach(newPage);

/** @param {number} number @param {string | null} levels */
const example = (number, levels = 'AAAA') => ({
  name: `Ready digit ${number}`,
  image: 'data:,',
  levels,
  address: `served/picture/m/1/${number}`,
});

test('a button for each picture, which is given when it is pressed', () => {
  const root = element('div');
  /** @type {string[]} */
  const picked = [];
  const ready = new ReadyPictures(/** @type {any} */ (root), ({ name }) => picked.push(name));
  ready.begin([example(0), example(1)]);
  const buttons = [...root.querySelectorAll('button')];
  assert.deepEqual(
    buttons.map(({ ariaLabel }) => ariaLabel),
    ['Ready digit 0', 'Ready digit 1'],
  );
  buttons[1].click();
  assert.deepEqual(picked, ['Ready digit 1']);
  ready.begin([example(0), example(1)]);
  assert.equal(root.children[1], buttons[1], 'the same pictures keep their buttons');
  ready.begin([]);
  assert.equal(/** @type {any} */ (root).hidden, true);
});

test('a large picture is fetched; one that is gone says so', async () => {
  assert.equal(await levelsOf(example(0, 'BBBB')), 'BBBB');
  setGlobals({ fetch: async () => new Response('{"levels": "CCCC"}') });
  assert.equal(await levelsOf(example(0, null)), 'CCCC');
  setGlobals({ fetch: async () => new Response('Not found', { status: 404 }) });
  await assert.rejects(levelsOf(example(0, null)), /Reload the page/);
});
