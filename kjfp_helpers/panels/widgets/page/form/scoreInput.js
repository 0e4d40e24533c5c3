import { normalizeText } from "../data/scale.js";
import { h, setText } from "../elements/dom.js";
import { isEnter } from "../elements/keyboard.js";
import { formatScore } from "../elements/numbers.js";
import { LevelButtons } from "./levelButtons.js";
import { stepButton } from "./scoreStepper.js";
/** @import { Scale } from "../data/scale.js" */

/**
 * One criterion and its score. A score is recorded by Enter, by Tab or by going elsewhere; what is typed
 * and no score stays in the field with the reason, and nothing of it is recorded.
 */
export class ScoreInput {
  /**
   * @param {Question} question
   * @param {Scale} scale
   * @param {InputListener} on
   */
  constructor(question, scale, on) {
    this.question = question;
    this.scale = scale;
    this.on = on;
    /** @type {string | null} What stands typed and is not recorded. */
    this.text = null;
    /** @type {number | undefined} */
    this.score = undefined;
    this.problem = "";
    this.pending = false;
    this.locked = false;
    this.away = false;
    this.composed = "";
    /** @type {object | null} The press of − or ＋ that is going on. */
    this.gesture = null;
    const problemId = `kp-wrong-${question.id}`;
    this.field = h("input", {
      type: "text",
      inputmode: "decimal",
      class: "kp-mark",
      role: "spinbutton",
      autocomplete: "off",
      placeholder: "未评",
      "aria-label": question.title,
      "aria-valuemin": scale.minimum,
      "aria-valuemax": scale.maximum,
      "aria-describedby": problemId,
      "data-question": question.id,
      onfocus: () => this.onFocus(),
      onblur: () => this.onBlur(),
      onmousedown: (event) => this.selectOnFirstClick(event),
      oninput: (event) => event.isComposing || this.onInput(),
      oncompositionstart: () => {
        this.composed = this.field.value;
      },
      oncompositionend: (event) => this.onComposed(event),
    });
    this.less = stepButton(this, -1);
    this.more = stepButton(this, 1);
    this.problemNode = h("div", { class: "kp-wrong", id: problemId, role: "alert" });
    this.levels = new LevelButtons(question, scale, (index) => this.chooseLevel(index));
    this.detail = this.levels.node;
    this.node = h(
      "div",
      { class: "kp-criterion", onmousedown: (event) => this.focusFromRow(event) },
      h(
        "div",
        { class: "kp-line" },
        h(
          "span",
          { class: "kp-name" },
          h("b", {}, question.title),
          " ",
          h("span", { class: "kj-muted kj-small" }, `权重 ${formatScore(100 * question.weight)}%`),
        ),
        h("span", { class: "kp-stepper" }, this.less, this.field, this.more),
      ),
      this.problemNode,
    );
  }

  /**
   * A press on the row makes it the current one; a pressed button takes no focus.
   *
   * @param {MouseEvent} event
   */
  focusFromRow(event) {
    if (event.target === this.field) return;
    event.preventDefault();
    this.field.focus();
  }

  /**
   * The first click selects the whole score, so that digits replace it; the next sets the cursor.
   *
   * @param {MouseEvent} event
   */
  selectOnFirstClick(event) {
    if (document.activeElement === this.field) return;
    event.preventDefault();
    this.field.focus();
  }

  onFocus() {
    this.on.focus(this);
    if (this.away)
      this.away = false; // the window was left and is back: typing goes on
    else this.field.select();
  }

  onBlur() {
    this.away = document.activeElement === this.field; // another window has the focus
    if (!this.away && !this.pending) this.settle(false);
  }

  /** @param {number | undefined} [score] @param {string | null} [text] */
  fill(score, text = null) {
    Object.assign(this, { score, text, problem: "", gesture: null, pending: false });
    if (text !== null) this.problem = this.describeProblem(text, false);
    this.paint();
  }

  /** @param {boolean} locked */
  lock(locked) {
    if (this.locked === locked) return;
    if (locked && document.activeElement === this.field) this.away = true;
    this.locked = locked;
    this.field.readOnly = locked;
    this.levels.lock(locked);
    this.paint();
  }

  paint() {
    const scored = this.score !== undefined;
    const shown = this.text ?? (scored ? formatScore(this.score) : "");
    if (this.field.value !== shown) this.field.value = shown;
    this.field.classList.toggle("empty", !scored && this.text === null);
    this.field.classList.toggle("typing", this.text !== null);
    this.field.classList.toggle("bad", this.problem !== "");
    this.field.setAttribute("aria-invalid", String(this.problem !== ""));
    if (scored) this.field.setAttribute("aria-valuenow", formatScore(this.score));
    else this.field.removeAttribute("aria-valuenow");
    this.field.setAttribute("aria-valuetext", shown || "未评");
    setText(this.problemNode, this.problem);
    this.less.disabled = this.locked || this.scoreAfter(-1) === null;
    this.more.disabled = this.locked || this.scoreAfter(1) === null;
    this.levels.paint(this.score);
  }

  /** @param {number} score */
  preview(score) {
    this.field.value = formatScore(score);
  }

  /**
   * What is wrong with a text that is left: blank when it is a score, or nothing, to be recorded.
   *
   * @param {string} text
   * @param {boolean} confirmed whether it was confirmed with Enter or Tab
   */
  describeProblem(text, confirmed) {
    const typed = normalizeText(text);
    const score = this.scale.parse(typed);
    const recorded = this.score === undefined ? "" : `；已记的仍是 ${formatScore(this.score)}`;
    if (!typed) return confirmed || !recorded ? "" : `删空未记：改回未评请按 Enter${recorded}`;
    if (score === null) return `只能填 ${this.scale.allowed}${recorded}`;
    const short = !confirmed && this.scale.isShort(score, this.question.levels);
    return short ? `${formatScore(score)} 分未记：确是 ${formatScore(score)} 分请按 Enter${recorded}` : "";
  }

  /** Take what now stands in the field, as typed. */
  onInput() {
    const text = this.field.value;
    const typed = normalizeText(text);
    const score = this.scale.parse(typed);
    const hopeless = typed && score === null && !this.scale.isPrefix(typed);
    Object.assign(this, { text, pending: false });
    this.problem = hopeless ? this.describeProblem(text, true) : "";
    this.paint();
    this.on.text(this, text);
    const finished = score !== null && !this.scale.isPrefix(typed) && !this.scale.isShort(score, this.question.levels);
    if (finished && this.on.advances()) this.advance();
  }

  /**
   * An input method that was on by mistake leaves no words here; its digits count.
   *
   * @param {CompositionEvent} event
   */
  onComposed(event) {
    if (!/\d/.test(normalizeText(event.data ?? ""))) this.field.value = this.composed;
    this.onInput();
  }

  /** Go on by itself. More may follow that belongs here: until it no longer can, nothing is recorded. */
  advance() {
    this.pending = true;
    this.on.onward(this);
    this.on.advanced(this);
  }

  /**
   * Continue a text that was left too early.
   *
   * @param {string} char
   */
  resume(char) {
    const text = this.text + char;
    this.field.focus();
    this.field.value = text;
    this.field.setSelectionRange(text.length, text.length);
    this.onInput();
  }

  /**
   * Record what is typed, when it is a score; returns whether nothing is left to be settled.
   *
   * @param {boolean} confirmed
   */
  settle(confirmed) {
    this.pending = false;
    if (this.text === null) return true;
    if (this.locked) return false;
    this.problem = this.describeProblem(this.text, confirmed);
    if (this.problem) {
      this.paint();
      this.on.text(this, this.text);
      return false;
    }
    this.set(this.scale.parse(normalizeText(this.text)) ?? undefined);
    return true;
  }

  /** Drop what is typed; what was recorded stands. Returns whether anything was typed. */
  drop() {
    if (this.text === null) return false;
    this.set(this.score);
    this.field.select();
    return true;
  }

  /**
   * Returns whether the key was handled; what is typed goes into the field by itself, "-5" as well.
   *
   * @param {KeyboardEvent} event
   */
  press(event) {
    if (event.code === "Tab") this.settle(true);
    if (isEnter(event)) this.commit();
    return isEnter(event);
  }

  commit() {
    if (this.settle(true)) this.on.onward(this);
    else this.field.select();
  }

  /**
   * A level gives its score; where the score is of that level already, it stands.
   *
   * @param {number} index
   */
  chooseLevel(index) {
    const { score } = this.question.levels[index];
    const stands = this.text === null && this.levels.selected === index;
    if (score !== null) this.choose(stands ? this.score : score);
  }

  /** @param {number} score */
  choose(score) {
    if (this.locked) return this.paint();
    this.set(score);
    this.field.focus();
    this.field.select();
  }

  /**
   * The score one step on, null where there is none.
   *
   * @param {number} by
   */
  scoreAfter(by) {
    const from = this.text === null ? this.score : this.scale.parse(normalizeText(this.text));
    return from === undefined || from === null ? null : this.scale.neighbor(from, by);
  }

  /** @param {number} by */
  step(by) {
    const score = this.scoreAfter(by);
    if (score !== null) this.choose(score);
  }

  /** @param {number | undefined} score */
  set(score) {
    Object.assign(this, { score, text: null, problem: "", pending: false });
    this.paint();
    this.on.text(this, null);
    this.on.answer(this, score);
  }
}
