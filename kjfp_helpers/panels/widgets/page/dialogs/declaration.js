import { h, setText } from "../elements/dom.js";

/** @import { Packet } from "../data/packet.js" */
/** @typedef {{statement: string, none: boolean}} Statement */

const NONE_FOUND = "没有（名册中您的所在地、任职单位、已申报关联都不在推荐单位之列）";

/** Before the first item: which units the rules exclude already, and what only the member knows. */
export class DeclarationForm {
  /** @param {Packet} packet @param {(statement: Statement) => void} onDeclare */
  constructor(packet, onDeclare) {
    this.onDeclare = onDeclare;
    this.none = h("input", { type: "checkbox", id: "kp-none", onchange: () => this.refresh() });
    this.text = h("textarea", {
      rows: "4",
      maxlength: "4000",
      "aria-label": "利害关系",
      oninput: () => this.refresh(),
      placeholder: "例如：与某单位有合作、曾指导某团队、与某人有亲属关系。没有则勾选下面一项。",
    });
    this.start = h(
      "button",
      { class: "kp-primary kp-start", disabled: true, onclick: () => this.send() },
      "声明并开始",
    );
    this.state = h("div", { class: "kp-state", role: "status" });
    const units = packet.excludedUnits.length ? packet.excludedUnits : [NONE_FOUND];
    this.node = h(
      "section",
      { class: "kj-pane kp-declare", "aria-label": "回避声明" },
      h("h3", {}, "评分之前：回避声明"),
      h("p", {}, "按规则，下列单位推荐的材料不会分给您："),
      h(
        "ul",
        { class: "kj-plain" },
        units.map((unit) => h("li", {}, unit)),
      ),
      h("p", {}, "名册有误，请告诉工作人员更正。此外如有其他利害关系，请写明："),
      this.text,
      h("label", { class: "kp-none", for: "kp-none" }, this.none, " 除上述以外，我与被推荐的团队和个人没有利害关系"),
      h("p", { class: "kj-small kj-muted" }, "评分中遇到与本人有关的材料，随时可按“回避”。声明记入台账。"),
      h("div", { class: "kp-line" }, this.start),
      this.state,
    );
  }

  refresh() {
    if (this.text.value.trim()) this.none.checked = false;
    this.start.disabled = !(this.none.checked || this.text.value.trim());
  }

  send() {
    this.start.disabled = true;
    setText(this.state, "正在保存…");
    this.onDeclare({ statement: this.text.value.trim(), none: this.none.checked });
  }

  /** @param {string} reason */
  showFailure(reason) {
    this.state.className = "kp-state failed";
    setText(this.state, `未保存：${reason}`);
    this.refresh();
  }
}
