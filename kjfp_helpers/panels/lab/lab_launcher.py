"""Starts JupyterLab in Chinese on a round's prepared start notebook."""

import os
import secrets
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import NoReturn
from urllib.parse import quote

from kjfp_helpers.core.errors import OutputError
from kjfp_helpers.rules import project_folder
from kjfp_helpers.state import RoundSession

CONFIG = Path(__file__).parent
"""Holds ``labconfig/`` and ``jupyter_server_config.d/``, put before the user's own folders, which
stay as they are, and ``labextensions/``."""
START = "00_start.ipynb"


def launch_lab(session: RoundSession) -> NoReturn:
    """Become JupyterLab on the round's workbook; ends when the person stops it.

    Raises
    ------
    OutputError
        When the workbook has not been prepared: the shipped notebooks are never opened, since
        Lab saves what it opens.
    """
    line, environment = lab_command(session), lab_environment(os.environ)
    print("正在打开 JupyterLab，约需十秒……在本窗口按两次 Ctrl+C 结束。", flush=True)
    os.execve(line[0], line, environment)


def start_notebook(session: RoundSession) -> Path:
    """Return where the round's prepared start notebook stands."""
    return session.outputs.resolve() / "workbook" / START


def lab_command(session: RoundSession, *options: str) -> list[str]:
    """Return the command line that starts Lab on the start notebook.

    Raises
    ------
    OutputError
        When the workbook has not been prepared.
    """
    notebook = start_notebook(session)
    if not notebook.exists():
        raise OutputError(
            f"workbook/{START}",
            expected="已备好的工作簿",
            found="没有找到",
            advice=f"运行 kjfp lab {session.round.name}",
        )
    root = root_folder(notebook)
    page = quote(notebook.relative_to(root).as_posix())
    return [
        sys.executable,
        "-m",
        "kjfp_helpers.panels.lab.lean_lab_start",
        f"--ServerApp.root_dir={root}",
        f"--LabApp.default_url=/doc/tree/{page}",
        f"--LabApp.extra_labextensions_path={CONFIG / 'labextensions'}",
        "--KernelRestarter.time_to_dead=0.3",  # seconds until a page knows that its kernel died
        "--LabApp.news_url=None",
        "--Application.log_level=ERROR",  # the server extension prints the address
        "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
        *(("--allow-root",) if os.geteuid() == 0 else ()),
        *options,
    ]


def lab_environment(environment: Mapping[str, str]) -> dict[str, str]:
    """Return the environment with the shipped Lab settings found first, and a token.

    A token that Jupyter makes itself it announces in English, whatever the log level.
    """
    found = environment.get("JUPYTER_CONFIG_PATH", "")
    path = os.pathsep.join(part for part in (str(CONFIG), found) if part)
    given = {"JUPYTER_TOKEN", "JUPYTER_TOKEN_FILE"} & environment.keys()
    token = {} if given else {"JUPYTER_TOKEN": secrets.token_hex(24)}
    return {**environment, **token, "JUPYTER_CONFIG_PATH": path}


def root_folder(notebook: Path) -> Path:
    """Return what Lab may see: the project folder, or the round's papers when they lie outside."""
    project = project_folder().resolve()
    return project if notebook.is_relative_to(project) else notebook.parents[1]
