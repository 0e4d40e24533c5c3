// A workbook of texts and figures, written in the page: what a written page can export without a server.

const TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let rest = byte;
  for (let bit = 0; bit < 8; bit++) rest = rest & 1 ? 0xedb88320 ^ (rest >>> 1) : rest >>> 1;
  return rest;
});
const HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
const MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"';
const OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const PACKAGE = "http://schemas.openxmlformats.org/package/2006/";
const TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.";
/** Style of a figure: its number format, by whether it has thousands, decimals or is a share. */
const FORMATS = { plain: 0, head: 1, thousands: 2, percent: 3, decimals: 4 };
const STYLES =
  `<styleSheet ${MAIN}><fonts count="2"><font><sz val="11"/><name val="等线"/></font>` +
  '<font><b/><sz val="11"/><name val="等线"/></font></fonts><fills count="1"><fill><patternFill patternType="none"/></fill></fills>' +
  '<borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="5">' +
  [0, 0, 3, 10, 2]
    .map(
      (format, at) =>
        `<xf numFmtId="${format}" fontId="${at === 1 ? 1 : 0}" applyNumberFormat="1" applyAlignment="1">` +
        '<alignment vertical="top" wrapText="1"/></xf>',
    )
    .join("") +
  '</cellXfs><cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>';

/** @param {string} text */
function escapeXml(text) {
  return text
    .replace(/(?![\t\n\r])[\p{Cc}\p{Cs}\ufffe\uffff]/gu, "")
    .replace(/[&<>]/g, (sign) => `&#${sign.charCodeAt(0)};`);
}

/** A figure that is no code and no personal number. @param {string} text @returns {[number, number] | null} */
function readFigure(text) {
  if (!/^-?(?:\d{1,3}(?:,\d{3})+|\d{1,9})(?:\.\d+)?%?$/.test(text) || /^-?0\d/.test(text)) return null;
  const value = Number(text.replace(/[,%]/g, ""));
  if (text.endsWith("%")) return [value / 100, FORMATS.percent];
  if (text.includes(".")) return [value, FORMATS.decimals];
  return [value, text.includes(",") ? FORMATS.thousands : FORMATS.plain];
}

/** @param {number} at @returns {string} */
function columnName(at) {
  return at < 26 ? String.fromCharCode(65 + at) : columnName(Math.floor(at / 26) - 1) + columnName(at % 26);
}

/** @param {string[]} cells @param {number} row @param {boolean} isHead */
function rowXml(cells, row, isHead) {
  const written = cells.map((text, at) => {
    const place = `r="${columnName(at)}${row}"`;
    const figure = isHead ? null : readFigure(text);
    if (figure) return `<c ${place} s="${figure[1]}"><v>${figure[0]}</v></c>`;
    return `<c ${place} s="${isHead ? FORMATS.head : 0}" t="inlineStr"><is><t xml:space="preserve">${escapeXml(text)}</t></is></c>`;
  });
  return `<row r="${row}">${written.join("")}</row>`;
}

/** Characters that a text takes, a Chinese one two. @param {string} text */
function textWidth(text) {
  return Math.max(...text.split("\n").map((line) => line.length + (line.match(/[\u2e80-\uffff]/g) ?? []).length));
}

/** @param {{heads: string[], rows: string[][]}} sheet */
function sheetXml({ heads, rows }) {
  const widths = heads.map((head, at) => {
    const widest = Math.max(textWidth(head), ...rows.map((row) => textWidth(row[at] ?? "")));
    return `<col min="${at + 1}" max="${at + 1}" width="${Math.min(60, widest + 3)}" customWidth="1"/>`;
  });
  const lines = [heads, ...rows].map((cells, at) => rowXml(cells, at + 1, at === 0));
  return (
    `<worksheet ${MAIN}><sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" state="frozen"/></sheetView></sheetViews>` +
    `<cols>${widths.join("")}</cols><sheetData>${lines.join("")}</sheetData></worksheet>`
  );
}

/** Names of sheets: short, without the signs that Excel forbids, none twice. @param {string[]} titles */
function sheetNames(titles) {
  /** @type {string[]} */
  const names = [];
  for (const title of titles) {
    const stem =
      title
        .replace(/[[\]:*?/\\']/g, " ")
        .trim()
        .slice(0, 28) || "表";
    let name = stem;
    for (let number = 2; names.includes(name); number++) name = `${stem} ${number}`;
    names.push(name);
  }
  return names;
}

/** @param {Uint8Array} bytes */
function checksum(bytes) {
  let rest = 0xffffffff;
  for (const byte of bytes) rest = TABLE[(rest ^ byte) & 255] ^ (rest >>> 8);
  return (rest ^ 0xffffffff) >>> 0;
}

/** @param {number[]} parts pairs of a size in bytes and a number */
function pack(...parts) {
  const bytes = [];
  for (let at = 0; at < parts.length; at += 2)
    for (let byte = 0; byte < parts[at]; byte++) bytes.push((parts[at + 1] >>> (8 * byte)) & 255);
  return Uint8Array.from(bytes);
}

/** Files, not compressed, as one archive. @param {[string, string][]} files @returns {Uint8Array[]} */
function zip(files) {
  /** @type {Uint8Array[]} */
  const bodies = [];
  /** @type {Uint8Array[]} */
  const directory = [];
  let offset = 0;
  for (const [path, text] of files) {
    const name = new TextEncoder().encode(path);
    const data = new TextEncoder().encode(HEAD + text);
    const about = pack(
      2,
      20,
      2,
      0x800,
      2,
      0,
      2,
      0,
      2,
      0x21,
      4,
      checksum(data),
      4,
      data.length,
      4,
      data.length,
      2,
      name.length,
      2,
      0,
    );
    bodies.push(pack(4, 0x04034b50), about, name, data);
    directory.push(pack(4, 0x02014b50, 2, 20), about, pack(2, 0, 2, 0, 2, 0, 4, 0, 4, offset), name);
    offset += 30 + name.length + data.length;
  }
  const size = directory.reduce((sum, part) => sum + part.length, 0);
  const end = pack(4, 0x06054b50, 2, 0, 2, 0, 2, files.length, 2, files.length, 4, size, 4, offset, 2, 0);
  return [...bodies, ...directory, end];
}

/**
 * Write tables as the sheets of a workbook; what looks like a figure is one, all else stays text.
 *
 * @param {{title: string, heads: string[], rows: string[][]}[]} sheets
 * @returns {Uint8Array[]} the parts of the file, in order
 */
export function writeWorkbook(sheets) {
  const names = sheetNames(sheets.map(({ title }) => title));
  const numbers = sheets.map((_, at) => at + 1);
  const part = (/** @type {string} */ path, /** @type {string} */ type) =>
    `<Override PartName="/xl/${path}.xml" ContentType="${TYPE}${type}+xml"/>`;
  const relation = (/** @type {number} */ id, /** @type {string} */ type, /** @type {string} */ target) =>
    `<Relationship Id="r${id}" Type="${OFFICE}/${type}" Target="${target}"/>`;
  return zip([
    [
      "[Content_Types].xml",
      `<Types xmlns="${PACKAGE}content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>` +
        `${part("workbook", "sheet.main")}${part("styles", "styles")}${numbers.map((at) => part(`worksheets/sheet${at}`, "worksheet")).join("")}</Types>`,
    ],
    [
      "_rels/.rels",
      `<Relationships xmlns="${PACKAGE}relationships">${relation(1, "officeDocument", "xl/workbook.xml")}</Relationships>`,
    ],
    [
      "xl/workbook.xml",
      `<workbook ${MAIN} xmlns:r="${OFFICE}"><sheets>` +
        `${numbers.map((at) => `<sheet name="${escapeXml(names[at - 1])}" sheetId="${at}" r:id="r${at}"/>`).join("")}</sheets></workbook>`,
    ],
    [
      "xl/_rels/workbook.xml.rels",
      `<Relationships xmlns="${PACKAGE}relationships">${numbers.map((at) => relation(at, "worksheet", `worksheets/sheet${at}.xml`)).join("")}` +
        `${relation(sheets.length + 1, "styles", "styles.xml")}</Relationships>`,
    ],
    ["xl/styles.xml", STYLES],
    ...sheets.map(
      (sheet, at) => /** @type {[string, string]} */ ([`xl/worksheets/sheet${at + 1}.xml`, sheetXml(sheet)]),
    ),
  ]);
}
