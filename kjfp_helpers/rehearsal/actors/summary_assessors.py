"""Simulated assessment of the summaries (总结考核, clause 二) by two assessors."""

from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any
from zlib import crc32

import numpy as np

from kjfp_helpers.core.events import (
    AssessmentPointsRuled,
    EventBody,
    SummaryAssessed,
    SummaryReaderReleased,
)
from kjfp_helpers.ledger import PendingEvent
from kjfp_helpers.rehearsal.actors.office_hours import add_working_seconds, start_of_work
from kjfp_helpers.rehearsal.faults.answer_key import filter_acts, find_first_act, read_answers
from kjfp_helpers.rehearsal.rule_files import SUBSTITUTE
from kjfp_helpers.rules import Round
from kjfp_helpers.state import RoundState
from kjfp_helpers.state.assessment.reader_acts import make_reader_release
from kjfp_helpers.state.assessment.summary_acts import (
    list_head_confirmations,
    make_heads_ruling,
    make_set_aside,
)

ROLE = "考核"
START = date(2020, 8, 21)
SECONDS_PER_SUMMARY = (4 * 60, 9 * 60)
"""Seconds for a summary, from and to."""
LEVEL_CUTOFFS = (0.25, 0.7, 0.95)
"""Parts of the units up to which a level goes, the best first."""
DISAGREEMENT_RATE = 0.2
"""Chance that the second reader is one level off."""
FAR_INDICATOR = "experience"
"""Indicator on which the readers of one unit are far apart."""
RULED_SHARE = 0.7
"""Share of the points that the office rules."""
SET_ASIDE = {
    "absent_excused": ("set_aside", "机构改革，2019年以后不再承担这项工作，经研究不予考核"),
    "summary_asked": ("asked", "所报文件打不开，已电话请单位另报"),
}
"""Act to what the office does about a summary that is not there or cannot be read, and why."""
MEETING = "演练主任办公会纪要〔2020〕10号"
TWO = ("测试秘书", "测试组长")
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

    A reader reads what is assigned and finds the heads that the text has. Nothing where the year
    has no such acts.
    """
    answers = read_answers(state.round)
    if "acts" not in answers or state.assessment is None:
        return ()
    rows = {row["unit"]: row for row in state.screening.summaries.to_dict("records")}
    records = state.submissions.record_by_unit("summary")
    assessment = state.assessment
    far = {row["unit"] for row in filter_acts(answers, "assessed_far")}
    doubted = {row["unit"] for row in filter_acts(answers, "heads_apart")}
    leaving = find_first_act(answers, "reader_left")
    assessed = {(event.body.unit, event.body.reader) for event in state.events.of(SummaryAssessed)}
    entries = []
    holders = [row for row in state.round.roles if row.role == ROLE]
    for number, holder in enumerate(holders):
        rng = np.random.default_rng((answers["seed"], 13, number))
        at = add_working_seconds(start_of_work(START), 20 * 60 * number)
        units = assessment.readings.get(holder.user, ())
        if leaving and leaving["member"] == holder.user:
            units = units[: len(units) // 2]
        for unit in units:
            at = add_working_seconds(at, int(rng.integers(*SECONDS_PER_SUMMARY)))
            readers = assessment.readers_of(unit)
            place = readers.index(holder.user) if holder.user in readers else 0
            body = _plan_assessment(
                state.round, answers["seed"], rows[unit], holder.user, place, is_far=unit in far
            )
            if (unit, holder.user) not in assessed:
                if unit in doubted and place:
                    body = replace(body, heads={**body.heads, FAR_INDICATOR: False})
                body = replace(body, record=records[unit].id)
                entries.append((body, f"{holder.name}（{holder.user}，{ROLE}）", at))
    return tuple(sorted(entries, key=lambda entry: entry[2]))


def plan_points_rulings(state: RoundState) -> tuple[AssessmentPointsRuled, ...]:
    """Return what the office rules where readers are too far apart, or a figure is missing."""
    assessment = state.assessment
    if assessment is None or "acts" not in read_answers(state.round):
        return ()
    return tuple(
        AssessmentPointsRuled(
            unit=one.unit.code,
            indicator=row.indicator.id,
            points=round(row.indicator.points * RULED_SHARE, 1),
            reason="两人所评相差过大，合议确定" if row.apart else "数据未报齐，按已报材料核定",
            document=MEETING,
            by=TWO,
        )
        for one in assessment.ungraded
        for row in one.open_indicators
    )


def plan_reader_release(state: RoundState) -> SummaryReaderReleased | None:
    """Return that the assessor who leaves reads no more, ``None`` where nobody is to leave."""
    row = find_first_act(read_answers(state.round), "reader_left")
    if row is None or state.assessment is None or row["member"] in state.assessment.released:
        return None
    return make_reader_release(
        state,
        reader=row["member"],
        substitute=SUBSTITUTE.user,
        reason="请假，未评的另行安排",
        document=MEETING,
        by=TWO,
    )


def plan_summary_rulings(state: RoundState) -> Iterator[EventBody]:
    """Yield what the office rules on heads on which readers differ and on absent summaries."""
    answers, said = read_answers(state.round), list_head_confirmations(state)
    for row in filter_acts(answers, "heads_apart"):
        unit = row["unit"]
        for head in said[unit].apart if unit in said else ():
            yield make_heads_ruling(
                state,
                unit=unit,
                head=head,
                there=True,
                reason="有一段讲典型做法，合议认定为有",
                document=MEETING,
                by=TWO,
            )
    for row in filter_acts(answers, *SET_ASIDE):
        how, reason = SET_ASIDE[row["act"]]
        if state.assessment and row["unit"] not in state.assessment.set_aside:
            yield make_set_aside(
                state, unit=row["unit"], how=how, reason=reason, document=MEETING, by=TWO
            )


def _plan_assessment(
    round: Round,
    seed: int,
    row: Mapping[Hashable, Any],
    reader: str,
    number: int,
    *,
    is_far: bool,
) -> SummaryAssessed:
    unit, levels = str(row["unit"]), round.rubric.summary_levels
    place = levels.index(draw_levels(seed, unit, levels)[number])
    comment = COMMENTS[min(place, len(COMMENTS) - 1)][number]
    heads = {head.id: bool(row[head.id]) for head in round.notice.summary.heads}
    marks = {}
    for one in round.assessment.read_indicators if round.assessment else ():
        far = is_far and one.id == FAR_INDICATOR
        own = (0, len(one.levels) - 1)[number] if far else min(place, len(one.levels) - 1)
        marks[one.id] = one.levels[own].title
    return SummaryAssessed(
        unit=unit, level="", comment=comment, reader=reader, heads=heads, marks=marks
    )
