import { ConnectionCover } from "./dialogs/connectionCover.js";
import { DeclarationForm } from "./dialogs/declaration.js";
import { drawKeepingFocus, h, setText, setVisible } from "./elements/dom.js";
import { guardKey, isEnter } from "./elements/keyboard.js";
import { readPlace, readSetting, storePlace, storeSetting } from "./elements/settings.js";
import { ScoreForm } from "./form/scoreForm.js";
import { ProgressBar } from "./progressBar.js";
import { Shortcuts } from "./shortcuts.js";

/** @import { ScoringPanel } from "./panel.js" */

const ADVANCE_SETTING = "kjfp:advance";
const ADVANCE_HINT = "打完 0.6 秒后记下；其间再打的数字或小数点仍算刚才那一项";
const LAB_BORDER = 20; // pixels that Lab leaves around an output, unless the page stands by itself
const SAID = 2600; // milliseconds for which it is told what a key did

/** What is on the screen: head, declaration, item and form, and what became of the last save. */
export class PanelView {
  /** @param {ScoringPanel} panel @param {HTMLElement} element */
  constructor(panel, element) {
    this.panel = panel;
    /** @type {ProgressBar | null} */
    this.bar = null;
    /** @type {ScoreForm | null} */
    this.form = null;
    /** @type {DeclarationForm | null} */
    this.declaration = null;
    /** @type {ScoreForm | null} The form that is on the screen. */
    this.laidOut = null;
    this.advances = false;
    this.bannerText = "";
    this.head = h("div", { class: "kp-head" });
    this.banner = h("div", { class: "kp-banner", role: "alert", hidden: true });
    this.body = h("div", { class: "kp-body" }, h("p", { class: "kj-muted" }, "正在打开…"));
    this.article = h("article", {
      class: "kj-pane kj-left kp-case",
      tabindex: "-1",
      "aria-labelledby": "kj-case-title",
    });
    this.root = h("div", { class: "kjfp-panel kp", tabindex: "-1" }, this.head, this.banner, this.body);
    this.scale = 1;
    this.said = h("div", { class: "kp-said", role: "status" });
    this.root.append(this.said);
    this.cover = new ConnectionCover(this.root);
    element.append(this.root);
    this.shortcuts = new Shortcuts(panel);
    this.root.addEventListener("keydown", (event) => this.press(/** @type {any} */ (event)));
    for (const kind of ["keyup", "keypress"]) this.root.addEventListener(kind, (event) => event.stopPropagation());
    for (const kind of ["click", "close"])
      this.root.addEventListener(kind, () => requestAnimationFrame(() => this.keepFocus()), true);
    this.resizes = new ResizeObserver(() => this.fit());
    requestAnimationFrame(() => this.fit());
  }

  close() {
    clearTimeout(this.timer);
    this.cover.close();
    this.resizes.disconnect();
  }

  /**
   * An Enter that is held down does nothing by its repetition, except in a text.
   *
   * @param {KeyboardEvent & {target: HTMLElement}} event
   */
  press(event) {
    if (event.repeat && isEnter(event) && !event.target.matches("textarea")) {
      guardKey(event);
      event.preventDefault();
    } else if (this.bar) this.shortcuts.press(event);
    else guardKey(event);
  }

  /** Fill what Lab leaves free, so that the form never hangs below the window's edge. */
  fit() {
    const scroller = this.root.closest(".jp-WindowedPanel-outer, .jp-Notebook, .jp-NotebookPanel");
    if (!scroller) return;
    this.resizes.observe(scroller);
    this.root.closest(".jp-Notebook")?.classList.add("kjfp-packet");
    this.root.closest("[role=feed]")?.removeAttribute("role"); // one page, and no list of articles
    this.root.closest(".jp-Cell")?.classList.add("kjfp-packet-cell");
    const border = this.root.closest(".kjfp-alone") ? 0 : LAB_BORDER;
    this.root.style.height = `${(scroller.clientHeight - border) / this.scale}px`;
    if (this.root.contains(document.activeElement)) this.scrollToTop();
  }

  /** @param {number} by */
  resize(by) {
    this.scale = this.bar.resize(by, this.root);
    this.fit();
  }

  /**
   * Tell in a few words what a key did.
   *
   * @param {string} text
   */
  say(text) {
    setText(this.said, text);
    this.said.classList.add("on");
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.said.classList.remove("on"), SAID);
  }

  /** Bring the panel to the top, once Lab has moved what it lays out anew. */
  scrollToTop() {
    setTimeout(() => this.root.scrollIntoView({ block: "start" }));
  }

  /** What had the focus and went away leaves it nowhere, and keys with it. */
  keepFocus() {
    if (document.activeElement !== document.body) return;
    /** @type {NodeListOf<HTMLElement>} */
    const titles = this.root.querySelectorAll("dialog[open] h2");
    ([...titles].at(-1) ?? this.root).focus({ preventScroll: true });
  }

  drawHead() {
    drawKeepingFocus(this.head, () => this.fillHead());
  }

  fillHead() {
    const { packet } = this.panel;
    this.head.replaceChildren(
      h(
        "div",
        { class: "kj-head" },
        h("h2", {}, packet.title),
        h("span", { class: "kj-muted" }, packet.headNote),
        packet.scale ? this.advanceSwitch() : null,
        packet.rehearsal ? h("span", { class: "kj-rehearsal" }, "演练轮次 · 单位、人员、数据均为虚构") : "",
      ),
    );
  }

  /** Whether a finished score goes on to the next criterion by itself; off unless it was chosen. */
  advanceSwitch() {
    this.advances = readSetting(ADVANCE_SETTING) === "1";
    const box = h("input", {
      type: "checkbox",
      onchange: () => {
        this.advances = box.checked;
        storeSetting(ADVANCE_SETTING, box.checked ? "1" : "0");
      },
    });
    box.checked = this.advances;
    return h(
      "label",
      { class: "kp-advance kj-small", title: ADVANCE_HINT },
      box,
      ` ${this.panel.packet.scale.lengthLabel}打完自动到下一项`,
    );
  }

  showDeclaration() {
    this.bar = null;
    this.form = null;
    this.declaration = new DeclarationForm(this.panel.packet, (statement) =>
      this.panel.request({ type: "declare", ...statement }),
    );
    this.fillBody(this.declaration.node);
    this.declaration.none.focus({ preventScroll: true });
    this.root.scrollIntoView({ block: "start" });
  }

  /** @param {string} text */
  showEmpty(text) {
    this.fillBody(h("p", {}, text));
  }

  /** @param {...HTMLElement} nodes */
  fillBody(...nodes) {
    this.laidOut?.lock(true); // what stands typed in the form that goes stays as it is
    this.laidOut = null;
    this.body.replaceChildren(...nodes);
  }

  /** A packet that comes again is filled in where it stands: the member goes on where they were. */
  layOut() {
    const { panel } = this;
    const { packet } = panel;
    const shown = packet.byKey.get(packet.current?.key);
    const left = packet.byKey.get(readPlace(packet.code));
    this.declaration = null;
    if (shown && this.laidOut?.packet === packet && this.laidOut.rules === packet.rules) return this.refill(shown);
    this.bar = new ProgressBar(packet, {
      step: (by) => panel.step(by),
      jump: (key) => panel.open(packet.byKey.get(key)),
      filter: (id) => panel.filter(id),
      compare: () => panel.compare(),
      selfCheck: () => panel.showSelfCheck(),
      resize: (by) => panel.resize(by),
      help: () => panel.help(),
      undo: () => panel.undo(),
    });
    this.form = new ScoreForm(packet, {
      answer: (id, answer) => panel.onAnswer(id, answer),
      text: (id, text) => panel.onText(id, text),
      comment: (text, now) => panel.onComment(text, now),
      advances: () => this.advances,
      next: () => panel.next(),
      park: () => panel.park(),
      recuse: (reason, kind) => panel.recuse(reason, kind),
      addRelationships: () => panel.addRelationships(),
    });
    this.fillBody(this.bar.node, h("div", { class: "kp-split" }, this.article, this.form.node));
    this.laidOut = this.form;
    this.bar.fillList();
    this.resize(0);
    packet.current = null;
    panel.open(shown ?? (left && !packet.isDone(left) ? left : null) ?? packet.nextUnfinished(null) ?? packet.items[0]);
  }

  /** @param {Item} item */
  refill(item) {
    this.panel.packet.current = item;
    this.bar.fillList();
    this.showCard(item);
    this.form.fill(item, true);
    this.panel.refreshState();
  }

  /** @param {Item} item */
  showCard(item) {
    if (typeof item.page !== "string") this.article.replaceChildren(waitingCard(item));
    this.panel.cards.load(item, (page) => {
      if (this.panel.packet.current !== item) return;
      this.article.innerHTML = page;
      this.article.tabIndex = this.article.querySelector("summary, button, a, input") ? -1 : 0; // to scroll it by key
      this.showPhoto(item);
    });
  }

  /** @param {Item} item */
  show(item) {
    this.article.scrollTop = 0;
    this.showCard(item);
    this.form.fill(item);
    this.bar.refresh();
    this.panel.refreshState();
    this.form.begin();
    storePlace(this.panel.packet.code, item.key);
    this.scrollToTop();
  }

  /**
   * After the reveal: the photo of a person's form, asked for when the item is first opened.
   *
   * @param {Item} item
   */
  showPhoto(item) {
    const frame = this.article.querySelector(".kp-photos");
    if (!frame || item.kind !== "individual") return;
    if (item.photo === undefined) this.panel.connection.send("photo", { case: item.key });
    else if (item.photo) frame.replaceChildren(h("img", { src: item.photo, alt: "推荐表上的照片" }));
  }

  /**
   * What became of the last save of the item on the screen, or a note that takes its place.
   *
   * @param {string} note
   * @returns {[look: string, text: string]}
   */
  saveState(note) {
    const { outbox, packet, typing } = this.panel;
    const item = packet.current;
    const waiting = outbox.of(item.key).length;
    if (note) return ["failed", note];
    if (item.newer) return ["failed", "未保存：本件已在别处改动"];
    if (item.failed) return ["failed", `未保存：${item.failed}${waiting ? "将自动重试。" : ""}`];
    if (this.form.unsettled) return ["dirty", this.form.unsettled];
    if (waiting || typing === item) return ["dirty", "正在保存…"];
    const { event_seq: seq, after_reveal: late } = item.saved;
    if (seq) return ["saved", `已保存 #${seq}${late ? "（揭示身份后）" : ""}`];
    return ["idle", this.panel.notice ?? `尚未${packet.activity}`];
  }

  /** @param {string} note */
  refreshState(note) {
    const { panel, form, bar } = this;
    const item = panel.packet.current;
    setText(bar.queue, panel.unsaved ? `未保存 ${panel.unsaved} 项` : "");
    form.lock(!panel.writable);
    if (bar.undo) bar.undo.disabled = !panel.writable;
    form.showStale(
      item.newer,
      () => panel.settleStale(item, true),
      () => panel.settleStale(item, false),
    );
    setText(bar.compare, panel.chosen.size ? `对比（${panel.chosen.size}）` : "对比");
    form.setState(...this.saveState(note));
    const focused = /** @type {HTMLButtonElement} */ (document.activeElement);
    if (focused.disabled && this.root.contains(focused)) this.root.focus({ preventScroll: true });
  }

  /**
   * Why the packet can only be read, or what marks the scores from now on; blank for neither.
   *
   * @returns {string}
   */
  bannerFor() {
    const { packet, locked, readonly } = this.panel;
    if (locked) return locked;
    if (readonly) return "您的另一个窗口正在评分，本窗口只能看。";
    if (packet?.sealed) return `本卷已封存，只能看；需要改动，在“总览与封存”中写明理由启封。`;
    if (packet?.closed) return "评分已截止：此后保存的评分另行存放，不计入结果。";
    return packet?.revealedAt ? `身份已揭示：此后的评分另行标明。` : "";
  }

  drawBanner() {
    const { panel } = this;
    const text = this.bannerFor();
    if (this.bannerText === text) return;
    this.bannerText = text;
    const takeOver = () => h("button", { class: "kp-takeover", onclick: () => panel.takeOver() }, "改由本窗口评分");
    drawKeepingFocus(this.banner, () =>
      this.banner.replaceChildren(h("span", {}, text), panel.readonly && !panel.locked ? takeOver() : ""),
    );
    setVisible(this.banner, Boolean(text));
    this.keepFocus();
    panel.refreshState();
  }

  /** @param {ConnectionState} state */
  coverWhileLost(state) {
    const { outbox, packet, writable } = this.panel;
    if (!state) this.form?.lock(!writable); // else what is to get the focus back cannot take it
    this.cover.update(state, outbox?.requests.length ?? 0, packet?.activity);
    this.form?.lock(!writable);
    this.keepFocus();
  }
}

/**
 * Stands for a card that is on its way.
 *
 * @param {Item} item
 */
function waitingCard(item) {
  return h(
    "div",
    { class: "kj-head kj-thin" },
    h("h2", { id: "kj-case-title" }, item.label),
    h("span", { class: "kj-muted" }, "正在取材料…"),
  );
}
