"""Who of the panel and the office does what in the year, planned when the rehearsal is made.

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
handled          the office settled a question (``code``) on a nominee by telephone
left_open        a question on a nominee is left for the trainee
admitted, upheld  the office ruled on what came late
================ ==================================================================
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from kjfp_helpers.rehearsal.actors.summary_assessors import levels_of
from kjfp_helpers.rehearsal.generator.model import Act, Nomination, Year
from kjfp_helpers.rules import Member

SMALL = 12
"""Units below which nobody leaves the panel and no rule is amended."""
TIES = (
    "2018年至2019年受聘为{unit}科技顾问，领取过顾问费，请裁定是否回避。",
    "与{unit}推荐团队中一名专家合写过论文，其他往来没有。",
    "曾在{unit}组织的培训班授课两次，自认不影响评审，报请知悉。",
)
ASKED = (
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
OPEN = 2
"""Nominees likely on the list whose question is left open."""


def plot_year(
    year: Year,
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
    year.acts += _of_members(year, panel, habits, rng)
    year.acts += _of_questions(year)
    for papers in year.papers:
        one, other = levels_of(year.seed, papers.unit.code, levels)
        if papers.parts is not None and one != other:
            says = f"两名考核员等次不同（{one}、{other}），计入考核一致性"
            year.acts.append(Act(act="assessed_apart", says=says, unit=papers.unit.code))


def _of_members(
    year: Year,
    panel: Sequence[Member],
    habits: Mapping[str, Mapping[str, Any]],
    rng: np.random.Generator,
) -> Iterator[Act]:
    careless = [one.member for one in panel if habits[one.member]["careless"]]
    steady = [one.member for one in panel if one.member not in careless]
    left, unsigned, *tied = rng.permutation(steady).tolist()[: 2 + len(TIES)]
    units = rng.permutation([papers.unit.short_name for papers in year.papers]).tolist()
    for number, member in enumerate(tied):
        unit = units[number % len(units)]
        code = next(one.unit.code for one in year.papers if one.unit.short_name == unit)
        yield Act(act="declared_tie", member=member, unit=code, says=TIES[number].format(unit=unit))
    yield Act(act="hurried", member=careless[0], says="每件用时过短，列在“请留意”，不作扣减")
    yield Act(act="unsigned", member=unsigned, says="已封存，签字表未收；名单为草案的原因之一")
    if len(year.papers) >= SMALL:
        says = "已退出：已评的照计，未评的改派他人，不再要求封存、签字"
        yield Act(act="left", member=left, says=says)
        says = "规则修订一次：各类候补由5名增为6名，此后的文件都注明"
        yield Act(act="amended", says=says)


def _of_questions(year: Year) -> Iterator[Act]:
    """Yield what becomes of the open questions on nominees, by how likely these are listed."""
    entries = {(entry.unit, entry.name): entry for one in year.papers for entry in one.nominations}
    asked = [
        (entries[row.unit, row.case], row.code)
        for row in year.planted
        if row.code in ASKED and (row.unit, row.case) in entries
    ]
    asked.sort(key=lambda pair: (-pair[0].quality, pair[0].unit, pair[0].name))
    opened = _pick_opened([entry for entry, _ in asked])
    for place, (entry, code) in enumerate(asked):
        if entry in opened:
            says = "列为未了结的问题，入围时名单上方注明；待秘书处理"
            yield _about("left_open", says, entry, code)
        elif place < (len(asked) + len(opened)) // 2:
            yield _about("handled", "办公室已核实或催补，不再列入退回补正通知", entry, code)


def _pick_opened(entries: Sequence[Nomination]) -> list[Nomination]:
    """Return the best of each kind, filled up with the next best."""
    best: dict[str, Nomination] = {}
    for entry in entries:
        best.setdefault(entry.kind, entry)
    rest = [entry for entry in entries if entry not in best.values()]
    return [*best.values(), *rest][:OPEN]


def _about(act: str, says: str, entry: Nomination, code: str) -> Act:
    return Act(act=act, says=says, unit=entry.unit, kind=entry.kind, case=entry.name, code=code)
