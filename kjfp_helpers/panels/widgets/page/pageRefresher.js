/** Asks the kernel regularly, while the page is looked at, whether anything changed. */
class PageRefresher {
  /** @param {WidgetModel} model */
  constructor(model) {
    this.model = model;
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
  }
}

export default {
  /** @param {{model: WidgetModel}} widget */
  render({ model }) {
    const refresher = new PageRefresher(model);
    return () => refresher.stop();
  },
};
