"""Planned acts of panel and office in the simulated year.

What each plants in ``answers.json`` under ``acts``:

================ ==================================================================
act              what is done
================ ==================================================================
declared_tie     a member declares a tie in their own words (``unit`` is meant)
left             a member falls ill and leaves after the first morning
hurried          a member marks faster than anybody can read
unsigned         a member's signed sheet has not come back
amended          a resolution changes a rule after scores were given
assessed_apart   the two readers of a summary give different levels
assessed_far     they are so far apart that the office rules on the points
heads_apart      they differ on whether a head is there; the office rules that it is
reader_left      an assessor leaves half-way, another one reads the rest (``member`` is meant)
absent_excused   a unit without a summary is not assessed, without effect on its nominees
inquiry          a question on a figure is given to a person with a last day
head_run_in, slogan  a head without heading; a slogan that is no head
handled          the office settled a question (``code``) on a nominee by telephone
left_open        a question on a nominee is left for the trainee
admitted, upheld  the office ruled on what came late
================ ==================================================================
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from kjfp_helpers.rehearsal.actors.summary_assessors import draw_levels
from kjfp_helpers.rehearsal.generator.year_model import Nomination, PlannedAct, RehearsalYear
from kjfp_helpers.rules import Member

MIN_UNITS = 12
"""Units below which nobody leaves the panel and no rule is amended."""
STATEMENTS = (
    "2018年至2019年受聘为{unit}科技顾问，领取过顾问费，请裁定是否回避。",
    "与{unit}推荐团队中一名专家合写过论文，其他往来没有。",
    "曾在{unit}组织的培训班授课两次，自认不影响评审，报请知悉。",
)
QUESTION_CODES = (
    "missing",
    "id_checksum",
    "photo_missing",
    "claim_over_unit",
    "claim_differs",
    "names_over_count",
    "copied_text",
    "leader_also_individual",
)
"""Codes that ask something of a unit and keep nobody out."""
OPEN_QUESTIONS = 2
"""Nominees likely on the list whose question is left open."""


def plan_actions(
    year: RehearsalYear,
    panel: Sequence[Member],
    habits: Mapping[str, Mapping[str, Any]],
    levels: Sequence[str],
    rng: np.random.Generator,
) -> None:
    """Add to the year what members and the office do; a small year leaves some out.

    Parameters
    ----------
    year : Year
        The year with its faults planted.
    panel : sequence of Member
    habits : mapping
        Member to their habits, as they are written into the answers.
    levels : sequence of str
        The levels of the assessment, the best first.
    rng : Generator
        A stream of its own.
    """
    year.acts += _member_acts(year, panel, habits, rng)
    year.acts += _question_acts(year)
    year.acts += _assessment_acts(year, levels)


def _assessment_acts(year: RehearsalYear, levels: Sequence[str]) -> Iterator[PlannedAct]:
    """Yield where the readers of a summary differ; only provinces have two."""
    far = True
    for submission in year.submissions:
        first, second = draw_levels(year.seed, submission.unit.code, levels)
        is_read = submission.parts is not None and not submission.summary_cut
        if not is_read or submission.unit.kind != "province" or first == second:
            continue
        says = f"两名考核员档次不同（{first}、{second}），计入考核一致性"
        yield PlannedAct(act="assessed_apart", says=says, unit=submission.unit.code)
        if far:
            says = "“典型经验”两人所评相差两档以上，由办公室裁定得分"
            yield PlannedAct(act="assessed_far", says=says, unit=submission.unit.code)
            far = False
    if len(year.submissions) >= MIN_UNITS:
        yield from _office_acts(year)


def _office_acts(year: RehearsalYear) -> Iterator[PlannedAct]:
    """Yield what the office does about readers, heads, absent summaries and open questions."""
    says = "考核员二请假：已评的照计，未评的改由考核员三评定"
    yield PlannedAct(act="reader_left", member="assessor2", says=says)
    touched = {row.unit for row in year.planted} | {row.unit for row in year.acts}
    whole = [
        one.unit.code
        for one in year.submissions
        if one.unit.kind == "province" and "experience" in (one.parts or ()) and not one.summary_cut
    ]
    for unit in sorted(whole, key=lambda code: code in touched)[:1]:
        says = "两名考核员对“典型经验”一有一缺，经裁定为有，不发补正"
        yield PlannedAct(act="heads_apart", unit=unit, says=says)
    absent = [row.unit for row in year.planted if (row.code, row.fault) == ("summary_absent", "")]
    for unit in absent[:1]:
        says = "未报送总结，经裁定不予考核，不影响其推荐；其余未报送的按最低等次处理"
        yield PlannedAct(act="absent_excused", unit=unit, says=says)
    told = [row for row in year.planted if row.fault == "told_in_summary"]
    for row in told[:1]:
        says = "数字不一致的疑点已指定测试秘书在9月4日前核实，尚未办结"
        yield PlannedAct(act="inquiry", unit=row.unit, code=row.code, says=says)


def _member_acts(
    year: RehearsalYear,
    panel: Sequence[Member],
    habits: Mapping[str, Mapping[str, Any]],
    rng: np.random.Generator,
) -> Iterator[PlannedAct]:
    members = [row.member for row in panel]
    careless = [member for member in members if habits[member]["careless"]]
    steady = [member for member in members if member not in careless]
    left, unsigned, *tied = rng.permutation(steady).tolist()[: 2 + len(STATEMENTS)]
    units = rng.permutation(
        [submission.unit.short_name for submission in year.submissions]
    ).tolist()
    for number, member in enumerate(tied):
        unit = units[number % len(units)]
        code = next(
            submission.unit.code
            for submission in year.submissions
            if submission.unit.short_name == unit
        )
        yield PlannedAct(
            act="declared_tie", member=member, unit=code, says=STATEMENTS[number].format(unit=unit)
        )
    yield PlannedAct(act="hurried", member=careless[0], says="每件用时过短，列在“请留意”，不作扣减")
    yield PlannedAct(
        act="unsigned", member=unsigned, says="已封存，签字表未收；名单为草案的原因之一"
    )
    if len(year.submissions) >= MIN_UNITS:
        says = "已退出：已评的照计，未评的改派他人，不再要求封存、签字"
        yield PlannedAct(act="left", member=left, says=says)
        says = "规则修订一次：各类候补由5名增为6名，此后的文件都注明"
        yield PlannedAct(act="amended", says=says)


def _question_acts(year: RehearsalYear) -> Iterator[PlannedAct]:
    """Yield the answers to open questions on nominees, most likely to be listed first."""
    entries = {
        (entry.unit, entry.name): entry
        for submission in year.submissions
        for entry in submission.nominations
    }
    asked = [
        (entries[row.unit, row.case], row.code)
        for row in year.planted
        if row.code in QUESTION_CODES and (row.unit, row.case) in entries
    ]
    asked.sort(key=lambda pair: (-pair[0].quality, pair[0].unit, pair[0].name))
    opened = _pick_left_open([entry for entry, _ in asked])
    for index, (entry, code) in enumerate(asked):
        if entry in opened:
            says = "列为未了结的问题，入围时名单上方注明；待秘书处理"
            yield _question_act("left_open", says, entry, code)
        elif index < (len(asked) + len(opened)) // 2:
            yield _question_act("handled", "办公室已核实或催补，不再列入退回补正通知", entry, code)


def _pick_left_open(entries: Sequence[Nomination]) -> list[Nomination]:
    """Return the best of each kind, filled up with the next best."""
    best: dict[str, Nomination] = {}
    for entry in entries:
        best.setdefault(entry.kind, entry)
    rest = [entry for entry in entries if entry not in best.values()]
    return [*best.values(), *rest][:OPEN_QUESTIONS]


def _question_act(act: str, says: str, entry: Nomination, code: str) -> PlannedAct:
    return PlannedAct(
        act=act, says=says, unit=entry.unit, kind=entry.kind, case=entry.name, code=code
    )
