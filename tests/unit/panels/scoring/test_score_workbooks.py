"""Filled-in score workbooks handed in on the page: previewed first, then imported by the command."""

from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace

import ipywidgets as widgets
import pytest
from traitlets.utils.bunch import Bunch

from kjfp_helpers.panels.lab import short_command
from kjfp_helpers.panels.scoring.score_workbooks import WorkbookUpload
from support.pages.widget_tree import button, of_kind, on_screen


def upload(*names):
    sent = {"type": "", "size": 1, "last_modified": datetime(2020, 9, 1, tzinfo=UTC)}
    return tuple(
        Bunch(name=name, content=memoryview(str(at).encode()), **sent)
        for at, name in enumerate(names)
    )


@pytest.fixture
def card(monkeypatch, tmp_path):
    card = WorkbookUpload(SimpleNamespace(outputs=tmp_path), lambda: card.imported.append(1))
    card.commands, card.imported, card.failed = [], [], False

    def run(_, words):
        files = [Path(word) for word in words if word.endswith(".xlsx")]
        card.commands.append((words, [(one.name, one.read_bytes()) for one in files]))
        return short_command.CommandResult(card.failed, ["说明"], ["另有"] if card.failed else ())

    monkeypatch.setattr(short_command, "run_short_command", run)
    return card


def may_confirm(card):
    return button(card.widget, "确认导入") in on_screen(card.widget)


def test_nothing_is_imported_before_it_was_previewed(card):
    (files,) = of_kind(card.widget, widgets.FileUpload)
    (take,) = of_kind(card.widget, widgets.Checkbox)
    button(card.widget, "预览").click()
    assert not card.commands and not may_confirm(card)
    files.value = upload("M01.xlsx", "..\\M01.xlsx")  # two copies of one name
    button(card.widget, "预览").click()
    ((words, stored),) = card.commands
    assert words[:2] == ["packet", "import"] and words[-2:] == ["--preview", "--round"]
    assert stored == [("M01.xlsx", b"0"), ("M01.xlsx", b"1")] and may_confirm(card)
    take.value = True
    assert not may_confirm(card) and not card.imported
    card.failed = True  # some cells are wrong: what is right may be imported all the same
    button(card.widget, "预览").click()
    assert may_confirm(card) and files.value
    card.failed = False
    button(card.widget, "确认导入").click()
    words, stored = card.commands[-1]
    assert words.count("--take") == 2 and "--preview" not in words and len(stored) == 4
    assert card.imported and files.value == () and not take.value and not may_confirm(card)
