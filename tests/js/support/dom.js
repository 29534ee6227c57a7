/** A page, as far as the modules under test ask for one: a tree of elements, selectors, events. */

export class StubElement extends EventTarget {
  /** @param {string} tag */
  constructor(tag) {
    super();
    this.tag = tag;
    this.className = '';
    this.textContent = '';
    this.innerHTML = '';
    this.clientWidth = 0;
    /** @type {Record<string, string>} */
    this.dataset = {};
    /** @type {Record<string, any>} */
    this.style = Object.create({
      setProperty(/** @type {string} */ name, /** @type {string} */ value) {
        Object.assign(this, { [name]: value });
      },
    });
    /** @type {StubElement[]} */
    this.children = [];
    /** @type {StubElement | null} */
    this.parentElement = null;
    /** @type {((event: {target: StubElement}) => void) | null} */
    this.onclick = null;
  }

  // Of a table.
  createTHead() {
    return this.appendChild(new StubElement('thead'));
  }

  createTBody() {
    return this.appendChild(new StubElement('tbody'));
  }

  insertRow() {
    return this.appendChild(new StubElement('tr'));
  }

  insertCell() {
    return this.appendChild(new StubElement('td'));
  }

  get childElementCount() {
    return this.children.length;
  }

  /** @returns {StubElement | null} */
  get lastElementChild() {
    return this.children.at(-1) ?? null;
  }

  /** Text becomes an element that only text has. @param {(StubElement | string)[]} added */
  append(...added) {
    for (const each of added) {
      const child = typeof each === 'string' ? new StubElement('#text') : each;
      if (typeof each === 'string') child.textContent = each;
      child.parentElement = this;
      this.children.push(child);
    }
  }

  remove() {
    const { parentElement } = this;
    if (parentElement)
      parentElement.children = parentElement.children.filter((each) => each !== this);
  }

  focus() {
    /** @type {StubDocument} */ (/** @type {unknown} */ (document)).activeElement = this;
  }

  /** @param {StubElement} child */
  appendChild(child) {
    this.append(child);
    return child;
  }

  /** @param {(StubElement | string)[]} those */
  replaceChildren(...those) {
    this.children = [];
    this.append(...those);
  }

  /** @param {string} name @param {string} value */
  setAttribute(name, value) {
    Object.assign(this, { [name]: value });
  }

  /** Of data attributes in one word. @param {string} name @param {boolean} there */
  toggleAttribute(name, there) {
    const key = name.replace('data-', '');
    if (there) this.dataset[key] = '';
    else delete this.dataset[key];
  }

  /** @param {string} name */
  attribute(name) {
    if (name.startsWith('data-')) return this.dataset[name.slice(5)];
    return /** @type {Record<string, unknown>} */ (/** @type {unknown} */ (this))[name];
  }

  /** Tags, classes, attributes, `:not(…)`, and ancestors before a space. @param {string} selector @returns {boolean} */
  matches(selector) {
    const [last, ...ancestors] = selector.split(' ').reverse();
    if (ancestors.length > 0 && !this.parentElement?.closest(ancestors.reverse().join(' ')))
      return false;
    const [, plain, excluded] = /** @type {RegExpExecArray} */ (
      /^(.*?)(?::not\((.*)\))?$/.exec(last)
    );
    if (excluded && this.matches(excluded)) return false;
    return [...plain.matchAll(/^\w+|\.[\w-]+|\[[^\]]+\]/g)].every(([part]) => this.#has(part));
  }

  /** @param {string} part */
  #has(part) {
    if (part.startsWith('.')) return this.className.split(' ').includes(part.slice(1));
    const attribute = /^\[([\w-]+)(?:(\*?=)"?([^"\]]*)"?)?\]$/.exec(part);
    if (attribute === null) return this.tag === part;
    const [, name, how, value] = attribute;
    const own = this.attribute(name);
    if (own === undefined || how === undefined) return own !== undefined;
    return how === '=' ? own === value : String(own).includes(value);
  }

  /** @param {string} selector @returns {StubElement | null} */
  closest(selector) {
    return this.matches(selector) ? this : (this.parentElement?.closest(selector) ?? null);
  }

  /** @param {string} selector @returns {StubElement[]} */
  querySelectorAll(selector) {
    return this.children.flatMap((child) => [
      ...(child.matches(selector) ? [child] : []),
      ...child.querySelectorAll(selector),
    ]);
  }

  /** @param {string} selector */
  querySelector(selector) {
    return this.querySelectorAll(selector)[0] ?? null;
  }

  /** As a visitor's click: the document hears of it first, and may keep it from the element. */
  click() {
    let kept = false;
    const event = Object.defineProperties(new Event('click'), {
      target: { value: this },
      stopImmediatePropagation: {
        value: () => {
          kept = true;
        },
      },
    });
    document.dispatchEvent(event);
    if (kept) return;
    for (let at = /** @type {StubElement | null} */ (this); at; at = at.parentElement) {
      at.onclick?.({ target: this });
    }
  }
}

class StubDocument extends StubElement {
  constructor() {
    super('#document');
    this.baseURI = new URL('./page.html', import.meta.url).href;
    this.documentElement = new StubElement('html');
    this.head = this.documentElement.appendChild(new StubElement('head'));
    this.append(this.documentElement);
    /** @type {StubElement | null} */
    this.activeElement = null;
  }

  /** @param {string} tag */
  createElement(tag) {
    return new StubElement(tag);
  }

  /** @param {string} id */
  getElementById(id) {
    return this.querySelector(`[id=${id}]`);
  }
}

/** What was put in place of the browser's own, to be made to report by `fire`. */
export class StubObserver {
  /** @type {StubObserver[]} */
  static all = [];

  /** @param {() => void} fire */
  constructor(fire) {
    this.fire = fire;
    this.observing = false;
    StubObserver.all.push(this);
  }

  observe() {
    this.observing = true;
  }

  disconnect() {
    this.observing = false;
  }

  /** All that observe see a change. */
  static fire() {
    for (const one of StubObserver.all) if (one.observing) one.fire();
  }
}

/** Put these in the place of globals. @param {Record<string, unknown>} globals */
export function setGlobals(globals) {
  for (const [name, value] of Object.entries(globals)) {
    Object.defineProperty(globalThis, name, { value, configurable: true, writable: true });
  }
}

/** A new page, whose app has its root at `tests/js/support/`. */
export function newPage() {
  /** @type {Map<string, string>} */
  const stored = new Map();
  StubObserver.all = [];
  setGlobals({
    document: new StubDocument(),
    window: globalThis,
    HTMLElement: StubElement,
    MutationObserver: StubObserver,
    ResizeObserver: StubObserver,
    getComputedStyle: () => ({ fontFamily: 'Page Sans' }),
    sessionStorage: {
      getItem: (/** @type {string} */ key) => stored.get(key) ?? null,
      setItem: (/** @type {string} */ key, /** @type {string} */ value) => stored.set(key, value),
      removeItem: (/** @type {string} */ key) => stored.delete(key),
    },
  });
  const script = element('script');
  script.setAttribute('src', new URL('./static/js/main.js', import.meta.url).href);
  document.documentElement.append(script);
}

/**
 * An element with these properties and children.
 * @param {string} tag
 * @param {{className?: string, dataset?: Record<string, string>, clientWidth?: number, id?: string, textContent?: string}} [its]
 * @param {HTMLElement[]} children
 */
export function element(tag, its = {}, ...children) {
  const made = /** @type {HTMLElement} */ (/** @type {unknown} */ (new StubElement(tag)));
  Object.assign(made, its);
  made.append(...children);
  return made;
}

/**
 * What Streamlit gives a component: its data, and an element that holds its root.
 * @template Data
 * @param {HTMLElement} root
 * @param {Data} data
 * @param {(name: string, value: unknown) => void} [set]  told what the component sets, as state or as trigger
 * @returns {import('../../../app/frontend/component.js').Component<Data>}
 */
export const componentOf = (root, data, set = () => {}) => ({
  data,
  parentElement: element('div', {}, root),
  setStateValue: set,
  setTriggerValue: set,
});
