/** What the page imports as the canvas's package: it does nothing but remember what it was given. */

/**
 * @typedef {object} Given
 * @property {(name: string, value: unknown) => void} setStateValue
 */

export const drawable = {
  /** One for each time that it was started. @type {Given[]} */
  started: [],
  ended: 0,
};

/** @param {Given} given */
export default function start(given) {
  drawable.started.push(given);
  return () => {
    drawable.ended += 1;
  };
}
