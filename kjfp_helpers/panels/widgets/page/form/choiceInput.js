import { h } from "../elements/dom.js";
import { isEnter, PLUS_MINUS } from "../elements/keyboard.js";

/** A question answered by choosing: digits pick, Enter agrees with what the program read. */
export class ChoiceInput {
  /** @param {Question} question @param {InputListener} on */
  constructor(question, on) {
    this.question = question;
    this.on = on;
    this.text = null;
    this.pending = false;
    this.detail = question.levels ? describeLevels(question) : null;
    /** @type {string | undefined} */
    this.score = undefined;
    /** @type {string | undefined} */
    this.proposed = undefined;
    this.options = question.options.map((option, index) =>
      h(
        "button",
        {
          type: "button",
          tabindex: "-1",
          class: "kp-option",
          role: "radio",
          "aria-checked": "false",
          title: question.levels?.[index].text ?? "",
          onclick: () => this.set(option, true),
        },
        h("kbd", {}, String(index + 1)),
        " ",
        option,
      ),
    );
    this.field = h(
      "div",
      {
        class: "kp-choice",
        role: "radiogroup",
        tabindex: "0",
        "aria-label": question.title,
        "data-question": question.id,
        onfocus: () => on.focus(this),
      },
      this.options,
    );
    this.node = h(
      "div",
      { class: "kp-criterion" },
      h("div", { class: "kp-line" }, h("b", {}, question.title), this.field),
      question.ask ? h("div", { class: "kj-small kj-muted" }, question.ask) : null,
    );
  }

  /** @param {string | undefined} [option] @param {string | null} [_] @param {Item} [item] */
  fill(option, _, item) {
    this.score = option;
    this.proposed = item?.proposed?.[this.question.id];
    this.paint();
  }

  paint() {
    this.options.forEach((node, index) => {
      const option = this.question.options[index];
      node.setAttribute("aria-checked", String(option === this.score));
      node.classList.toggle("proposed", this.score === undefined && option === this.proposed);
    });
    this.field.classList.toggle("empty", this.score === undefined);
  }

  /**
   * Returns whether the key was handled.
   *
   * @param {KeyboardEvent} event
   * @param {string | undefined} digit
   */
  press(event, digit) {
    if (digit !== undefined) this.pick(digit);
    else if (event.code === "Backspace" || event.code === "Delete") this.set(undefined, false);
    else if (isEnter(event)) this.commit();
    else if (event.code in PLUS_MINUS) this.step(PLUS_MINUS[event.code]);
    else return false;
    return true;
  }

  /** @param {string} digit */
  pick(digit) {
    const option = this.question.options[Number(digit) - 1];
    if (option) this.set(option, true);
  }

  /** @param {number} by */
  step(by) {
    const option = this.question.options[this.question.options.indexOf(this.score ?? this.proposed) + by];
    if (option) this.set(option, false);
  }

  commit() {
    this.set(this.score ?? this.proposed, this.score !== undefined || this.proposed !== undefined);
  }

  settle() {
    return true;
  }

  drop() {
    return false;
  }

  /** @param {boolean} locked */
  lock(locked) {
    for (const node of this.options) node.disabled = locked;
  }

  /** @param {string | undefined} option @param {boolean} move */
  set(option, move) {
    this.score = option;
    this.paint();
    this.on.answer(this, option);
    if (move) this.on.onward(this);
  }
}

/**
 * What each option stands for, below the questions while this one is answered.
 *
 * @param {Question} question
 */
function describeLevels(question) {
  return h(
    "div",
    { class: "kp-detail", role: "group", "aria-label": `${question.title}：要求和档次` },
    h(
      "div",
      { class: "kp-detail-head" },
      h("span", { class: "kp-current" }, `当前项：${question.title}`),
      h("span", { class: "kp-hint" }, question.ask),
    ),
    question.levels.map((level, index) =>
      h("div", { class: "kp-anchor" }, h("b", {}, `${index + 1} ${level.title}`), " ", level.text),
    ),
  );
}
