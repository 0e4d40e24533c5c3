/**
 * Make an element with properties (`className`, `onclick`, `ariaLabel` and so on) and children.
 *
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Partial<HTMLElementTagNameMap[Tag]>} properties
 * @param {...(Node | string)} children
 * @returns {HTMLElementTagNameMap[Tag]}
 */
export function make(tag, properties, ...children) {
  const node = Object.assign(document.createElement(tag), properties);
  node.append(...children);
  return node;
}

/** @param {string} words @param {() => void} act @param {string} [look] */
export function button(words, act, look = "kt-button") {
  return make("button", { type: "button", className: look, onclick: act }, words);
}
