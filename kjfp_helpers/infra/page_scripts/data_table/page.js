// The tables of a written page: read from the page itself, which is complete without this script.

import { make } from "./elements.js";
import { offerPageExport, readTexts, saveWorkbook } from "./pageExport.js";
import { TableView } from "./tableView.js";

/** Tones of a filter's words in the order shown: what waits for somebody first. */
const TONES = ["bad", "warn", "info", "plain", "", "good"];
const FIGURE = /^-?[\d,]+(?:\.\d+)?%?$/;

/** @param {HTMLTableCellElement} cell @returns {TableCell} */
function readCell(cell) {
  const words = cell.textContent.trim();
  const given = cell.dataset.key ?? words;
  const key = FIGURE.test(given) ? Number(given.replace(/[,%]/g, "")) : given;
  return [words, words === "—" || words === "" ? null : key, cell.colSpan];
}

/** The state words of a cell, without the numbers behind them. @param {HTMLTableCellElement} cell */
function readWords(cell) {
  const chips = [...cell.querySelectorAll(".chip")];
  const words = (chips.length ? chips : [cell]).map(({ textContent }) => textContent.trim());
  return words.map((word) => word.replace(/\d+类$/, ""));
}

/** @param {HTMLTableCellElement[][]} cells @param {number} at @returns {TableFilter["values"]} */
function readValues(cells, at) {
  /** @type {Map<string, string>} */
  const tones = new Map();
  for (const row of cells) {
    const chips = [...row[at].querySelectorAll(".chip")];
    for (const [place, word] of readWords(row[at]).entries()) {
      if (!tones.has(word)) tones.set(word, chips[place]?.className.replace("chip", "").trim() ?? "");
    }
  }
  const values = [...tones].map(([word, tone]) => ({ word, tone }));
  return values.sort((one, other) => TONES.indexOf(one.tone) - TONES.indexOf(other.tone));
}

/** @param {HTMLTableElement} table */
function enliven(table) {
  const heads = [...table.tHead.rows[0].cells];
  const titles = readTexts(heads);
  const nodes = [...table.tBodies[0].rows];
  const cells = nodes.map((node) => [...node.cells]);
  const filtered = heads.flatMap((head, at) => (head.dataset.filter === undefined ? [] : [at]));
  const heading = Number(table.dataset.heading ?? 0);
  for (const [at, node] of nodes.entries()) {
    node.tabIndex = -1;
    node.dataset.row = String(at);
    for (const cell of cells[at]) cell.classList.toggle("kt-right", cell.classList.contains("n"));
    cells[at][heading].classList.add("kt-heading");
  }
  return new TableView(
    make("div", {}),
    {
      table,
      title: table.dataset.table,
      columns: heads.map((head, at) => ({
        title: head.textContent,
        right: head.classList.contains("n"),
        nowrap: false,
        heading: at === heading,
      })),
      rows: nodes.map((node, at) => ({
        node,
        cells: cells[at].map(readCell),
        groups: filtered.map((column) => readWords(cells[at][column])),
      })),
      filters: filtered.map((at) => ({ title: heads[at].textContent, values: readValues(cells, at) })),
      total: null,
      empty: "",
      chip: "chip",
    },
    {
      save: (shown) =>
        saveWorkbook(table.dataset.table, [
          { title: table.dataset.table, heads: titles, rows: shown.map((at) => readTexts(cells[at])) },
        ]),
    },
  );
}

offerPageExport(); // before the tables are taken over: a window of rows is not all of them
for (const table of document.querySelectorAll("table[data-table]")) enliven(/** @type {HTMLTableElement} */ (table));
