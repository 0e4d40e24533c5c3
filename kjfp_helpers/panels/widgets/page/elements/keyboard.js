// Which key an event stands for, and which keys stay inside a panel. JupyterLab's command mode would
// move, run or delete the cell, and its undo would replace the text's own. Lab listens in the bubbling
// phase, on the document, so that stopping the event at the panel's root is enough.

const PASSED_ON = new Set(["F5", "F11", "F12"]);
/** @type {Record<string, string>} */
const STOPS = { Period: ".", NumpadDecimal: "." };

/**
 * Direction of the keys + and -.
 *
 * @type {Record<string, number>}
 */
export const PLUS_MINUS = { Equal: 1, NumpadAdd: 1, Minus: -1, NumpadSubtract: -1 };

/** @param {KeyboardEvent} event */
export function isEnter(event) {
  return event.code === "Enter" || event.code === "NumpadEnter";
}

/**
 * The digit or decimal point of a key, undefined for every other key.
 *
 * @param {string} code
 * @returns {string | undefined}
 */
export function digitOf(code) {
  return /^(?:Digit|Numpad)\d$/.test(code) ? code.at(-1) : STOPS[code];
}

/**
 * Keep a key from Lab, except saving and the browser's function keys. Returns whether the panel may
 * treat the key as a shortcut: no modifier, and no input method that is composing.
 *
 * @param {KeyboardEvent} event
 */
export function guardKey(event) {
  const composing = event.isComposing || event.keyCode === 229;
  const saving = (event.ctrlKey || event.metaKey) && event.code === "KeyS";
  if (!composing && (saving || PASSED_ON.has(event.code))) return false;
  event.stopPropagation();
  return !composing && !event.altKey && !event.ctrlKey && !event.metaKey;
}

/**
 * Whether Alt is the only modifier of a key.
 *
 * @param {KeyboardEvent} event
 */
export function isAltOnly(event) {
  return event.altKey && !event.ctrlKey && !event.metaKey && !event.isComposing;
}
