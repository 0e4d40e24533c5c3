// What stands behind a row, over the table, with the way to the rows beside it.

import { button, make } from "./elements.js";

export class DetailDialog {
  /** @param {{step(by: number): void, act(act: string): void, leave(): void, close(): void}} acts */
  constructor(acts) {
    this.title = make("h3", { id: `kt-${Math.random().toString(36).slice(2)}` });
    this.body = make("div", { className: "kt-body", tabIndex: 0 });
    this.back = button("上一行", () => acts.step(-1));
    this.forth = button("下一行", () => acts.step(1));
    const tools = make("span", { className: "kt-end" }, this.back, this.forth);
    tools.append(button("关闭", () => this.leave(acts)));
    const head = make("div", { className: "kt-bar" }, this.title, tools);
    const told = { oncancel: acts.leave, onclose: acts.close };
    this.node = make("dialog", { className: "kt-detail", ...told }, head, this.body);
    this.node.setAttribute("aria-labelledby", this.title.id);
    this.body.setAttribute("aria-labelledby", this.title.id);
    this.body.setAttribute("role", "region");
    this.body.addEventListener("click", ({ target }) => {
      const chosen = target instanceof Element ? target.closest("button[data-act]") : null;
      if (!(chosen instanceof HTMLElement)) return;
      this.leave(acts);
      acts.act(chosen.dataset.act);
    });
    this.node.addEventListener("keydown", (event) => {
      const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
      if (by && !event.ctrlKey && !event.altKey && !event.metaKey) acts.step(by);
    });
  }

  /** Close; what was asked for and comes before the browser tells of it opens nothing. @param {{leave(): void}} acts */
  leave(acts) {
    acts.leave();
    this.node.close();
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
