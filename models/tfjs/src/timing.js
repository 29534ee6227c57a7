/** Repeated measurement that keeps the page responsive, and its summaries. */

/** How long measuring may block the page, in milliseconds. */
const HOLD_MS = 12;

/** Milliseconds on the most precise clock available. */
export const now = () => performance.now();

/** Let the page paint and take input. */
const breathe = () => new Promise((resolve) => setTimeout(resolve, 0));

/**
 * Call `once` repeatedly and collect the milliseconds that it returns, until there are `repeats`,
 * `budgetMs` has passed (after at least one), or `signal` is aborted. The pauses that keep the page
 * responsive are not in any measured time.
 * @param {() => Promise<number>} once
 * @param {{repeats?: number, budgetMs?: number, signal?: AbortSignal}} [limits]
 * @returns {Promise<number[]>}
 */
export async function repeat(once, { repeats = 30, budgetMs = Infinity, signal } = {}) {
  /** @type {number[]} */
  const times = [];
  const start = now();
  let heldSince = start;
  while (times.length < repeats && !signal?.aborted) {
    if (times.length > 0 && now() - start >= budgetMs) break;
    if (now() - heldSince >= HOLD_MS) {
      await breathe();
      heldSince = now();
    }
    times.push(await once());
  }
  return times;
}

/**
 * The q-quantile (0…1), linear between neighbours as in NumPy; NaN for no values.
 * @param {readonly number[]} values
 * @param {number} q
 * @returns {number}
 */
export function quantile(values, q) {
  if (values.length === 0) return NaN;
  const sorted = [...values].sort((a, b) => a - b);
  const at = (sorted.length - 1) * q;
  const low = Math.floor(at);
  const high = Math.ceil(at);
  return sorted[low] + (sorted[high] - sorted[low]) * (at - low);
}

/**
 * @param {readonly number[]} values
 * @returns {number}
 */
export const median = (values) => quantile(values, 0.5);
