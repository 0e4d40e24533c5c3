import json
import os
import shutil
import subprocess
import sys
from importlib.resources import files

import pytest

from kjfp_helpers.cli import main
from kjfp_helpers.core.errors import OutputError
from kjfp_helpers.panels.lab import lab_launcher
from support.rounds.panel_round import open_round, prepare


@pytest.fixture
def session(tmp_path, monkeypatch):
    monkeypatch.setenv("KJFP_HOME", str(tmp_path))
    return open_round(tmp_path)


def test_opens_the_prepared_copy_and_asks_nothing_of_the_net(session, tmp_path):
    prepare("00_start.ipynb", session)
    command = lab_launcher.lab_command(session)
    assert "--LabApp.default_url=/doc/tree/outputs/practice/workbook/00_start.ipynb" in command
    assert f"--ServerApp.root_dir={tmp_path.resolve()}" in command
    assert "--LabApp.news_url=None" in command


def test_never_opens_the_shipped_notebook(session):
    with pytest.raises(OutputError, match="workbook/00_start"):
        lab_launcher.lab_command(session)


@pytest.mark.slow
def test_a_round_that_has_no_mail_yet_can_be_opened(rules_folder, tmp_path, monkeypatch):
    opened = []
    monkeypatch.setattr(
        lab_launcher,
        "launch_lab",
        lambda session: opened.append(lab_launcher.lab_command(session)) or 0,
    )
    shutil.copytree(
        rules_folder, tmp_path / "2020", ignore=shutil.ignore_patterns("inbox", "review.db*")
    )
    for command in ("forms", "lab"):
        assert main([command, str(tmp_path / "2020"), "--outputs", str(tmp_path / "out")]) == 0
    assert opened and (tmp_path / "out/workbook/00_start.ipynb").exists()


def test_outputs_elsewhere_are_the_root(session, monkeypatch, tmp_path_factory):
    monkeypatch.setenv("KJFP_HOME", str(tmp_path_factory.mktemp("elsewhere")))
    notebook = prepare("00_start.ipynb", session)
    assert lab_launcher.root_folder(notebook) == session.outputs


def test_shipped_settings_come_first_and_the_user_s_stay():
    path = lab_launcher.lab_environment({"JUPYTER_CONFIG_PATH": "/own"})[
        "JUPYTER_CONFIG_PATH"
    ].split(os.pathsep)
    assert path == [str(lab_launcher.CONFIG), "/own"]


def test_token_is_known_before_jupyter_makes_one_and_a_given_one_stays():
    assert len(lab_launcher.lab_environment({})["JUPYTER_TOKEN"]) >= 32
    assert lab_launcher.lab_environment({"JUPYTER_TOKEN": "own"})["JUPYTER_TOKEN"] == "own"
    assert "JUPYTER_TOKEN" not in lab_launcher.lab_environment({"JUPYTER_TOKEN_FILE": "/own"})


def test_leaving_is_asked_about_by_the_screens_not_by_lab():
    shipped = files("kjfp_helpers.panels.lab") / "labconfig" / "page_config.json"
    disabled = json.loads(shipped.read_text("utf-8"))["disabledExtensions"]
    assert disabled["@jupyterlab/application-extension:dirty"]


def test_lab_is_chinese():
    overrides = files("kjfp_helpers.panels.lab") / "labconfig" / "default_setting_overrides.json"
    settings = json.loads(overrides.read_text("utf-8"))
    assert settings["@jupyterlab/translation-extension:plugin"] == {"locale": "zh_CN"}


@pytest.mark.slow
def test_the_server_loads_no_screen_and_no_grammar_of_addresses():
    code = (
        "import sys, kjfp_helpers.panels.lab.server_extension; "
        "from kjfp_helpers.panels.lab import lean_lab_start; lab_program.import_lab(); "
        "print([name for name in ('pandas', 'openpyxl', 'rfc3987_syntax') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
