import { h, setVisible } from "../elements/dom.js";
/** @import { Packet } from "../data/packet.js" */

/** Recusal from the item on the screen: its kind, the reason, and the way to the declaration. */
export class RecusalForm {
  /**
   * @param {Packet} packet
   * @param {{recuse: (reason: string, kind: string) => void, addRelationships: () => void}} on
   */
  constructor(packet, on) {
    this.on = on;
    this.reason = h("input", {
      type: "text",
      maxlength: "4000",
      placeholder: "回避理由（必填）",
      "aria-label": "回避理由",
    });
    this.kind = h(
      "select",
      { "aria-label": "是什么关系" },
      h("option", { value: "" }, "关系"),
      packet.relationshipKinds.map((kind) => h("option", { value: kind }, kind)),
    );
    this.node = h(
      "div",
      { class: "kp-recusal", hidden: true },
      h("div", { class: "kj-small" }, "确认回避后，该件将移出您的评审清单，由秘书裁定。"),
      h(
        "div",
        { class: "kp-line" },
        this.kind,
        this.reason,
        h("button", { class: "kp-danger", onclick: () => this.submit() }, "回避…"),
      ),
      h(
        "button",
        { class: "kp-link kp-more-ties", onclick: () => on.addRelationships() },
        "不止与本件有关：补充回避声明…",
      ),
    );
  }

  /** @param {boolean} open */
  toggle(open) {
    setVisible(this.node, open);
    this.reason.value = "";
    if (open) this.reason.focus();
  }

  submit() {
    const reason = this.reason.value.trim();
    if (reason) this.on.recuse(reason, this.kind.value);
    else this.reason.focus();
  }
}
