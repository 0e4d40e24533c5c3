// What JupyterLab does around the screens of a round. A prepared notebook shows its screen without
// anybody pressing "run": Lab has no such setting, so this extension, written by hand and needing no
// build, runs the cells, only of a notebook in a round's workbook or packets, and only when every
// cell holds what the project's own notebooks hold. One that was changed says so and waits for a
// person. It is not saved while its cells are as they were opened, Lab's menu of cells stays away,
// and a lost connection is told by the page, not by a dialog of Lab's.
(() => {
  const PLACE = /(?:^|\/)(?:workbook|packets)\/[\w-]+\.ipynb$/;
  const SCREEN = /^from kjfp_helpers import panels$/m;
  const PARAMETER = /^(?:[a-z_]+ = (?:"[^"\\]*"|'[^'\\]*'))?\s*(?:#.*)?$/;
  const CALL = new RegExp(
    "^from kjfp_helpers import (?:panels|reports)$|^session = panels\\.open_session\\(round_dir, outputs_dir\\)$|" +
      '^(?:panels|reports)\\.[a-z_]+\\(session(?:, (?:member|"[a-z]+"))?\\)$|^$',
  );
  const SILENT = 20_000; // milliseconds after which a kernel that answers nothing is started anew
  const RETRY = 2_000; // milliseconds between two tries to reach the server
  const waiting = new Set();
  const screens = new Set(); // notebooks that hold, or are about to hold, a screen
  let runAll, request, dialogs, Bar, offline;

  function source(cell) {
    return cell.sharedModel.getSource();
  }

  function known(cell) {
    if (cell.type !== "code") return true;
    const tags = cell.getMetadata("tags") ?? [];
    const shape = tags.some((tag) => tag.endsWith("parameters")) ? PARAMETER : CALL;
    return source(cell).split("\n").every((line) => shape.test(line));
  }

  function cells(panel) {
    return Array.from(panel.content.model.cells);
  }

  function sources(panel) {
    return JSON.stringify(cells(panel).map((cell) => [cell.type, source(cell)]));
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
    if (!PLACE.test(panel.context.path)) return;
    const prepared = cells(panel).every(known);
    if (!prepared && !cells(panel).some((cell) => cell.type === "code" && SCREEN.test(source(cell)))) return;
    screens.add(panel);
    panel.disposed.connect(() => screens.delete(panel));
    for (const cell of cells(panel)) if (cell.type === "code") cell.clearExecution(); // of an earlier kernel
    panel.content.node.addEventListener("contextmenu", (event) => event.stopPropagation());
    panel.sessionContext.statusChanged.connect((_, status) => status === "autorestarting" && hush(panel));
    saveChangesOnly(panel);
    await panel.revealed;
    if (prepared) await show(app, panel);
    else tellChanged(app, panel);
  }

  async function show(app, panel) {
    await panel.sessionContext.ready;
    if (panel.content.model.cells.length) app.shell.collapseLeft?.();
    await answers(panel.sessionContext.session.kernel);
    await runAll(panel.content, panel.sessionContext);
  }

  // What a person has to know stands in a bar above the notebook; unknown code runs only when told.
  function tellChanged(app, panel) {
    const remedy = /packets\/[^/]+$/.test(panel.context.path)
      ? "请工作人员运行 kjfp packet issue 重新备卷" : "请重新运行 kjfp lab 恢复原样";
    const bar = new Bar(`本笔记本的内容被改动过，没有自动打开。${remedy}；确知改动无误的，点右侧按钮打开。`, "仍要打开");
    bar.button.onclick = () => {
      bar.dispose();
      show(app, panel);
    };
    panel.contentHeader.addWidget(bar);
  }

  // Nothing that a screen records is in its notebook. While the cells hold what was opened, it counts
  // as saved: no question on leaving, no file replaced under another window's feet.
  function saveChangesOnly(panel) {
    const { context } = panel;
    const { model } = context;
    const save = context.save.bind(context);
    let opened = sources(panel);
    const settle = () => {
      if (panel.isDisposed || sources(panel) !== opened) return false;
      model.dirty = false;
      return true;
    };
    context.save = async () => settle() || save();
    context.fileChanged.connect(() => { opened = sources(panel); });
    model.stateChanged.connect((_, { name, newValue }) => name === "dirty" && newValue && queueMicrotask(settle));
    settle();
  }

  // Lab's word about a kernel that starts again would stand above the veil that says the same: it
  // is taken off before it is on the screen.
  function hush(panel) {
    if (!panel.node.querySelector(".kp-cover")) return;
    dialogs.forEach((dialog) => dialog.isAttached || dialog.reject());
  }

  // The same of a lost connection: Lab's dialog would take every key, and stay after recovery.
  function hushOffline() {
    if (![...screens].some((panel) => panel.isVisible)) return;
    dialogs.filter(({ node }) => offline.some((title) => node.ariaLabel?.startsWith(title)))
      .forEach((dialog) => dialog.reject());
  }

  // Lab by itself looks for a lost server ever more rarely, and then no more.
  function follow(app, panel) {
    const kernel = panel.sessionContext.session?.kernel;
    const away = kernel && kernel.connectionStatus !== "connected";
    const veiled = panel.node.querySelector(".kp-cover:not([hidden])");
    if (!away && !veiled) {
      if (panel.lost) hushOffline();
      panel.lost?.end();
      panel.lost = null;
    } else if (!panel.lost && panel.node.querySelector(".kjfp-panel")) panel.lost = hold(panel);
    if (panel.lost && !panel.lost.asking) reach(app, panel, panel.lost);
  }

  // Asks the server for the kernel; as soon as it answers, the kernel's line is laid anew.
  async function reach(app, panel, lost) {
    const { sessions, serverSettings: server } = app.serviceManager;
    const kernel = panel.sessionContext.session?.kernel;
    lost.asking = true;
    try {
      const asked = request(`${server.baseUrl}api/kernels/${kernel.id}`, {}, server);
      const { status } = await Promise.race([asked, pause(3 * RETRY).then(() => Promise.reject())]);
      const closed = kernel.connectionStatus !== "connected" && performance.now() - lost.laid > 3 * RETRY;
      if (status === 404) sessions.refreshRunning().catch(() => {}); // lets go of a kernel that is gone
      else if (lost.failed || closed) {
        lost.laid = performance.now();
        kernel.reconnect().catch(() => {});
      }
      lost.failed = false;
    } catch {
      lost.failed = true;
    }
    await pause(RETRY);
    lost.asking = false;
  }

  // A screen without a veil of its own takes no input meanwhile, and says why.
  function hold(panel) {
    const lost = { asking: false, failed: false, laid: performance.now(), end: () => {} };
    if (panel.node.querySelector(".kp-cover")) return lost;
    const bar = new Bar("与服务器的连接中断，暂时不能办理；已填的内容还在本页。连上后自动恢复，请不要关闭本页。");
    panel.contentHeader.addWidget(bar);
    const focused = document.activeElement;
    const forms = panel.node.querySelectorAll(".kjfp-panel");
    forms.forEach((form) => { form.inert = true; });
    lost.end = () => {
      bar.dispose();
      forms.forEach((form) => { form.inert = false; });
      focused.focus({ preventScroll: true });
    };
    return lost;
  }

  async function again(tracker, event) {
    const panel = tracker.find((one) => one.node.contains(event.target));
    if (!screens.has(panel) || waiting.has(panel)) return;
    waiting.add(panel);
    await revive(panel).catch(() => {}).finally(() => waiting.delete(panel)); // the veil is still there
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

  // A line above the notebook, with a button or without.
  function barClass(Widget) {
    return class extends Widget {
      constructor(words, label) {
        const node = document.createElement("div");
        node.setAttribute("role", "alert");
        node.style.cssText = "display: flex; align-items: center; gap: 16px; min-height: 58px; padding: 4px 16px; font-size: 14px; " +
          "line-height: 1.6; background: #fdf1d8; color: #5c3c00; border-bottom: 1px solid #e2c48a; white-space: normal";
        super({ node });
        node.append(Object.assign(document.createElement("span"), { textContent: words }));
        this.button = Object.assign(document.createElement("button"), { textContent: label, className: "kjfp-bar-button" });
        this.button.style.cssText = "flex: none; padding: 4px 14px; font-size: 14px; color: #fff; background: #1d5b8f; " +
          "border: 0; border-radius: 4px; cursor: pointer";
        if (label) node.append(this.button);
        this.addClass("kjfp-bar");
      }
    };
  }

  async function extension(scope) {
    const shared = async (name) => (await Object.values(scope[name])[0].get())();
    const { INotebookTracker, NotebookActions } = await shared("@jupyterlab/notebook");
    const { ITranslator } = await shared("@jupyterlab/translation");
    Bar = barClass((await shared("@lumino/widgets")).Widget);
    dialogs = (await shared("@jupyterlab/apputils")).Dialog.tracker;
    request = (await shared("@jupyterlab/services")).ServerConnection.makeRequest;
    runAll = NotebookActions.runAll;
    return {
      id: "kjfp-opens:plugin",
      autoStart: true,
      requires: [INotebookTracker, ITranslator],
      activate: (app, tracker, translator) => {
        const words = translator.load("jupyterlab");
        offline = ["Server Connection Error", "Server unavailable or unreachable"].map((title) => words.__(title));
        app.serviceManager.connectionFailure.connect(() => {
          hushOffline(); // before it is on the screen
          setTimeout(hushOffline);
        });
        setInterval(() => screens.forEach((panel) => follow(app, panel)), 500);
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
