// The right side: criteria with their levels, total, comment, recusal, and what became of the last
// save. One form per kind of nominee is built once and filled again for every case.

class Form {
  constructor(packet, on) {
    Object.assign(this, { packet, on, entries: [], sets: {} });
    this.criteria = h("div", { class: "kj-pane kj-grow kp-criteria", role: "group", "aria-label": "评分项" });
    this.sum = h("b", { class: "kp-total" });
    this.note = h("div", { class: "kj-small kp-owing" });
    this.words = new Comment(packet, { comment: on.comment, active: () => this.active?.question });
    this.comment = this.words.field;
    this.next = h("button", { class: "kp-primary kp-next", onclick: () => on.next() }, `下一${packet.noun}未评`);
    this.park = h("button", { class: "kp-park", onclick: () => on.park() }, "搁置");
    this.away = h("button", { class: "kp-away", onclick: () => this.ask(true) }, "回避…");
    this.reason = h("input", { type: "text", maxlength: "4000", placeholder: "回避理由（必填）",
      "aria-label": "回避理由" });
    this.recusal = h("div", { class: "kp-recusal", hidden: true },
      h("div", { class: "kj-small" }, "回避后本件从您的清单中消失，不能撤回。"),
      h("div", { class: "kp-line" }, this.reason,
        h("button", { class: "kp-danger", onclick: () => this.recuse() }, "确认回避")));
    this.state = h("div", { class: "kp-state", role: "status", "aria-live": "polite" });
    this.stale = h("div", { class: "kp-stale", role: "alert", hidden: true });
    this.node = h("section", { class: "kj-right", "aria-label": "评分" }, this.criteria,
      h("div", { class: "kj-pane kj-foot" },
        h("div", { class: "kp-line" }, packet.scale ? h("span", {}, "加权总分") : null, this.sum),
        this.note, this.words.node, this.stale,
        h("div", { class: "kp-line kp-buttons" }, this.next, packet.may("park") ? this.park : null,
          packet.may("recuse") ? this.away : null), this.recusal, this.state));
  }

  fill(one) {
    this.one = one;
    const set = (this.sets[one.kind] ??= this.build(this.packet.criteria(one)));
    if (this.entries !== set) {
      this.entries = set;
      this.criteria.replaceChildren(...set.map((entry) => entry.node));
    }
    for (const entry of set) entry.fill(one.answers[entry.question.id], one);
    this.comment.value = one.comment;
    this.ask(false);
    this.refresh();
  }

  build(questions) {
    const on = { focus: (entry) => (this.active = entry), mark: (entry, mark, move) => this.mark(entry, mark, move) };
    return questions.map((question) =>
      question.options ? new Choice(question, on) : new Entry(question, this.packet.marks, on));
  }

  mark(entry, mark, move) {
    if (this.one.answers[entry.question.id] !== mark) this.on.mark(entry.question.id, mark);
    if (move) this.onward(entry);
  }

  // After a mark: the next criterion; after the last one any that was left out, then the comment
  // where one is owed, else the way to the next case.
  onward(entry) {
    const after = this.entries[this.entries.indexOf(entry) + 1];
    const next = after ?? this.entries.find((other) => other.mark === undefined);
    if (next) next.field.focus();
    else if (this.packet.owing(this.one)) this.comment.focus();
    else this.next.focus();
  }

  move(step) {
    const at = this.entries.indexOf(this.active);
    (this.entries[at + step] ?? this.entries[at] ?? this.entries[0]).field.focus();
  }

  begin() {
    const empty = this.entries.find((entry) => entry.mark === undefined);
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
    if (reason) this.on.recuse(reason);
    else this.reason.focus();
  }
}
