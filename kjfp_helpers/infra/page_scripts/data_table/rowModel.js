// Order, filters and search over the rows of a table. It knows nothing of the page.

/** Chinese in the order of its sounds, figures within a text by their size. */
const collator = new Intl.Collator("zh-CN", { numeric: true });
/** @type {Record<string, string>} */
const ENTITIES = { "&lt;": "<", "&gt;": ">", "&#34;": '"', "&#39;": "'", "&amp;": "&" };

/** @param {string} html @returns {string} */
export function plainText(html) {
  if (!/[<&]/.test(html)) return html;
  const words = html.replace(/<br>/g, " ").replace(/<[^>]*>/g, "");
  return words.replace(/&(?:lt|gt|amp|#34|#39);/g, (entity) => ENTITIES[entity]);
}

/** Full and half width, large and small letters are the same to a search. @param {string} text */
function fold(text) {
  return text.normalize("NFKC").toLowerCase();
}

/** @param {number | string} one @param {number | string} other */
function compare(one, other) {
  if (typeof one === "number" && typeof other === "number") return one - other;
  if (typeof one === "number" || typeof other === "number") return typeof one === "number" ? -1 : 1;
  return collator.compare(one, other);
}

export class RowModel {
  /** @param {TableRow[]} rows @param {number} filters how many there are */
  constructor(rows, filters) {
    this.rows = rows;
    /** @type {string[]} */
    this.chosen = Array.from({ length: filters }, () => "");
    /** @type {string[]} */
    this.terms = [];
    this.column = -1;
    this.descending = false;
    /** @type {Map<number, Float64Array>} */
    this.ranks = new Map();
  }

  /** Take over what was chosen in an earlier state of the table. @param {RowModel} earlier */
  resume(earlier) {
    if (earlier.chosen.length === this.chosen.length) this.chosen = earlier.chosen;
    this.terms = earlier.terms;
    this.column = earlier.column;
    this.descending = earlier.descending;
  }

  get isNarrowed() {
    return this.terms.length > 0 || this.chosen.some(Boolean);
  }

  /** Every word, between spaces, must stand somewhere in the row. @param {string} text */
  search(text) {
    this.terms = fold(text).split(/\s+/).filter(Boolean);
  }

  /** Keep the rows with a word; the same word again lifts the filter. @param {number} filter @param {string} word */
  choose(filter, word) {
    this.chosen[filter] = this.chosen[filter] === word ? "" : word;
  }

  clear() {
    this.terms = [];
    this.chosen.fill("");
  }

  /** Rising, then falling, then the order in which the rows came. @param {number} column */
  sortBy(column) {
    if (this.column !== column) [this.column, this.descending] = [column, false];
    else if (!this.descending) this.descending = true;
    else this.column = -1;
  }

  /** @returns {number[]} places of the rows to be shown, in order; missing values stand last */
  shown() {
    const kept = this.kept(-1);
    if (this.column < 0) return kept;
    const rank = this.rankOf(this.column);
    const sign = this.descending ? -1 : 1;
    return kept.sort((a, b) => {
      if (rank[a] < 0 || rank[b] < 0) return Number(rank[a] < 0) - Number(rank[b] < 0) || a - b;
      return sign * (rank[a] - rank[b]) || a - b;
    });
  }

  /** How many rows each word of a filter would leave, under the search and the other filters. @param {number} filter */
  counts(filter) {
    /** @type {Map<string, number>} */
    const found = new Map();
    for (const place of this.kept(filter)) {
      for (const word of new Set(this.rows[place].groups[filter])) found.set(word, (found.get(word) ?? 0) + 1);
    }
    return found;
  }

  /** @param {number} apart a filter that is left out @returns {number[]} */
  kept(apart) {
    const asked = this.chosen.flatMap((word, filter) => (word && filter !== apart ? [{ word, filter }] : []));
    return this.rows.flatMap((row, place) =>
      asked.every(({ word, filter }) => row.groups[filter].includes(word)) && this.matches(row) ? [place] : [],
    );
  }

  /** @param {TableRow} row */
  matches(row) {
    if (!this.terms.length) return true;
    row.text ??= row.cells.map(([html]) => plainText(html)).join(" ");
    const text = fold(row.text);
    return this.terms.every((term) => text.includes(term));
  }

  /** Place of each row in a column's order, -1 where its value is missing. @param {number} column */
  rankOf(column) {
    let ranks = this.ranks.get(column);
    if (!ranks) {
      const keys = this.rows.map(({ cells }) => keyOf(cells[column]));
      ranks = new Float64Array(keys.length).fill(-1);
      const order = keys.flatMap((key, place) => (key === null ? [] : [place]));
      order.sort((a, b) => compare(keys[a], keys[b]));
      for (const [at, place] of order.entries()) {
        const before = order[at - 1];
        ranks[place] = at && compare(keys[before], keys[place]) === 0 ? ranks[before] : at;
      }
      this.ranks.set(column, ranks);
    }
    return ranks;
  }
}

/** @param {TableCell | undefined} cell @returns {number | string | null} */
function keyOf(cell) {
  if (!cell) return null;
  return cell[1] === undefined ? plainText(cell[0]) : cell[1];
}
