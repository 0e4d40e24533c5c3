import { h } from "./elements/dom.js";
import { guardKey } from "./elements/keyboard.js";

const TYPED_INTO = "input:not([type=checkbox]), textarea, select, [contenteditable]";

/** @type {Record<string, number>} */
const STEPS = { KeyJ: 1, KeyK: -1 };
/** @type {Record<string, number>} */
const ARROWS = { ArrowDown: 1, ArrowUp: -1 };

/**
 * Items in groups. Keys work anywhere on the screen but where text is typed. Each is sent to the kernel
 * with the item that it was pressed for, in order: however fast they come, none acts on another item.
 * Until the kernel has heard all of them, the page shows the item picked last.
 */
class ItemList {
  /** @param {ListModel} model @param {HTMLElement} element */
  constructor(model, element) {
    this.model = model;
    this.list = h("div", { class: "kj-items", role: "listbox", tabindex: "0", "aria-label": "事项" });
    element.append(this.list);
    /** @type {HTMLElement | null} */
    this.root = null;
    this.frame = 0;
    this.sent = model.get("heard");
    this.picked = model.get("current");
    /** @param {KeyboardEvent} event */
    this.onKey = (event) => this.press(event);
    this.draw = this.draw.bind(this);
    this.mark = this.mark.bind(this);
    model.on("change:rows", this.draw);
    model.on("change:current", this.mark);
    model.on("change:heard", this.mark);
    this.draw();
    this.attach();
  }

  /** Lab puts the element into the page some frames later. */
  attach() {
    this.root = this.list.closest(".kjfp-panel");
    if (this.root) this.root.addEventListener("keydown", this.onKey);
    else this.frame = requestAnimationFrame(() => this.attach());
  }

  detach() {
    cancelAnimationFrame(this.frame);
    this.root?.removeEventListener("keydown", this.onKey);
    this.model.off("change:rows", this.draw);
    this.model.off("change:current", this.mark);
    this.model.off("change:heard", this.mark);
  }

  get rows() {
    return this.model.get("rows");
  }

  get waits() {
    return this.model.get("heard") < this.sent;
  }

  /** Key of the item that is shown as the current one. */
  get shown() {
    return this.waits ? this.picked : this.model.get("current");
  }

  draw() {
    /** @type {Map<string, ListedItem[]>} */
    const groups = new Map();
    for (const row of this.rows) groups.set(row.group, [...(groups.get(row.group) ?? []), row]);
    const parts = [...groups].map(([title, rows]) =>
      h(
        "div",
        { class: "kj-group", role: "group", "aria-label": title },
        h("div", { class: "kj-group-title", "aria-hidden": "true" }, `${title}（${rows.length}）`),
        rows.map((row) => this.line(row)),
      ),
    );
    this.list.replaceChildren(...parts);
    this.mark();
  }

  /** @param {ListedItem} row */
  line(row) {
    const props = {
      class: row.done ? "kj-line-item done" : "kj-line-item",
      role: "option",
      id: `kj-item-${this.rows.indexOf(row)}`,
      "data-key": row.key,
      onclick: () => this.send("show", row.key),
    };
    return h("div", props, h("b", {}, `${row.done ? "✓ " : ""}${row.told}`), h("span", {}, row.about));
  }

  /** Mark the current item; what belongs to the one before is not to be clicked meanwhile. */
  mark() {
    const { shown } = this;
    this.root?.classList.toggle("kj-refilling", this.waits);
    for (const node of this.list.querySelectorAll("[role=option]")) {
      const here = node.getAttribute("data-key") === shown;
      node.setAttribute("aria-selected", String(here));
      if (!here) continue;
      this.list.setAttribute("aria-activedescendant", node.id);
      node.scrollIntoView({ block: "nearest" });
    }
  }

  /** @param {string} type @param {string} key @param {number} [number] */
  send(type, key, number) {
    this.picked = key;
    this.sent = Math.max(this.sent, this.model.get("heard")) + 1;
    this.model.send({ type, key, number, sent: this.sent });
    this.mark();
  }

  /** @param {KeyboardEvent} event */
  press(event) {
    const target = /** @type {HTMLElement} */ (event.target);
    if (!guardKey(event) || !this.list.offsetParent || target.matches(TYPED_INTO)) return;
    const digit = /^(?:Digit|Numpad)([1-9])$/.exec(event.code);
    const step = STEPS[event.code] ?? (target === this.list ? ARROWS[event.code] : undefined);
    if (digit) this.send("answer", this.shown, Number(digit[1]));
    else if (step) this.step(step);
    else return;
    event.preventDefault();
  }

  /** @param {number} by */
  step(by) {
    const keys = this.rows.map((row) => row.key);
    const at = keys.indexOf(this.shown) + by;
    if (keys[at]) this.send("show", keys[at]);
  }
}

export default {
  /** @param {{model: ListModel, el: HTMLElement}} widget */
  render({ model, el }) {
    const list = new ItemList(model, el);
    return () => list.detach();
  },
};
