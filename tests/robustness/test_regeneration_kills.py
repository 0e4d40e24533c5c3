"""A command killed at any moment leaves whole files only, and the next run finishes the rest."""

import random
import shutil
from pathlib import Path

import pytest

from support.processes.regeneration import Command, interrupted, tree

TIMES = 10


@pytest.fixture(scope="module")
def command(assigned, tmp_path_factory):
    """The command on a copy of a small assigned round, and what an undisturbed run leaves."""
    root = Path(shutil.copytree(assigned, tmp_path_factory.mktemp("kills") / "root"))
    command = Command(root / "data" / "practice", root / "outputs" / "practice")
    command.finish()
    return command


def test_killed_at_ten_points_the_final_tree_is_that_of_an_undisturbed_run(command):
    whole, seconds = tree(command.reports), command.seconds
    assert len(whole) > 20
    chance = random.Random(2020)
    moments = [seconds * (number + chance.random()) / TIMES for number in range(TIMES)]
    for moment in moments:
        interrupted(command, moment, whole)
    assert tree(command.reports) == whole
