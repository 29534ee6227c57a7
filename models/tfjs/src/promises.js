/** Helpers for promises: a queue, a cache, and the text of an error. */

/**
 * A queue: each task runs after all earlier ones have ended, failed or not.
 * @returns {<T>(task: () => Promise<T>) => Promise<T>}
 */
export function takeTurns() {
  let last = Promise.resolve();
  return (task) => {
    const result = last.then(task);
    last = result.then(
      () => undefined,
      () => undefined,
    );
    return result;
  };
}

/**
 * The promise cached under a key, or a new one. A failed promise is removed from the cache, so that
 * the next call tries again.
 * @template T
 * @param {Map<string, Promise<T>>} cache
 * @param {string} key
 * @param {() => Promise<T>} start
 * @returns {Promise<T>}
 */
export function memoise(cache, key, start) {
  const cached = cache.get(key);
  if (cached) return cached;
  const promise = start();
  cache.set(key, promise);
  promise.catch(() => {
    if (cache.get(key) === promise) cache.delete(key);
  });
  return promise;
}

/**
 * The message of an error. TensorFlow.js also rejects with strings and plain objects.
 * @param {unknown} error
 * @returns {string}
 */
export function reason(error) {
  if (error && typeof error === 'object' && 'message' in error) return String(error.message);
  return String(error);
}
