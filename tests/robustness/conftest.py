"""What tests of disturbed commands share: one round whose reports were made without disturbance."""

import shutil
from pathlib import Path

import pytest

from support.made_once import made_once
from support.processes.regeneration import Command, tree

SECONDS = "seconds.txt"
"""File that keeps how long the undisturbed run took."""


@pytest.fixture(scope="session")
def regenerated(assigned, run_folder):
    """A small assigned round after one undisturbed run of the command; tests take copies."""

    def make(folder):
        shutil.copytree(assigned, folder)
        command = _command(folder)
        command.finish()
        (folder / SECONDS).write_text(str(command.seconds))

    return made_once(run_folder / "regenerated_round", make)


@pytest.fixture(scope="module")
def command(regenerated, tmp_path_factory):
    """The command on a copy of that round, and what the undisturbed run left."""
    root = Path(shutil.copytree(regenerated, tmp_path_factory.mktemp("command") / "root"))
    command = _command(root)
    command.seconds = float((root / SECONDS).read_text())
    command.whole = tree(command.reports)
    return command


def _command(root):
    return Command(root / "data" / "practice", root / "outputs" / "practice")
