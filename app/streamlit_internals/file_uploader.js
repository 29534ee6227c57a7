/**
 * What Streamlit's file uploader lacks: its picker offers the kinds of files that are read, though
 * any other may be chosen, and the files of a folder that is dropped keep their path in it.
 *
 * Relied on: the test ids below; what reads a drop writes a file's path into its `relativePath`; a
 * file is sent under its `webkitRelativePath`, where it has one. If that changes, the picker offers
 * every file, and files of a dropped folder have no folder's name for a label
 * (tests/e2e/pages/test_upload.py).
 */

const INPUT = '[data-testid="stFileUploaderDropzoneInput"]';
const AROUND = '[data-testid="stFileUploader"]';

let kinds = '';
/** What has been taught already: pages come and go, the document stays. @type {WeakSet<object>} */
const taught = new WeakSet();

/** @param {readonly string[]} suffixes  that the picker offers, each with its dot */
export function offer(suffixes) {
  kinds = suffixes.filter((each) => each.startsWith('.')).join(',');
  if (!taught.has(document)) {
    taught.add(document);
    document.addEventListener('click', ({ target }) => tell(target), { capture: true });
  }
  keepPaths(File);
}

/**
 * Before the click opens the picker: the input may be there later than this module.
 * @param {EventTarget | null} target
 */
function tell(target) {
  const uploader = target instanceof Element ? target.closest(AROUND) : null;
  const input = uploader?.querySelector(INPUT);
  if (input && !input.hasAttribute('webkitdirectory')) input.setAttribute('accept', kinds);
}

/**
 * A picker that takes a folder says where in it a file lies, and a drop does not.
 * @param {typeof File} Files
 */
export function keepPaths(Files) {
  if (taught.has(Files)) return;
  taught.add(Files);
  const own = Object.getOwnPropertyDescriptor(Files.prototype, 'webkitRelativePath');
  Object.defineProperty(Files.prototype, 'webkitRelativePath', {
    configurable: true,
    /** @this {File & {relativePath?: unknown}} */
    get() {
      const path = String(this.relativePath ?? '').replace(/^\.?\//, '');
      return own?.get?.call(this) || (path.includes('/') ? path : '');
    },
  });
}
