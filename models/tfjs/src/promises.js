/** Two small tools for promises: take turns, and ask once. */

/**
 * A queue of one: what is given to it runs after all that was given before, failed or not.
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
 * The promise kept under a key; made when there is none, forgotten when it fails, so that the next
 * call tries again.
 * @template T
 * @param {Map<string, Promise<T>>} kept
 * @param {string} key
 * @param {() => Promise<T>} make
 * @returns {Promise<T>}
 */
export function memoise(kept, key, make) {
  const found = kept.get(key);
  if (found) return found;
  const made = make();
  kept.set(key, made);
  made.catch(() => {
    if (kept.get(key) === made) kept.delete(key);
  });
  return made;
}

/**
 * What went wrong, in words. TensorFlow.js rejects with strings and plain objects, too.
 * @param {unknown} error
 * @returns {string}
 */
export function reason(error) {
  if (error && typeof error === 'object' && 'message' in error) return String(error.message);
  return String(error);
}
