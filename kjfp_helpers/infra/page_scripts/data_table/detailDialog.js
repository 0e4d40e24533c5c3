// What stands behind a row, over the table, with the way to the rows beside it.

import { button, make } from "./elements.js";

export class DetailDialog {
  /** @param {{step(by: number): void, act(act: string): void, close(): void}} acts */
  constructor(acts) {
    this.acts = acts;
    this.title = make("h3", { id: `kt-${Math.random().toString(36).slice(2)}` });
    this.body = make("div", { className: "kt-body", tabIndex: 0 });
    this.back = button("上一行", () => acts.step(-1));
    this.forth = button("下一行", () => acts.step(1));
    const tools = make("span", { className: "kt-end" }, this.back, this.forth);
    tools.append(button("关闭", () => this.close()));
    const head = make("div", { className: "kt-bar" }, this.title, tools);
    this.node = make("dialog", { className: "kt-detail", onclose: acts.close }, head, this.body);
    this.node.setAttribute("aria-labelledby", this.title.id);
    this.body.setAttribute("aria-labelledby", this.title.id);
    this.body.setAttribute("role", "region");
    this.body.addEventListener("click", ({ target }) => {
      const chosen = target instanceof Element ? target.closest("button[data-act]") : null;
      if (!(chosen instanceof HTMLElement)) return;
      acts.act(chosen.dataset.act);
      this.close();
    });
    this.node.addEventListener("keydown", (event) => {
      if (event.key === "Escape") {
        event.preventDefault();
        this.close();
      }
      const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
      if (by && !event.ctrlKey && !event.altKey && !event.metaKey) acts.step(by);
    });
  }

  /** Close now: a detail that arrives before the browser's own event opens nothing. */
  close() {
    this.node.close();
    this.acts.close();
  }

  /** @param {string} title @param {string} html @param {boolean} first @param {boolean} last */
  show(title, html, first, last) {
    this.title.textContent = title;
    this.body.innerHTML = html;
    this.body.scrollTop = 0;
    this.back.disabled = first;
    this.forth.disabled = last;
    if (this.node.open) return;
    this.node.showModal();
    this.body.focus();
  }
}
