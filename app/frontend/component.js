/**
 * The JavaScript half of every component. Streamlit calls the default export of its module whenever
 * its data change, and what that returned when the component is taken away.
 */

/**
 * @template Data
 * @typedef {object} Component  what Streamlit hands over
 * @property {Data} data
 * @property {HTMLElement} parentElement
 * @property {(name: string, value: unknown) => void} setStateValue  kept until the next one
 * @property {(name: string, value: unknown) => void} setTriggerValue  seen by Python once
 */

/**
 * A default export that keeps one `Part` for each element of the page, from its first data to its
 * end.
 * @template Data
 * @template {{close: () => void}} Part
 * @param {string} selector  of the element in the component's HTML
 * @param {(root: HTMLElement) => Part} make
 * @param {(part: Part, component: Component<Data>) => void} show  called with all data, also the first
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
      // When data change while the module is fetched, Streamlit ends the former call, and it alone.
      if (number !== mount.shown) return;
      mounts.delete(root);
      mount.part.close();
    };
  };
}
