/**
 * Streamlit replaces the verdict's element when it changes, which screen readers pass over in
 * silence. This says it again in an element that stays: once it has been the same for a moment, so
 * that not every lane that arrives interrupts.
 */
{
  const CALM_MS = 800;
  const said = /** @type {HTMLElement} */ (document.getElementById('dp-said'));
  let waiting = 0;

  function announce() {
    const verdict = document.querySelector('.dp-verdict:not([data-kind=waiting])');
    const words = [...(verdict?.querySelectorAll('p') ?? [])]
      .map((line) => line.textContent)
      .join(' ');
    if (said.textContent !== words) said.textContent = words;
  }

  new MutationObserver(() => {
    clearTimeout(waiting);
    waiting = window.setTimeout(announce, CALM_MS);
  }).observe(document.body, { childList: true, subtree: true });
}
