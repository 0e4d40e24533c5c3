import { h, setText, setVisible } from "../elements/dom.js";
import { formatDuration } from "../elements/numbers.js";

/**
 * Covers the panel, or the dialog that is open in it, while the connection is lost: nothing can be typed
 * that would not be kept. What is under it stays as it is, and gets the focus back.
 */
export class ConnectionCover {
  /** @param {HTMLElement} root */
  constructor(root) {
    /** @type {ReturnType<typeof setInterval> | undefined} */
    this.timer = undefined;
    this.root = root;
    /** @type {HTMLElement | null} What had the focus when the connection was lost. */
    this.focused = null;
    /** @type {HTMLElement[]} What is under the cover. */
    this.covered = [];
    this.since = 0;
    this.title = h("b", {});
    this.text = h("p", {});
    this.elapsed = h("p", { class: "kj-muted kj-number kp-away", "aria-live": "off" });
    this.reopen = h(
      "button",
      { class: "kp-primary", onclick: () => root.dispatchEvent(new CustomEvent("kjfp:reopen", { bubbles: true })) },
      "重新打开本页",
    );
    this.node = h(
      "div",
      { class: "kp-cover", role: "alertdialog", "aria-label": "暂停", tabindex: "-1", hidden: true },
      h("div", { class: "kp-cover-box" }, this.title, this.text, this.elapsed, this.reopen),
    );
    root.append(this.node);
    root.addEventListener("close", () => this.node.hidden || this.lay(), true); // Esc closes any dialog
  }

  close() {
    clearInterval(this.timer);
  }

  /**
   * @param {ConnectionState} state
   * @param {number} [unsaved]
   * @param {string} [activity]
   */
  update(state, unsaved = 0, activity = "") {
    const ended = state === "ended";
    if (state && this.node.hidden) this.begin();
    clearInterval(this.timer);
    if (state && !ended) {
      this.showElapsed();
      this.timer = setInterval(() => this.showElapsed(), 1000);
    }
    setText(this.title, ended ? "页面与服务器断开，暂不能保存" : "与服务器的连接中断");
    setText(this.text, coverText(state, unsaved, activity));
    setVisible(this.elapsed, !ended);
    setVisible(this.reopen, state !== "lost");
    setVisible(this.node, Boolean(state));
    if (state) (state === "lost" ? this.node : this.reopen).focus();
    else this.end();
  }

  begin() {
    this.since = Date.now();
    this.focused = /** @type {HTMLElement} */ (document.activeElement);
    this.lay();
  }

  /** Lie over the dialog that is open last: it alone takes input. Without one, over the panel. */
  lay() {
    const place = [...this.root.querySelectorAll("dialog[open]")].at(-1) ?? this.root;
    place.append(this.node);
    this.uncover();
    this.covered = /** @type {HTMLElement[]} */ ([...place.children]).filter((part) => part !== this.node);
    for (const part of this.covered) part.inert = true;
  }

  uncover() {
    for (const part of this.covered) part.inert = false;
    this.covered = [];
  }

  end() {
    this.uncover();
    this.root.append(this.node); // a dialog leaves the page with all that is in it
    this.focused?.focus({ preventScroll: true });
    this.focused = null;
  }

  showElapsed() {
    setText(this.elapsed, `正在重新连接，已中断 ${formatDuration(Date.now() - this.since)}`);
  }
}

/**
 * @param {ConnectionState} state
 * @param {number} unsaved
 * @param {string} activity
 */
function coverText(state, unsaved, activity) {
  const ended = state === "ended";
  const stored = unsaved
    ? `您的 ${unsaved} 项${activity}已留在本机，${ended ? "重新打开" : "连上"}后自动保存`
    : "此前显示“已保存”的都在台账中";
  if (ended) return `${stored}。请按“重新打开本页”；没有反应时，刷新浏览器页面，内容不会丢失。`;
  const wait = unsaved ? "" : "，连上后自动继续";
  return `${stored}${wait}，请不要关闭本页。${state === "stuck" ? "长时间没有恢复的，请按“重新打开本页”。" : ""}`;
}
