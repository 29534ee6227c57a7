/**
 * What was guessed of a model when it was added, each with the option that changes it; folded.
 * @param {HTMLElement} root
 * @param {readonly string[]} assumed  sentences; none shows nothing
 */
export function showAssumed(root, assumed) {
  root.replaceChildren();
  if (assumed.length === 0) return;
  const panel = document.createElement('details');
  const summary = document.createElement('summary');
  const count = assumed.length === 1 ? '1 thing was' : `${assumed.length} things were`;
  summary.textContent = `${count} guessed of this model`;
  const list = document.createElement('ul');
  list.append(
    ...assumed.map((sentence) => {
      const item = document.createElement('li');
      item.textContent = sentence;
      return item;
    }),
  );
  panel.append(summary, list);
  root.append(panel);
}
