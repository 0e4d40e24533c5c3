// Builders of elements. Text goes in as text; only HTML that the kernel rendered, with every value
// escaped there, goes in as HTML.

/**
 * Build an element (hyperscript): `on...` props are listeners, `class` and `html` are what they say,
 * the others are attributes; a prop that is null or false is left out.
 *
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {ElementProps} [props]
 * @param {...any} children
 * @returns {HTMLElementTagNameMap[Tag]}
 */
export function h(tag, props = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (value === undefined || value === null || value === false) continue;
    if (typeof value === "function") node.addEventListener(name.slice(2), value);
    else if (name === "class") node.className = String(value);
    else if (name === "html") node.innerHTML = String(value);
    else node.setAttribute(name, value === true ? "" : String(value));
  }
  node.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined));
  return node;
}

/** @param {Element} node @param {string} text */
export function setText(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

/**
 * Draw a part of the page anew. The focus stays where it was: on the control itself, else on the one that
 * took its place; returns false when it had the focus and no control in it has now.
 *
 * @param {HTMLElement} part
 * @param {() => void} draw
 */
export function drawKeepingFocus(part, draw) {
  const focused = /** @type {HTMLElement} */ (document.activeElement);
  const held = part.contains(focused);
  const index = controlsLike(focused, part).indexOf(focused);
  draw();
  if (!held || part.contains(document.activeElement)) return true;
  const same = focused.isConnected ? focused : controlsLike(focused, part)[index];
  same?.focus({ preventScroll: true });
  return part.contains(document.activeElement);
}

/**
 * Controls of a part of the page with the tag, the kind and the name of one.
 *
 * @param {HTMLElement} control
 * @param {HTMLElement} part
 */
export function controlsLike(control, part) {
  const name = nameOf(control);
  return /** @type {HTMLElement[]} */ ([...part.querySelectorAll(control.tagName)]).filter(
    (other) => nameOf(other) === name,
  );
}

/** @param {HTMLElement} control */
function nameOf(control) {
  const { classList, dataset, title } = control; // classes after the first say how it looks just now
  const name = control.getAttribute("aria-label") ?? control.textContent;
  return JSON.stringify([classList[0], name, title, { ...dataset }]);
}

/** @param {HTMLElement} node @param {boolean} visible */
export function setVisible(node, visible) {
  node.hidden = !visible;
}
