/**
 * Mounts every component. Streamlit calls the default export of its module whenever the data change,
 * and calls the returned function when the component is removed.
 */

/**
 * @template Data
 * @typedef {object} Component  what Streamlit passes to the default export
 * @property {Data} data
 * @property {HTMLElement} parentElement
 * @property {(name: string, value: unknown) => void} setStateValue  the value is kept until the next one
 * @property {(name: string, value: unknown) => void} setTriggerValue  Python sees the value in one run
 */

/**
 * A default export that keeps one `Part` for each element, from its first data to its removal.
 * @template Data
 * @template {{close: () => void}} Part
 * @param {string} selector  of the element in the component's HTML
 * @param {(root: HTMLElement) => Part} make
 * @param {(part: Part, component: Component<Data>) => void} show  called with the first data and with each change
 * @returns {(component: Component<Data>) => () => void}
 */
export function mounted(selector, make, show) {
  /** @type {WeakMap<Element, {part: Part, shown: number}>} */
  const mounts = new WeakMap();
  return (component) => {
    const root = /** @type {HTMLElement} */ (component.parentElement.querySelector(selector));
    const mount = mounts.get(root) ?? { part: make(root), shown: 0 };
    mounts.set(root, mount);
    mount.shown += 1;
    const number = mount.shown;
    show(mount.part, component);
    return () => {
      // If the data change while the module loads, Streamlit ends the former call only.
      if (number !== mount.shown) return;
      mounts.delete(root);
      mount.part.close();
    };
  };
}
