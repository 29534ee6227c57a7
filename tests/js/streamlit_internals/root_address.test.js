import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';

import { underRoot } from '../../../app/streamlit_internals/root_address.js';
import { newPage } from '../support/dom.js';

beforeEach(newPage);

/** Streamlit's own script is here. @param {string} src */
const scriptAt = (src) => document.querySelector('script')?.setAttribute('src', src);

test('addresses are below the root of the app, under a prefix too', () => {
  scriptAt('https://host/static/js/main.js');
  assert.equal(underRoot('served/x'), 'https://host/served/x');
  scriptAt('https://host/a/prefix/static/js/main.js');
  assert.equal(underRoot('served/x'), 'https://host/a/prefix/served/x');
});
