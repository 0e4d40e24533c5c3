// The line above the case: moving, jumping, filter, text size, progress.

const SIGNS = { done: "✓", owing: "✎", begun: "◐", parked: "⏸", open: "○" };
const SHORT = { owing: "（待补评语）", begun: "（未评完）", parked: "（搁置）" };
const FILTERS = [["all", "全部"], ["open", "未评"], ["parked", "搁置"]];
const SIZES = [13, 14, 15, 16, 18, 20, 22, 24];

class Bar {
  constructor(packet, on) {
    Object.assign(this, { packet, on });
    const button = (text, act, label, look) =>
      h("button", { onclick: act, class: look, "aria-label": label, title: label }, text);
    const { noun } = packet;
    this.back = button(`上一${noun}`, () => on.step(-1), `上一${noun}（K）`);
    this.forward = button(`下一${noun}`, () => on.step(1), `下一${noun}（J）`);
    this.jump = h("select", { class: "kp-jump", "aria-label": `跳到某一${noun}（G）`, onchange: () => on.jump(this.jump.value) });
    this.filters = FILTERS.filter(([id]) => id !== "parked" || packet.may("park")).map(([id, text]) =>
      h("button", { class: "kp-filter", "aria-pressed": "false", onclick: () => on.filter(id), "data-filter": id }, text));
    this.place = h("span", { class: "kj-number kp-place" });
    this.fill = h("i");
    this.count = h("span", { class: "kj-number kp-done" });
    this.pace = h("span", { class: "kj-muted kj-small kp-pace" });
    this.queue = h("span", { class: "kp-queue", role: "status" });
    this.undo = packet.may("undo") ? button("撤回", () => on.undo(), "撤回上一次评分（U）") : null;
    this.compare = button("对比", () => on.compare(), "对比已选的几件（V）", "kp-compare");
    this.node = h("nav", { class: "kp-bar", "aria-label": "清单" },
      this.back, this.jump, this.forward,
      h("span", { class: "kp-group", role: "group", "aria-label": "筛选" }, this.filters),
      this.place, h("span", { class: "kj-bar wide" }, this.fill), this.count, this.queue, this.pace,
      h("span", { class: "kp-group kp-end" },
        this.undo,
        packet.may("compare") ? this.compare : null,
        packet.may("seal") ? button("总览与封存", () => on.mirror(), "总览与封存（M）", "kp-mirror") : null,
        button("A－", () => on.size(-1), "正文小一号（[）"), button("A＋", () => on.size(1), "正文大一号（]）"),
        button("?", () => on.help(), "按键说明（?）")));
    this.size = Math.max(0, SIZES.indexOf(Number(remember("kjfp:size") ?? 15)));
  }

  fillList() {
    this.options = new Map(this.packet.list.map((one) => [one.key, h("option", { value: one.key })]));
    this.jump.replaceChildren(...this.options.values());
    this.packet.list.forEach((one) => this.relabel(one));
    this.refresh();
  }

  relabel(one) {
    const state = this.packet.state(one);
    const option = this.options.get(one.key);
    if (option) setText(option, `${SIGNS[state]} ${one.label}${one.anchor ? "·基准" : ""}${SHORT[state] ?? ""}`);
  }

  refresh() {
    const { packet } = this;
    const { done, owing, total } = packet.counts;
    this.jump.value = packet.current?.key ?? "";
    this.back.disabled = !packet.beside(-1);
    this.forward.disabled = !packet.beside(1);
    setText(this.place, `第 ${packet.list.indexOf(packet.current) + 1} / ${total} ${packet.noun}`);
    this.fill.style.width = `${total ? Math.round((100 * done) / total) : 0}%`;
    setText(this.count, `已评 ${done}/${total}${owing ? `　待补评语 ${owing} 件` : ""}`);
    const pace = packet.pace();
    const end = pace === null ? null : new Date(Date.now() + pace * 60000 * (total - done));
    setText(this.pace, end && done < total
      ? `预计 ${clock(end)} 评完，${pace < 1 ? "每件不到 1" : `每件约 ${Math.round(pace)}`} 分钟` : "");
    this.pace.title = this.pace.textContent;
    for (const button of this.filters) {
      button.setAttribute("aria-pressed", String(button.dataset.filter === packet.filter));
    }
  }

  resize(step, root) {
    this.size = Math.min(Math.max(this.size + step, 0), SIZES.length - 1);
    root.style.setProperty("--kp-text", `${SIZES[this.size]}px`);
    if (step) remember("kjfp:size", String(SIZES[this.size]));
  }
}
