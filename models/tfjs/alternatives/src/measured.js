/** Any engine of a page, which also says what the page has fetched once its model is loaded. */

/**
 * @param {{inner: string} & Record<string, unknown>} job  `inner` is the engine's module
 */
export async function open(job) {
  const { open: openInner } = await import(new URL(job.inner, location.href).href);
  const begin = performance.now();
  const engine = await openInner(job);
  const startMs = performance.now() - begin;
  const base = new URL('.', location.href).href;
  const fetched = performance
    .getEntriesByType('resource')
    .map(({ name }) => name)
    .filter((name) => name.startsWith(base))
    .map((name) => name.slice(base.length));
  return { ...engine, about: { ...engine.about, startMs, fetched } };
}
