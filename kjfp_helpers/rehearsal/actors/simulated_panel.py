"""The simulated panel: scores drawn from true qualities and each member's rater effects."""

from collections.abc import Mapping, Sequence
from typing import Any
from zlib import crc32

import numpy as np
import pandas as pd

from kjfp_helpers.core.events import MemberRecused, ScoreGiven
from kjfp_helpers.core.records import Case
from kjfp_helpers.rehearsal.faults.answer_key import read_answers
from kjfp_helpers.rules import Criterion, Round

MEAN_SCORE, POINTS_PER_DEVIATION = 75.0, 10.0
"""Score of an average case, and points for one standard deviation of quality."""
SHARED_NOISE = 0.85
"""Part of the noise (variance) that all criteria of one reading have in common."""
DEFAULT_HABITS = {"severity": 0.0, "spread": 1.0, "noise": 0.8}
"""Habits of a member who joined since the rehearsal was made."""
RECUSALS = 2
REASONS = ("与被推荐对象所在单位有合作项目", "曾参与该团队的工作")
LOW = ("数字缺少出处，{title}难以成立", "{title}偏弱，多为概述", "材料单薄，看不出{title}")
HIGH = ("{title}突出，数字具体可查", "{title}扎实，群众受益明显", "{title}有说服力，值得推广")


def simulate_scores(
    round: Round,
    cases: Sequence[Case],
    readings: pd.DataFrame,
    *,
    number: int = 1,
    recuse: bool = True,
) -> tuple[ScoreGiven | MemberRecused, ...]:
    """Return the scores of the simulated panel, by member and position.

    A score on a criterion is 75 + 10 (severity + spread x quality + noise), with most of the noise
    shared by the criteria, rounded to the rubric's step and cut to its scale. What is drawn for a
    member and a case depends on nothing else, so one more reading changes no other score.

    Parameters
    ----------
    round : Round
        A rehearsal with ``answers.json`` in its folder.
    cases : sequence of Case
        All cases that are read.
    readings : DataFrame
        Columns ``member case position``.
    number : int
        Number of the scoring round: a case that is scored again gets other noise.
    recuse : bool
        Whether members recuse themselves from two readings of the first round.

    Returns
    -------
    tuple
        One event body per reading: two of the first round ``MemberRecused`` with a reason, the
        rest ``ScoreGiven``, with a comment where the rubric asks for one.

    Raises
    ------
    OutputError
        The folder holds no answers, so it is no rehearsal.
    """
    answers = read_answers(round)
    by_id = {case.id: case for case in cases}
    rows = readings.sort_values(["member", "position"])[["member", "case"]]
    pairs = list(rows.itertuples(index=False, name=None))
    recusal_reasons: dict[int, str] = {}
    if recuse and number == 1:
        recusal_reasons = _draw_recusals(answers["seed"], len(pairs))
    return tuple(
        MemberRecused(member=member, case=case, reason=recusal_reasons[index])
        if index in recusal_reasons
        else _simulate_score(round, answers, member, by_id[case], number)
        for index, (member, case) in enumerate(pairs)
    )


def _draw_recusals(seed: int, number: int) -> dict[int, str]:
    """Return which of the first round's readings are recused, as index to reason."""
    indices = np.random.default_rng((seed, 7)).permutation(number)[:RECUSALS]
    return dict(zip(indices.tolist(), REASONS, strict=False))


def _simulate_score(
    round: Round, answers: Mapping[str, Any], member: str, case: Case, number: int
) -> ScoreGiven:
    key = f"{case.unit}/{case.kind}/{case.name}"
    drawn = (answers["seed"], crc32(member.encode()), crc32(key.encode()))
    rng = np.random.default_rng(drawn if number == 1 else (*drawn, number))
    quality = answers["qualities"].get(key)
    if quality is None:  # a case added by hand has a quality of its own
        quality = np.random.default_rng((answers["seed"], crc32(key.encode()))).normal()
    habit, scale = answers["members"].get(member, DEFAULT_HABITS), round.rubric.scale
    criteria = round.rubric.criteria(case.kind)
    noise = np.sqrt(SHARED_NOISE) * rng.normal() + np.sqrt(1 - SHARED_NOISE) * rng.normal(
        size=len(criteria)
    )
    worth = habit["severity"] + habit["spread"] * quality + habit["noise"] * noise
    marks = np.round((MEAN_SCORE + POINTS_PER_DEVIATION * worth) / scale.step) * scale.step
    scores = {
        criterion.id: float(mark)
        for criterion, mark in zip(criteria, np.clip(marks, scale.least, scale.most), strict=True)
    }
    comment = _simulate_comment(round, criteria, scores, rng)
    return ScoreGiven(member=member, case=case.id, scores=scores, comment=comment, round=number)


def _simulate_comment(
    round: Round,
    criteria: Sequence[Criterion],
    scores: Mapping[str, float],
    rng: np.random.Generator,
) -> str:
    """Return a sentence on the worst or best criterion where the rubric asks for one."""
    scale = round.rubric.scale
    worst = min(criteria, key=lambda criterion: scores[criterion.id])
    best = max(criteria, key=lambda criterion: scores[criterion.id])
    choice = int(rng.integers(3))
    if scores[worst.id] < scale.comment_below:
        return LOW[choice].format(title=worst.title) + "。"
    if scores[best.id] >= scale.comment_from:
        return HIGH[choice].format(title=best.title) + "。"
    return ""
