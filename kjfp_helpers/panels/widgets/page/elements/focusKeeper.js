import { controlsLike } from "./dom.js";

const REDRAW = 3000; // milliseconds within which what was taken away is drawn anew

/**
 * Gives the focus to the control that took the place of the one which had it when the kernel drew a part
 * of the screen anew; where there is none, to the screen, so that its keys go on working.
 */
export class FocusKeeper {
  /** @param {HTMLElement} root */
  constructor(root) {
    this.root = root;
    /** @type {HTMLElement | null} The control that had the focus last. */
    this.control = null;
    this.index = 0;
    this.takenAt = 0;
    root.addEventListener("focusin", (event) => this.remember(/** @type {HTMLElement} */ (event.target)));
    root.addEventListener("focusout", () => queueMicrotask(() => this.forget()));
    this.observer = new MutationObserver(() => this.restore());
    this.observer.observe(root, { childList: true, subtree: true });
  }

  /** @param {HTMLElement} control */
  remember(control) {
    if (control === this.root && this.takenAt) return; // what is to come may still be like it
    this.control = control;
    this.index = controlsLike(control, this.root).indexOf(control);
    this.takenAt = 0;
  }

  /** The person went elsewhere: the control is still there. */
  forget() {
    if (this.control?.isConnected && document.activeElement !== this.control) this.control = null;
  }

  restore() {
    const { control, root } = this;
    if (!control || control.isConnected) return;
    this.takenAt ||= performance.now();
    const free = [document.body, root].includes(/** @type {HTMLElement} */ (document.activeElement));
    if (!free || performance.now() - this.takenAt > REDRAW) {
      this.control = null;
      return;
    }
    const same = controlsLike(control, root)[this.index] ?? root;
    same.focus({ preventScroll: true });
  }

  close() {
    this.observer.disconnect();
  }
}
