import { drawKeepingFocus, h, setText, setVisible } from "../elements/dom.js";
import { showDialog } from "./dialog.js";
/** @import { ScoringPanel } from "../panel.js" */

/** A relationship that came to mind after the declaration: it is added to what was declared. */
export class RelationshipsDialog {
  /** @param {ScoringPanel} panel */
  constructor(panel) {
    this.panel = panel;
    this.text = h("textarea", {
      rows: "4",
      maxlength: "4000",
      "aria-label": "补充的利害关系",
      placeholder: "例如：与某单位有合作、曾指导某团队、与某人有亲属关系。",
      oninput: () => this.refresh(),
    });
    this.add = h("button", { class: "kp-primary kp-add-ties", disabled: true, onclick: () => this.send() }, "补充声明");
    /** @type {Map<string, HTMLElement>} Lines by their declaration: a reason that is being typed stays. */
    this.lines = new Map();
    this.list = h("ul", { class: "kj-plain kp-own-ties" });
    this.state = h("div", { class: "kp-state", role: "status" });
    this.intro = h("p", {});
    this.node = showDialog(
      panel.root,
      "补充回避声明",
      "kp-ties",
      this.intro,
      this.list,
      h("p", {}, "另有利害关系的，写在这里，记入台账；已声明的不变。与某一件有关的，另在该件按“回避”。"),
      this.text,
      h("div", { class: "kp-line kp-buttons" }, this.add, this.state),
    );
    this.drawList();
    this.text.focus();
  }

  drawList() {
    const { declarations } = this.panel.packet;
    setText(
      this.intro,
      declarations.length ? "您声明过的利害关系和申请的回避：" : "声明时您没有写明名册以外的利害关系。",
    );
    const lines = new Map(declarations.map((declaration) => [JSON.stringify(declaration), this.lineOf(declaration)]));
    this.lines = lines;
    if (!drawKeepingFocus(this.list, () => this.list.replaceChildren(...lines.values()))) this.text.focus();
  }

  /** @param {Declaration} declaration */
  lineOf(declaration) {
    const line = this.lines.get(JSON.stringify(declaration));
    return line ?? declarationLine(declaration, (reason) => this.retract(declaration, reason));
  }

  refresh() {
    this.add.disabled = !this.text.value.trim();
  }

  /** @param {string} look @param {string} text */
  setState(look, text) {
    this.state.className = `kp-state ${look}`;
    setText(this.state, text);
    this.refresh();
  }

  send() {
    this.setState("dirty", "正在保存…");
    this.add.disabled = true;
    this.panel.request({ type: "declare", statement: this.text.value.trim(), none: false });
  }

  /** @param {Declaration} declaration @param {string} reason */
  retract(declaration, reason) {
    this.setState("dirty", "正在保存…");
    this.panel.request({ type: "retract", event_seq: declaration.event_seq, reason });
  }

  /** @param {string} reason */
  showFailure(reason) {
    this.setState("failed", `未保存：${reason}`);
  }

  /** @param {number | null} seq */
  onRetracted(seq) {
    this.setState("saved", seq ? `已撤回，已保存 #${seq}` : "已撤回过，没有另记");
    this.drawList();
  }

  /** @param {number | null} seq @param {boolean} added */
  onSaved(seq, added) {
    if (added) this.text.value = "";
    this.text.focus(); // the button that was pressed is disabled now
    this.setState("saved", added ? `已保存 #${seq}` : `这些已声明过（#${seq}），没有另记`);
    this.drawList();
  }
}

/**
 * One declaration: its text, what was ruled, and the way to retract it, with a reason.
 *
 * @param {Declaration} declaration
 * @param {(reason: string) => void} onRetract
 */
function declarationLine(declaration, onRetract) {
  const reason = h("input", {
    type: "text",
    maxlength: "4000",
    placeholder: "撤回理由（必填）",
    "aria-label": "撤回理由",
    oninput: () => {
      confirm.disabled = !reason.value.trim();
    },
  });
  const confirm = h(
    "button",
    { class: "kp-danger kp-retract-yes", disabled: true, onclick: () => onRetract(reason.value.trim()) },
    "确认撤回",
  );
  const line = h("span", { class: "kp-line", hidden: true }, reason, confirm);
  const retract = h(
    "button",
    {
      class: "kp-link kp-retract",
      onclick: () => {
        setVisible(line, true);
        reason.focus();
      },
    },
    "撤回…",
  );
  return h(
    "li",
    {},
    h("span", {}, declaration.text),
    " ",
    h("span", { class: "kj-small kj-muted" }, `（${declaration.state}，#${declaration.event_seq}）`),
    " ",
    declaration.open ? retract : null,
    line,
  );
}
