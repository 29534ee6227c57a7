/**
 * The browser's lanes, as a component: Streamlit calls the default export at every change of `data`,
 * and a panel does the rest.
 *
 * @typedef {import('./predict.js').Data} Data
 */

import { Panel } from './lanes_controller.js';

/** @type {WeakMap<Element, Panel>} */
const panels = new WeakMap();

/**
 * @param {{data: Data, parentElement: HTMLElement, setStateValue: (name: string, value: unknown) => void}} component
 */
export default function browserLanes({ data, parentElement, setStateValue }) {
  const root = /** @type {HTMLElement} */ (parentElement.querySelector('.dp-lanes'));
  const panel = panels.get(root) ?? new Panel(root);
  panels.set(root, panel);
  panel.show(data, (report) => setStateValue('report', report));
  return () => panel.close();
}
