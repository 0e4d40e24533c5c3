// Marks typed by digits. A mark is taken as soon as no further digit could follow it on the scale:
// on 0-100 two digits are enough, 10 waits for a third digit or Enter, 7 waits for Enter.

class Entry {
  constructor(question, marks, on) {
    Object.assign(this, { question, marks, on, typed: "" });
    this.value = h("span", { class: "kp-value" });
    this.field = h("div", {
      class: "kp-mark", role: "spinbutton", tabindex: "0", "aria-label": question.title,
      "aria-valuemin": marks[0], "aria-valuemax": marks.at(-1), "data-question": question.id,
      onfocus: () => on.focus(this), onblur: () => this.commit(false),
    }, this.value);
    this.levels = question.levels.map((level) =>
      h("div", { class: "kp-level" }, h("b", {}, level.title), h("i", {}, `${plain(level.least)} 起`),
        h("span", {}, level.text)));
    this.node = h("div", { class: "kp-criterion", onmousedown: (event) => this.press(event) },
      h("div", { class: "kp-line" },
        h("span", { class: "kp-name" }, h("b", {}, question.title), " ",
          h("span", { class: "kj-muted kj-small" }, `权重 ${plain(100 * question.weight)}%`)),
        this.field),
      h("div", { class: "kp-ask" }, question.ask),
      h("div", { class: "kp-levels" }, this.levels));
  }

  press(event) {
    if (event.target === this.field) return;
    event.preventDefault();
    this.field.focus();
  }

  fill(mark) {
    this.typed = "";
    this.mark = mark;
    this.paint();
  }

  paint() {
    const given = this.mark !== undefined;
    const text = this.typed || (given ? plain(this.mark) : "未评");
    setText(this.value, text);
    this.field.classList.toggle("typing", this.typed !== "");
    this.field.classList.toggle("empty", !given && !this.typed);
    if (given) this.field.setAttribute("aria-valuenow", plain(this.mark));
    else this.field.removeAttribute("aria-valuenow");
    this.field.setAttribute("aria-valuetext", text);
    const levels = this.question.levels;
    const now = given ? levels.findIndex((level) => this.mark >= level.least) : -1;
    this.levels.forEach((node, at) => node.classList.toggle("on", at === now));
  }

  grows(text) {
    return this.marks.some((mark) => mark.length > text.length && mark.startsWith(text));
  }

  // Returns whether the key was taken.
  type(sign) {
    const text = this.typed + sign;
    if (!this.marks.includes(text) && !this.grows(text)) return false;
    this.typed = text;
    if (this.marks.includes(text) && !this.grows(text)) this.commit(true);
    else this.paint();
    return true;
  }

  erase() {
    if (this.typed) {
      this.typed = this.typed.slice(0, -1);
      this.paint();
    } else if (this.mark !== undefined) {
      this.mark = undefined;
      this.paint();
      this.on.mark(this, undefined, false);
    }
  }

  step(by) {
    const at = this.mark === undefined ? -1 : this.marks.indexOf(plain(this.mark));
    const mark = at < 0 ? null : this.marks[at + by];
    if (mark) this.set(Number(mark), false);
  }

  // Takes what was typed, when it is a mark; what is none is dropped.
  commit(move) {
    const text = this.typed;
    this.typed = "";
    if (this.marks.includes(text)) this.set(Number(text), move);
    else if (text) this.paint();
    else if (move) this.on.mark(this, this.mark, true);
  }

  set(mark, move) {
    this.mark = mark;
    this.paint();
    this.on.mark(this, mark, move);
  }
}
