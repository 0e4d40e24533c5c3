// The right side: criteria with their levels, total, comment, recusal, and what became of the last
// save. One form per kind of nominee is built once and filled again for every case.

const BACK = 600; // milliseconds after which a key no longer belongs to the mark just left

class Form {
  constructor(packet, on) {
    Object.assign(this, { packet, on, entries: [], sets: {} });
    this.rows = h("div", { class: "kp-rows" });
    this.detail = h("div", { class: "kp-detail-place" });
    this.criteria = h("div", { class: "kj-pane kj-grow kp-criteria", role: "group", "aria-label": "评分项" },
      this.rows, this.detail);
    this.sum = h("b", { class: "kp-total" });
    this.note = h("div", { class: "kj-small kp-owing" });
    this.words = new Comment(packet, { comment: on.comment, active: () => this.active?.question });
    this.comment = this.words.field;
    this.next = h("button", { class: "kp-primary kp-next", onclick: (event) => event.detail > 1 || on.next() }, `下一${packet.noun}未评`);
    this.park = h("button", { class: "kp-park", onclick: () => on.park() }, "搁置");
    this.away = h("button", { class: "kp-away", onclick: () => this.ask(true) }, "回避…");
    this.reason = h("input", { type: "text", maxlength: "4000", placeholder: "回避理由（必填）",
      "aria-label": "回避理由" });
    this.kind = h("select", { "aria-label": "是什么关系" }, h("option", { value: "" }, "关系"),
      (packet.tie_kinds ?? []).map((kind) => h("option", { value: kind }, kind)));
    this.recusal = h("div", { class: "kp-recusal", hidden: true },
      h("div", { class: "kj-small" }, "确认回避后，该件移出您的评审清单，由秘书裁定。"),
      h("div", { class: "kp-line" }, this.kind, this.reason,
        h("button", { class: "kp-danger", onclick: () => this.recuse() }, "回避…")),
      h("button", { class: "kp-link kp-more-ties", onclick: () => on.ties() }, "不止与本件有关：补充回避声明…"));
    this.state = h("div", { class: "kp-state", role: "status", "aria-live": "polite" });
    this.stale = h("div", { class: "kp-stale", role: "alert", hidden: true });
    this.node = h("section", { class: "kj-right", "aria-label": "评分", role: "application" }, this.criteria,
      h("div", { class: "kj-pane kj-foot" },
        h("div", { class: "kp-line kp-outcome" },
          h("span", { class: "kp-sum" }, packet.scale ? h("span", {}, "加权总分 ") : null, this.sum), this.state),
        this.note, this.words.node, this.stale,
        h("div", { class: "kp-line kp-buttons" }, this.next, packet.may("park") ? this.park : null,
          packet.may("recuse") ? this.away : null), this.recusal));
  }

  fill(one) {
    this.one = one;
    this.moved = null;
    const set = (this.sets[one.kind] ??= this.build(this.packet.criteria(one)));
    if (this.entries !== set) {
      for (const entry of this.entries) entry.fill(); // what stands typed belongs to the case that is left
      this.entries = set;
      this.rows.replaceChildren(...set.map((entry) => entry.node));
    }
    for (const entry of set) entry.fill(one.answers[entry.question.id], one.texts[entry.question.id], one);
    this.turn(set[0]);
    this.comment.value = one.comment;
    this.ask(false);
    this.refresh();
  }

  build(questions) {
    const on = {
      focus: (entry) => this.turn(entry), mark: (entry, mark) => this.mark(entry, mark), onward: (entry) => this.onward(entry),
      text: (entry, text) => this.on.text(entry.question.id, text), moved: (entry) => this.wait(entry),
      advances: this.on.advances,
    };
    return questions.map((question) =>
      question.options ? new Choice(question, on) : new Entry(question, this.packet.scale, on));
  }

  // Makes a criterion the current one, to which digits go.
  turn(entry) {
    this.confirm();
    this.active = entry;
    for (const other of this.entries) other.node.classList.toggle("current", other === entry);
    this.detail.replaceChildren(...(entry?.detail ? [entry.detail] : []));
  }

  mark(entry, mark) {
    if (this.one.answers[entry.question.id] !== mark) this.on.mark(entry.question.id, mark);
  }

  // Records what still stands typed before the case is left.
  settle() {
    this.confirm();
    for (const entry of this.entries) entry.settle(false);
  }

  // Takes back what stands typed in the case; returns whether anything did.
  drop() {
    return this.entries.filter((entry) => entry.drop?.()).length > 0;
  }

  // The form went on by itself: the mark just left is recorded once no key can belong to it.
  wait(entry) {
    const moved = { entry, at: performance.now() };
    this.moved = moved;
    setTimeout(() => this.moved === moved && this.confirm(), BACK);
  }

  confirm() {
    const entry = this.moved?.entry;
    this.moved = null;
    entry?.settle(true);
    if (entry && document.activeElement === this.next && this.packet.owing(this.one)) this.comment.focus();
  }

  // A digit or a stop right after the form went on by itself belongs to the mark just left; Enter
  // there is the habit of one who types it after every mark. Returns whether the key was taken.
  resume(sign, enter, time) {
    const { moved } = this;
    const soon = Boolean(moved) && time - moved.at <= BACK;
    if (!soon || sign === undefined) {
      this.confirm();
      return soon && enter;
    }
    this.moved = null;
    moved.entry.resume(sign);
    return true;
  }

  // After a mark: the next criterion; after the last one any that was left out, then the comment
  // where one is owed, else the way to the next case.
  onward(entry) {
    const after = this.entries[this.entries.indexOf(entry) + 1];
    const next = after ?? this.entries.find((other) => isOpen(other) && !other.pending);
    if (next) next.field.focus();
    else if (this.packet.owing(this.one)) this.comment.focus();
    else this.next.focus();
  }

  move(step) {
    const at = this.entries.indexOf(this.active);
    (this.entries[at + step] ?? this.entries[at] ?? this.entries[0]).field.focus();
  }

  begin() {
    const empty = this.entries.find(isOpen);
    (empty ?? this.entries[0])?.field.focus({ preventScroll: true });
  }

  refresh() {
    const { packet, one } = this;
    const total = packet.total(one);
    const missing = packet.missing(one).length;
    setText(this.sum, missing ? `还有 ${missing} 项未评` : total === null ? "" : total.toFixed(2));
    this.sum.classList.toggle("none", total === null);
    const owed = packet.unexplained(one).map((question) => question.title);
    const { comment_below: below, comment_from: upto } = packet.scale ?? {};
    setText(this.note, owed.length
      ? `待补评语：${owed.join("、")}（低于 ${plain(below)} 或达到 ${plain(upto)} 分）` : (one.note ?? ""));
    this.note.classList.toggle("owed", owed.length > 0);
    this.comment.placeholder = owed.length ? "评语（必填，说明理由）" : "评语（可不填）";
    setText(this.park, one.parked ? "取消搁置" : "搁置");
    this.park.setAttribute("aria-pressed", String(one.parked));
  }

  // What stands typed in a criterion and is not recorded, in words; blank when there is nothing.
  get unsettled() {
    const typed = this.entries.filter((entry) => typeof entry.text === "string");
    if (!typed.length) return "";
    const [{ question, text, problem, pending }] = typed;
    const what = text.trim() ? `“${text.trim()}”` : "已清空";
    const next = problem ? "未保存" : pending ? "即将记下" : "，按 Enter 记下";
    const words = typed.length > 1 ? `${typed.length} 项输入未保存` : `${question.title}${what}${next}`;
    return words;
  }

  lock(locked) {
    this.criteria.classList.toggle("locked", locked);
    for (const entry of Object.values(this.sets).flat()) entry.lock(locked);
    for (const control of [this.comment, this.park, this.away]) control.disabled = locked;
  }

  say(look, text) {
    this.state.className = `kp-state ${look}`;
    setText(this.state, text);
  }

  showStale(newer, keep, drop) {
    show(this.stale, Boolean(newer));
    if (!newer) return;
    const shown = (mark) => (mark === undefined ? "未评" : typeof mark === "number" ? plain(mark) : mark);
    const marks = this.packet.criteria(this.one).map((question) => `${question.title} ${shown(newer.answers[question.id])}`);
    this.stale.replaceChildren(
      h("div", {}, `本件已在别处改动（#${newer.seq}）：${marks.join("，")}。您这里的没有保存。`),
      h("div", { class: "kp-line" }, h("button", { onclick: drop }, "用那边的"),
        h("button", { class: "kp-danger", onclick: keep }, "用我这边的")));
  }

  ask(open) {
    show(this.recusal, open);
    this.reason.value = "";
    if (open) this.reason.focus();
  }

  recuse() {
    const reason = this.reason.value.trim();
    if (reason) this.on.recuse(reason, this.kind.value);
    else this.reason.focus();
  }
}

// Whether a criterion has no mark, or something typed that is not recorded.
function isOpen(entry) {
  return entry.mark === undefined || typeof entry.text === "string";
}
