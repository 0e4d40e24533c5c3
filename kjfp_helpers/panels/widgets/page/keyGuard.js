import { openFile } from "./elements/fileLinks.js";
import { FocusKeeper } from "./elements/focusKeeper.js";
import { guardKey } from "./elements/keyboard.js";

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

export default {
  /** @param {{el: HTMLElement}} widget */
  render({ el }) {
    const guard = new KeyGuard(el);
    return () => guard.detach();
  },
};
