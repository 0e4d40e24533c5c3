// The panel: everything that the member may do to the case on the screen.

const WAIT = 700; // milliseconds without a key after which a comment is saved

class Panel extends Answers {
  request(item) {
    this.outbox.add(item);
    this.link.pump(this.outbox);
  }

  push(one) {
    this.typing = this.typing === one ? null : this.typing;
    one.failed = null;
    this.request({ type: "save", case: one.key, base: one.saved.seq ?? null,
      answers: { ...one.answers }, comment: one.comment });
  }

  mark(id, mark) {
    const one = this.packet.current;
    if (mark === undefined) delete one.answers[id];
    else one.answers[id] = mark;
    if (!one.finished && this.packet.done(one)) this.packet.finished.push((one.finished = Date.now()));
    this.push(one);
    this.changed(one);
  }

  // Notes what stands typed in a criterion and is not recorded; null where nothing does.
  text(id, text) {
    const one = this.packet.current;
    if (text === null && !(id in one.texts)) return;
    if (text === null) delete one.texts[id];
    else one.texts[id] = text;
    this.changed(one);
  }

  comment(text, now) {
    const one = this.packet.current;
    if (text !== one.comment) {
      one.comment = text;
      this.typing = one;
      this.changed(one);
    }
    clearTimeout(this.wait);
    if (now) this.flush();
    else if (this.typing) this.wait = setTimeout(() => this.flush(), WAIT);
  }

  // Hands over what is still being written.
  flush() {
    clearTimeout(this.wait);
    this.form?.confirm?.();
    const one = this.typing;
    if (!one) return;
    this.push(one);
    this.changed(one);
  }

  step(by) {
    this.open(this.packet.beside(by));
  }

  next() {
    const one = this.packet.unfinished();
    if (one) this.open(one);
    else if (this.packet.may("seal")) this.mirror();
    else this.refreshState();
  }

  filter(id) {
    this.packet.filter = id;
    if (!this.packet.passes(this.packet.current)) this.open(this.packet.beside(1) ?? this.packet.beside(-1));
    this.bar.refresh();
  }

  turnFilter() {
    const at = FILTERS.findIndex(([id]) => id === this.packet.filter);
    this.filter(FILTERS[(at + 1) % FILTERS.length][0]);
  }

  undo() {
    if (!this.writable || this.form.drop()) return;
    this.flush();
    const { packet, outbox } = this;
    const waiting = outbox.items.filter((item) => item.type === "save").at(-1);
    const last = packet.list.reduce((best, one) => ((one.saved.top ?? 0) > (best?.saved.top ?? 0) ? one : best), null);
    const one = waiting ? packet.byKey.get(waiting.case) : last;
    if (one) this.request({ type: "undo", case: one.key, base: one.saved.seq ?? null });
    else this.refreshState("没有可撤回的评分");
  }

  park() {
    const one = this.packet.current;
    if (!this.writable) return;
    one.parked = !one.parked;
    this.request({ type: "park", case: one.key, on: one.parked });
    this.changed(one);
    if (one.parked) this.step(1);
  }

  recuse(reason, kind) {
    const one = this.packet.current;
    const recuse = () => {
      this.request({ type: "recuse", case: one.key, reason, kind });
      this.form.ask(false);
    };
    confirmDialog(this.root, { title: `回避 ${one.label}`, yes: "确认回避", act: recuse,
      words: `理由：${reason}。确认回避后，该件移出您的评审清单，由秘书裁定；记错的，在“补充回避声明”里撤回。` });
  }

  vanish(key, words) {
    const one = this.packet.byKey.get(key);
    this.outbox.forget((item) => item.case === key);
    this.chosen.delete(one);
    const next = this.packet.remove(key);
    if (this.typing === one) this.typing = null;
    if (!next) return this.body.replaceChildren(h("p", {}, `${words}。您的清单已空。`));
    this.bar.fillList();
    this.notice = words;
    if (this.packet.current === one) this.open(next);
    else this.refreshState();
  }

  choose() {
    const one = this.packet.current;
    if (this.chosen.has(one)) this.chosen.delete(one);
    else if (this.chosen.size < 4) this.chosen.add(one);
    this.refreshState();
  }

  compare() {
    if (!this.chosen.size) this.chosen.add(this.packet.current);
    if (this.chosen.size < 2) return this.refreshState("对比要先用 B 键选 2 至 4 件");
    compareDialog(this, [...this.chosen]);
  }

  mirror() {
    this.form.settle();
    this.flush();
    this.mirrorNode = mirrorDialog(this);
  }

  drawMirror() {
    if (!this.mirrorNode?.isConnected) return;
    for (const node of this.root.querySelectorAll("dialog.ask")) node.close(); // what was asked has changed
    this.mirrorNode.close();
    this.mirrorNode = mirrorDialog(this);
  }

  addTies() {
    this.ties = tiesDialog(this);
  }

  help() {
    helpDialog(this.root, this.packet);
  }

  resize(by) {
    this.bar.resize(by, this.root);
  }

  page(way) {
    this.article.scrollBy({ top: way * 0.85 * this.article.clientHeight });
  }
}

export default {
  render({ model, el }) {
    const panel = new Panel(model, el);
    return () => panel.close();
  },
};
