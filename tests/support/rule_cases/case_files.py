"""Cases of rules that more than one place applies: one file a rule, read by the tests of each place."""

import json
from functools import cache
from pathlib import Path

from kjfp_helpers.rules import Rubric, Scale, load_round
from support.project import RULES


def rule_file(rule):
    """Return what the file of a rule holds."""
    return json.loads(Path(__file__).with_name(f"{rule}.json").read_text("utf-8"))


def rule_cases(rule):
    """Return the cases of a rule, as its file has them."""
    return rule_file(rule)["cases"]


def criteria_of(weights):
    """Return criteria with these weights, named ``c0``, ``c1`` …."""
    criterion = default_rubric().team[0]
    return tuple(
        criterion.model_copy(update={"id": f"c{at}", "title": f"项{at}", "weight": weight})
        for at, weight in enumerate(weights)
    )


def scores_of(scores):
    """Return the scores that are there, by the names of :func:`criteria_of`."""
    return {f"c{at}": score for at, score in enumerate(scores) if score is not None}


def rubric_of(weights, **scale):
    """Return a rubric with these weights for teams, and parts of the scale replaced."""
    rubric = default_rubric()
    whole = {**rubric.scale.model_dump(), **scale}
    return rubric.model_copy(update={"team": criteria_of(weights), "scale": Scale(**whole)})


@cache
def default_rubric() -> Rubric:
    return load_round(RULES).rubric
