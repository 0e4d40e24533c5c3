import { openFile } from "./elements/fileLinks.js";
import { FocusKeeper } from "./elements/focusKeeper.js";
import { guardKey } from "./elements/keyboard.js";

const CLOSED = "本页已在别的窗口重新打开；要在这里接着办，请刷新浏览器页面（F5）。";

/**
 * Keeps key presses inside a screen of ipywidgets from reaching JupyterLab; saving goes through. Keeps
 * the focus where it is when the screen is drawn anew. Leaving
 * the page is asked about only while a longer text was typed and no button pressed since.
 */
class KeyGuard {
  /** @param {HTMLElement} element */
  constructor(element) {
    this.element = element;
    /** @type {HTMLElement | null} */
    this.root = null;
    /** @type {FocusKeeper | null} */
    this.keeper = null;
    this.frame = 0;
    /** @type {Set<HTMLTextAreaElement>} */
    this.typed = new Set();
    /** @param {BeforeUnloadEvent} event */
    this.onLeave = (event) => this.hasText() && event.preventDefault();
    this.attach();
  }

  /** Lab puts the element into the page some frames later. */
  attach() {
    this.root = this.element.closest(".kjfp-panel");
    if (!this.root) {
      this.frame = requestAnimationFrame(() => this.attach());
      return;
    }
    const { root, typed } = this;
    root.tabIndex = -1; // a click on plain text keeps the focus here, not on Lab's cell
    this.keeper = new FocusKeeper(root);
    root.addEventListener("keydown", guardKey);
    root.addEventListener("click", openFile);
    root.addEventListener("click", (event) => this.keepFocus(event));
    root.addEventListener("input", ({ target }) => target instanceof HTMLTextAreaElement && typed.add(target));
    root.addEventListener(
      "click",
      ({ target }) => target instanceof Element && target.closest("button") && typed.clear(),
    );
    window.addEventListener("beforeunload", this.onLeave);
    root.dataset.guarded = "yes";
    this.takeFocus();
    root.scrollIntoView({ block: "start" });
  }

  /**
   * A click on the title of a tab leaves the focus on Lab's cell, where keys act on the notebook.
   *
   * @param {MouseEvent} event
   */
  keepFocus({ target }) {
    const tab = target instanceof Element ? /** @type {HTMLElement | null} */ (target.closest("[role=tab]")) : null;
    if (tab) tab.focus({ preventScroll: true });
    else this.takeFocus();
  }

  /** Take the focus from the cell around the screen, which is Lab's. */
  takeFocus() {
    const { activeElement } = document;
    if (activeElement !== this.root && activeElement.contains(this.root)) this.root.focus({ preventScroll: true });
  }

  hasText() {
    return [...this.typed].some((text) => text.isConnected && text.value.trim());
  }

  detach() {
    cancelAnimationFrame(this.frame);
    this.keeper?.close();
    this.root?.removeEventListener("keydown", guardKey);
    window.removeEventListener("beforeunload", this.onLeave);
  }
}

/**
 * Tell the kernel when the window leaves the page, whose widgets nobody shows then; and answer when the
 * kernel asks, which a window that ended without a word does not. Only a screen that a window shows has
 * this view. Closed all the same, while its window was asleep, it says so.
 *
 * @param {{model: WidgetModel, el: HTMLElement}} widget
 */
function answerForWindow({ model, el }) {
  const onAsked = (/** @type {{asks?: string}} */ content) => content.asks === "shown" && model.send({ shown: true });
  const onLeave = (/** @type {PageTransitionEvent} */ { persisted }) => persisted || model.send({ shown: false });
  const onClosed = () => {
    const root = el.closest(".kjfp-panel");
    root?.replaceWith(Object.assign(document.createElement("p"), { textContent: CLOSED }));
  };
  model.on("msg:custom", onAsked);
  model.on("destroy", onClosed);
  window.addEventListener("pagehide", onLeave);
  return () => {
    model.off("msg:custom", onAsked);
    model.off("destroy", onClosed);
    window.removeEventListener("pagehide", onLeave);
  };
}

export default {
  /** @param {{model: WidgetModel, el: HTMLElement}} widget */
  render({ model, el }) {
    const guard = new KeyGuard(el);
    const leave = answerForWindow({ model, el });
    return () => {
      leave();
      guard.detach();
    };
  },
};
