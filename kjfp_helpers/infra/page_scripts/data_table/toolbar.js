// Above the table: search, filters with counts, how many rows are shown, export.

import { button, make } from "./elements.js";

/** Words up to which a filter is a line of buttons; beyond it is a list. */
const BUTTONS_UP_TO = 8;
/** Rows from which a search is offered. */
const SEARCH_FROM = 8;

/** One filter: its words with what each would leave. */
class Filter {
  /**
   * A filter by which hardly any two rows are alike is not offered.
   *
   * @param {TableFilter} about @param {number} rows @param {string} chip @param {(word: string) => void} choose
   */
  constructor({ title, values }, rows, chip, choose) {
    this.title = title;
    this.values = values;
    this.node = make("div", { className: "kt-filter", role: "group", ariaLabel: title });
    this.node.hidden = values.length < 2 || values.length * 4 > rows * 3;
    this.node.append(make("span", { className: "kt-title", ariaHidden: "true" }, title));
    if (values.length > BUTTONS_UP_TO) {
      this.list = make("select", { ariaLabel: title, onchange: () => choose(this.list.value) });
      this.node.append(this.list);
    } else {
      this.buttons = values.map(({ word, tone }) => {
        const node = button("", () => choose(word), `kt-chip ${chip} ${tone}`);
        this.node.append(node);
        return node;
      });
    }
  }

  /** @param {string} chosen @param {Map<string, number>} counts */
  update(chosen, counts) {
    const told = this.values.map(({ word }) => `${word} ${counts.get(word) ?? 0}`);
    if (this.list) {
      const options = this.values.map(({ word }, at) => new Option(told[at], word, false, word === chosen));
      this.list.replaceChildren(new Option("全部", ""), ...options);
      this.list.value = chosen;
    }
    for (const [at, node] of (this.buttons ?? []).entries()) {
      const { word } = this.values[at];
      node.textContent = told[at];
      node.ariaPressed = String(word === chosen);
      node.classList.toggle("kt-none-left", !counts.get(word) && word !== chosen);
    }
  }
}

export class Toolbar {
  /**
   * @param {TableData} data
   * @param {{search(text: string): void, choose(filter: number, word: string): void, clear(): void,
   *   save?(): void, leave(): void}} acts
   */
  constructor(data, acts) {
    this.acts = acts;
    /** @type {Filter[]} */
    this.filters = [];
    this.offered = "";
    this.search = make("input", {
      type: "search",
      placeholder: "查找",
      ariaLabel: `在“${data.title}”中查找`,
      oninput: () => acts.search(this.search.value),
    });
    this.search.addEventListener("keydown", (event) => event.key === "ArrowDown" && acts.leave());
    this.count = make("span", { className: "kt-count", role: "status" });
    this.clear = button("取消筛选", acts.clear);
    this.node = make("div", { className: "kt-bar" }, this.search);
    this.node.append(make("span", { className: "kt-end" }, this.count, this.clear));
    if (acts.save) this.node.lastElementChild.append(button("导出为 xlsx", acts.save));
    this.offer(data);
  }

  /** Offer the filters of the rows; the search stays as it is typed. @param {TableData} data */
  offer(data) {
    const offered = JSON.stringify([data.filters, data.rows.length]);
    if (offered === this.offered) return;
    this.offered = offered;
    for (const { node } of this.filters) node.remove();
    this.filters = data.filters.map(
      (about, at) => new Filter(about, data.rows.length, data.chip, (word) => this.acts.choose(at, word)),
    );
    this.search.after(...this.filters.map(({ node }) => node));
    this.search.hidden = data.rows.length < SEARCH_FROM;
  }

  /** @param {import("./rowModel.js").RowModel} model @param {number} shown */
  update(model, shown) {
    const all = model.rows.length;
    this.count.textContent = model.isNarrowed ? `${shown} / ${all} 行` : `${all} 行`;
    this.clear.hidden = !model.isNarrowed;
    for (const [at, filter] of this.filters.entries()) filter.update(model.chosen[at], model.counts(at));
  }
}
