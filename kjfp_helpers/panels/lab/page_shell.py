"""Lab's page around a screen of a round: only what the screen needs, and a Chinese word at once.

A screen that is opened by itself (``/doc/tree/...``) is one document without menus, side bars,
tabs, shortcuts of Lab's, or a workspace that is restored. What is left out is named here; a plugin
that Lab no longer has is named for nothing, one that it gets is loaded. Everywhere else a report's
notebook looks like its page, also to an account that never ran it, for which Lab drops the style in
its first output.
"""

import re
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from jinja2 import ChoiceLoader, DictLoader, Environment

from kjfp_helpers.reports.page_style import read_lab_style

SCREEN_PATH = re.compile(r"(?:^|/)(?:workbook/(?:0\d|12)_\w+|packets/[\w-]+)\.ipynb$")
"""Notebooks that are screens; the same pattern stands in ``singleDocument.js``."""
OWN = "kjfp-opens"
NEEDED = frozenset({OWN, "anywidget", "@jupyter-widgets/jupyterlab-manager"})
"""Extensions beside Lab's own that screens use."""
_PAGE = "index.html"
_SHELL = Path(__file__).with_name("page_shell.html.j2")
_EXTENSIONS = """
celltags csvviewer console completer debugger documentsearch extensionmanager filebrowser fileeditor
help htmlviewer imageviewer inspector javascript json json-lines launcher logconsole lsp mainmenu
markdownviewer mathjax mermaid metadataform pdf pluginmanager running settingeditor shortcuts
statusbar terminal toc tooltip vega5 video audio workspaces
"""
_PLUGINS = {
    "application": """
        context-menu faviconbusy logo mimedocument move-widget property-inspector top-bar
    """,
    "apputils": """
        announcements kernel-status licenses-client licenses-plugin move-sections notification
        palette palette-restorer print resolver running-sessions-status splash state
        themes-palette-menu toggle-header workspaces
    """,
    "codemirror": "commands line-col-status",
    "docmanager": """
        download open-browser-tab path-status recents reopen-recently-closed saving-status
    """,
    "notebook": """
        active-cell-tool cell-counter-status cloned-outputs code-console completer copy-output
        cursor-position execution-indicator export kernel-status language-server log-output
        metadata-editor mode-status open-with-no-kernel search toc tools trust-status
        update-raw-mimetype
    """,
}
UNNEEDED = (
    *(f"@jupyterlab/{name}-extension" for name in _EXTENSIONS.split()),
    *(
        f"@jupyterlab/{extension}-extension:{plugin}"
        for extension, plugins in _PLUGINS.items()
        for plugin in plugins.split()
    ),
)
"""Extensions and plugins of Lab that no screen uses."""


def install_page_shell(environment: Environment) -> None:
    """Let Lab's page be shaped for screens; every other page stays as Lab makes it.

    Parameters
    ----------
    environment : jinja2.Environment
        Lab's own, with its ``index.html``.
    """
    source, _, _ = environment.loader.get_source(environment, _PAGE)  # type: ignore[union-attr]
    shaped = add_shell(source, _SHELL.read_text("utf-8"))
    environment.loader = ChoiceLoader([DictLoader({_PAGE: shaped}), environment.loader])  # type: ignore[list-item]
    environment.globals |= {"shape_page": shape_page, "report_style": read_lab_style}


def add_shell(page: str, shell: str) -> str:
    """Return Lab's template with the shell's head and splash, and its configuration shaped.

    Examples
    --------
    >>> add_shell("<head></head><body class='a'><p>", "<style/><!--body-->!").split("%}")[1]
    "<head><style/></head><body class='a'>!<p>"
    """
    head, body = shell.split("<!--body-->")
    page = page.replace("</head>", f"{head}</head>", 1)
    page = re.sub(r"<body[^>]*>", lambda found: found[0] + body, page, count=1)
    return "{% set page_config = shape_page(page_config) %}" + page


def shape_page(page_config: dict[str, Any]) -> dict[str, Any]:
    """Return a page's configuration; that of a screen which is opened by itself, reduced.

    Browsers keep the files of extensions for a year: the project's own are named by their content.
    """
    extensions = [
        {**one, "load": f"{one['load']}?v={_own_digest()}"} if one["name"] == OWN else one
        for one in page_config.get("federated_extensions", ())
    ]
    shaped = {**page_config, "federated_extensions": extensions}
    shaped["buildCheck"] = False  # a second of the server's time; extensions need no build any more
    if page_config.get("mode") != "single-document" or not is_screen(page_config["treePath"]):
        return shaped
    return {
        **shaped,
        "disabledExtensions": [*page_config.get("disabledExtensions", ()), *UNNEEDED],
        "federated_extensions": [one for one in extensions if one["name"] in NEEDED],
        "kjfpShell": True,
        "kjfpMissing": not _stands(page_config),
    }


def _stands(page_config: dict[str, Any]) -> bool:
    """Whether the file stands that an address names; so it counts where no root is told."""
    root = page_config.get("serverRoot")
    path = page_config["treePath"].lstrip("/")
    return not root or (Path(root).expanduser() / path).is_file()


@cache
def _own_digest() -> str:
    files = sorted((Path(__file__).parent / "labextensions" / OWN / "static").iterdir())
    return sha256(b"".join(path.read_bytes() for path in files)).hexdigest()[:16]


def is_screen(path: str) -> bool:
    """Return whether a path is that of a screen's notebook.

    Examples
    --------
    >>> is_screen("outputs/2020/packets/M01.ipynb"), is_screen("2020/workbook/11_explore.ipynb")
    (True, False)
    """
    return bool(SCREEN_PATH.search(path))
