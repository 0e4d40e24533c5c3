import { formatTotal } from "../data/scoringRules.js";
import { h, setText, setVisible } from "../elements/dom.js";
import { formatScore } from "../elements/numbers.js";
import { ChoiceInput } from "./choiceInput.js";
import { CommentBox } from "./commentBox.js";
import { RecusalForm } from "./recusalForm.js";
import { ScoreInput } from "./scoreInput.js";

/** @import { Packet } from "../data/packet.js" */
/** @typedef {ScoreInput | ChoiceInput} Input */

const GRACE = 600; // milliseconds after which a key no longer belongs to the score just left

/**
 * The right side: criteria with their levels, total, comment, recusal, and what became of the last save.
 * The inputs of a kind of nominee are built once and filled again for every item.
 */
export class ScoreForm {
  /** @param {Packet} packet @param {FormListener} on */
  constructor(packet, on) {
    this.packet = packet;
    this.rules = packet.rules;
    this.on = on;
    /** @type {Input[]} Inputs of the item on the screen. */
    this.inputs = [];
    /** @type {Record<string, Input[]>} */
    this.inputsByKind = {};
    /** @type {Item | null} */
    this.item = null;
    /** @type {ItemState | null} The state made elsewhere that is asked about. */
    this.newer = null;
    /** @type {Input | undefined} */
    this.active = undefined;
    /** @type {{input: Input, at: number} | null} The score that the form left by itself. */
    this.left = null;
    this.rows = h("div", { class: "kp-rows" });
    this.detail = h("div", { class: "kp-detail-place" });
    this.criteria = h(
      "div",
      { class: "kj-pane kj-grow kp-criteria", role: "group", "aria-label": "评分项" },
      this.rows,
      this.detail,
    );
    this.sum = h("b", { class: "kp-total" });
    this.note = h("div", { class: "kj-small kp-owing" });
    this.commentBox = new CommentBox(packet, { comment: on.comment, activeQuestion: () => this.active?.question });
    this.comment = this.commentBox.field;
    this.next = h(
      "button",
      { class: "kp-primary kp-next", onclick: (event) => event.detail > 1 || on.next() },
      `跳至下一${packet.noun}未评${packet.material}`,
    );
    this.park = h("button", { class: "kp-park", onclick: () => on.park() }, "搁置");
    this.recuse = h("button", { class: "kp-away", onclick: () => this.recusal.toggle(true) }, "回避…");
    this.recusal = new RecusalForm(packet, on);
    this.state = h("div", { class: "kp-state", role: "status", "aria-live": "polite" });
    this.stale = h("div", { class: "kp-stale", role: "alert", hidden: true });
    this.node = h(
      "section",
      { class: "kj-right", "aria-label": "评分", role: "application" },
      this.criteria,
      h(
        "div",
        { class: "kj-pane kj-foot" },
        h(
          "div",
          { class: "kp-line kp-outcome" },
          h("span", { class: "kp-sum" }, packet.scale ? h("span", {}, "加权总分 ") : null, this.sum),
          this.state,
        ),
        this.note,
        this.commentBox.node,
        this.stale,
        h(
          "div",
          { class: "kp-line kp-buttons" },
          this.next,
          packet.can("park") ? this.park : null,
          packet.can("recuse") ? this.recuse : null,
        ),
        this.recusal.node,
      ),
    );
  }

  /**
   * Fill in an item; the one that is on the screen already keeps what is open in the form.
   *
   * @param {Item} item
   * @param {boolean} [again]
   */
  fill(item, again = false) {
    this.item = item;
    this.left = null;
    this.inputsByKind[item.kind] ??= this.build(this.packet.criteria(item));
    const inputs = this.inputsByKind[item.kind];
    if (this.inputs !== inputs) {
      for (const input of this.inputs) input.fill(); // what stands typed belongs to the item that is left
      this.inputs = inputs;
      this.rows.replaceChildren(...inputs.map((input) => input.node));
    }
    for (const input of inputs) {
      const { id } = input.question;
      const same = again && input.score === item.answers[id] && input.text === (item.texts[id] ?? null);
      if (!same) /** @type {any} */ (input).fill(item.answers[id], item.texts[id], item);
    }
    if (this.comment.value !== item.comment) this.comment.value = item.comment;
    if (!again) {
      this.activate(inputs[0]);
      this.recusal.toggle(false);
    }
    this.refresh();
  }

  /**
   * @param {Question[]} questions
   * @returns {Input[]}
   */
  build(questions) {
    /** @type {InputListener} */
    const on = {
      focus: (input) => this.activate(input),
      answer: (input, answer) => this.onAnswer(input, answer),
      onward: (input) => this.onward(input),
      text: (input, text) => this.on.text(input.question.id, text),
      advanced: (input) => this.waitForMore(input),
      advances: this.on.advances,
    };
    return questions.map((question) =>
      question.options ? new ChoiceInput(question, on) : new ScoreInput(question, this.packet.scale, on),
    );
  }

  /**
   * Make a criterion the current one, to which digits go.
   *
   * @param {Input | undefined} input
   */
  activate(input) {
    this.confirmLeft();
    this.active = input;
    for (const other of this.inputs) other.node.classList.toggle("current", other === input);
    const shown = input?.detail ?? null;
    if (this.detail.firstChild !== shown) this.detail.replaceChildren(...(shown ? [shown] : [])); // else a press is lost
  }

  /** @param {Input} input @param {number | string | undefined} answer */
  onAnswer(input, answer) {
    if (this.item.answers[input.question.id] !== answer) this.on.answer(input.question.id, answer);
  }

  /** Record what still stands typed before the item is left. */
  settle() {
    this.confirmLeft();
    for (const input of this.inputs) input.settle(false);
  }

  /** Drop what stands typed in the item; returns whether anything did. */
  drop() {
    return this.inputs.filter((input) => input.drop()).length > 0;
  }

  /**
   * The form went on by itself: the score just left is recorded once no key can belong to it.
   *
   * @param {Input} input
   */
  waitForMore(input) {
    const left = { input, at: performance.now() };
    this.left = left;
    setTimeout(() => this.left === left && this.confirmLeft(), GRACE);
  }

  confirmLeft() {
    const input = this.left?.input;
    this.left = null;
    input?.settle(true);
    if (input && document.activeElement === this.next && this.packet.needsComment(this.item)) this.comment.focus();
  }

  /**
   * A digit or a stop right after the form went on by itself belongs to the score just left; Enter there
   * is the habit of one who types it after every score. Returns whether the key was handled.
   *
   * @param {string | undefined} char
   * @param {boolean} enter
   * @param {number} time
   */
  resume(char, enter, time) {
    const { left } = this;
    const soon = Boolean(left) && time - left.at <= GRACE;
    if (!soon || char === undefined) {
      this.confirmLeft();
      return soon && enter;
    }
    this.left = null;
    if (left.input instanceof ScoreInput) left.input.resume(char);
    return true;
  }

  /**
   * After a score: the next criterion; after the last one any that was left out, then the comment where
   * one is needed, else the way to the next item.
   *
   * @param {Input} input
   */
  onward(input) {
    const after = this.inputs[this.inputs.indexOf(input) + 1];
    const next = after ?? this.inputs.find((other) => isOpen(other) && !other.pending);
    if (next) next.field.focus();
    else if (this.packet.needsComment(this.item)) this.comment.focus();
    else this.next.focus();
  }

  /** @param {number} step */
  move(step) {
    const index = this.inputs.indexOf(this.active);
    (this.inputs[index + step] ?? this.inputs[index] ?? this.inputs[0]).field.focus();
  }

  begin() {
    const empty = this.inputs.find(isOpen);
    (empty ?? this.inputs[0])?.field.focus({ preventScroll: true });
  }

  refresh() {
    const { packet, item } = this;
    const total = packet.total(item);
    const missing = packet.missing(item).length;
    setText(this.sum, missing ? `还有 ${missing} 项未评` : total === null ? "" : formatTotal(total));
    this.sum.classList.toggle("none", total === null);
    const owed = packet.unexplained(item).map((question) => question.title);
    setText(this.note, owed.length ? this.commentNote(owed) : (item.note ?? ""));
    this.note.classList.toggle("owed", owed.length > 0);
    this.comment.placeholder = owed.length ? "评语（必填，说明理由）" : "评语（可不填）";
    setText(this.park, item.parked ? "取消搁置" : "搁置");
    setVisible(this.park, this.packet.mayPark(item));
    this.park.setAttribute("aria-pressed", String(item.parked));
  }

  /** @param {string[]} titles */
  commentNote(titles) {
    const { comment_below: below, comment_from: from } = this.packet.scale;
    return `待补评语：${titles.join("、")}（低于 ${formatScore(below)} 或达到 ${formatScore(from)} 分）`;
  }

  /** What stands typed in a criterion and is not recorded, in words; blank when there is nothing. */
  get unsettled() {
    const typed = this.inputs.filter((input) => typeof input.text === "string");
    if (!typed.length) return "";
    if (typed.length > 1) return `${typed.length} 项输入未保存`;
    const { question, text, problem, pending } = /** @type {ScoreInput} */ (typed[0]);
    const what = text.trim() ? `“${text.trim()}”` : "已清空";
    return `${question.title}${what}${problem ? "未保存" : pending ? "即将记下" : "，按 Enter 记下"}`;
  }

  /** @param {boolean} locked */
  lock(locked) {
    this.criteria.classList.toggle("locked", locked);
    const inputs = Object.values(this.inputsByKind).flat();
    for (const input of inputs) input.lock(locked);
    // these scroll, and locked they hold nothing that takes the focus
    for (const box of [this.rows, ...inputs.map((input) => input.detail)]) {
      if (locked) box?.setAttribute("tabindex", "0");
      else box?.removeAttribute("tabindex");
    }
    this.comment.readOnly = locked; // it keeps the focus, and its text can be copied
    for (const control of [this.park, this.recuse]) control.disabled = locked;
  }

  /** @param {string} look @param {string} text */
  setState(look, text) {
    this.state.className = `kp-state ${look}`;
    setText(this.state, text);
  }

  /**
   * Show that the item was changed elsewhere, and ask whose state counts.
   *
   * @param {ItemState | null | undefined} newer
   * @param {() => void} keepOwn
   * @param {() => void} takeNewer
   */
  showStale(newer, keepOwn, takeNewer) {
    setVisible(this.stale, Boolean(newer));
    if (!newer || newer === this.newer) return; // a button drawn anew would lose its press
    this.newer = newer;
    const answers = this.packet.criteria(this.item).map(({ id, title }) => `${title} ${showAnswer(newer.answers[id])}`);
    const { activity } = this.packet;
    this.stale.replaceChildren(
      h("div", {}, `本件已在别处改动（#${newer.event_seq}）：${answers.join("，")}。您这里的没有保存。`),
      h(
        "div",
        { class: "kp-line" },
        h("button", { onclick: takeNewer }, `采用已保存的${activity}`),
        h("button", { class: "kp-danger", onclick: keepOwn }, `以本页${activity}为准`),
      ),
    );
  }
}

/** @param {number | string | undefined} answer */
function showAnswer(answer) {
  if (answer === undefined) return "未评";
  return typeof answer === "number" ? formatScore(answer) : answer;
}

/**
 * Whether a criterion has no score, or something typed that is not recorded.
 *
 * @param {Input} input
 */
function isOpen(input) {
  return input.score === undefined || typeof input.text === "string";
}
