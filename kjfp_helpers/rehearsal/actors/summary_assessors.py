"""Simulated assessment of the summaries (总结考核, clause 二) by two assessors."""

from collections.abc import Hashable, Mapping, Sequence
from datetime import date
from typing import Any
from zlib import crc32

import numpy as np

from kjfp_helpers.core.events import SummaryAssessed
from kjfp_helpers.ledger import PendingEvent
from kjfp_helpers.rehearsal.actors.office_hours import add_working_seconds, start_of_work
from kjfp_helpers.rehearsal.faults.answer_key import read_answers
from kjfp_helpers.rules import RoleHolder, Round
from kjfp_helpers.state import RoundState

ROLE = "考核"
ASSESSORS = 2
START = date(2020, 8, 21)
SECONDS_PER_SUMMARY = (4 * 60, 9 * 60)
"""Seconds for a summary, from and to."""
LEVEL_CUTOFFS = (0.25, 0.7, 0.95)
"""Parts of the units up to which a level goes, the best first."""
DISAGREEMENT_RATE = 0.2
"""Chance that the second reader is one level off."""
COMMENTS = (
    ("数字分年列出，与盘点表一致，经验写得具体", "做法、成效前后对应，问题不回避"),
    ("各部分齐全，成效有数字", "层次清楚，典型经验尚可再具体些"),
    ("内容完整，多为概述，缺少实例", "经验部分偏一般，问题与措施未对应"),
    ("部分内容缺失或过于简略", "只列数字，看不出工作过程"),
)
"""What a reader notes, by level."""


def draw_levels(seed: int, unit: str, levels: Sequence[str]) -> tuple[str, str]:
    """Return the levels that the two readers give a unit's summary."""
    rng = np.random.default_rng((seed, crc32(unit.encode()), 12))
    first = int(np.searchsorted(LEVEL_CUTOFFS, rng.random()))
    second = first
    if rng.random() < DISAGREEMENT_RATE:
        second += 1 if first == 0 or rng.random() < 0.5 else -1
    last = len(levels) - 1
    return levels[min(first, last)], levels[min(second, last)]


def plan_assessments(state: RoundState) -> tuple[PendingEvent, ...]:
    """Return the assessments that are still to be made, each with who made it and when.

    A reader finds the heads that the text has. Nothing where the year has no such acts.
    """
    answers = read_answers(state.round)
    if "acts" not in answers:
        return ()
    frame = state.screening.summaries[state.screening.summaries["missing"].notna()]
    assessed = {(event.body.unit, event.body.reader) for event in state.events.of(SummaryAssessed)}
    entries = []
    for number, holder in enumerate(_list_assessors(state.round)):
        rng = np.random.default_rng((answers["seed"], 13, number))
        at = add_working_seconds(start_of_work(START), 20 * 60 * number)
        for row in frame.to_dict("records"):
            at = add_working_seconds(at, int(rng.integers(*SECONDS_PER_SUMMARY)))
            body = _plan_assessment(state.round, answers["seed"], row, holder.user, number)
            if (body.unit, body.reader) not in assessed:
                entries.append((body, f"{holder.name}（{holder.user}，{ROLE}）", at))
    return tuple(sorted(entries, key=lambda entry: entry[2]))


def _list_assessors(round: Round) -> list[RoleHolder]:
    return [row for row in round.roles if row.role == ROLE][:ASSESSORS]


def _plan_assessment(
    round: Round, seed: int, row: Mapping[Hashable, Any], reader: str, number: int
) -> SummaryAssessed:
    unit, levels = str(row["unit"]), round.rubric.summary_levels
    level = draw_levels(seed, unit, levels)[number]
    comment = COMMENTS[min(levels.index(level), len(COMMENTS) - 1)][number]
    heads = {head.id: bool(row[head.id]) for head in round.notice.summary.heads}
    return SummaryAssessed(unit=unit, level=level, comment=comment, reader=reader, heads=heads)
