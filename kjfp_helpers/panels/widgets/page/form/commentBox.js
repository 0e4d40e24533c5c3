import { h, setText, setVisible } from "../elements/dom.js";
import { digitOf, isAltOnly } from "../elements/keyboard.js";

/** @import { Packet } from "../data/packet.js" */

/** @type {Record<string, number>} */
const TURNS = { ArrowDown: 1, ArrowUp: -1 };

/** The comment and the phrases that the rubric offers for it: Alt and a digit, or Tab and Enter. */
export class CommentBox {
  /**
   * @param {Packet} packet
   * @param {{comment: (text: string, now: boolean) => void, activeQuestion: () => Question | undefined}} on
   */
  constructor(packet, on) {
    this.packet = packet;
    this.on = on;
    this.index = 0;
    /** @type {Question[]} Questions that have phrases. */
    this.questions = [];
    this.field = h("textarea", {
      rows: "2",
      maxlength: "4000",
      "aria-label": "评语",
      class: "kp-comment",
      oninput: () => {
        on.comment(this.field.value, false);
      },
      onblur: () => {
        on.comment(this.field.value, true);
      },
      onfocus: (event) => this.node.contains(event.relatedTarget) || this.offer(),
    });
    this.title = h("div", { class: "kj-small kj-muted" });
    this.list = h("div", { class: "kp-list" });
    this.phrases = h("div", { class: "kp-phrases", role: "group", id: "kp-phrases" }, this.title, this.list);
    if (packet.can("phrases")) this.field.setAttribute("aria-describedby", "kp-phrases");
    this.node = h("div", { class: "kp-words" }, this.field, packet.can("phrases") ? this.phrases : null);
  }

  /** Begin with a criterion that needs a comment, else with the one that was scored last. */
  offer() {
    const item = this.packet.current;
    const active = this.on.activeQuestion();
    this.questions = this.packet.criteria(item).filter((question) => question.phrases?.length);
    const unexplained = this.packet.unexplained(item);
    const first = unexplained.find((question) => question === active) ?? unexplained[0] ?? active;
    this.index = Math.max(0, this.questions.indexOf(first));
    this.paint();
  }

  /** @param {number} by */
  turn(by) {
    this.index = (this.index + by + this.questions.length) % this.questions.length;
    this.paint();
  }

  paint() {
    const question = this.questions[this.index];
    setVisible(this.phrases, Boolean(question));
    if (!question) return;
    setText(this.title, `常用评语：${question.title}（Alt＋数字插入，Alt＋↑↓ 换一项）`);
    this.list.replaceChildren(
      ...question.phrases.map((phrase, index) =>
        h(
          "button",
          { class: "kp-phrase", "aria-keyshortcuts": `Alt+${index + 1}`, onclick: () => this.insert(phrase) },
          h("kbd", { "aria-hidden": "true" }, String(index + 1)),
          phrase,
        ),
      ),
    );
  }

  /**
   * Insert a phrase at the cursor, as if typed: the browser's own undo takes it back.
   *
   * @param {string} phrase
   */
  insert(phrase) {
    const { field } = this;
    if (field.readOnly) return;
    field.focus();
    const before = field.value.slice(0, field.selectionStart).trimEnd();
    const text = before && !/[，。；：、！？,.;:!?\n]$/.test(before) ? `；${phrase}` : phrase;
    if (!document.execCommand("insertText", false, text)) {
      field.setRangeText(text, field.selectionStart, field.selectionEnd, "end");
      this.on.comment(field.value, false);
    }
  }

  /**
   * Returns whether the key was one of the phrases'.
   *
   * @param {KeyboardEvent & {target: HTMLElement}} event
   */
  press(event) {
    if (!isAltOnly(event) || !this.questions.length || !this.node.contains(event.target)) return false;
    const turn = TURNS[event.code];
    const phrase = this.questions[this.index].phrases[Number(digitOf(event.code)) - 1];
    if (turn) this.turn(turn);
    else if (phrase) this.insert(phrase);
    else return false;
    return true;
  }
}

/**
 * How many of the items' comments hold each phrase that was used, the most used first.
 *
 * @param {Packet} packet
 * @param {Item[]} items items of one kind
 * @returns {[string, number][]}
 */
export function countPhrases(packet, items) {
  const phrases = items.length ? packet.criteria(items[0]).flatMap((question) => question.phrases ?? []) : [];
  return phrases
    .map(
      (phrase) =>
        /** @type {[string, number]} */ ([phrase, items.filter((item) => item.comment.includes(phrase)).length]),
    )
    .filter(([, count]) => count)
    .sort((a, b) => b[1] - a[1]);
}
