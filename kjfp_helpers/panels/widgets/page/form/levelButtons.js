import { h, setText } from "../elements/dom.js";
import { formatScore } from "../elements/numbers.js";
/** @import { Scale } from "../data/scale.js" */

/** The levels of the criterion that is being scored: each is a button that gives its score. */
export class LevelButtons {
  /**
   * @param {Question} question
   * @param {Scale} scale
   * @param {(index: number) => void} onChoose
   */
  constructor(question, scale, onChoose) {
    this.question = question;
    this.scale = scale;
    this.selected = -1;
    this.buttons = question.levels.map((level, index) =>
      h(
        "button",
        {
          class: "kp-level",
          tabindex: "-1",
          "aria-pressed": "false",
          "aria-keyshortcuts": `Alt+${index + 1}`,
          disabled: level.score === null,
          onmousedown: (event) => event.preventDefault(),
          onclick: () => onChoose(index),
          onmouseenter: () => this.describe(index),
          onmouseleave: () => this.describe(),
        },
        h("b", {}, level.title),
        h("i", {}, this.range(index)),
        h("span", {}, level.text),
      ),
    );
    this.text = h("div", { class: "kp-level-words" });
    this.hint = h("span", { class: "kp-hint" });
    this.node = h(
      "div",
      { class: "kp-detail", role: "group", "aria-label": `${question.title}：要求和档次` },
      h("div", { class: "kp-detail-head" }, h("span", { class: "kp-current" }, `当前项：${question.title}`), this.hint),
      h("div", { class: "kp-levels", role: "group", "aria-label": `${question.title}的档次` }, this.buttons),
      h("div", { class: "kp-ask" }, question.ask),
      this.text,
    );
  }

  /** @param {number} index */
  range(index) {
    const { levels } = this.question;
    const above = levels[index - 1]?.minimum;
    const top = above === undefined ? this.scale.maximum : (this.scale.neighbor(above, -1) ?? above);
    return `${formatScore(levels[index].minimum)}–${formatScore(top)}`;
  }

  /** @param {number | undefined} score */
  paint(score) {
    this.selected = score === undefined ? -1 : this.question.levels.findIndex((level) => score >= level.minimum);
    this.buttons.forEach((node, index) => {
      node.classList.toggle("on", index === this.selected);
      node.setAttribute("aria-pressed", String(index === this.selected));
      node.title = this.hintFor(index);
    });
    this.describe();
  }

  /**
   * What a click on a level does.
   *
   * @param {number} index
   */
  hintFor(index) {
    const { score } = this.question.levels[index];
    if (index === this.selected) return "已是这一档，可用 − ＋ 调整";
    return score === null ? "" : `点一下记 ${formatScore(score)} 分（Alt＋${index + 1}）`;
  }

  /**
   * Where the buttons stand in a line, the text of one level stands below them.
   *
   * @param {number} [index]
   */
  describe(index) {
    const level = this.question.levels[index ?? this.selected];
    setText(this.hint, index === undefined ? "点档次记分，可再用 − ＋ 调整" : this.hintFor(index));
    setText(this.text, level ? `${level.title}：${level.text}` : this.question.ask);
  }

  /** @param {boolean} locked */
  lock(locked) {
    this.node.tabIndex = locked ? 0 : -1; // without a button to stand on, keys still scroll it
    this.buttons.forEach((node, index) => {
      node.disabled = locked || this.question.levels[index].score === null;
    });
  }
}
