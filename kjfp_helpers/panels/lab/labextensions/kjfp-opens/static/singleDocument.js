// A screen that is opened by itself (/doc/tree/...): nothing of Lab's stands around it, nothing is
// restored or remembered between windows, and links lead to pages, so that the browser's Back works.

const SCREEN = /(?:^|\/)(?:workbook\/(?:0\d|12)_\w+|packets\/[\w-]+)\.ipynb$/;
const STANDS = ".kjfp-panel, .kjfp-bar, .jp-RenderedText[data-mime-type='application/vnd.jupyter.stderr']";
const LOOK = 100; // milliseconds between two looks for the screen
const DARK = "kjfp:dark";

/** Whether this page is such a screen: the server put a splash on it. */
export const isAlone = Boolean(document.getElementById("kjfp-splash"));

/**
 * In place of a workspace: a state that this window alone has, and forgets.
 *
 * @param {(name: string) => Promise<any>} shared
 * @returns {Promise<object[]>}
 */
export async function makeStandIns(shared) {
  if (!isAlone) return [];
  const { IWindowResolver } = await shared("@jupyterlab/apputils");
  const { IStateDB, StateDB } = await shared("@jupyterlab/statedb");
  return [
    {
      id: "kjfp-opens:resolver",
      autoStart: true,
      provides: IWindowResolver,
      activate: () => ({ name: "kjfp", resolve: async () => {} }),
    },
    { id: "kjfp-opens:state", autoStart: true, provides: IStateDB, activate: () => new StateDB() },
  ];
}

/**
 * Leave the document alone on the page, and open it: no file browser does.
 *
 * @param {LabApp} app
 */
export function showAlone(app) {
  if (!isAlone) return;
  const { treePath: path } = JSON.parse(document.getElementById("jupyter-config-data").textContent);
  app.started.then(() => app.commands.execute("docmanager:open", { path: path.replace(/^\//, "") }));
  hideParts(app);
  document.addEventListener("click", followLink, true);
  window.addEventListener("keydown", keepPage);
}

/** @param {LabApp} app */
function hideParts(app) {
  for (const part of app.shell.layout.widgets) if (part.id !== "jp-main-content-panel") part.hide();
}

/**
 * Take the splash away once the screen, or what hinders it, stands.
 *
 * @param {LabApp} app
 * @param {LabNotebook} panel
 */
export function closeSplash(app, panel) {
  if (!isAlone) return;
  hideParts(app); // a document that is added shows its title
  panel.toolbar.hide();
  panel.node.classList.add("kjfp-alone");
  const splash = document.getElementById("kjfp-splash");
  const timer = setInterval(() => {
    if (!panel.node.querySelector(STANDS) && !document.querySelector(".jp-Dialog")) return;
    clearInterval(timer);
    splash.remove();
    mendRoles(panel.node);
    const dark = document.body.dataset.jpThemeLight === "false";
    try {
      localStorage.setItem(DARK, dark ? "1" : "0");
    } catch {
      // the next splash is light
    }
  }, LOOK);
}

/**
 * Lab calls the notebook a feed of no articles, and names cells that have no role.
 *
 * @param {HTMLElement} node
 */
function mendRoles(node) {
  for (const feed of node.querySelectorAll("[role=feed]")) feed.removeAttribute("role");
  for (const part of node.querySelectorAll(".jp-WindowedPanel-viewport, .jp-Cell")) part.removeAttribute("aria-label");
}

/**
 * A link to another notebook is an address of its own, not a document inside this page; one that is
 * no screen, to be read and changed, has all of Lab around it.
 *
 * @param {MouseEvent} event
 */
function followLink(event) {
  const link = event.target instanceof Element && event.target.closest("a[href]");
  if (!link || link.hasAttribute("data-file") || event.button || event.ctrlKey || event.metaKey || event.shiftKey)
    return;
  const here = new URL(location.href);
  const path = link.getAttribute("data-commandlinker-args")
    ? JSON.parse(link.getAttribute("data-commandlinker-args")).path
    : decodeURIComponent(new URL(link.getAttribute("href"), here).pathname)
        .split(/\/(?:tree|files)\//)
        .at(-1);
  if (!path.endsWith(".ipynb")) return;
  event.preventDefault();
  event.stopPropagation();
  const place = path.split("/").map(encodeURIComponent).join("/");
  const mode = SCREEN.test(path) ? "doc" : "lab";
  location.assign(
    here.origin + here.pathname.replace(/\/doc(?:\/workspaces\/[\w-]+)?\/tree\/.*$/, `/${mode}/tree/${place}`),
  );
}

/**
 * Everything is recorded as it is entered: "save" saves no copy of the page.
 *
 * @param {KeyboardEvent} event
 */
function keepPage(event) {
  if ((event.ctrlKey || event.metaKey) && event.code === "KeyS") event.preventDefault();
}
