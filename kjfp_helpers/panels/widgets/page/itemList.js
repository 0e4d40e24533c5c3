import { h } from "./elements/dom.js";
import { guardKey } from "./elements/keyboard.js";

const TYPED_INTO = "input:not([type=checkbox]), textarea, select, [contenteditable]";

/** @type {Record<string, number>} */
const STEPS = { KeyJ: 1, KeyK: -1 };
/** @type {Record<string, number>} */
const ARROWS = { ArrowDown: 1, ArrowUp: -1 };

/** Items in groups. Keys work anywhere on the screen but where text is typed. */
class ItemList {
  /** @param {ListModel} model @param {HTMLElement} element */
  constructor(model, element) {
    this.model = model;
    this.list = h("div", { class: "kj-items", role: "listbox", tabindex: "0", "aria-label": "事项" });
    element.append(this.list);
    /** @type {HTMLElement | null} */
    this.root = null;
    this.frame = 0;
    /** @param {KeyboardEvent} event */
    this.onKey = (event) => this.press(event);
    this.draw = this.draw.bind(this);
    this.mark = this.mark.bind(this);
    model.on("change:rows", this.draw);
    model.on("change:current", this.mark);
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
  }

  get rows() {
    return this.model.get("rows");
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
      onclick: () => this.choose(row.key),
    };
    return h("div", props, h("b", {}, `${row.done ? "✓ " : ""}${row.told}`), h("span", {}, row.about));
  }

  mark() {
    const current = this.model.get("current");
    for (const node of this.list.querySelectorAll("[role=option]")) {
      const here = node.getAttribute("data-key") === current;
      node.setAttribute("aria-selected", String(here));
      if (!here) continue;
      this.list.setAttribute("aria-activedescendant", node.id);
      node.scrollIntoView({ block: "nearest" });
    }
  }

  /** @param {string} key */
  choose(key) {
    this.model.set("current", key);
    this.model.save_changes();
  }

  /** @param {KeyboardEvent} event */
  press(event) {
    const target = /** @type {HTMLElement} */ (event.target);
    if (!guardKey(event) || !this.list.offsetParent || target.matches(TYPED_INTO)) return;
    const digit = /^(?:Digit|Numpad)([1-9])$/.exec(event.code);
    const step = STEPS[event.code] ?? (target === this.list ? ARROWS[event.code] : undefined);
    if (digit) this.answer(Number(digit[1]));
    else if (step) this.step(step);
    else return;
    event.preventDefault();
  }

  /** @param {number} by */
  step(by) {
    const keys = this.rows.map((row) => row.key);
    const at = keys.indexOf(this.model.get("current")) + by;
    if (keys[at]) this.choose(keys[at]);
  }

  /**
   * Press the button of an answer, as a click would.
   *
   * @param {number} number
   */
  answer(number) {
    const answers = this.root.querySelector(".kj-answering .widget-toggle-buttons"); // the first: further ones sort
    answers?.querySelectorAll("button")[number - 1]?.click();
  }
}

export default {
  /** @param {{model: ListModel, el: HTMLElement}} widget */
  render({ model, el }) {
    const list = new ItemList(model, el);
    return () => list.detach();
  },
};
