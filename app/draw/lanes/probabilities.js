/**
 * What a card shows of a model's answers for one picture, as `models/formats/model_output.py` does.
 *
 * @typedef {'probabilities' | 'logits' | 'sigmoid' | 'values'} Kind
 */

/**
 * Of logits their softmax; of one sigmoid p the two classes' 1 − p and p.
 * @param {readonly number[]} answers
 * @param {Kind} kind
 * @returns {readonly number[]}
 */
export function probabilities(answers, kind) {
  if (kind === 'sigmoid' && answers.length === 1) return [1 - answers[0], answers[0]];
  if (kind !== 'logits') return answers;
  const largest = answers.reduce((one, other) => Math.max(one, other), -Infinity);
  const powers = answers.map((each) => Math.exp(each - largest));
  const sum = powers.reduce((one, other) => one + other, 0);
  return powers.map((each) => each / sum);
}
