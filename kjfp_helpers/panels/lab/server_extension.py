"""Jupyter Server extension: what the server does for the notebooks of a round.

A saved one holds no output, its page has only what a screen needs, its kernel is forked from a
process that has the program loaded; the address of the first page is printed.

A stored output makes a notebook "not trusted" under every account but the one that saved it, and
shows text of a screen that no longer exists. The screens are rebuilt from the ledger at each
opening, so nothing is lost. Jupyter Server finds this module through
``panels/jupyter_server_config.d/``, a folder of ``JUPYTER_CONFIG_PATH``.
"""

import os
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from kjfp_helpers.panels.lab.page_shell import install_page_shell
from kjfp_helpers.panels.lab.screen_kernels import warm_up_kernels

NOTEBOOK_FOLDERS = frozenset({"workbook", "packets"})
"""Folders of an output folder that hold interactive notebooks."""


def _jupyter_server_extension_points() -> list[dict[str, str]]:
    return [{"module": __name__}]


def _load_jupyter_server_extension(server: Any) -> None:
    """Register the hook beside the user's own; shape Lab's page once it is there."""
    server.contents_manager.register_pre_save_hook(strip_saved_outputs)
    warm_up_kernels(server)
    server.io_loop.add_callback(lambda: _on_start(server))


def _on_start(server: Any) -> None:
    """Shape Lab's page and say the address, once the server listens."""
    if environment := server.web_app.settings.get("lab_jinja2_env"):
        install_page_shell(environment)
    if "JUPYTERHUB_USER" not in os.environ:
        print(f"请在浏览器打开：{page_address(server)}", flush=True)


def page_address(server: Any) -> str:
    """Return the address of the first page, with the token that opens it."""
    page = server.default_url.removeprefix(server.base_url.rstrip("/"))
    token = server.identity_provider.token
    query = f"?{urlencode({'token': token})}" if token else ""
    return f"{server.connection_url.split('?')[0].rstrip('/')}{page}{query}"


def strip_saved_outputs(
    model: dict[str, Any], path: str, contents_manager: Any, **_: object
) -> None:
    """Empty the outputs of a round's interactive notebook before it is saved; leave all others.

    Parameters
    ----------
    model : dict
        What is saved, changed in place: its ``type`` and ``content``.
    path : str
        Path below the server's root folder.
    contents_manager : ContentsManager
        Knows where that folder lies; one that keeps no files knows none of our notebooks.
    """
    locate = getattr(contents_manager, "_get_os_path", None)
    if model.get("type") == "notebook" and locate and is_round_notebook(Path(locate(path))):
        strip_outputs(model["content"])


def strip_outputs(notebook: dict[str, Any]) -> None:
    """Take outputs, execution counts, times and widget state out of a notebook, in place.

    Examples
    --------
    >>> cell = {"cell_type": "code", "outputs": [{}], "execution_count": 3, "metadata": {}}
    >>> strip_outputs({"cells": [cell], "metadata": {}})
    >>> cell["outputs"], cell["execution_count"]
    ([], None)
    """
    notebook.get("metadata", {}).pop("widgets", None)
    for cell in notebook.get("cells", ()):
        cell.get("metadata", {}).pop("execution", None)
        if cell["cell_type"] == "code":
            cell["outputs"], cell["execution_count"] = [], None


def is_round_notebook(place: Path) -> bool:
    """Return whether a file lies in the workbook or the packets of any round's output folder."""
    from kjfp_helpers.state.output_ownership import OWNER  # slow to import: at the first save

    return any(
        folder.name in NOTEBOOK_FOLDERS and (folder.parent / OWNER).is_file()
        for folder in place.parents
    )
