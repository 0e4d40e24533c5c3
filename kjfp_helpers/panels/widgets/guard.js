// Keeps key presses inside a panel from reaching JupyterLab, whose command mode would delete,
// move or run the cell that holds the form, and whose undo would take the place of the text's own;
// saving goes through. Lab listens in the bubbling phase, on the document. Leaving the page is asked
// about only while a longer text was typed and no button pressed since.
const PASS = new Set(["F5", "F11", "F12"]);

function stop(event) {
  const saving = (event.ctrlKey || event.metaKey) && event.code === "KeyS";
  if (event.isComposing || !(saving || PASS.has(event.code))) event.stopPropagation();
}

function render({ el }) {
  let root = null;
  let frame = 0;
  const typed = new Set();
  const type = ({ target }) => target.matches("textarea") && typed.add(target);
  const press = ({ target }) => target.closest("button") && typed.clear();
  const leave = (event) => [...typed].some((text) => text.isConnected && text.value.trim()) && event.preventDefault();
  const attach = () => {
    root = el.closest(".kjfp-panel");
    if (!root) {
      frame = requestAnimationFrame(attach);
      return;
    }
    root.tabIndex = -1; // a click on plain text keeps the focus here, not on Lab's cell
    root.addEventListener("keydown", stop);
    root.addEventListener("input", type);
    root.addEventListener("click", press);
    window.addEventListener("beforeunload", leave);
    root.dataset.guarded = "yes";
    root.scrollIntoView({ block: "start" });
  };
  attach();
  return () => {
    cancelAnimationFrame(frame);
    root?.removeEventListener("keydown", stop);
    window.removeEventListener("beforeunload", leave);
  };
}

export default { render };
