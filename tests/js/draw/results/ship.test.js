import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';

import { ShipView } from '../../../../app/draw/results/ship.js';
import { element, newPage } from '../../support/dom.js';

const GRAPH = { advice: 'Ship the graph model.', why: 'It is faster.', faster: 'graph' };

/** @type {HTMLElement} */
let root;
/** @type {ShipView} */
let ship;

beforeEach(() => {
  newPage();
  root = element('div', {}, element('button'));
  ship = new ShipView(root);
});

const said = () => [root.querySelector('b')?.textContent, root.querySelector('span')?.textContent];
const WAITING = ['', 'Which format to ship is said once both have answered in your browser.'];

test('advice comes with its reason, beside the buttons that are there', () => {
  assert.deepEqual(said(), WAITING);
  ship.show(GRAPH, 'wasm');
  assert.deepEqual(said(), ['Ship the graph model.', 'It is faster.']);
  assert.notEqual(root.querySelector('button'), null);
});

test('while the next picture is read the advice stays', () => {
  ship.show(GRAPH, 'wasm');
  ship.show(null, 'wasm');
  assert.equal(said()[0], GRAPH.advice);
});

test('what was said is told back, so that it stands', () => {
  assert.equal(ship.faster('wasm'), 'unknown');
  ship.show(GRAPH, 'wasm');
  assert.equal(ship.faster('wasm'), 'graph');
});

test('of another backend nothing was said', () => {
  ship.show(GRAPH, 'wasm');
  assert.equal(ship.faster('cpu'), 'unknown');
  ship.show(null, 'cpu');
  assert.deepEqual(said(), WAITING);
  assert.equal(ship.faster('wasm'), 'unknown');
});

test('of another model nothing was said', () => {
  ship.show(GRAPH, 'wasm');
  ship.begin();
  assert.deepEqual(said(), WAITING);
  assert.equal(ship.faster('wasm'), 'unknown');
});
