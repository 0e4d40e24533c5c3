import { h, setText } from "./elements/dom.js";
import { formatClock } from "./elements/numbers.js";
import { readSetting, storeSetting } from "./elements/settings.js";

/** @import { Packet } from "./data/packet.js" */

/** @type {Record<string, string>} */
const SYMBOLS = { done: "✓", owing: "✎", begun: "◐", parked: "⏸", open: "○" };
/** @type {Record<string, string>} */
const SUFFIXES = { owing: "（待补评语）", begun: "（未评完）", parked: "（搁置）" };
const SCALES = [0.9, 1, 1.1, 1.25, 1.4, 1.6, 1.8];
const SCALE_SETTING = "kjfp:scale";
const MINUTE = 60_000;

/** Filters of the list, with the text on their buttons. */
export const FILTERS = [
  ["all", "全部"],
  ["open", "未评"],
  ["parked", "搁置"],
];

/** The line above the item: moving, jumping, filter, text size, progress. */
export class ProgressBar {
  /** @param {Packet} packet @param {BarListener} on */
  constructor(packet, on) {
    this.packet = packet;
    this.on = on;
    /** @type {Map<string, HTMLOptionElement>} */
    this.options = new Map();
    const { noun } = packet;
    this.back = button(`上一${noun}`, () => on.step(-1), `上一${noun}（K）`);
    this.forward = button(`下一${noun}`, () => on.step(1), `下一${noun}（J）`);
    this.jump = h("select", {
      class: "kp-jump",
      "aria-label": `跳到某一${noun}（G）`,
      onchange: () => {
        on.jump(this.jump.value);
      },
    });
    this.filters = FILTERS.filter(([id]) => id !== "parked" || packet.can("park")).map(([id, text]) =>
      h(
        "button",
        { class: "kp-filter", "aria-pressed": "false", onclick: () => on.filter(id), "data-filter": id },
        text,
      ),
    );
    this.position = h("span", { class: "kj-number kp-place" });
    this.fill = h("i");
    this.count = h("span", { class: "kj-number kp-done" });
    this.pace = h("span", { class: "kj-muted kj-small kp-pace" });
    this.queue = h("span", { class: "kp-queue", role: "status" });
    this.undo = packet.can("undo") ? button("撤回", () => on.undo(), "撤回上一次评分（U）") : null;
    this.compare = button("对比", () => on.compare(), "对比已选的几件（V）", "kp-compare");
    this.node = h(
      "nav",
      { class: "kp-bar", "aria-label": "清单" },
      this.back,
      this.jump,
      this.forward,
      h("span", { class: "kp-group", role: "group", "aria-label": "筛选" }, this.filters),
      this.position,
      h("span", { class: "kj-bar wide" }, this.fill),
      this.count,
      this.queue,
      this.pace,
      h(
        "span",
        { class: "kp-group kp-end" },
        this.undo,
        packet.can("compare") ? this.compare : null,
        packet.can("seal") ? button("总览与封存", () => on.selfCheck(), "总览与封存（M）", "kp-mirror") : null,
        button("A－", () => on.resize(-1), "全页小一号（[）"),
        button("A＋", () => on.resize(1), "全页大一号（]）"),
        button("?", () => on.help(), "按键说明（?）"),
      ),
    );
    const stored = SCALES.indexOf(Number(readSetting(SCALE_SETTING)));
    this.size = stored < 0 ? SCALES.indexOf(1) : stored;
  }

  fillList() {
    this.options = new Map(this.packet.items.map((item) => [item.key, h("option", { value: item.key })]));
    this.jump.replaceChildren(...this.options.values());
    for (const item of this.packet.items) this.relabel(item);
    this.refresh();
  }

  /** @param {Item} item */
  relabel(item) {
    const state = this.packet.state(item);
    const option = this.options.get(item.key);
    if (option) setText(option, `${SYMBOLS[state]} ${item.label}${item.anchor ? "·基准" : ""}${SUFFIXES[state] ?? ""}`);
  }

  refresh() {
    const { packet } = this;
    const { done, owing, total } = packet.counts;
    this.jump.value = packet.current?.key ?? "";
    this.back.disabled = !packet.neighbor(-1);
    this.forward.disabled = !packet.neighbor(1);
    setText(this.position, `第 ${packet.items.indexOf(packet.current) + 1} / ${total} ${packet.noun}`);
    this.fill.style.width = `${total ? Math.round((100 * done) / total) : 0}%`;
    setText(this.count, `已评 ${done}/${total}${owing ? `　待补评语 ${owing} 件` : ""}`);
    setText(this.pace, done < total ? this.forecast(total - done) : "");
    this.pace.title = this.pace.textContent;
    for (const filter of this.filters) {
      filter.setAttribute("aria-pressed", String(filter.dataset.filter === packet.filter));
    }
  }

  /**
   * When the packet will be finished at the pace so far; blank while the pace is unknown.
   *
   * @param {number} left
   */
  forecast(left) {
    const pace = this.packet.pace();
    if (pace === null) return "";
    const end = new Date(Date.now() + pace * MINUTE * left);
    return `预计 ${formatClock(end)} 评完，${pace < 1 ? "每件不到 1" : `每件约 ${Math.round(pace)}`} 分钟`;
  }

  /**
   * Make everything on the page larger or smaller; returns the scale.
   *
   * @param {number} step
   * @param {HTMLElement} root
   */
  resize(step, root) {
    this.size = Math.min(Math.max(this.size + step, 0), SCALES.length - 1);
    const scale = SCALES[this.size];
    root.style.setProperty("--kp-scale", String(scale));
    if (step) storeSetting(SCALE_SETTING, String(scale));
    return scale;
  }
}

/**
 * @param {string} text
 * @param {() => void} onClick
 * @param {string} label
 * @param {string} [look]
 */
function button(text, onClick, label, look) {
  return h("button", { onclick: onClick, class: look, "aria-label": label, title: label }, text);
}
