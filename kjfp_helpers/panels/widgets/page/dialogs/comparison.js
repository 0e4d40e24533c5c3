import { formatTotal } from "../data/scoringRules.js";
import { h, setText } from "../elements/dom.js";
import { formatScore } from "../elements/numbers.js";
import { showDialog } from "./dialog.js";
/** @import { ScoringPanel } from "../panel.js" */

/**
 * Items of one kind in columns, and one criterion across them: the member's own scores only. Items are
 * added and taken out here, up to a number.
 */
export class Comparison {
  /**
   * @param {ScoringPanel} panel
   * @param {Set<Item>} chosen the panel's own choice, changed here
   * @param {number} most
   */
  constructor(panel, chosen, most) {
    this.panel = panel;
    this.chosen = chosen;
    this.most = most;
    const [first] = chosen;
    this.kind = first.kind;
    this.criterion = h(
      "select",
      { class: "kp-criterion-choice", onchange: () => this.refresh() },
      h("option", { value: "" }, "加权总分"),
      panel.packet.criteria(first).map(({ id, title }) => h("option", { value: id }, title)),
    );
    this.more = h("select", { class: "kp-compare-more", onchange: () => this.add() });
    this.note = h("span", { class: "kj-muted" });
    this.columns = h("div", { class: "kp-columns" });
    /** @type {Map<Item, HTMLElement>} */
    this.heads = new Map();
    this.node = showDialog(
      panel.root,
      "对比",
      "wide",
      h(
        "div",
        { class: "kp-line kp-compare-line" },
        h("label", {}, "对比指标 ", this.criterion),
        h("label", {}, "加入 ", this.more),
        this.note,
      ),
      this.columns,
    );
    this.node.addEventListener("close", () => panel.refreshState());
    this.draw();
    this.criterion.focus();
  }

  draw() {
    const { packet } = this.panel;
    const others = packet.items.filter((item) => item.kind === this.kind && !this.chosen.has(item));
    this.more.replaceChildren(
      h("option", { value: "" }, others.length ? "选一件同类材料" : "没有其他同类材料"),
      ...others.map((item) => h("option", { value: item.key }, item.label)),
    );
    this.more.disabled = this.chosen.size >= this.most || !others.length;
    setText(this.note, this.chosen.size >= this.most ? `最多对比 ${this.most} 件` : "只列同类材料");
    setText(this.node.querySelector("h2"), `对比 ${this.chosen.size} 件`);
    this.columns.style.setProperty("--kp-columns", String(Math.max(2, this.chosen.size)));
    this.heads.clear();
    this.columns.replaceChildren(...[...this.chosen].map((item) => this.column(item)));
    this.refresh();
  }

  /** @param {Item} item */
  column(item) {
    const { panel } = this;
    const head = h("b", { class: "kp-total" });
    const text = h("div", { class: "kj-pane", tabindex: "0", role: "region", "aria-label": item.label }, "正在取材料…");
    this.heads.set(item, head);
    panel.cards.load(item, (page) => {
      text.innerHTML = page;
      text.querySelector("#kj-case-title")?.removeAttribute("id"); // that of the item on the screen
    });
    const goTo = () => {
      this.node.close();
      panel.open(item);
    };
    return h(
      "div",
      { class: "kp-column" },
      h(
        "div",
        { class: "kp-line kp-column-head" },
        head,
        h(
          "span",
          { class: "kp-group" },
          h("button", { "aria-label": `返回评分：${item.label}`, onclick: goTo }, "返回评分"),
          h(
            "button",
            {
              "aria-label": `移出对比：${item.label}`,
              disabled: this.chosen.size < 2,
              onclick: () => this.remove(item),
            },
            "移出",
          ),
        ),
      ),
      text,
    );
  }

  add() {
    const item = this.panel.packet.byKey.get(this.more.value);
    if (!item) return;
    this.chosen.add(item);
    this.draw();
    (this.more.disabled ? this.criterion : this.more).focus();
  }

  /** @param {Item} item */
  remove(item) {
    this.chosen.delete(item);
    this.draw();
    this.more.focus();
  }

  refresh() {
    const { value } = this.criterion;
    for (const [item, head] of this.heads) {
      const score = value ? item.answers[value] : this.panel.packet.total(item);
      const shown =
        score === undefined || score === null ? "未评完" : (value ? formatScore : formatTotal)(Number(score));
      setText(head, `${item.label}　${shown}`);
    }
  }
}
