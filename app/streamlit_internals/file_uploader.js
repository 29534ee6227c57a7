/**
 * What Streamlit's file uploader lacks: its picker offers the kinds of files that are read, though
 * any other may be chosen, and the files of a folder that is dropped keep their path in it.
 *
 * Relied on: the uploader's input has the test id below; a file is sent under its
 * `webkitRelativePath`, where it has one. If that changes, the picker offers every file, and files
 * of a dropped folder have no folder's name for a label.
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
  keepPaths(globalThis.FileSystemFileEntry);
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
 * @param {typeof FileSystemFileEntry | undefined} Entry
 */
export function keepPaths(Entry) {
  if (!Entry || taught.has(Entry)) return;
  taught.add(Entry);
  const own = Entry.prototype.file;
  Entry.prototype.file = function file(/** @type {FileCallback} */ found, failed) {
    own.call(this, (file) => found(withPath(file, this.fullPath.slice(1))), failed);
  };
}

/** @param {File} file @param {string} path */
function withPath(file, path) {
  return path.includes('/')
    ? Object.defineProperty(file, 'webkitRelativePath', { value: path })
    : file;
}
