"""What Jupyter Server does with a notebook before it is saved."""

import asyncio
import json
from importlib.resources import files
from pathlib import Path

import pytest

from kjfp_helpers.panels.lab import server_extension
from kjfp_helpers.state.output_ownership import OWNER

OURS = (
    "outputs/r/workbook/01_intake.ipynb",
    "outputs/r/packets/M01.ipynb",
    "elsewhere/packets/copies/M02.ipynb",
)
OTHERS = (
    "outputs/r/reports/unit.ipynb",
    "own/workbook/notes.ipynb",
    "own/packets/M01.ipynb",
    "workbook.ipynb",
)


def notebook():
    output = {"output_type": "stream", "name": "stdout", "text": "测试评委甲 88"}
    cell = {
        "cell_type": "code",
        "id": "a",
        "source": "x",
        "metadata": {"execution": {"t": 1}, "tags": ["k"]},
        "outputs": [output],
        "execution_count": 7,
    }
    note = {"cell_type": "markdown", "id": "b", "source": "# 标题", "metadata": {}}
    return {
        "cells": [note, cell],
        "metadata": {"widgets": {"state": {}}, "language_info": {"name": "python"}},
        "nbformat": 4,
        "nbformat_minor": 5,
    }


@pytest.fixture
def managers():
    """What stores files for JupyterLab; dear to import."""
    from jupyter_server.services.contents import filemanager

    return filemanager.FileContentsManager, filemanager.AsyncFileContentsManager


@pytest.fixture
def root(tmp_path):
    for place in (*OURS, *OTHERS):
        (tmp_path / place).parent.mkdir(parents=True, exist_ok=True)
    for folder in ("outputs/r", "elsewhere"):
        (tmp_path / folder / OWNER).write_text("r\n")
    return tmp_path


@pytest.mark.slow
@pytest.mark.parametrize("waits", [False, True])
def test_no_output_of_a_round_s_notebook_is_ever_stored_and_others_keep_theirs(
    root, managers, waits
):
    contents = managers[waits](root_dir=str(root))
    contents.register_pre_save_hook(server_extension.strip_saved_outputs)
    for place in (*OURS, *OTHERS):
        saved = contents.save({"type": "notebook", "content": notebook()}, place)
        if waits:
            asyncio.run(saved)
    for place in OURS:
        book = json.loads((root / place).read_text("utf-8"))
        (cell,) = [cell for cell in book["cells"] if cell["cell_type"] == "code"]
        assert (cell["outputs"], cell["execution_count"]) == ([], None), place
        assert cell["metadata"] == {"tags": ["k"]} and "widgets" not in book["metadata"]
    for place in OTHERS:
        text = (root / place).read_text("utf-8")
        assert "测试评委甲" in text and "widgets" in text, place


@pytest.mark.slow
def test_other_files_of_the_workbook_are_saved_as_they_are(root, managers):
    contents = managers[0](root_dir=str(root))
    contents.register_pre_save_hook(server_extension.strip_saved_outputs)
    contents.save({"type": "file", "format": "text", "content": "记录"}, "outputs/r/packets/a.txt")
    assert (root / "outputs/r/packets/a.txt").read_text("utf-8") == "记录"


def test_jupyter_server_is_told_of_the_extension():
    shipped = files("kjfp_helpers.panels.lab") / "jupyter_server_config.d"
    (config,) = Path(str(shipped)).glob("*.json")
    enabled = json.loads(config.read_text("utf-8"))["ServerApp"]["jpserver_extensions"]
    assert enabled == {server_extension.__name__: True}
