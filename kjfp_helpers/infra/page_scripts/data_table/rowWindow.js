// The rows that stand in the page: all of a short table; of a long one those near what is looked at,
// with room above and below for the others. Rows differ in height: what was seen is known, the rest is
// guessed.

/** How far rows reach beyond the view, and how near the edge may come before more are put there, in pixels. */
const REACH = 900;
const NEAR = 200;
const GUESS = 34;

export class RowWindow {
  /**
   * @param {HTMLElement} scroll
   * @param {HTMLTableSectionElement} body
   * @param {(row: number) => HTMLTableRowElement} build
   * @param {number} most rows up to which all of them stand in the page
   */
  constructor(scroll, body, build, most) {
    this.scroll = scroll;
    this.body = body;
    this.build = build;
    this.most = most;
    /** @type {number[]} */
    this.order = [];
    /** @type {Float64Array} */
    this.heights = new Float64Array();
    this.first = 0;
    this.last = 0;
    this.whole = false;
    this.above = spacer();
    this.below = spacer();
    scroll.addEventListener("scroll", () => this.follow(), { passive: true });
  }

  /** Show rows from the top. @param {number[]} order */
  show(order) {
    this.order = order;
    this.heights = new Float64Array(order.length).fill(GUESS);
    this.scroll.scrollTop = 0;
    this.draw(...this.range(REACH));
  }

  /** Put every row into the page, as paper needs them, or only those near the view. @param {boolean} whole */
  setWhole(whole) {
    this.whole = whole;
    this.draw(...this.range(REACH));
  }

  /** Heights are no longer true: the columns have other widths. */
  forgetHeights() {
    this.heights.fill(GUESS);
    this.draw(...this.range(REACH));
  }

  follow() {
    const [first, last] = this.range(NEAR);
    if (first < this.first || last > this.last) this.draw(...this.range(REACH));
  }

  /** Bring a row into view. @param {number} place @returns {HTMLTableRowElement} */
  reveal(place) {
    if (place < this.first || place >= this.last) {
      this.scroll.scrollTop = this.offset(place) - this.scroll.clientHeight / 2;
      this.draw(...this.range(REACH));
    }
    const row = this.build(this.order[place]);
    row.scrollIntoView({ block: "nearest", inline: "nearest" });
    return row;
  }

  /** Rows within the view and so many pixels beyond it. @param {number} reach @returns {[number, number]} */
  range(reach) {
    const count = this.order.length;
    if (this.whole || count <= this.most) return [0, count];
    const top = this.scroll.scrollTop - reach;
    const bottom = this.scroll.scrollTop + this.scroll.clientHeight + reach;
    let first = 0;
    let offset = 0;
    while (first < count - 1 && offset + this.heights[first] < top) offset += this.heights[first++];
    let last = first;
    while (last < count && offset < bottom) offset += this.heights[last++];
    return [first, last];
  }

  /** @param {number} place */
  offset(place) {
    return this.heights.subarray(0, place).reduce((sum, height) => sum + height, 0);
  }

  /** Rows that stay are not touched, so that the focus and the view stay where they are. @param {number} first @param {number} last */
  draw(first, last) {
    const rows = this.order.slice(first, last).map((row) => this.build(row));
    const kept = new Set(rows);
    const active = document.activeElement;
    for (const row of [...this.body.rows]) {
      if (kept.has(row)) continue;
      if (row.contains(active)) this.scroll.focus({ preventScroll: true });
      row.remove();
    }
    this.body.prepend(this.above);
    let at = /** @type {ChildNode} */ (this.above);
    for (const row of rows) {
      if (at.nextSibling !== row) at.after(row);
      at = row;
    }
    at.after(this.below);
    for (const [at, row] of rows.entries()) this.heights[first + at] = row.offsetHeight || GUESS;
    this.first = first;
    this.last = last;
    const total = this.offset(this.order.length);
    setHeight(this.above, this.offset(first));
    setHeight(this.below, total - this.offset(last));
  }
}

function spacer() {
  const row = document.createElement("tr");
  row.className = "kt-room";
  row.setAttribute("aria-hidden", "true");
  row.append(document.createElement("td"));
  return row;
}

/** @param {HTMLTableRowElement} row @param {number} height */
function setHeight(row, height) {
  row.hidden = height < 1;
  row.style.height = `${height}px`;
}
