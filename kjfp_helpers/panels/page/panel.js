// The panel: one packet, one case on the screen, and everything that may be done to it.

const WAIT = 700; // milliseconds without a key after which a comment is saved

class Panel {
  constructor(model, el) {
    this.window = windowName();
    this.head = h("header", { class: "kp-head" });
    this.banner = h("div", { class: "kp-banner", role: "alert", hidden: true });
    this.body = h("div", { class: "kp-body" }, h("p", { class: "kj-muted" }, "正在打开…"));
    this.root = h("div", { class: "kjfp-panel kp", tabindex: "-1", role: "application", "aria-label": "评委评分" },
      this.head, this.banner, this.body);
    this.cover = cover(this.root);
    this.root.append(this.cover);
    el.append(this.root);
    this.keys = new Keys(this);
    this.root.addEventListener("keydown", (event) => (this.bar ? this.keys.press(event) : guard(event)));
    for (const kind of ["keyup", "keypress"]) this.root.addEventListener(kind, (event) => event.stopPropagation());
    this.chosen = new Set();
    this.away = () => { this.flush(); putDown(this.window); this.link.say("leave"); };
    window.addEventListener("pagehide", this.away);
    this.link = new Link(model, this.window, {
      message: (message) => this.hear(message), tick: () => this.tick(), lost: (why, ended) => this.lose(why, ended),
    });
    this.link.hello();
    this.root.dataset.guarded = "yes";
  }

  close() {
    this.flush();
    window.removeEventListener("pagehide", this.away);
    this.link.close();
  }

  get writable() {
    return Boolean(this.packet && !this.readonly && !this.packet.sealed && !this.link.lost);
  }

  // ---- what the kernel says

  hear(message) {
    if (message.type === "pong") this.sit(message.readonly);
    if (message.type === "readonly") this.sit(true);
    if (message.type === "welcome") this.welcome(message);
    if (message.type === "saved") this.saved(message);
    if (message.type === "refused") this.refused(message);
    if (message.type === "stale") this.stale(message);
    if (message.type === "sheet") printSheet(this.root, message.page);
    if (this.outbox) this.link.pump(this.outbox);
  }

  welcome(message) {
    const fresh = this.packet?.packet !== message.packet;
    if (fresh) {
      this.outbox = new Outbox(message.packet, this.window);
      this.packet = new Packet(message);
    } else {
      this.packet.take(message);
    }
    this.readonly = message.readonly;
    if (!this.readonly) this.outbox.adopt();
    this.outbox.forget((item) => item.case && !this.packet.byKey.has(item.case));
    this.packet.overlay(this.outbox.items);
    this.drawHead();
    if (!message.declared) this.declare();
    else if (!this.packet.list.length) this.body.replaceChildren(h("p", {}, "您的清单已空，没有要评的材料。"));
    else this.layOut(fresh);
    this.sit(this.readonly);
  }

  saved(message) {
    const item = this.outbox.drop(message.id, message.seq);
    if ("sealed" in message) this.seal(message.sealed);
    if (item?.type === "declare") return this.link.hello();
    if (message.gone) return this.vanish(message.gone, `已回避（已保存 #${message.seq}）`);
    const one = this.packet.settle(message.case);
    if (!one) {
      this.drawMirror();
      return this.refreshState();
    }
    one.failed = null;
    const settled = !this.outbox.of(one.key).length && this.typing !== one;
    if (settled && item?.type === "undo") {
      this.packet.revert(one);
      if (this.packet.current === one) this.form.fill(one);
      else this.open(one);
      this.form.begin();
    }
    this.changed(one);
  }

  refused(message) {
    const item = this.outbox?.items.find((one) => one.id === message.id);
    if (!item) return;
    const one = this.packet.byKey.get(item.case);
    if (one) one.failed = message.reason;
    if (!message.retry) {
      this.outbox.drop(message.id, one?.saved.seq);
      if (item.type === "undo" && one) one.failed = null;
    }
    if (message.renew) return this.link.hello();
    if (message.gone) return this.vanish(message.gone, "");
    this.declaring?.fail(message.reason);
    this.mirrorNode?.say?.(message.reason);
    if (one) this.bar?.relabel(one);
    this.refreshState(item.type === "undo" ? message.reason : "");
  }

  stale(message) {
    const item = this.outbox.items.find((one) => one.id === message.id);
    const one = this.packet.settle(message.case);
    if (!item || !one) return;
    item.held = true;
    one.newer = message.case;
    if (item.type === "undo") this.settleStale(one, false);
    this.refreshState();
  }

  settleStale(one, keep) {
    this.outbox.forget((item) => item.case === one.key);
    one.newer = null;
    if (keep) this.push(one);
    else this.packet.revert(one);
    if (this.packet.current === one) this.form.fill(one);
    this.changed(one);
  }

  lose(why, ended) {
    this.cover.put(why, ended, this.outbox?.items.length ?? 0);
    for (const node of [this.body, this.banner]) node.inert = Boolean(why);
    for (const node of this.root.querySelectorAll("dialog")) if (why) node.close();
    if (!why && this.form) this.form.begin();
    this.refreshState();
  }

  tick() {
    if (this.outbox) this.link.pump(this.outbox);
  }

  // ---- what is on the screen

  drawHead() {
    const { packet } = this;
    this.head.replaceChildren(
      packet.rehearsal ? h("div", { class: "kj-rehearsal" }, "演练轮次 · 单位、人员、数据均为虚构") : "",
      h("div", { class: "kj-head" }, h("h2", {}, "评委评分"), h("span", { class: "kj-muted" }, packet.note),
        h("span", { class: "kj-muted kj-small kp-code" }, `卷号 ${packet.packet}`)));
  }

  declare() {
    this.bar = this.form = null;
    this.declaring = declaration(this.packet, (words) => this.request({ type: "declare", ...words }));
    this.body.replaceChildren(this.declaring);
    this.declaring.first.focus({ preventScroll: true });
    this.root.scrollIntoView({ block: "start" });
  }

  layOut(fresh) {
    const { packet } = this;
    const before = packet.current?.key;
    this.declaring = null;
    this.bar = new Bar(packet, {
      step: (by) => this.step(by), jump: (key) => this.open(packet.byKey.get(key)), filter: (id) => this.filter(id),
      compare: () => this.compare(), mirror: () => this.mirror(), size: (by) => this.resize(by),
      help: () => this.help(), undo: () => this.undo(),
    });
    this.form = new Form(packet, {
      mark: (id, mark) => this.mark(id, mark), comment: (text, now) => this.comment(text, now),
      next: () => this.next(), park: () => this.park(), recuse: (reason) => this.recuse(reason),
    });
    this.article = h("article", { class: "kj-pane kj-left kp-case", tabindex: "-1", "aria-labelledby": "kj-case-title" });
    this.body.replaceChildren(this.bar.node, h("div", { class: "kp-split" }, this.article, this.form.node));
    this.bar.fillList();
    this.bar.resize(0, this.root);
    packet.current = null;
    this.open(packet.byKey.get(before) ?? packet.unfinished(null) ?? packet.list[0]);
    if (fresh) this.root.scrollIntoView({ block: "start" });
  }

  open(one) {
    if (!one) return;
    this.flush();
    this.packet.current = one;
    this.article.innerHTML = one.page;
    this.article.scrollTop = 0;
    this.form.fill(one);
    this.bar.refresh();
    this.refreshState();
    this.form.begin();
  }

  changed(one) {
    this.bar?.relabel(one);
    this.bar?.refresh();
    if (this.packet.current === one) this.form.refresh();
    this.refreshState();
  }

  refreshState(note = "") {
    if (!this.form) return;
    const { outbox, form, packet } = this;
    const one = packet.current;
    const waiting = outbox.items.filter((item) => item.case).length + (this.typing ? 1 : 0);
    setText(this.bar.queue, waiting ? `未保存 ${waiting} 项` : "");
    for (const control of [form.comment, form.park, form.away]) control.disabled = !this.writable;
    form.criteria.classList.toggle("locked", !this.writable);
    form.showStale(one.newer, () => this.settleStale(one, true), () => this.settleStale(one, false));
    setText(this.bar.compare, this.chosen.size ? `对比（${this.chosen.size}）` : "对比");
    if (note) form.say("failed", note);
    else if (one.newer) form.say("failed", "未保存：本件已在别处改动");
    else if (one.failed) form.say("failed", `未保存：${one.failed}${outbox.of(one.key).length ? "将自动重试。" : ""}`);
    else if (outbox.of(one.key).length || this.typing === one) form.say("dirty", "正在保存…");
    else if (one.saved.seq) form.say("saved", `已保存 #${one.saved.seq}`);
    else form.say("idle", this.notice ?? "尚未保存过");
    this.notice = null;
  }

  sit(readonly) {
    const before = this.readonly;
    this.readonly = readonly;
    if (before && !readonly) this.outbox?.adopt();
    const { packet } = this;
    const words = readonly ? "您的另一个窗口正在评分，本窗口只能看。"
      : packet?.sealed ? `本卷已封存（#${packet.sealed}），只能看；需要改动，在“总览与封存”中写明理由启封。`
      : packet?.closed ? "评分已截止：此后保存的评分另行存放，不计入结果。" : "";
    if (this.bannerWords === words) return;
    this.bannerWords = words;
    this.banner.replaceChildren(h("span", {}, words), readonly
      ? h("button", { class: "kp-takeover", onclick: () => this.link.hello("takeover") }, "改由本窗口评分") : "");
    show(this.banner, Boolean(words));
    this.refreshState();
  }

  seal(sealed) {
    this.packet.sealed = sealed;
    this.sit(this.readonly);
  }

  // ---- what the member does

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
    const finished = this.packet.done(one);
    if (mark === undefined) delete one.answers[id];
    else one.answers[id] = mark;
    if (!finished && this.packet.done(one)) this.packet.finished.push(Date.now());
    this.push(one);
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
    else this.mirror();
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
    if (!this.writable) return;
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

  recuse(reason) {
    this.request({ type: "recuse", case: this.packet.current.key, reason });
    this.form.ask(false);
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
    this.flush();
    this.mirrorNode = mirrorDialog(this);
  }

  drawMirror() {
    if (!this.mirrorNode?.isConnected) return;
    this.mirrorNode.close();
    this.mirror();
  }

  help() {
    helpDialog(this.root);
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
