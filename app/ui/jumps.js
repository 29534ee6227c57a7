/**
 * A link of `.dp-jumps` opens the part of the page that it names, brings its top into view and
 * focuses it. A link of the address would do nothing: the parts are Streamlit's, without an id.
 */
document.addEventListener('click', (event) => {
  const link = /** @type {HTMLAnchorElement | null} */ (
    event.target instanceof HTMLElement ? event.target.closest('.dp-jumps a') : null
  );
  const part = /** @type {HTMLDetailsElement | null} */ (
    link && document.querySelector(`.st-key-${link.hash.slice(1)} details`)
  );
  if (part === null) return;
  event.preventDefault();
  const summary = /** @type {HTMLElement} */ (part.querySelector('summary'));
  if (!part.open) summary.click();
  part.scrollIntoView({ block: 'start' });
  summary.focus({ preventScroll: true });
});
