// What the kernel says, and what becomes of it on the screen.

class Answers extends Screen {
  hear(message) {
    if (message.type === "pong") this.sit(message.readonly);
    if (message.type === "readonly") this.sit(true);
    if (message.type === "welcome") this.welcome(message);
    if (message.type === "saved") this.saved(message);
    if (message.type === "refused") this.refused(message);
    if (message.type === "stale") this.stale(message);
    if (message.type === "sheet") printSheet(this.root, message.page);
    if (message.type === "photo") this.shown(message);
    if (this.outbox) this.link.pump(this.outbox);
  }

  welcome(message) {
    this.flush();
    this.form?.lock(true); // the form is laid out anew; what stands typed in it is kept
    const fresh = this.packet?.packet !== message.packet;
    if (fresh) {
      this.outbox = new Outbox(message.packet, this.window);
      this.packet = new Packet(message);
    } else {
      this.packet.take(message);
    }
    this.chosen = new Set(fresh ? [] : [...this.chosen].map((one) => this.packet.byKey.get(one.key)).filter(Boolean));
    this.readonly = message.readonly;
    this.locked = message.locked;
    if (!this.readonly) this.outbox.adopt();
    this.outbox.forget((item) => item.case && !this.packet.byKey.has(item.case));
    this.packet.overlay(this.outbox.items);
    this.drawHead();
    if (!message.declared && !this.locked) this.declare();
    else if (!this.packet.list.length) this.body.replaceChildren(h("p", {}, "您的清单已空，没有要评的材料。"));
    else this.layOut();
    this.sit(this.readonly);
    this.drawMirror();
  }

  shown({ case: key, photo }) {
    const one = this.packet.byKey.get(key);
    if (!one) return;
    one.photo = photo;
    if (this.packet.current === one) this.portrait(one);
  }

  saved(message) {
    const item = this.outbox.drop(message.id, message.seq);
    const ties = this.packet.ties?.length;
    if ("sealed" in message) this.end(message);
    if (item?.type === "declare") return this.declared(message, ties);
    if (item?.type === "retract") return this.retracted(message);
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

  // The first declaration opens the packet; a later one adds to it.
  declared({ seq }, before) {
    if (!this.packet.declared) return this.link.hello();
    this.ties?.saved(seq, this.packet.ties.length > before);
    this.refreshState();
  }

  // A recusal that was taken back brings its case again, unless it was granted.
  retracted({ seq }) {
    this.ties?.retracted(seq);
    this.refreshState();
    this.link.hello();
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
    if (item.type === "retract") this.ties?.fail(message.reason);
    if (item.type === "declare") (this.declaring ?? this.ties)?.fail(message.reason);
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
    if (this.packet.current === one) {
      this.form.fill(one);
      this.form.begin();
    }
    this.changed(one);
  }

  lose(state) {
    this.flush(); // a comment still being written counts among what is kept here
    if (state && !this.cover.contains(document.activeElement)) this.held = document.activeElement;
    this.form?.lock(!this.writable);
    this.cover.put(state, this.outbox?.items.length ?? 0, this.packet?.may("seal") ? "评分" : "考核");
    for (const node of [this.body, this.banner]) node.inert = Boolean(state);
    for (const node of this.root.querySelectorAll("dialog")) if (state) node.close();
    if (!state) this.held?.focus({ preventScroll: true });
    this.refreshState();
  }

  tick() {
    if (this.outbox) this.link.pump(this.outbox);
  }
}
