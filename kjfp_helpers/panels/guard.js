// Keeps key presses inside a panel from reaching JupyterLab, whose command mode would delete,
// move or run the cell that holds the form, and whose undo would take the place of the text's own;
// saving goes through. Lab listens in the bubbling phase, on the document.
const PASS = new Set(["F5", "F11", "F12"]);

function stop(event) {
  const saving = (event.ctrlKey || event.metaKey) && event.code === "KeyS";
  if (event.isComposing || !(saving || PASS.has(event.code))) event.stopPropagation();
}

function render({ el }) {
  let root = null;
  let frame = 0;
  const attach = () => {
    root = el.closest(".kjfp-panel");
    if (!root) {
      frame = requestAnimationFrame(attach);
      return;
    }
    root.tabIndex = -1; // a click on plain text keeps the focus here, not on Lab's cell
    root.addEventListener("keydown", stop);
    root.dataset.guarded = "yes";
    root.scrollIntoView({ block: "start" });
  };
  attach();
  return () => {
    cancelAnimationFrame(frame);
    root?.removeEventListener("keydown", stop);
  };
}

export default { render };
