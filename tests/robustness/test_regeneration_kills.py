"""A command killed at any moment leaves whole files only, and the next run finishes the rest."""

import random

from support.processes.regeneration import interrupted
from support.thoroughness import times

CHAINS = ((0.6, 0.35), (0.05, 0.45, 0.35, 0.65), (0.15, 0.35, 0.4, 0.2))
"""When each run is killed, as parts of an undisturbed run; each chain ends with a whole run."""


def test_killed_at_several_points_the_final_tree_is_that_of_an_undisturbed_run(command):
    assert len(command.whole) > 20
    chance = random.Random(2020)
    for chain in CHAINS[: times(1, len(CHAINS))]:
        moments = [command.seconds * (part + chance.random() / 10) for part in chain]
        interrupted(command, moments, command.whole)
