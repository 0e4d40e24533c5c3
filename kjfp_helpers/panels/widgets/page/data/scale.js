import { formatScore } from "../elements/numbers.js";

const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?$/;

/**
 * What was typed, with full-width digits and stops as plain ones.
 *
 * @param {string} text
 */
export function normalizeText(text) {
  return text.normalize("NFKC").replaceAll("。", ".").trim();
}

/** The scale of scores: which texts are scores, and which could still become one. */
export class Scale {
  /** @param {ScaleRules} rules */
  constructor(rules) {
    this.minimum = rules.minimum;
    this.maximum = rules.maximum;
    this.step = rules.step;
    this.allowed = rules.allowed;
    this.comment_below = rules.comment_below;
    this.comment_from = rules.comment_from;
    const count = Math.floor((this.maximum - this.minimum) / this.step + 1e-9);
    this.scores = Array.from({ length: count + 1 }, (_, index) => formatScore(this.minimum + index * this.step));
    this.known = new Set(this.scores);
  }

  /**
   * The score that a text is, null where it is none.
   *
   * @param {string} text
   * @returns {number | null}
   */
  parse(text) {
    const score = NUMBER.test(text) ? formatScore(text) : "";
    return this.known.has(score) && Math.abs(Number(score) - Number(text)) < 1e-9 ? Number(score) : null;
  }

  /**
   * Whether further characters could make a score of it.
   *
   * @param {string} text
   */
  isPrefix(text) {
    return this.scores.some((score) => score.length > text.length && score.startsWith(text));
  }

  /**
   * Whether a score has fewer digits than any above the lowest level: on 0-100, one digit.
   *
   * @param {number} score
   * @param {Level[]} levels
   */
  isShort(score, levels) {
    const bound = levels.at(-2)?.minimum ?? this.minimum;
    return score >= 0 && score < bound && countDigits(score) < countDigits(bound);
  }

  /**
   * Whether a score is so low or so high that it needs a comment.
   *
   * @param {number} score
   */
  isExtreme(score) {
    return !(this.comment_below <= score && score < this.comment_from);
  }

  /**
   * The score some steps further, null beyond the ends.
   *
   * @param {number} score
   * @param {number} steps
   * @returns {number | null}
   */
  neighbor(score, steps) {
    const index = this.scores.indexOf(formatScore(score));
    const text = index < 0 ? undefined : this.scores[index + steps];
    return text === undefined ? null : Number(text);
  }

  /** What the scores are called whose last digit ends the typing: 两位数 on 0-100. */
  get lengthLabel() {
    const usual = formatScore(this.maximum - this.step);
    return usual.includes(".") ? "分数" : `${["", "一", "两", "三"][usual.length] ?? "多"}位数`;
  }
}

/** @param {number} number */
function countDigits(number) {
  return String(Math.trunc(Math.abs(number))).length;
}
