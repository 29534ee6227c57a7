/** What the page says to the process that opened it: words, and numbers behind them. */

/**
 * @param {Record<string, unknown> & {kind: string}} words
 * @param {readonly Float32Array[]} [values]
 * @throws {Error} when it was not taken
 */
export async function say(words, values = []) {
  const text = new TextEncoder().encode(JSON.stringify(words));
  const length = new DataView(new ArrayBuffer(4));
  length.setUint32(0, text.length, true);
  // Threads' memory is shared, and cannot be sent.
  const body = new Blob([length.buffer, text, ...values.map((each) => new Float32Array(each))]);
  const { ok, status } = await fetch(`say${location.search}`, { method: 'POST', body });
  if (!ok) throw new Error(`${body.size} bytes of answers were not taken (${status})`);
}

/**
 * The message of an error; libraries also reject with strings and plain objects.
 * @param {unknown} error
 */
export function reason(error) {
  if (error && typeof error === 'object' && 'message' in error) return String(error.message);
  return String(error);
}
