/** The whole page takes a file that is dropped on it, and shows so while one is held over it. */

export class DropTarget {
  /** @param {HTMLElement} root  where the sign is shown @param {(files: File[]) => void} onFiles */
  constructor(root, onFiles) {
    this.onFiles = onFiles;
    this.ended = new AbortController();
    const { signal } = this.ended;
    this.sign = document.createElement('div');
    this.sign.className = 'dp-drop';
    this.sign.hidden = true;
    this.sign.textContent = 'Drop the picture anywhere';
    root.append(this.sign);
    document.addEventListener('dragover', (event) => this.over(event), { signal });
    document.addEventListener('dragleave', (event) => this.left(event), { signal });
    document.addEventListener('drop', (event) => this.dropped(event), { signal });
  }

  /** @param {DragEvent} event */
  over(event) {
    if (!event.dataTransfer?.types.includes('Files')) return; // text within the page
    event.preventDefault(); // which allows the drop
    event.dataTransfer.dropEffect = 'copy';
    this.sign.hidden = false;
  }

  /** @param {DragEvent} event */
  left(event) {
    if (event.relatedTarget === null) this.sign.hidden = true; // the page, not one element for another
  }

  /** @param {DragEvent} event */
  dropped(event) {
    this.sign.hidden = true;
    if (!event.dataTransfer?.types.includes('Files')) return;
    event.preventDefault(); // the browser would open the file in the page's place
    this.onFiles([...event.dataTransfer.files]);
  }

  close() {
    this.ended.abort();
    this.sign.remove();
  }
}
