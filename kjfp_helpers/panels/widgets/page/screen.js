// What is on the screen: head, declaration, case and form, and what became of the last save.

class Screen {
  constructor(model, el) {
    this.window = windowName();
    this.head = h("header", { class: "kp-head" });
    this.banner = h("div", { class: "kp-banner", role: "alert", hidden: true });
    this.body = h("div", { class: "kp-body" }, h("p", { class: "kj-muted" }, "正在打开…"));
    this.root = h("div", { class: "kjfp-panel kp", tabindex: "-1", role: "group" },
      this.head, this.banner, this.body);
    this.cover = cover(this.root);
    this.root.append(this.cover);
    el.append(this.root);
    this.keys = new Keys(this);
    this.root.addEventListener("keydown", (event) => this.press(event));
    for (const kind of ["keyup", "keypress"]) this.root.addEventListener(kind, (event) => event.stopPropagation());
    this.root.addEventListener("click", () => requestAnimationFrame(() => this.hold()));
    this.chosen = new Set();
    this.away = () => { this.flush(); putDown(this.window); this.link.say("leave"); };
    window.addEventListener("pagehide", this.away);
    this.unsaved = (event) => {
      this.flush();
      if (this.outbox?.items.length || this.packet?.counts.typed) event.preventDefault();
    };
    window.addEventListener("beforeunload", this.unsaved); // "leave?" only while something is unsaved
    this.link = new Link(model, this.window, {
      message: (message) => this.hear(message), tick: () => this.tick(), lost: (state) => this.lose(state),
    });
    this.link.hello();
    this.room = new ResizeObserver(() => this.fit());
    requestAnimationFrame(() => this.fit());
  }

  // An Enter that is held down does nothing by its repetition, save in a text.
  press(event) {
    if (event.repeat && isEnter(event) && !event.target.matches("textarea")) {
      guard(event);
      event.preventDefault();
    } else if (this.bar) this.keys.press(event);
    else guard(event);
  }

  // Fills what Lab leaves free, so that the form never hangs below the window's edge.
  fit() {
    const scroller = this.root.closest(".jp-WindowedPanel-outer, .jp-Notebook, .jp-NotebookPanel");
    if (!scroller) return;
    this.room.observe(scroller);
    this.root.style.height = `${scroller.clientHeight - 20}px`;
    if (this.root.contains(document.activeElement)) this.bring();
  }

  // Brings the panel to the top, once Lab has moved what it lays out anew.
  bring() {
    setTimeout(() => this.root.scrollIntoView({ block: "start" }));
  }

  close() {
    this.flush();
    window.removeEventListener("pagehide", this.away);
    window.removeEventListener("beforeunload", this.unsaved);
    this.cover.put("");
    this.room.disconnect();
    this.link.close();
    putDown(this.window); // what is shown next in this tab is the same window
  }

  get writable() {
    return Boolean(this.packet && !this.readonly && !this.packet.sealed && !this.link.lost);
  }

  // A pressed button that went away leaves the focus nowhere, and keys with it.
  hold() {
    if (document.activeElement === document.body && this.root.isConnected) this.root.focus({ preventScroll: true });
  }

  // Whether the packet may be sealed.
  get ready() {
    const { done, owing, total } = this.packet.counts;
    return done === total && !owing && !this.outbox.items.length && !this.typing;
  }

  drawHead() {
    const { packet } = this;
    this.head.replaceChildren(
      packet.rehearsal ? h("div", { class: "kj-rehearsal" }, "演练轮次 · 单位、人员、数据均为虚构") : "",
      h("div", { class: "kj-head" }, h("h2", {}, packet.title), h("span", { class: "kj-muted" }, packet.note),
        packet.scale ? this.advanceSwitch() : null,
        packet.may("seal") ? h("span", { class: "kj-muted kj-small kp-code" }, `卷号 ${packet.packet}`) : ""));
    this.root.setAttribute("aria-label", packet.title);
  }

  // Whether a finished mark goes on to the next criterion by itself; off unless it was chosen.
  advanceSwitch() {
    this.advances = remember("kjfp:advance") === "1";
    const box = h("input", { type: "checkbox", onchange: () => {
      this.advances = box.checked;
      remember("kjfp:advance", box.checked ? "1" : "0");
    } });
    box.checked = this.advances;
    return h("label", { class: "kp-advance kj-small", title: "打完 0.6 秒后记下；其间再打的数字或小数点仍算刚才那一项" }, box,
      ` ${this.packet.scale.lengthWords}打完自动到下一项`);
  }

  declare() {
    this.bar = this.form = null;
    this.declaring = declaration(this.packet, (words) => this.request({ type: "declare", ...words }));
    this.body.replaceChildren(this.declaring);
    this.declaring.first.focus({ preventScroll: true });
    this.root.scrollIntoView({ block: "start" });
  }

  layOut() {
    const { packet } = this;
    const before = packet.current?.key;
    this.declaring = null;
    this.bar = new Bar(packet, {
      step: (by) => this.step(by), jump: (key) => this.open(packet.byKey.get(key)), filter: (id) => this.filter(id),
      compare: () => this.compare(), mirror: () => this.mirror(), size: (by) => this.resize(by),
      help: () => this.help(), undo: () => this.undo(),
    });
    this.form = new Form(packet, {
      mark: (id, mark) => this.mark(id, mark), text: (id, text) => this.text(id, text), advances: () => this.advances, comment: (text, now) => this.comment(text, now),
      next: () => this.next(), park: () => this.park(), recuse: (reason) => this.recuse(reason),
      ties: () => this.addTies(),
    });
    this.article = h("article", { class: "kj-pane kj-left kp-case", tabindex: "-1", "aria-labelledby": "kj-case-title" });
    this.body.replaceChildren(this.bar.node, h("div", { class: "kp-split" }, this.article, this.form.node));
    this.bar.fillList();
    this.bar.resize(0, this.root);
    packet.current = null;
    this.open(packet.byKey.get(before) ?? packet.unfinished(null) ?? packet.list[0]);
  }

  open(one) {
    if (!one) return;
    const { current } = this.packet;
    if (current && this.packet.byKey.get(current.key) === current) this.form.settle();
    this.flush();
    this.packet.current = one;
    this.article.innerHTML = one.page;
    this.article.scrollTop = 0;
    this.form.fill(one);
    this.bar.refresh();
    this.refreshState();
    this.form.begin();
    this.portrait(one);
    this.bring();
  }

  // After the reveal: the photo of a person's form, asked for when the case is first opened.
  portrait(one) {
    const place = this.article.querySelector(".kp-photos");
    if (!place || one.kind !== "individual") return;
    if (one.photo === undefined) this.link.say("photo", { case: one.key });
    else if (one.photo) place.replaceChildren(h("img", { src: one.photo, alt: "推荐表上的照片" }));
  }

  changed(one) {
    this.bar?.relabel(one);
    this.bar?.refresh();
    if (this.packet.current === one) this.form.refresh();
    this.refreshState();
  }

  refreshState(note = "") {
    if (!this.form) return;
    if (this.mirrorNode?.isConnected && this.mirrorNode.ready !== this.ready) this.drawMirror();
    const { outbox, form, packet } = this;
    const one = packet.current;
    const waiting = outbox.items.filter((item) => item.case).length + (this.typing ? 1 : 0) + packet.counts.typed;
    setText(this.bar.queue, waiting ? `未保存 ${waiting} 项` : "");
    form.lock(!this.writable);
    if (this.bar.undo) this.bar.undo.disabled = !this.writable;
    form.showStale(one.newer, () => this.settleStale(one, true), () => this.settleStale(one, false));
    setText(this.bar.compare, this.chosen.size ? `对比（${this.chosen.size}）` : "对比");
    if (note) form.say("failed", note);
    else if (one.newer) form.say("failed", "未保存：本件已在别处改动");
    else if (one.failed) form.say("failed", `未保存：${one.failed}${outbox.of(one.key).length ? "将自动重试。" : ""}`);
    else if (form.unsettled) form.say("dirty", form.unsettled);
    else if (outbox.of(one.key).length || this.typing === one) form.say("dirty", "正在保存…");
    else if (one.saved.seq) form.say("saved", `已保存 #${one.saved.seq}${one.saved.after ? "（揭示身份后）" : ""}`);
    else form.say("idle", this.notice ?? "尚未保存过");
    this.notice = null;
  }

  sit(readonly) {
    const before = this.readonly;
    this.readonly = readonly;
    if (before && !readonly) this.outbox?.adopt();
    const { packet } = this;
    const words = this.locked ? this.locked : readonly ? "您的另一个窗口正在评分，本窗口只能看。"
      : packet?.sealed ? `本卷已封存（#${packet.sealed}），只能看；需要改动，在“总览与封存”中写明理由启封。`
      : packet?.closed ? "评分已截止：此后保存的评分另行存放，不计入结果。"
      : packet?.named ? `身份已揭示（#${packet.named}）：此后的评分另行标明。` : "";
    if (this.bannerWords === words) return;
    this.bannerWords = words;
    this.banner.replaceChildren(h("span", {}, words), readonly && !this.locked
      ? h("button", { class: "kp-takeover", onclick: () => this.takeOver() }, "改由本窗口评分") : "");
    show(this.banner, Boolean(words));
    this.refreshState();
  }

  takeOver() {
    confirmDialog(this.root, { title: "改由本窗口评分", yes: "改由本窗口评分", act: () => this.link.hello("takeover"),
      words: "接手后，您的另一个窗口只能看，那边没有保存的改动不再保存。" });
  }

  // Takes what became of the packet as a whole; names that may be seen now are asked for.
  end({ sealed, named, signed, resign, recused, ties, own }) {
    const revealed = this.packet.named !== named;
    Object.assign(this.packet, { sealed, named, signed, resign, recused, ties, own });
    this.sit(this.readonly);
    if (revealed) this.link.hello();
  }
}
