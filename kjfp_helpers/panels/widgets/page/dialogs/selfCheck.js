import { randomId } from "../data/windowId.js";
import { drawKeepingFocus, h, setText } from "../elements/dom.js";
import { askConfirmation, showDialog } from "./dialog.js";
import { dotPlot } from "./dotPlot.js";
import { describeHabits, describeRanking, rankOwnScores } from "./ownRanking.js";
import { leftOver, rankingTable } from "./rankingTable.js";

/** @import { ScoringPanel } from "../panel.js" */
/** @import { Packet } from "../data/packet.js" */

const KINDS = [
  ["team", "先进团队"],
  ["individual", "先进个人"],
];

/**
 * The overview before sealing: own ranking with ties, drift from early to late, scores far from the own
 * average; then seal, print, open again. Own scores only, and nothing is adjusted here. It is drawn anew
 * in place: a reason that is being typed stays, and so does the focus.
 */
export class SelfCheck {
  /** @param {ScoringPanel} panel */
  constructor(panel) {
    this.panel = panel;
    this.asked = "";
    this.reason = h("input", {
      type: "text",
      maxlength: "4000",
      placeholder: "启封理由（必填）",
      "aria-label": "启封理由",
    });
    this.ranks = h("div", { class: "kp-ranks" });
    this.acts = h("div", { class: "kp-line kp-buttons" });
    this.state = h("div", { class: "kp-state", role: "status" });
    this.node = showDialog(panel.root, "评分总览（仅本人）", "wide", this.ranks, this.acts, this.state);
    this.node.classList.add("kp-mirror-page");
    this.draw();
    this.title.focus(); // not a button: the Enter that came here must press nothing
  }

  get title() {
    return this.node.querySelector("h2");
  }

  get open() {
    return this.node.isConnected;
  }

  /** What may be done here now; a question is about that. */
  get asking() {
    const { packet, ready, readonly } = this.panel;
    return JSON.stringify([packet.sealed, ready, readonly]);
  }

  refresh() {
    if (this.open && this.asked !== this.asking) this.redraw();
  }

  /** Draw it anew; what was asked before that changed is asked no longer. */
  redraw() {
    if (!this.open) return;
    /** @type {NodeListOf<HTMLDialogElement>} */
    const questions = this.panel.root.querySelectorAll("dialog.ask");
    if (this.asked !== this.asking) for (const question of questions) question.close();
    if (!drawKeepingFocus(this.node, () => this.draw())) this.title.focus();
  }

  draw() {
    const { panel } = this;
    this.asked = this.asking;
    const sections = KINDS.map(([kind, title]) => this.section(kind, title));
    this.ranks.replaceChildren(...[sealedNotice(panel.packet), ...sections].filter(Boolean));
    this.acts.replaceChildren(
      ...(panel.packet.sealed ? this.reopening() : this.sealing()).filter(Boolean),
      h(
        "button",
        {
          class: "kp-more-ties",
          onclick: () => {
            this.node.close();
            panel.addRelationships();
          },
        },
        "补充回避声明…",
      ),
      h(
        "button",
        { class: "kp-print", onclick: () => panel.connection.send("sheet", { request_id: randomId() }) },
        "打印签字表",
      ),
    );
  }

  close() {
    this.node.close();
  }

  /** @param {string} text */
  showFailure(text) {
    this.state.className = "kp-state failed";
    setText(this.state, text);
  }

  /** @param {Item} item */
  goTo(item) {
    this.close();
    this.panel.open(item);
  }

  /** @param {string} kind @param {string} title */
  section(kind, title) {
    const { packet } = this.panel;
    const ranking = rankOwnScores(packet, kind);
    if (!ranking.items.length) return null;
    const onOpen = (/** @type {Item} */ item) => this.goTo(item);
    const lines = [...describeRanking(ranking), ...describeHabits(packet, ranking)];
    return h(
      "section",
      { class: "kp-rank" },
      h("h3", {}, `${title}：已评 ${ranking.rows.length}/${ranking.items.length}`),
      lines.map((line) => h("div", { class: "kj-small" }, line)),
      leftOver(packet, ranking.items, onOpen),
      dotPlot(ranking.rows, onOpen),
      rankingTable(packet, title, ranking, onOpen),
    );
  }

  sealing() {
    const { panel } = this;
    const { ready } = panel;
    const { done, owing, total } = panel.packet.counts;
    const unsaved = panel.outbox.requests.length ? "，有未保存的改动" : "";
    return [
      h(
        "button",
        { class: "kp-primary kp-seal", disabled: !ready || panel.readonly, onclick: () => askSeal(panel) },
        "封存本卷",
      ),
      signatureChip(panel.packet),
      h(
        "span",
        { class: "kj-small kj-muted" },
        ready ? "封存后改动须写明理由启封。" : `还有 ${total - done} 件未评完，${owing} 件待补评语${unsaved}。`,
      ),
    ];
  }

  reopening() {
    const { panel, reason } = this;
    const ask = () => (reason.value.trim() ? askReopen(panel, reason.value.trim()) : reason.focus());
    return [
      h("span", { class: "kj-chip good" }, `已封存 #${panel.packet.sealed}`),
      signatureChip(panel.packet),
      reason,
      h("button", { class: "kp-danger kp-reopen", onclick: ask }, "启封…"),
    ];
  }
}

/**
 * What a member who is done reads first; nothing before.
 *
 * @param {Packet} packet
 */
function sealedNotice({ sealed, signed, needsNewSignature }) {
  if (!sealed) return null;
  const left = signed && !needsNewSignature ? "不需要再做什么。" : "请打印签字表，签名后交秘书；此外不需要再做什么。";
  return h("div", { class: "kp-sealed" }, h("b", {}, "评分已完成并封存。"), left);
}

/**
 * Say what is sealed, and seal when that is agreed to.
 *
 * @param {ScoringPanel} panel
 */
function askSeal(panel) {
  const {
    counts: { done, commented },
    recused,
  } = panel.packet;
  askConfirmation(panel.root, {
    title: "封存本卷",
    yes: "确认封存",
    onConfirm: () => panel.request({ type: "seal" }),
    text: `${done} 件已评完，${commented} 件有评语${recused ? `，${recused} 件回避` : ""}；封存后改动须写明理由。`,
  });
}

/** @param {ScoringPanel} panel @param {string} reason */
function askReopen(panel, reason) {
  askConfirmation(panel.root, {
    title: "启封",
    yes: "确认启封",
    onConfirm: () => panel.request({ type: "reopen", reason }),
    text: `理由：${reason}。启封记入台账；改动后须重新封存，签字表也须重新打印签字。`,
  });
}

/**
 * Whether the signed sheet came back, and whether it still holds.
 *
 * @param {Packet} packet
 */
function signatureChip({ signed, needsNewSignature }) {
  if (!signed) return null;
  return needsNewSignature
    ? h("span", { class: "kj-chip warn" }, "签字后又启封：封存后请重新打印签字")
    : h("span", { class: "kj-chip good" }, `签字表已收 #${signed}`);
}

/**
 * Print the sheet that the kernel rendered, from a frame of its own.
 *
 * @param {HTMLElement} root
 * @param {string} page
 */
export function printSheet(root, page) {
  root.querySelector("iframe.kp-sheet")?.remove();
  const frame = h("iframe", { class: "kp-sheet", title: "签字表", srcdoc: page, "aria-hidden": "true" });
  frame.addEventListener("load", () => frame.contentWindow.print());
  root.append(frame);
}
