// What JupyterLab does around the screens of a round. A prepared notebook shows its screen without
// anybody pressing "run": Lab has no such setting, so this extension, written by hand and needing no
// build, runs the cells, only of a notebook in a round's workbook or packets, and only when every
// cell holds what the project's own notebooks hold. One that was changed says so and waits for a
// person. It is not saved while its cells are as they were opened, Lab's menu of cells stays away,
// and a lost connection is told by the page, not by a dialog of Lab's.
(() => {
  const PATH = /(?:^|\/)(?:workbook|packets)\/[\w-]+\.ipynb$/;
  const SCREEN = /^from kjfp_helpers import panels$/m;
  const PARAMETER = /^(?:[a-z_]+ = (?:"[^"\\]*"|'[^'\\]*'|False))?\s*(?:#.*)?$/;
  const CALL = new RegExp(
    "^from kjfp_helpers import (?:panels|reports)$|^session = panels\\.open_session\\(round_dir, outputs_dir(?:, create=produce)?\\)$|" +
      "^from kjfp_helpers\\.commands\\.steps_from_notebooks import notebook_steps$|" +
      '^produced = notebook_steps\\.produce_documents\\(session, \\((?:"[a-z]+",? ?)+\\), wanted=produce\\)$|' +
      "^produced = notebook_steps\\.produce_publication\\(session, day, reason, number, wanted=produce\\)$|" +
      '^(?:panels|reports)\\.[a-z_]+\\(session(?:, (?:member|"[a-z]+"))?\\)$|^$',
  );
  const SILENT = 20_000; // milliseconds after which a kernel that answers nothing is started anew
  const RETRY = 2_000; // milliseconds between two tries to reach the server
  const REFILL = 2_000; // milliseconds in which Lab reads the fields from a kernel that answers again
  /** @type {Set<LabNotebook>} */
  const reviving = new Set(); // notebooks whose kernel is being started anew
  /** @type {Set<LabNotebook>} */
  const screens = new Set(); // notebooks that hold, or are about to hold, a screen
  /** @type {WeakMap<LabNotebook, Outage>} */
  const outages = new WeakMap(); // by notebook, while its connection is lost
  /** @type {WeakSet<LabKernel>} */
  const guarded = new WeakSet(); // kernels whose line no earlier one closes
  /** @type {(notebook: LabNotebook["content"], session: LabSession) => Promise<boolean>} */
  let runAll;
  /** @type {(url: string, init: object, settings: LabServices["serverSettings"]) => Promise<Response>} */
  let request;
  /** @type {{filter(test: (dialog: LabDialog) => boolean): LabDialog[]}} Dialogs that Lab shows. */
  let dialogs;
  /** @type {new (text: string, label?: string) => {button: HTMLButtonElement, dispose(): void}} */
  let ScreenBar;
  /** @type {(app: LabApp, panel: LabNotebook) => void} */
  let closeSplash;
  /** @type {(panel: LabNotebook) => void} */
  let watchKernel;
  /** @type {string[]} Titles of Lab's dialogs about a lost server, in its language. */
  let offlineTitles;

  /** @param {LabCell} cell */
  function sourceOf(cell) {
    return cell.sharedModel.getSource();
  }

  /** @param {LabCell} cell */
  function isKnownCell(cell) {
    if (cell.type !== "code") return true;
    const tags = cell.getMetadata("tags") ?? [];
    const shape = tags.some((tag) => tag.endsWith("parameters")) ? PARAMETER : CALL;
    return sourceOf(cell)
      .split("\n")
      .every((line) => shape.test(line));
  }

  /** @param {LabNotebook} panel */
  function cellsOf(panel) {
    return Array.from(panel.content.model.cells);
  }

  /** @param {LabNotebook} panel */
  function sourcesOf(panel) {
    return JSON.stringify(cellsOf(panel).map((cell) => [cell.type, sourceOf(cell)]));
  }

  // Starts the notebook's kernel and has it load the program while Lab itself still loads. Nothing
  // of the notebook runs; Lab finds the session by the path.
  async function startKernelEarly() {
    const [, path] = /\/tree\/(.+)$/.exec(decodeURIComponent(location.pathname)) ?? [];
    if (!PATH.test(path)) return;
    const page = JSON.parse(document.getElementById("jupyter-config-data").textContent);
    const [, xsrf] = /\b_xsrf=([^;]*)/.exec(document.cookie) ?? [];
    /** @type {Record<string, string>} */
    const headers = { "Content-Type": "application/json", "X-XSRFToken": xsrf ?? "" };
    if (page.token) headers.Authorization = `token ${page.token}`;
    const body = JSON.stringify({ path, name: path.split("/").at(-1), type: "notebook", kernel: {} });
    const { kernel } = await (await fetch(`${page.baseUrl}api/sessions`, { method: "POST", headers, body })).json();
    const address = new URL(`${page.baseUrl}api/kernels/${kernel.id}/channels`, page.wsUrl || location.href);
    address.protocol = address.protocol.replace("http", "ws");
    if (page.token) address.searchParams.set("token", page.token);
    const socket = new WebSocket(address);
    const header = {
      msg_id: kernel.id,
      msg_type: "execute_request",
      session: kernel.id,
      username: "",
      date: new Date().toISOString(),
      version: "5.3",
    };
    const content = {
      code: "from kjfp_helpers import panels",
      silent: true,
      store_history: false,
      user_expressions: {},
      allow_stdin: false,
      stop_on_error: false,
    };
    socket.onopen = () =>
      socket.send(JSON.stringify({ channel: "shell", header, parent_header: {}, metadata: {}, content }));
    socket.onmessage = ({ data }) => /"execute_reply"/.test(data) && socket.close();
  }

  /** @param {LabApp} app @param {LabNotebook} panel */
  async function onNotebook(app, panel) {
    await panel.context.ready;
    if (!PATH.test(panel.context.path)) return;
    closeSplash(app, panel);
    const prepared = cellsOf(panel).every(isKnownCell);
    if (!prepared && !cellsOf(panel).some((cell) => cell.type === "code" && SCREEN.test(sourceOf(cell)))) return;
    screens.add(panel);
    panel.disposed.connect(() => screens.delete(panel));
    for (const cell of cellsOf(panel)) if (cell.type === "code") cell.clearExecution(); // of an earlier kernel
    panel.content.node.addEventListener("contextmenu", (event) => event.stopPropagation());
    panel.sessionContext.statusChanged.connect(
      (_, status) => status === "autorestarting" && dismissRestartDialog(panel),
    );
    panel.sessionContext.connectionStatusChanged.connect(() => watchConnection(app, panel));
    watchKernel(panel);
    saveChangesOnly(panel);
    await panel.revealed;
    if (prepared) await runScreen(app, panel);
    else offerToOpen(app, panel);
  }

  /** @param {LabApp} app @param {LabNotebook} panel */
  async function runScreen(app, panel) {
    await panel.sessionContext.ready;
    if (panel.content.model.cells.length) app.shell.collapseLeft?.();
    await waitForKernel(panel.sessionContext.session.kernel);
    await runAll(panel.content, panel.sessionContext);
    showFirst(panel);
  }

  // Lab ends at the last cell it ran; a person begins at the screen, which stands first.
  /** @param {LabNotebook} panel */
  function showFirst(panel) {
    const first = cellsOf(panel).findIndex((cell) => cell.type === "code" && SCREEN.test(sourceOf(cell)));
    if (first >= 0) panel.content.activeCellIndex = first;
    panel.node.querySelector(".kjfp-panel")?.scrollIntoView({ block: "start" });
  }

  // What a person has to know stands in a bar above the notebook; unknown code runs only when told.
  /** @param {LabApp} app @param {LabNotebook} panel */
  function offerToOpen(app, panel) {
    const remedy = /packets\/[^/]+$/.test(panel.context.path)
      ? "请工作人员在“开始与进度”的“评分表”一栏重新备好评分笔记本"
      : "请重新运行 kjfp lab 恢复原样";
    const bar = new ScreenBar(
      `本笔记本的内容被改动过，没有自动打开。${remedy}；确知改动无误的，点右侧按钮打开。`,
      "仍要打开",
    );
    bar.button.onclick = () => {
      bar.dispose();
      runScreen(app, panel);
    };
    panel.contentHeader.addWidget(bar);
  }

  // Nothing that a screen records is in its notebook. While the cells hold what was opened, it counts
  // as saved: no question on leaving, no file replaced under another window's feet.
  /** @param {LabNotebook} panel */
  function saveChangesOnly(panel) {
    const { context } = panel;
    const { model } = context;
    const save = context.save.bind(context);
    let opened = sourcesOf(panel);
    const settle = () => {
      if (panel.isDisposed || sourcesOf(panel) !== opened) return false;
      model.dirty = false;
      return true;
    };
    context.save = async () => settle() || save();
    context.fileChanged.connect(() => {
      opened = sourcesOf(panel);
    });
    model.stateChanged.connect((_, { name, newValue }) => name === "dirty" && newValue && queueMicrotask(settle));
    settle();
  }

  // Lab's dialog about a kernel that restarts would stand above the cover that says the same: it
  // is dismissed before it is on the screen.
  /** @param {LabNotebook} panel */
  function dismissRestartDialog(panel) {
    if (!panel.node.querySelector(".kp-cover")) return;
    dialogs.filter((dialog) => !dialog.isAttached).forEach(reject);
  }

  // The same of a lost connection: Lab's dialog would take every key, and stay after recovery.
  function dismissOfflineDialogs() {
    if (![...screens].some((panel) => panel.isVisible)) return;
    dialogs.filter(({ node }) => offlineTitles.some((title) => node.ariaLabel?.startsWith(title))).forEach(reject);
  }

  // A line that could not be laid has Lab ask again 10 to 30 seconds later, and then drop the line
  // that was laid meanwhile: keys would go nowhere until the next one stands.
  /** @param {LabKernel | null | undefined} kernel */
  function guardLine(kernel) {
    if (!kernel?._onWSClose || guarded.has(kernel)) return;
    guarded.add(kernel);
    const onClose = kernel._onWSClose;
    kernel._onWSClose = (event) => event.target === kernel._ws && onClose(event);
  }

  /** @param {LabNotebook} panel */
  function isLost(panel) {
    const kernel = panel.sessionContext.session?.kernel;
    const away = kernel && kernel.connectionStatus !== "connected";
    return Boolean(away || panel.node.querySelector(".kp-cover:not([hidden])"));
  }

  // Lab by itself looks for a lost server ever more rarely, and then no more.
  /** @param {LabApp} app @param {LabNotebook} panel */
  function watchConnection(app, panel) {
    guardLine(panel.sessionContext.session?.kernel);
    let outage = outages.get(panel);
    if (!isLost(panel)) {
      if (outage) dismissOfflineDialogs();
      outage?.end();
      outages.delete(panel);
      return;
    }
    if (!outage && panel.node.querySelector(".kjfp-panel")) {
      outage = blockInput(panel);
      outages.set(panel, outage);
    }
    if (outage && !outage.asking) reconnect(app, panel, outage);
  }

  // Asks the server for the kernel; when it answers, the kernel's line is laid anew, unless it was
  // only held up: then it carries again by itself, and laying it anew would stop the person once more.
  /** @param {LabApp} app @param {LabNotebook} panel @param {Outage} outage */
  async function reconnect(app, panel, outage) {
    const { sessions, serverSettings: server } = app.serviceManager;
    const kernel = panel.sessionContext.session?.kernel;
    outage.asking = true;
    try {
      const asked = request(`${server.baseUrl}api/kernels/${kernel.id}`, {}, server);
      const { status } = await Promise.race([asked, pause(3 * RETRY).then(() => Promise.reject())]);
      const closed = kernel.connectionStatus !== "connected" && performance.now() - outage.reconnectedAt > 3 * RETRY;
      if (status === 404)
        sessions.refreshRunning().catch(() => {}); // lets go of a kernel that is gone
      else if (closed || (outage.failed && !(await carriesAgain(panel, kernel)))) {
        outage.reconnectedAt = performance.now();
        kernel.reconnect().catch(() => {});
      }
      outage.failed = false;
    } catch {
      outage.failed = true;
    }
    await pause(RETRY);
    outage.asking = false;
  }

  /** @param {LabNotebook} panel @param {LabKernel} kernel */
  async function carriesAgain(panel, kernel) {
    if (kernel.connectionStatus !== "connected") return false;
    await pause(RETRY); // the page asks its kernel every second
    return !isLost(panel);
  }

  // A screen without a cover of its own takes no input meanwhile, and says why.
  /** @param {LabNotebook} panel */
  function blockInput(panel) {
    const outage = { asking: false, failed: false, reconnectedAt: performance.now(), end: () => {} };
    if (panel.node.querySelector(".kp-cover")) return outage;
    const bar = new ScreenBar("与服务器的连接中断，暂时不能办理；已填的内容还在本页。连上后自动恢复，请不要关闭本页。");
    panel.contentHeader.addWidget(bar);
    const focused = /** @type {HTMLElement} */ (document.activeElement);
    /** @type {NodeListOf<HTMLElement>} */
    const forms = panel.node.querySelectorAll(".kjfp-panel");
    forms.forEach((form) => {
      form.inert = true;
    });
    const typed = Array.from(forms, readForm);
    outage.end = async () => {
      await restoreTexts(panel, typed).catch(() => {});
      bar.dispose();
      if (outages.has(panel)) return; // lost again meanwhile
      forms.forEach((form) => {
        form.inert = false;
      });
      focused.focus({ preventScroll: true });
    };
    return outage;
  }

  /** @param {HTMLElement} form @returns {FormTexts} */
  function readForm(form) {
    /** @type {NodeListOf<HTMLInputElement | HTMLTextAreaElement>} */
    const fields = form.querySelectorAll('input[type="text"], textarea');
    return { form, content: form.textContent, fields: Array.from(fields, (field) => [field, field.value]) };
  }

  // Lab sets every field to the kernel's value on reconnecting, and what was typed just before the
  // loss may never have reached the kernel. It is typed again, unless the rest of the form changed
  // too: then the kernel has gone on, for example to the next item.
  /** @param {LabNotebook} panel @param {FormTexts[]} typed */
  async function restoreTexts(panel, typed) {
    await waitForKernel(panel.sessionContext.session.kernel);
    for (const end = performance.now() + REFILL; performance.now() < end; await pause(100))
      for (const { form, content, fields } of typed) if (form.textContent === content) fields.forEach(typeAgain);
  }

  /** @param {[HTMLInputElement | HTMLTextAreaElement, string]} entry */
  function typeAgain([field, text]) {
    if (!field.isConnected || field.value === text) return;
    field.value = text;
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }

  /** @param {LabTracker} tracker @param {Event} event */
  async function onReopen(tracker, event) {
    const panel = tracker.find((candidate) => candidate.node.contains(/** @type {Node} */ (event.target)));
    if (!screens.has(panel) || reviving.has(panel)) return;
    reviving.add(panel);
    await reviveKernel(panel)
      .catch(() => {})
      .finally(() => reviving.delete(panel)); // the cover is still there
  }

  // A kernel may die once more while it is on its way back: then it is asked again.
  /** @param {LabNotebook} panel */
  async function reviveKernel(panel) {
    const context = panel.sessionContext;
    for (let tries = 0; tries < 3; tries += 1) {
      if (!context.session?.kernel || context.session.kernel.isDisposed) {
        await context.sessionManager.refreshRunning(); // lets go of a session whose kernel is gone
        await context.changeKernel({ name: context.kernelPreference.name });
      } else if (!(await waitForKernel(context.session.kernel))) await context.restartKernel();
      else if (await runAll(panel.content, context).catch(() => false)) return;
    }
  }

  // Waits until the kernel has answered on every line. What Lab shows as its state does not tell:
  // it is that of the last message, and a message that was sent before the lines stood is lost.
  /** @param {LabKernel} kernel */
  async function waitForKernel(kernel) {
    const end = performance.now() + SILENT;
    for (let patience = 200; performance.now() < end && !kernel.isDisposed; patience = Math.min(2 * patience, 1000)) {
      try {
        if (await Promise.race([kernel.requestKernelInfo(), pause(patience)])) return true;
      } catch {
        await pause(50); // the connection does not stand yet
      }
    }
    return false;
  }

  /** @param {LabDialog} dialog */
  function reject(dialog) {
    dialog.reject();
  }

  /** @param {number} milliseconds */
  function pause(milliseconds) {
    return new Promise((resolve) => setTimeout(resolve, milliseconds));
  }

  // A line above the notebook, with a button or without.
  /** @param {any} Widget */
  function barClass(Widget) {
    return class extends Widget {
      /** @param {string} text @param {string} label */
      constructor(text, label) {
        const node = document.createElement("div");
        node.setAttribute("role", "alert");
        node.style.cssText =
          "display: flex; align-items: center; gap: 16px; min-height: 58px; padding: 4px 16px; font-size: 14px; " +
          "line-height: 1.6; background: #fdf1d8; color: #5c3c00; border-bottom: 1px solid #e2c48a; white-space: normal";
        super({ node });
        node.append(Object.assign(document.createElement("span"), { textContent: text }));
        this.button = Object.assign(document.createElement("button"), {
          textContent: label,
          className: "kjfp-bar-button",
        });
        this.button.style.cssText =
          "flex: none; padding: 4px 14px; font-size: 14px; color: #fff; background: #1d5b8f; " +
          "border: 0; border-radius: 4px; cursor: pointer";
        if (label) node.append(this.button);
        this.addClass("kjfp-bar");
      }
    };
  }

  /** @param {any} scope */
  async function makePlugins(scope) {
    /** @param {string} name */
    const shared = async (name) => (await Object.values(scope[name])[0].get())();
    const { makeStandIns, showAlone } = await alone;
    ({ closeSplash } = await alone);
    ({ watchKernel } = await busy);
    const { INotebookTracker, NotebookActions } = await shared("@jupyterlab/notebook");
    const { ITranslator } = await shared("@jupyterlab/translation");
    ScreenBar = /** @type {any} */ (barClass((await shared("@lumino/widgets")).Widget));
    dialogs = (await shared("@jupyterlab/apputils")).Dialog.tracker;
    request = (await shared("@jupyterlab/services")).ServerConnection.makeRequest;
    runAll = NotebookActions.runAll;
    const opens = {
      id: "kjfp-opens:plugin",
      autoStart: true,
      requires: [INotebookTracker, ITranslator],
      /** @param {LabApp} app @param {LabTracker} tracker @param {LabTranslator} translator */
      activate: (app, tracker, translator) => {
        showAlone(app);
        const translation = translator.load("jupyterlab");
        offlineTitles = ["Server Connection Error", "Server unavailable or unreachable"].map((title) =>
          translation.__(title),
        );
        app.serviceManager.connectionFailure.connect(() => {
          dismissOfflineDialogs(); // before it is on the screen
          setTimeout(dismissOfflineDialogs);
        });
        setInterval(() => {
          for (const panel of screens) watchConnection(app, panel);
        }, 500);
        tracker.widgetAdded.connect((_, panel) => onNotebook(app, panel));
        document.addEventListener("kjfp:reopen", (event) => onReopen(tracker, event));
      },
    };
    return [opens, ...(await makeStandIns(shared))];
  }

  /** @type {any} */
  let scope;
  const { src } = /** @type {HTMLScriptElement} */ (document.currentScript);
  /** @type {Promise<typeof import("./singleDocument.js")>} */
  const alone = import(new URL(`singleDocument.js${new URL(src).search}`, src).href);
  /** @type {Promise<typeof import("./busyNotice.js")>} */
  const busy = import(new URL(`busyNotice.js${new URL(src).search}`, src).href);
  startKernelEarly().catch(() => {}); // then Lab starts the kernel itself
  const page = /** @type {any} */ (window);
  page._JUPYTERLAB = page._JUPYTERLAB || {};
  page._JUPYTERLAB["kjfp-opens"] = {
    /** @param {any} shared */
    init: (shared) => {
      scope = shared;
    },
    get: async () => {
      const plugins = await makePlugins(scope);
      return () => ({ __esModule: true, default: plugins });
    },
  };
})();
