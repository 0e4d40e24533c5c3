"""What follows the meeting of a year that is played to its decision.

What is planted in ``answers.json`` under ``acts``:

================ ==================================================================
act              what is done
================ ==================================================================
original_differs the paper original of a listed person is not as the electronic copy
decided          the decision to commend is issued, with one more than the plan
archived         the round is archived, its identities apart
================ ==================================================================
"""

from collections.abc import Iterator, Sequence

from kjfp_helpers.rehearsal.actors.meeting_acts import KIND
from kjfp_helpers.rehearsal.generator.year_model import PlannedAct

PAGES = {"team": 9, "individual": 6}
"""Leaves of an original by kind of nominee; every third has one more."""
DIFFERENCE = "推荐意见一页的日期为手写更正，已电话核实"


def plan_closing() -> Iterator[PlannedAct]:
    """Yield the acts from the originals to the archive."""
    for act, says in (
        ("original_differs", f"纸质原件与电子件不一致：{DIFFERENCE}"),
        ("decided", "印发表扬决定和证书，先进个人超出计划一名，写明决议"),
        ("archived", "归档，身份信息另存一卷；核验档案一致"),
    ):
        yield PlannedAct(act=act, says=says, kind=KIND)


def count_original(kind: str, number: int) -> int:
    """Return the leaves of an original, the first of which has the number 0."""
    return PAGES[kind] + (number % 3 == 2)


def differing_case(cases: Sequence[str]) -> str:
    """Return the case whose original is not as the electronic copy."""
    return sorted(cases)[0]
