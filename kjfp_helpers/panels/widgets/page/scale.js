// The scale of marks: which texts are marks, and which could still become one.

const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?$/;

// What was typed, with full-width digits and stops as plain ones.
function normalizeText(text) {
  return text.normalize("NFKC").replaceAll("。", ".").trim();
}

class Scale {
  constructor(rules) {
    Object.assign(this, rules);
    const count = Math.floor((this.most - this.least) / this.step + 1e-9);
    this.marks = Array.from({ length: count + 1 }, (_, at) => plain(this.least + at * this.step));
    this.known = new Set(this.marks);
  }

  // The mark that a text is, null where it is none.
  parse(text) {
    const mark = NUMBER.test(text) ? plain(text) : "";
    return this.known.has(mark) ? Number(mark) : null;
  }

  // Whether further characters could make a mark of it.
  isPrefix(text) {
    return this.marks.some((mark) => mark.length > text.length && mark.startsWith(text));
  }

  // Whether a mark has fewer digits than any above the lowest level: on 0-100, one digit.
  isShort(mark, levels) {
    const bound = levels.at(-2)?.least ?? this.least;
    return mark >= 0 && mark < bound && digits(mark) < digits(bound);
  }

  extreme(mark) {
    return !(this.comment_below <= mark && mark < this.comment_from);
  }

  // The mark some steps further, null beyond the ends.
  beside(mark, by) {
    const at = this.marks.indexOf(plain(mark));
    const text = at < 0 ? undefined : this.marks[at + by];
    return text === undefined ? null : Number(text);
  }

  // How the marks are called whose last digit ends the typing: 两位数 on 0-100.
  get lengthWords() {
    const usual = plain(this.most - this.step);
    return usual.includes(".") ? "分数" : `${["", "一", "两", "三"][usual.length] ?? "多"}位数`;
  }
}

function digits(number) {
  return String(Math.trunc(Math.abs(number))).length;
}
