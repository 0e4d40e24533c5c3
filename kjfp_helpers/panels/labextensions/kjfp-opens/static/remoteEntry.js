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
  const SILENT = 20_000; // milliseconds after which a kernel that answers nothing is started anew
  const waiting = new Set();
  let runAll, dialogs;

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

  // Starts the notebook's kernel and has it load the program while Lab itself still loads. Nothing
  // of the notebook runs; Lab finds the session by the path.
  async function ahead() {
    const [, path] = /\/tree\/(.+)$/.exec(decodeURIComponent(location.pathname)) ?? [];
    if (!PLACE.test(path)) return;
    const page = JSON.parse(document.getElementById("jupyter-config-data").textContent);
    const [, xsrf] = /\b_xsrf=([^;]*)/.exec(document.cookie) ?? [];
    const headers = { "Content-Type": "application/json", "X-XSRFToken": xsrf ?? "" };
    if (page.token) headers.Authorization = `token ${page.token}`;
    const body = JSON.stringify({ path, name: path.split("/").at(-1), type: "notebook", kernel: {} });
    const { kernel } = await (await fetch(`${page.baseUrl}api/sessions`, { method: "POST", headers, body })).json();
    const place = new URL(`${page.baseUrl}api/kernels/${kernel.id}/channels`, page.wsUrl || location.href);
    place.protocol = place.protocol.replace("http", "ws");
    if (page.token) place.searchParams.set("token", page.token);
    const line = new WebSocket(place);
    const header = { msg_id: kernel.id, msg_type: "execute_request", session: kernel.id, username: "",
      date: new Date().toISOString(), version: "5.3" };
    const content = { code: "from kjfp_helpers import panels", silent: true, store_history: false,
      user_expressions: {}, allow_stdin: false, stop_on_error: false };
    line.onopen = () => line.send(JSON.stringify({ channel: "shell", header, parent_header: {}, metadata: {}, content }));
    line.onmessage = ({ data }) => /"execute_reply"/.test(data) && line.close();
  }

  async function open(app, panel) {
    await panel.context.ready;
    await panel.revealed;
    const context = panel.sessionContext;
    context.statusChanged.connect((_, status) => status === "autorestarting" && hush(panel));
    await context.ready;
    if (!ours(panel)) return;
    if (panel.content.model.cells.length) app.shell.collapseLeft?.();
    await answers(context.session.kernel);
    await runAll(panel.content, context);
  }

  // Lab's word about a kernel that starts again would stand above the veil that says the same: it
  // is taken off before it is on the screen.
  function hush(panel) {
    if (!panel.node.querySelector(".kp-cover")) return;
    dialogs.forEach((dialog) => dialog.isAttached || dialog.reject());
  }

  async function again(tracker, event) {
    const panel = tracker.find((one) => one.node.contains(event.target));
    if (!panel || !ours(panel) || waiting.has(panel)) return;
    waiting.add(panel);
    await revive(panel).finally(() => waiting.delete(panel));
  }

  // A kernel may die once more while it is on its way back: then it is asked again.
  async function revive(panel) {
    const context = panel.sessionContext;
    for (let tries = 0; tries < 3; tries += 1) {
      if (!context.session?.kernel || context.session.kernel.isDisposed) {
        await context.sessionManager.refreshRunning(); // lets go of a session whose kernel is gone
        await context.changeKernel({ name: context.kernelPreference.name });
      } else if (!(await answers(context.session.kernel))) await context.restartKernel();
      else if (await runAll(panel.content, context).catch(() => false)) return;
    }
  }

  // Waits until the kernel has answered on every line. What Lab shows as its state does not tell:
  // it is that of the last message, and a message that was sent before the lines stood is lost.
  async function answers(kernel) {
    const end = performance.now() + SILENT;
    while (performance.now() < end && !kernel.isDisposed) {
      try {
        if (await Promise.race([kernel.requestKernelInfo(), pause(1000)])) return true;
      } catch {
        await pause(50); // the connection does not stand yet
      }
    }
    return false;
  }

  function pause(milliseconds) {
    return new Promise((resolve) => setTimeout(resolve, milliseconds));
  }

  async function extension(scope) {
    const shared = async (name) => (await Object.values(scope[name])[0].get())();
    const { INotebookTracker, NotebookActions } = await shared("@jupyterlab/notebook");
    dialogs = (await shared("@jupyterlab/apputils")).Dialog.tracker;
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
  ahead().catch(() => {}); // then Lab starts the kernel itself
  window._JUPYTERLAB = window._JUPYTERLAB || {};
  window._JUPYTERLAB["kjfp-opens"] = {
    init: (shared) => { scope = shared; },
    get: async () => {
      const plugin = await extension(scope);
      return () => ({ __esModule: true, default: plugin });
    },
  };
})();
