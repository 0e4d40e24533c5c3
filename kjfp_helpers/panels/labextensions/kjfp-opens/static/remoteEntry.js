// A prepared notebook shows its screen without anybody pressing "run". Lab has no such setting, so
// this extension, written by hand and needing no build, runs the cells: only of a notebook in a
// round's workbook or packets, and only when every cell holds what the project's own notebooks
// hold. A notebook that came from elsewhere, or was changed, waits for a person to run it.
(() => {
  const PLACE = /(?:^|\/)(?:workbook|packets)\/[\w-]+\.ipynb$/;
  const PARAMETER = /^(?:[a-z_]+ = (?:"[^"\\]*"|'[^'\\]*'))?\s*(?:#.*)?$/;
  const CALL = new RegExp(
    "^from kjfp_helpers import (?:panels|reports)$|^desk = panels\\.open_desk\\(round_dir, outputs_dir\\)$|" +
      '^(?:panels|reports)\\.[a-z_]+\\(desk(?:\\.review\\(\\))?(?:, (?:member|"[a-z]+"))?\\)$|^$',
  );
  const waiting = new Set();
  let runAll;

  function known(cell) {
    if (cell.type !== "code") return true;
    const tags = cell.getMetadata("tags") ?? [];
    const shape = tags.some((tag) => tag.endsWith("parameters")) ? PARAMETER : CALL;
    const trusted = cell.trusted || cell.outputs.length === 0;
    return trusted && cell.sharedModel.getSource().split("\n").every((line) => shape.test(line));
  }

  function ours(panel) {
    return PLACE.test(panel.context.path) && Array.from(panel.content.model.cells).every(known);
  }

  async function open(app, panel) {
    await panel.context.ready;
    await panel.revealed;
    await panel.sessionContext.ready;
    if (!ours(panel)) return;
    if (panel.content.model.cells.length) app.shell.collapseLeft?.();
    await runAll(panel.content, panel.sessionContext);
  }

  async function again(tracker, event) {
    const panel = tracker.find((one) => one.node.contains(event.target));
    if (!panel || !ours(panel) || waiting.has(panel)) return;
    waiting.add(panel);
    await revive(panel).finally(() => waiting.delete(panel));
  }

  async function revive(panel) {
    const context = panel.sessionContext;
    if (!context.session?.kernel) await context.changeKernel({ name: context.kernelPreference.name });
    else if (context.kernelDisplayStatus === "dead") await context.restartKernel();
    for (let tries = 0; tries < 3; tries += 1) {
      await rested(context);
      // a kernel that is still on its way back drops what it is asked: then ask again
      const done = await runAll(panel.content, context).catch(() => false);
      if (done && (await drawn(panel))) return;
    }
  }

  // Waits a while until the page stands there without its veil; a run whose output was lost leaves
  // the old page under it.
  async function drawn(panel) {
    for (let tries = 0; tries < 25; tries += 1) {
      const veils = Array.from(panel.node.querySelectorAll(".kp-cover"));
      const veiled = veils.some((veil) => veil.getClientRects().length > 0);
      if (panel.node.querySelector(".kjfp-panel") && !veiled) return true;
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
    return false;
  }

  // Waits until the kernel, which starts again by itself, has been at rest for a moment.
  async function rested(context) {
    for (let calm = 0, tries = 0; calm < 4 && tries < 150; tries += 1) {
      await new Promise((resolve) => setTimeout(resolve, 200));
      calm = context.kernelDisplayStatus === "idle" ? calm + 1 : 0;
    }
  }

  async function extension(scope) {
    const shared = async (name) => (await Object.values(scope[name])[0].get())();
    const { INotebookTracker, NotebookActions } = await shared("@jupyterlab/notebook");
    runAll = NotebookActions.runAll;
    return {
      id: "kjfp-opens:plugin",
      autoStart: true,
      requires: [INotebookTracker],
      activate: (app, tracker) => {
        tracker.widgetAdded.connect((_, panel) => open(app, panel));
        document.addEventListener("kjfp:reopen", (event) => again(tracker, event));
      },
    };
  }

  let scope;
  window._JUPYTERLAB = window._JUPYTERLAB || {};
  window._JUPYTERLAB["kjfp-opens"] = {
    init: (shared) => { scope = shared; },
    get: async () => {
      const plugin = await extension(scope);
      return () => ({ __esModule: true, default: plugin });
    },
  };
})();
