import { h } from "../elements/dom.js";

const SETTLE = 500; // milliseconds in which a click is the second one of a double click

/**
 * Show a modal dialog; it leaves the page when it is closed.
 *
 * @param {HTMLElement} root
 * @param {string} title
 * @param {string} look
 * @param {...any} children
 */
export function showDialog(root, title, look, ...children) {
  const close = h(
    "button",
    {
      class: "kp-close",
      "aria-label": "关闭（Esc）",
      onclick: () => {
        node.close();
      },
    },
    "关闭",
  );
  /** @type {HTMLDialogElement} */
  const node = h(
    "dialog",
    {
      class: `kp-dialog ${look}`,
      "aria-label": title,
      onclose: () => {
        node.remove();
      },
    },
    h("div", { class: "kp-line kp-dialog-head" }, h("h2", { tabindex: "-1" }, title), close),
    children,
  );
  root.append(node);
  node.showModal();
  return node;
}

/**
 * Ask before what cannot be undone, or is recorded at once. 取消 has the focus, so that the Enter which
 * came here agrees to nothing, however often it is pressed.
 *
 * @param {HTMLElement} root
 * @param {{title: string, text: string, yes: string, onConfirm: () => void}} question
 */
export function askConfirmation(root, { title, text, yes, onConfirm }) {
  const agree = h(
    "button",
    {
      class: "kp-danger kp-agree",
      onclick: () => {
        node.close();
        onConfirm();
      },
    },
    yes,
  );
  const cancel = h("button", { class: "kp-cancel", onclick: () => node.close() }, "取消");
  const node = showDialog(
    root,
    title,
    "ask",
    h("p", {}, text),
    h("div", { class: "kp-line kp-buttons" }, cancel, agree),
  );
  node.setAttribute("role", "alertdialog");
  agree.style.pointerEvents = "none";
  setTimeout(() => {
    agree.style.pointerEvents = "";
  }, SETTLE);
  cancel.focus();
  return node;
}
