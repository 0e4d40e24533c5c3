"""Visit forms handed in on the page reach the command with their photos, under plain names."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from traitlets.utils.bunch import Bunch

from kjfp_helpers.panels.lab import short_command
from kjfp_helpers.panels.spot_check import visit_form_upload


def upload(*names):
    sent = {"type": "", "size": 1, "last_modified": datetime(2020, 9, 1, tzinfo=UTC)}
    return tuple(Bunch(name=name, content=memoryview(name.encode()), **sent) for name in names)


@pytest.fixture
def form(monkeypatch):
    command = short_command.ShortCommand(None)
    form = visit_form_upload.VisitFormUpload(command, lambda: None)
    form.said, form.commands = command.widget, []

    def run(_, words):
        files = {path.name: path.read_bytes() for path in Path(words[2]).parent.iterdir()}
        form.commands.append((words, files))
        return short_command.CommandResult(False, ["收下"])

    monkeypatch.setattr(short_command, "run_short_command", run)
    return form


def controls(form):
    _, files, take, line = form.widget.children
    return files.children[0].children[1], take, line.children[0]


def test_forms_and_photos_lie_together_and_are_gone_from_the_field_afterwards(form):
    files, take, button = controls(form)
    files.value, take.value = upload("../../etc/001-14.xlsx", "C:\\photos\\a.jpg"), True
    button.click()
    ((words, stored),) = form.commands
    assert list(stored) and set(stored) == {"001-14.xlsx", "a.jpg"}
    assert words[:2] == ["spotcheck", "import"] and words[3] == "--take" and words[-1] == "--round"
    assert files.value == () and not take.value and "收下" in form.said.value


def test_without_a_form_nothing_is_run(form):
    files, _, button = controls(form)
    files.value = upload("a.jpg")
    button.click()
    assert (
        not form.commands and "kj-alarm" in form.said.value and "没有选中检查表" in form.said.value
    )
