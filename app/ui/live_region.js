/**
 * Streamlit replaces the verdict's element when it changes, which screen readers do not announce. This
 * script repeats the verdict in an element that stays, after a debounce, so that not every lane's
 * answer interrupts the reader.
 */
{
  const CALM_MS = 800;
  const region = /** @type {HTMLElement} */ (document.getElementById('dp-said'));
  let waiting = 0;

  function announce() {
    const verdict = document.querySelector('.dp-verdict:not([data-kind=waiting])');
    const words = [...(verdict?.querySelectorAll('p') ?? [])]
      .map((line) => line.textContent)
      .join(' ');
    if (region.textContent !== words) region.textContent = words;
  }

  new MutationObserver(() => {
    clearTimeout(waiting);
    waiting = window.setTimeout(announce, CALM_MS);
  }).observe(document.body, { childList: true, subtree: true });
}
