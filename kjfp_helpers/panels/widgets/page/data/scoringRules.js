// Rules on the scores of one item, as panel_review/scoring/scoring_rules.py has them; the tests of both
// read the same cases. Totals are exact: sums of doubles differ in the last digits with their order.

const TOTAL_DECIMALS = 9;
const SHOWN_DECIMALS = 2;

/**
 * The decimal that a number is written as: so many units of so many places.
 *
 * @param {number} number
 */
function toDecimal(number) {
  const [digits, exponent = "0"] = String(number).split("e");
  const [whole, fraction = ""] = digits.split(".");
  const places = fraction.length - Number(exponent);
  const units = BigInt(whole + fraction);
  return places < 0 ? { units: units * 10n ** BigInt(-places), places: 0 } : { units, places };
}

/**
 * A decimal as text, rounded to some places, a half away from zero.
 *
 * @param {{ units: bigint, places: number }} decimal
 * @param {number} decimals
 */
function roundToText({ units, places }, decimals) {
  const size = units < 0n ? -units : units;
  const divisor = 10n ** BigInt(Math.max(places - decimals, 0));
  const rounded = ((size + divisor / 2n) / divisor) * 10n ** BigInt(Math.max(decimals - places, 0));
  const digits = String(rounded).padStart(decimals + 1, "0");
  return `${units < 0n ? "-" : ""}${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`;
}

/**
 * The weighted total; every question has its score.
 *
 * @param {{ id: string, weight?: number }[]} questions
 * @param {Answers} answers
 */
export function weightedTotal(questions, answers) {
  let [units, places] = [0n, 0];
  for (const question of questions) {
    const weight = toDecimal(question.weight);
    const score = toDecimal(Number(answers[question.id]));
    const added = weight.places + score.places;
    const common = Math.max(places, added);
    units = units * 10n ** BigInt(common - places) + weight.units * score.units * 10n ** BigInt(common - added);
    places = common;
  }
  return Number(roundToText({ units, places }, TOTAL_DECIMALS));
}

/**
 * A total as every screen and paper shows it.
 *
 * @param {number} total
 */
export function formatTotal(total) {
  return roundToText(toDecimal(total), SHOWN_DECIMALS);
}
