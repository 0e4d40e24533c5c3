// A table on a screen: the kernel sends the rows once, and again when they changed.

import { make } from "./elements.js";
import { TableView } from "./tableView.js";

const PATIENCE = 2_000; // milliseconds after which the table is asked for again; twice as long each time

class KernelTable {
  /** @param {TableModel} model @param {HTMLElement} element */
  constructor(model, element) {
    this.model = model;
    this.element = element;
    this.edition = 0;
    /** @type {TableView | null} */
    this.view = null;
    /** @param {any} message @param {DataView[]} buffers */
    this.onMessage = (message, buffers) => this.receive(message, buffers);
    model.on("msg:custom", this.onMessage);
    this.ask(PATIENCE);
  }

  /**
   * Ask for the table until it is here: a page that still connects to its kernel drops what comes.
   *
   * @param {number} wait
   */
  ask(wait) {
    this.model.send({ type: "hello" });
    this.timer = setTimeout(() => this.ask(2 * wait), wait);
  }

  /** @param {string} type @param {object} message */
  send(type, message) {
    this.model.send({ type, edition: this.edition, ...message });
  }

  /** @param {any} message @param {DataView[]} buffers */
  receive(message, buffers) {
    if (message.type === "table") this.draw(message);
    else if (message.edition !== this.edition) return;
    else if (message.type === "total") this.view.setTotal(message.total);
    else if (message.type === "detail") this.view.showDetail(message.row, message.title, message.html);
    else if (message.type === "file") save(message.name, buffers[0]);
  }

  /** @param {any} message */
  draw(message) {
    clearTimeout(this.timer);
    if (this.edition === message.edition) return;
    this.edition = message.edition;
    if (this.view?.takes(message)) return this.view.renew(message);
    const earlier = this.view?.model;
    this.view?.close();
    this.view = new TableView(
      this.element,
      message,
      {
        open: message.opens ? (row) => this.send("open", { row }) : undefined,
        act: (row, act) => this.send("act", { row, act }),
        save: (rows) => this.send("save", { rows }),
        narrowed: message.totals ? (rows) => this.send("total", { rows }) : undefined,
      },
      earlier,
    );
  }

  close() {
    clearTimeout(this.timer);
    this.view?.close();
    this.model.off("msg:custom", this.onMessage);
  }
}

/** @param {string} name @param {DataView} bytes */
function save(name, bytes) {
  const address = URL.createObjectURL(new Blob([/** @type {BlobPart} */ (bytes)]));
  make("a", { href: address, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}

export default {
  /** @param {{model: TableModel, el: HTMLElement}} widget */
  render({ model, el }) {
    const table = new KernelTable(model, el);
    return () => table.close();
  },
};
