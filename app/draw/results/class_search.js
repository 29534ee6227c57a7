/**
 * A search for classes that the charts shall show beside the likely ones, where a model has many.
 */

/** Classes that charts show without a choice, as in `many_classes.py`. */
const FEW = 12;
/** Classes that a search adds. */
const FOUND = 5;
const LONGEST = 100;

export class ClassSearch {
  /** @param {HTMLElement} root @param {() => void} onChange  other classes are wanted */
  constructor(root, onChange) {
    this.root = root;
    this.onChange = onChange;
    /** @type {readonly string[]} */
    this.classes = [];
    this.input = document.createElement('input');
    this.input.type = 'search';
    this.input.maxLength = LONGEST;
    this.input.placeholder = 'part of a name';
    this.input.oninput = () => this.say();
    this.input.onchange = () => this.change();
    this.note = document.createElement('p');
    this.note.className = 'dp-how';
    this.note.role = 'status';
    this.shown = '';
  }

  /** Another model is shown. @param {readonly string[]} classes  all that it has */
  begin(classes) {
    this.classes = classes;
    this.shown = this.input.value = this.note.textContent = '';
    this.root.replaceChildren();
    if (classes.length <= FEW) return;
    const label = document.createElement('label');
    label.append(
      `Show others of the ${classes.length.toLocaleString('en')} classes too`,
      this.input,
    );
    this.root.append(label, this.note);
  }

  /** The first classes whose name holds what is written. @returns {number[]} */
  wanted() {
    const text = this.input.value.trim().toLowerCase();
    if (text === '' || this.classes.length <= FEW) return [];
    const found = [];
    for (const [at, name] of this.classes.entries()) {
      if (name.toLowerCase().includes(text)) found.push(at);
      if (found.length === FOUND) break;
    }
    return found;
  }

  /** Say at once what will be shown; the charts follow when it is written. */
  say() {
    const names = this.wanted().map((at) => this.classes[at]);
    const isEmpty = this.input.value.trim() === '';
    this.note.textContent = names.join(', ') || (isEmpty ? '' : 'No class has that in its name.');
  }

  change() {
    const now = String(this.wanted());
    if (now === this.shown) return;
    this.shown = now;
    this.onChange();
  }
}
