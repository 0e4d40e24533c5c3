/** Asks the kernel regularly, while the page is looked at, whether anything changed; opens files. */
class PageRefresher {
  /** @param {WidgetModel} model @param {HTMLElement} element */
  constructor(model, element) {
    this.model = model;
    this.element = element;
    this.ask = () => document.visibilityState === "visible" && this.model.send({ type: "tick" });
    document.addEventListener("visibilitychange", this.ask);
    /** @param {MouseEvent} event */
    this.onClick = (event) => this.openFile(event);
    document.addEventListener("click", this.onClick);
    this.schedule();
  }

  schedule() {
    this.timer = setTimeout(() => {
      this.ask();
      this.schedule();
    }, 1000 * /** @type {number} */ (this.model.get("seconds")));
  }

  /**
   * A file of the outputs lies at another address than the notebooks.
   *
   * @param {MouseEvent} event
   */
  openFile(event) {
    const { target } = event;
    const link = target instanceof Element ? target.closest("a[data-output]") : null;
    if (!link || !this.element.closest(".kjfp-panel")?.contains(link)) return;
    event.preventDefault();
    const { baseUrl } = JSON.parse(document.getElementById("jupyter-config-data").textContent);
    window.open(`${baseUrl}files/${link.getAttribute("data-output")}`, "_blank", "noopener");
  }

  stop() {
    clearTimeout(this.timer);
    document.removeEventListener("visibilitychange", this.ask);
    document.removeEventListener("click", this.onClick);
  }
}

export default {
  /** @param {{model: WidgetModel, el: HTMLElement}} widget */
  render({ model, el }) {
    const refresher = new PageRefresher(model, el);
    return () => refresher.stop();
  },
};
