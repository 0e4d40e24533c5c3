// Says that a screen waits for its kernel, when it does so for longer than a moment.

const MOMENT = 300; // milliseconds

/**
 * The packet page tells what it waits for itself.
 *
 * @param {LabNotebook} panel
 */
export function watchKernel(panel) {
  const notice = document.createElement("div");
  notice.className = "kjfp-busy";
  notice.setAttribute("role", "status");
  notice.style.cssText =
    "position: absolute; top: 10px; right: 26px; z-index: 60; padding: 5px 16px; border-radius: 16px; font-size: 14px; " +
    "line-height: 1.6; background: #1d5b8f; color: #fff; box-shadow: 0 2px 8px rgb(0 0 0 / .3); pointer-events: none";
  notice.hidden = true;
  panel.node.append(notice);
  /** @type {ReturnType<typeof setTimeout>} */
  let timer;
  panel.sessionContext.statusChanged.connect((_, status) => {
    clearTimeout(timer);
    notice.hidden = true;
    if (status === "busy") timer = setTimeout(show, MOMENT);
  });

  function show() {
    const screen = panel.node.querySelector(".kjfp-panel");
    if (screen?.matches(":has(.kp)")) return;
    notice.textContent = screen ? "正在处理，请稍候……" : "正在打开页面……";
    notice.hidden = false;
  }
}
