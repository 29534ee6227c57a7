/**
 * The same in a web worker of another page, which hears of what fails here. It is a classic one,
 * in which LiteRT.js may load its script.
 */
const tell = (/** @type {PromiseRejectionEvent} */ { reason }) => {
  throw reason;
};
addEventListener('unhandledrejection', tell, { once: true });
void import('./run.js');
