import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';

import { ClassSearch } from '../../../../app/draw/results/class_search.js';
import { element, newPage } from '../../support/dom.js';

const MANY = [
  'Tabby cat',
  'tiger cat',
  'dog',
  ...Array.from({ length: 30 }, (_, k) => `bird ${k}`),
];

/** @type {any} */
let root;
/** @type {ClassSearch} */
let search;
let changes = 0;

beforeEach(() => {
  newPage();
  root = element('div');
  changes = 0;
  search = new ClassSearch(root, () => {
    changes += 1;
  });
});

/** @param {string} text */
function write(text) {
  const input = root.querySelector('input');
  input.value = text;
  input.oninput();
  input.onchange();
}

const said = () => root.querySelector('[role=status]').textContent;

test('a model of few classes has no search', () => {
  search.begin(MANY.slice(0, 12));
  assert.equal(root.childElementCount, 0);
  assert.deepEqual(search.wanted(), []);
});

test('what is written is found in any part of a name, in any case, and said', () => {
  search.begin(MANY);
  write(' CAT');
  assert.deepEqual(search.wanted(), [0, 1]);
  assert.equal(said(), 'Tabby cat, tiger cat');
  assert.equal(changes, 1);
});

test('no more than five are added, and the same ones are asked for once', () => {
  search.begin(MANY);
  write('bird');
  assert.equal(search.wanted().length, 5);
  write('bird ');
  assert.equal(changes, 1);
});

test('what is in no name is said, an empty field says nothing', () => {
  search.begin(MANY);
  write('fish');
  assert.equal(said(), 'No class has that in its name.');
  assert.deepEqual(search.wanted(), []);
  write('');
  assert.equal(said(), '');
});

test('another model begins with nothing searched', () => {
  search.begin(MANY);
  write('dog');
  search.begin([...MANY].reverse());
  assert.deepEqual(search.wanted(), []);
});
