// A table: heads that sort, rows that are walked and opened by key, a first column, a head and a total
// that stay in view.

import { DetailDialog } from "./detailDialog.js";
import { make } from "./elements.js";
import { RowModel } from "./rowModel.js";
import { RowWindow } from "./rowWindow.js";
import { Toolbar } from "./toolbar.js";

/** Rows by whose texts the widths of the columns are found. */
const SAMPLE = 40;
/** Rows up to which all stand in the page: on a screen, and in a written page, where readers use the browser's search. */
const ALL_UP_TO = { screen: 60, page: 300 };
/** How far a key goes. @type {Record<string, number>} */
const STEPS = { ArrowDown: 1, ArrowUp: -1, PageDown: 10, PageUp: -10, Home: -1e9, End: 1e9 };

export class TableView {
  /** @param {HTMLElement} root @param {TableData} data @param {TableActs} acts @param {RowModel} [earlier] */
  constructor(root, data, acts, earlier) {
    this.root = root;
    this.data = data;
    this.acts = acts;
    this.model = new RowModel(data.rows, data.filters.length);
    if (earlier) this.model.resume(earlier);
    /** @type {number[]} */
    this.order = [];
    this.current = 0;
    /** The row whose detail was asked for last, and the one whose detail is to be seen; -1 for none. */
    this.asked = -1;
    this.opened = -1;
    this.width = 0;
    this.toolbar = new Toolbar(data, {
      search: (text) => this.narrow(() => this.model.search(text)),
      choose: (filter, word) => this.narrow(() => this.model.choose(filter, word)),
      clear: () => this.narrow(() => this.clear()),
      save: acts.save && (() => acts.save(this.order)),
      leave: () => this.step(0),
    });
    this.toolbar.search.value = this.model.terms.join(" ");
    this.table = data.table ?? make("table", { className: "kt-table" });
    this.body = this.table.tBodies[0] ?? this.table.createTBody();
    this.columns = data.columns.map(() => make("col", {}));
    this.table.prepend(make("colgroup", {}, ...this.columns));
    this.heads = this.head();
    this.foot();
    this.table.setAttribute("aria-rowcount", String(data.rows.length + 1));
    this.scroll = make("div", { className: "kt-scroll", tabIndex: 0, role: "region", ariaLabel: data.title });
    this.nothing = make("p", { className: "kt-empty" }, data.empty || "没有内容");
    this.dialog =
      acts.open &&
      new DetailDialog({
        step: (by) => this.openBeside(by),
        act: (act) => this.opened >= 0 && acts.act(this.opened, act),
        close: () => {
          if (this.asked < 0) return;
          this.asked = this.opened = -1;
          this.step(0);
        },
      });
    data.table?.replaceWith(root);
    this.scroll.append(this.table);
    root.classList.add("kt");
    root.replaceChildren(this.toolbar.node, this.scroll, this.nothing);
    if (this.dialog) root.append(this.dialog.node);
    this.window = new RowWindow(
      this.scroll,
      this.body,
      (row) => this.node(row),
      ALL_UP_TO[data.table ? "page" : "screen"],
    );
    this.listen();
    this.narrow(() => undefined);
  }

  listen() {
    this.scroll.addEventListener("keydown", (event) => this.onKey(event));
    this.body.addEventListener("click", (event) => this.onClick(event));
    this.observer = new ResizeObserver(() => this.fit());
    this.observer.observe(this.scroll);
    this.onPrint = () => this.window.setWhole(true);
    this.onPrinted = () => this.window.setWhole(false);
    window.addEventListener("beforeprint", this.onPrint);
    window.addEventListener("afterprint", this.onPrinted);
  }

  /** Whether other rows can be shown in the same table. @param {TableData} data */
  takes(data) {
    const { columns, filters, total } = this.data;
    return (
      JSON.stringify([columns, filters.map(({ title }) => title), !total]) ===
      JSON.stringify([data.columns, data.filters.map(({ title }) => title), !data.total])
    );
  }

  /** Show other rows; what was typed, chosen and opened stays, and the place in the table. @param {TableData} data */
  renew(data) {
    const { data: before, model, asked } = this;
    const walked = this.body.contains(document.activeElement);
    const top = this.scroll.scrollTop;
    const [current, seen, wanted] = [this.order[this.current], this.opened, asked].map((row) =>
      rowLike(before, row, data),
    );
    this.data = data;
    this.model = new RowModel(data.rows, data.filters.length);
    this.model.resume(model);
    this.toolbar.offer(data);
    this.setTotal(data.total);
    this.table.setAttribute("aria-rowcount", String(data.rows.length + 1));
    this.narrow(() => undefined);
    this.width = 0;
    this.fit();
    this.scroll.scrollTop = top;
    this.window.follow();
    this.current = Math.max(0, this.order.indexOf(current));
    if (walked) this.step(0);
    this.opened = seen;
    this.asked = wanted;
    if (!this.dialog?.node.open) return;
    if (wanted < 0) this.dialog.node.close();
    else if (seen !== wanted || !isSame(before.rows[asked], data.rows[wanted])) this.ask(wanted);
  }

  close() {
    this.observer.disconnect();
    window.removeEventListener("beforeprint", this.onPrint);
    window.removeEventListener("afterprint", this.onPrinted);
  }

  clear() {
    this.model.clear();
    this.toolbar.search.value = "";
  }

  head() {
    const row = this.table.tHead?.rows[0] ?? this.table.createTHead().insertRow();
    return this.data.columns.map(({ title, right, heading }, at) => {
      const head = row.cells[at] ?? row.appendChild(make("th", {}, title));
      head.scope = "col";
      head.classList.toggle("kt-right", right);
      head.classList.toggle("kt-heading", heading);
      const sort = make("button", { type: "button", className: "kt-sort", tabIndex: at ? -1 : 0 });
      sort.append(...head.childNodes);
      sort.onclick = () => this.sortBy(at);
      sort.onkeydown = (event) => this.onHeadKey(event, at);
      head.replaceChildren(sort);
      return head;
    });
  }

  foot() {
    if (!this.data.total) return;
    const row = this.table.createTFoot().insertRow();
    this.totals = this.data.columns.map(({ right, heading }) =>
      row.appendChild(make("td", { className: classes({ right, heading, nowrap: true }) })),
    );
    this.setTotal(this.data.total);
  }

  /** @param {string[]} total */
  setTotal(total) {
    for (const [at, cell] of (this.totals ?? []).entries()) cell.innerHTML = total[at];
  }

  /** @param {number} place @returns {HTMLTableRowElement} */
  node(place) {
    const row = this.data.rows[place];
    if (row.node) return row.node;
    row.node = make("tr", { tabIndex: -1 });
    row.node.dataset.row = String(place);
    for (const [at, [html, , span]] of row.cells.entries()) {
      const column = this.data.columns[at];
      const tag = column.heading ? "th" : "td";
      const cell = make(tag, { className: span ? "" : classes(column), innerHTML: html, colSpan: span ?? 1 });
      if (column.heading) cell.setAttribute("scope", "row");
      if (column.heading && this.acts.open) {
        const open = make("button", { type: "button", className: "kt-open", tabIndex: -1 }, ...cell.childNodes);
        cell.append(open);
      }
      row.node.append(cell);
    }
    return row.node;
  }

  /** @param {number} column */
  sortBy(column) {
    this.model.sortBy(column);
    this.show();
  }

  /** @param {() => void} change */
  narrow(change) {
    change();
    this.show();
    this.toolbar.update(this.model, this.order.length);
    this.nothing.hidden = this.order.length > 0;
    this.scroll.hidden = !this.order.length;
    this.nothing.textContent = this.model.isNarrowed ? "没有符合条件的行，请放宽条件。" : this.data.empty;
    this.toolbar.node.hidden = !this.data.rows.length;
    if (this.model.isNarrowed || this.totalled) this.acts.narrowed?.(this.order);
    this.totalled = this.model.isNarrowed;
  }

  show() {
    this.order = this.model.shown();
    this.current = 0;
    for (const [at, place] of this.order.entries()) {
      const node = this.data.rows[place].node;
      if (node) node.ariaRowIndex = String(at + 2);
    }
    for (const [at, head] of this.heads.entries()) {
      head.ariaSort = at !== this.model.column ? null : this.model.descending ? "descending" : "ascending";
    }
    this.window.show(this.order);
  }

  /** Widths that fit the longest texts, the same however the rows are sorted and narrowed. */
  fit() {
    const room = this.scroll.clientWidth;
    if (!room || room === this.width) return;
    this.width = room;
    this.table.style.cssText = "";
    for (const column of this.columns) column.style.width = "";
    const sample = this.longest().map((place) => this.node(place));
    this.body.append(...sample.filter((row) => !row.isConnected));
    const least = this.data.columns.map((column, at) => leastWidth(column, sample, at));
    for (const [at, head] of this.heads.entries()) head.style.minWidth = least[at];
    const widths = this.heads.map((head) => head.getBoundingClientRect().width);
    for (const [at, column] of this.columns.entries()) column.style.width = `${widths[at]}px`;
    const sum = widths.reduce((total, width) => total + width, 0);
    this.table.style.cssText = `table-layout: fixed; width: ${sum}px`;
    this.scroll.style.setProperty("--kt-head", `${this.table.tHead.offsetHeight}px`);
    this.scroll.style.setProperty("--kt-foot", `${this.table.tFoot?.offsetHeight ?? 0}px`);
    this.window.forgetHeights();
  }

  /** Some rows, and for each column the one with the longest text. @returns {number[]} */
  longest() {
    const { rows, columns } = this.data;
    const found = new Set(rows.slice(0, SAMPLE).keys());
    for (const at of columns.keys()) {
      let longest = 0;
      for (const [place, { cells }] of rows.entries()) {
        if (cells[at] && !cells[at][2] && cells[at][0].length > (rows[longest].cells[at]?.[0].length ?? 0))
          longest = place;
      }
      if (rows.length) found.add(longest);
    }
    return [...found];
  }

  /** Go so many rows on. @param {number} by */
  step(by) {
    if (!this.order.length) return;
    this.current = Math.max(0, Math.min(this.order.length - 1, this.current + by));
    this.window.reveal(this.current).focus({ preventScroll: true });
  }

  /** @param {KeyboardEvent} event */
  onKey(event) {
    const { target, key } = event;
    if (!(target instanceof HTMLElement) || event.ctrlKey || event.altKey || event.metaKey) return;
    const walks = target === this.scroll || target.matches("tr");
    if (walks && key in STEPS) {
      event.preventDefault();
      if (target === this.scroll) this.step(0);
      else if (key === "ArrowUp" && !this.current) this.heads[0].querySelector("button").focus();
      else this.step(STEPS[key]);
    } else if (target.matches("tr") && key === "Enter") {
      event.preventDefault();
      this.open(target);
    }
  }

  /** @param {KeyboardEvent} event @param {number} at */
  onHeadKey(event, at) {
    const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key] ?? 0;
    const next = this.heads[at + by]?.querySelector("button");
    if (by && next) {
      for (const head of this.heads) head.querySelector("button").tabIndex = -1;
      next.tabIndex = 0;
      next.focus();
    } else if (event.key === "ArrowDown") this.step(0);
    else return;
    event.preventDefault();
  }

  /** @param {MouseEvent} event */
  onClick({ target }) {
    if (!(target instanceof Element)) return;
    const row = /** @type {HTMLTableRowElement | null} */ (target.closest("tr[data-row]"));
    if (!row || target.closest("a, summary")) return;
    this.current = this.order.indexOf(Number(row.dataset.row));
    if (target.closest(".kt-open")) this.open(row);
    else if (!String(getSelection())) row.focus({ preventScroll: true });
  }

  /** @param {HTMLElement} row */
  open(row) {
    if (this.acts.open) this.ask(Number(row.dataset.row));
    else row.querySelector("a")?.click();
  }

  /** @param {number} by */
  openBeside(by) {
    const next = this.current + by;
    if (next < 0 || next >= this.order.length) return;
    this.current = next;
    this.window.reveal(next);
    this.ask(this.order[next]);
  }

  /** @param {number} row */
  ask(row) {
    this.asked = row;
    this.acts.open(row);
  }

  /** Show what stands behind a row, unless another was asked for since, or none. @param {number} row @param {string} title @param {string} html */
  showDetail(row, title, html) {
    if (row !== this.asked) return;
    this.opened = row;
    this.dialog.show(title, html, this.current === 0, this.current === this.order.length - 1);
  }
}

/** @param {TableRow} one @param {TableRow} other */
function isSame(one, other) {
  return JSON.stringify(one.cells) === JSON.stringify(other.cells);
}

/**
 * The place of a row among others of the same columns: by what stands up to its name, where no other
 * row has the same.
 *
 * @param {TableData} before @param {number} row @param {TableData} after @returns {number} -1 where it is not found
 */
function rowLike(before, row, after) {
  if (!before.rows[row]) return -1;
  const upTo = 1 + before.columns.findIndex(({ heading }) => heading);
  /** @param {TableRow} one */
  const keyOf = ({ cells }) => JSON.stringify(cells.slice(0, upTo).map(([html]) => html));
  const key = keyOf(before.rows[row]);
  const alone = before.rows.filter((one) => keyOf(one) === key).length === 1;
  const found = after.rows.flatMap((one, place) => (keyOf(one) === key ? [place] : []));
  return alone && found.length === 1 ? found[0] : -1;
}

/**
 * What a column of texts takes at least, so that a narrow screen scrolls sideways instead of showing a
 * sentence in a column of three characters.
 *
 * @param {TableColumn} column @param {HTMLTableRowElement[]} sample @param {number} at
 */
function leastWidth({ right, heading, nowrap }, sample, at) {
  if (right || nowrap) return "";
  const texts = sample.map(({ cells }) => (cells.length > at ? cells[at].innerText : ""));
  const longest = Math.max(0, ...texts.flatMap((text) => text.split("\n")).map(({ length }) => length));
  return `${heading ? Math.min(longest, 12) : longest > 24 ? 11 : Math.min(longest, 6)}em`;
}

/** @param {{right: boolean, heading: boolean, nowrap: boolean}} column */
function classes({ right, heading, nowrap }) {
  return [right && "kt-right", heading && "kt-heading", nowrap && "kt-nowrap"].filter(Boolean).join(" ");
}
