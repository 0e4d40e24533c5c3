// A question answered by choosing: digits pick, Enter agrees with what the program read.

class Choice {
  constructor(question, on) {
    Object.assign(this, { question, on });
    this.options = question.options.map((option, at) => h("button", { type: "button", tabindex: "-1",
      class: "kp-option", role: "radio", "aria-checked": "false", onclick: () => this.set(option, true) },
      h("kbd", {}, String(at + 1)), " ", option));
    this.field = h("div", { class: "kp-choice", role: "radiogroup", tabindex: "0", "aria-label": question.title,
      "data-question": question.id, onfocus: () => on.focus(this) }, this.options);
    this.node = h("div", { class: "kp-criterion" },
      h("div", { class: "kp-line" }, h("b", {}, question.title), this.field),
      question.ask ? h("div", { class: "kj-small kj-muted" }, question.ask) : null);
  }

  fill(mark, _, one) {
    this.mark = mark;
    this.proposed = one?.proposed?.[this.question.id];
    this.paint();
  }

  paint() {
    this.options.forEach((node, at) => {
      const option = this.question.options[at];
      node.setAttribute("aria-checked", String(option === this.mark));
      node.classList.toggle("proposed", this.mark === undefined && option === this.proposed);
    });
    this.field.classList.toggle("empty", this.mark === undefined);
  }

  // Returns whether the key was taken.
  press(event, sign) {
    if (sign !== undefined) this.type(sign);
    else if (event.code === "Backspace" || event.code === "Delete") this.erase();
    else if (isEnter(event)) this.commit();
    else if (event.code in PLUS_MINUS) this.step(PLUS_MINUS[event.code]);
    else return false;
    return true;
  }

  type(sign) {
    const option = this.question.options[Number(sign) - 1];
    if (option) this.set(option, true);
  }

  erase() {
    this.set(undefined, false);
  }

  step(by) {
    const at = this.question.options.indexOf(this.mark ?? this.proposed);
    const option = this.question.options[at + by];
    if (option) this.set(option, false);
  }

  commit() {
    this.set(this.mark ?? this.proposed, this.mark !== undefined || this.proposed !== undefined);
  }

  settle() {
    return true;
  }

  lock(locked) {
    for (const node of this.options) node.disabled = locked;
  }

  set(mark, move) {
    this.mark = mark;
    this.paint();
    this.on.mark(this, mark);
    if (move) this.on.onward(this);
  }
}
