/**
 * Asks the kernel regularly, while the page is looked at, whether anything changed; the live region says
 * what is under way, once for each step.
 */
class PageRefresher {
  /** @param {WidgetModel} model @param {HTMLElement} region */
  constructor(model, region) {
    this.model = model;
    region.setAttribute("role", "status");
    region.classList.add("kj-unseen");
    this.speak = () => {
      region.textContent = /** @type {string} */ (model.get("spoken"));
    };
    this.speak();
    model.on("change:spoken", this.speak);
    this.ask = () => document.visibilityState === "visible" && this.model.send({ type: "tick" });
    document.addEventListener("visibilitychange", this.ask);
    this.schedule();
  }

  schedule() {
    this.timer = setTimeout(
      () => {
        this.ask();
        this.schedule();
      },
      1000 * /** @type {number} */ (this.model.get("seconds")),
    );
  }

  stop() {
    clearTimeout(this.timer);
    document.removeEventListener("visibilitychange", this.ask);
    this.model.off("change:spoken", this.speak);
  }
}

export default {
  /** @param {{model: WidgetModel, el: HTMLElement}} widget */
  render({ model, el }) {
    const refresher = new PageRefresher(model, el);
    return () => refresher.stop();
  },
};
