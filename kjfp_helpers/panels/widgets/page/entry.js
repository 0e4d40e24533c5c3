// One criterion and its mark. A mark is recorded by Enter, by Tab or by going elsewhere; what is
// typed and no mark stays in the field with the reason, and nothing of it is recorded.

const HOLD = 400; // milliseconds until a pressed − or ＋ goes on by itself
const EVERY = 70;

class Entry {
  constructor(question, scale, on) {
    Object.assign(this, { question, scale, on, text: null });
    const wrong = `kp-wrong-${question.id}`;
    this.field = h("input", {
      type: "text", inputmode: "decimal", class: "kp-mark", role: "spinbutton", autocomplete: "off", placeholder: "未评",
      "aria-label": question.title, "aria-valuemin": scale.least, "aria-valuemax": scale.most, "aria-describedby": wrong,
      "data-question": question.id, onfocus: () => this.enter(), onblur: () => this.leave(),
      onmousedown: (event) => this.grab(event), oninput: (event) => event.isComposing || this.type(),
      oncompositionstart: () => (this.composed = this.field.value), oncompositionend: (event) => this.compose(event),
    });
    this.less = this.stepper(-1, "−", "减");
    this.more = this.stepper(1, "＋", "加");
    this.wrong = h("div", { class: "kp-wrong", id: wrong, role: "alert" });
    this.levels = new Levels(question, scale, (at) => this.chooseLevel(at));
    this.detail = this.levels.node;
    this.node = h("div", { class: "kp-criterion", onmousedown: (event) => this.point(event) },
      h("div", { class: "kp-line" },
        h("span", { class: "kp-name" }, h("b", {}, question.title), " ",
          h("span", { class: "kj-muted kj-small" }, `权重 ${plain(100 * question.weight)}%`)),
        h("span", { class: "kp-stepper" }, this.less, this.field, this.more)),
      this.wrong);
  }

  stepper(by, sign, word) {
    return h("button", { class: "kp-step", tabindex: "-1", "aria-label": `${this.question.title}${word}一档`,
      onpointerdown: (event) => this.hold(event, by), onclick: (event) => event.detail || this.step(by) }, sign);
  }

  // A press on the row makes it the current one; a pressed button takes no focus.
  point(event) {
    if (event.target === this.field) return;
    event.preventDefault();
    this.field.focus();
  }

  // The first click takes the whole mark, so that digits take its place; the next sets the cursor.
  grab(event) {
    if (document.activeElement === this.field) return;
    event.preventDefault();
    this.field.focus();
  }

  enter() {
    this.on.focus(this);
    if (this.away) this.away = false; // the window was left and is back: typing goes on
    else this.field.select();
  }

  leave() {
    this.away = document.activeElement === this.field; // another window has the focus
    if (!this.away && !this.pending) this.settle(false);
  }

  fill(mark, text = null) {
    Object.assign(this, { mark, text, problem: "", held: null, pending: false });
    if (text !== null) this.problem = this.judge(text, false);
    this.paint();
  }

  lock(locked) {
    if (this.locked === locked) return;
    if (locked && document.activeElement === this.field) this.away = true;
    this.field.readOnly = this.locked = locked;
    this.levels.lock(locked);
    this.paint();
  }

  paint() {
    const given = this.mark !== undefined;
    const shown = this.text ?? (given ? plain(this.mark) : "");
    if (this.field.value !== shown) this.field.value = shown;
    this.field.classList.toggle("empty", !given && this.text === null);
    this.field.classList.toggle("typing", this.text !== null);
    this.field.classList.toggle("bad", this.problem !== "");
    this.field.setAttribute("aria-invalid", String(this.problem !== ""));
    if (given) this.field.setAttribute("aria-valuenow", plain(this.mark));
    else this.field.removeAttribute("aria-valuenow");
    this.field.setAttribute("aria-valuetext", shown || "未评");
    setText(this.wrong, this.problem);
    this.less.disabled = this.locked || this.after(-1) === null;
    this.more.disabled = this.locked || this.after(1) === null;
    this.levels.paint(this.mark);
  }

  // What to tell about a text that is left: blank when it is a mark, or nothing, to be recorded.
  judge(text, sure) {
    const typed = normalizeText(text);
    const mark = this.scale.parse(typed);
    const kept = this.mark === undefined ? "" : `；已记的仍是 ${plain(this.mark)}`;
    if (!typed) return sure || !kept ? "" : `删空未记：改回未评请按 Enter${kept}`;
    if (mark === null) return `只能填 ${this.scale.allowed}${kept}`;
    const short = !sure && mark !== null && this.scale.isShort(mark, this.question.levels);
    return short ? `${plain(mark)} 分未记：确是 ${plain(mark)} 分请按 Enter${kept}` : "";
  }

  // Takes what now stands in the field, as typed.
  type() {
    const text = this.field.value;
    const typed = normalizeText(text);
    const mark = this.scale.parse(typed);
    const hopeless = typed && mark === null && !this.scale.isPrefix(typed);
    Object.assign(this, { text, pending: false });
    this.problem = hopeless ? this.judge(text, true) : "";
    this.paint();
    this.on.text(this, text);
    const done = mark !== null && !this.scale.isPrefix(typed) && !this.scale.isShort(mark, this.question.levels);
    if (done && this.on.advances()) this.advance();
  }

  // An input method that was on by mistake leaves no words here; its digits count.
  compose(event) {
    if (!/\d/.test(normalizeText(event.data ?? ""))) this.field.value = this.composed;
    this.type();
  }

  // Goes on by itself. More may follow that belongs here: until it no longer can, nothing is recorded.
  advance() {
    this.pending = true;
    this.on.onward(this);
    this.on.moved(this);
  }

  // What was typed was not all that was meant.
  resume(sign) {
    const text = this.text + sign;
    this.field.focus();
    this.field.value = text;
    this.field.setSelectionRange(text.length, text.length);
    this.type();
  }

  // Records what is typed, when it is a mark; returns whether nothing is left to be settled.
  settle(sure) {
    this.pending = false;
    if (this.text === null) return true;
    if (this.locked) return false;
    this.problem = this.judge(this.text, sure);
    if (this.problem) {
      this.paint();
      this.on.text(this, this.text);
      return false;
    }
    this.set(this.scale.parse(normalizeText(this.text)) ?? undefined);
    return true;
  }

  // Takes what is typed back; what was recorded stands.
  drop() {
    if (this.text === null) return false;
    this.set(this.mark);
    this.field.select();
    return true;
  }

  // Returns whether the key was taken; what is typed goes into the field by itself, "-5" as well.
  press(event) {
    if (event.code === "Tab") this.settle(true);
    if (isEnter(event)) this.commit();
    return isEnter(event);
  }

  commit() {
    if (this.settle(true)) this.on.onward(this);
    else this.field.select();
  }

  // A level gives its mark; where the mark is of that level already, it stands.
  chooseLevel(at) {
    const { mark } = this.question.levels[at];
    const stands = this.text === null && this.levels.at === at;
    if (mark !== null) this.choose(stands ? this.mark : mark);
  }

  choose(mark) {
    if (this.locked) return this.paint();
    this.set(mark);
    this.field.focus();
    this.field.select();
  }

  // The mark one step on, null where there is none.
  after(by) {
    const from = this.text === null ? this.mark : this.scale.parse(normalizeText(this.text));
    return from === undefined || from === null ? null : this.scale.beside(from, by);
  }

  step(by) {
    const mark = this.after(by);
    if (mark !== null) this.choose(mark);
  }

  // A button held down goes on; the mark is recorded when it is let go.
  hold(event, by) {
    if (event.button || this.locked) return;
    this.field.focus();
    const held = (this.held = {});
    let mark = this.after(by);
    const turn = () => {
      if (mark === null) return;
      this.field.value = plain(mark);
      timer = setTimeout(() => { mark = this.scale.beside(mark, by) ?? mark; turn(); }, timer ? EVERY : HOLD);
    };
    let timer = 0;
    turn();
    const end = () => {
      clearTimeout(timer);
      for (const kind of ["pointerup", "pointercancel"]) window.removeEventListener(kind, end);
      if (mark !== null && this.held === held) this.choose(mark);
    };
    for (const kind of ["pointerup", "pointercancel"]) window.addEventListener(kind, end);
  }

  set(mark) {
    Object.assign(this, { mark, text: null, problem: "", pending: false });
    this.paint();
    this.on.text(this, null);
    this.on.mark(this, mark);
  }
}
