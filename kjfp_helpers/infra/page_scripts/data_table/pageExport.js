// Saves tables of a written page as a workbook.

import { button } from "./elements.js";
import { writeWorkbook } from "./workbook.js";

/** @param {string} name @param {{title: string, heads: string[], rows: string[][]}[]} sheets */
export function saveWorkbook(name, sheets) {
  const link = document.createElement("a");
  const type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
  link.href = URL.createObjectURL(new Blob(/** @type {BlobPart[]} */ (writeWorkbook(sheets)), { type }));
  link.download = `${name.replace(/[\\/:*?"<>|]/g, " ")}.xlsx`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

/** The words of cells as they are seen, lines kept. @param {Iterable<HTMLTableCellElement>} cells */
export function readTexts(cells) {
  return Array.from(cells, (cell) => (cell.innerText || cell.textContent).trim());
}

/** Offer all tables of a report as one workbook, a sheet each, named by the heading above. */
export function offerPageExport() {
  /** @type {NodeListOf<HTMLTableElement>} */
  const found = document.querySelectorAll("main table.report");
  const place = document.querySelector("body:not(.index) > nav");
  if (!found.length || !place) return;
  const tables = Array.from(found, (table) => ({
    title: headingOf(table),
    head: table.tHead.rows[0],
    rows: [...table.tBodies[0].rows], // a long table will hold those in view only
  }));
  const read = () =>
    tables.map(({ title, head, rows }) => ({
      title,
      heads: readTexts(head.cells),
      rows: rows.map(({ cells }) => readTexts(cells)),
    }));
  place.append(button("导出本页各表为 xlsx", () => saveWorkbook(document.title, read()), "page-export"));
}

/** @param {Element} table */
function headingOf(table) {
  const above = [...document.querySelectorAll("main :is(h1, h2, h3)")].filter(
    (heading) => heading.compareDocumentPosition(table) & Node.DOCUMENT_POSITION_FOLLOWING,
  );
  return above.at(-1)?.textContent.replace(/^[一二三四五六七八九十]+、/, "") ?? "";
}
