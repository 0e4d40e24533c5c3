"""Ballot papers that give points: a number of points shared out, or an order of preference.

Both choose among tied cases, where the rules say so; most points come first. A paper is typed as a
number a case, in the order of the paper: ``017 5,3,2,0`` shares ten points out, ``017 2,1,3`` gives
ranks. A rank is worth as many points as there are cases from it down; ``－`` gives nothing.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence

from kjfp_helpers.core.events import BallotOpened
from kjfp_helpers.rules import VOTING_TITLES

BLANK_SIGNS = frozenset("-－—/○0")
"""What stands for a case that a paper gives nothing."""

PURPOSE_TITLES = {"tie": "并列再次投票", "approval": "名单表决"}


def purpose_title(opened: BallotOpened) -> str:
    """Return what a vote is for, and how it is voted where papers give points.

    Examples
    --------
    >>> opened = BallotOpened(ballot=2, nominees="team", purpose="tie", cases=("T1", "T2"),
    ...     places=1, most=2, due=("V1",), present=("V1",), recused={}, issued=1, voting="ranked")
    >>> purpose_title(opened)
    '并列再次投票（排序）'
    """
    title = PURPOSE_TITLES[opened.purpose]
    return f"{title}（{VOTING_TITLES[opened.voting]}）" if gives_points(opened) else title


def gives_points(opened: BallotOpened) -> bool:
    """Return whether the papers of a vote give points instead of being for or against."""
    return opened.voting != "approval"


def vote_titles(opened: BallotOpened) -> tuple[str, ...]:
    """Return the headings of what is counted for a case."""
    if gives_points(opened):
        return ("得分",)
    return ("赞成",) if opened.purpose == "tie" else ("赞成", "反对", "弃权")


def find_point_faults(opened: BallotOpened, given: Mapping[str, int], valid: int) -> list[str]:
    """Return in Chinese what so many valid papers cannot have given to the cases."""
    count = len(opened.cases)
    highest = valid * (opened.points if opened.voting == "allotment" else count)
    altogether = highest if opened.voting == "allotment" else highest * (count + 1) // 2
    faults = [
        f"{case} 得分 {points}，有效票 {valid} 张至多 {highest} 分"
        for case, points in given.items()
        if points > highest
    ]
    total = sum(given.values())
    if total > altogether:
        faults.append(f"得分合计 {total}，有效票 {valid} 张至多 {altogether} 分")
    return faults


def paper_rule(opened: BallotOpened) -> str:
    """Return in Chinese how a paper is filled in, and when it is spoiled."""
    if opened.voting == "allotment":
        return (
            f"每票共{opened.points}分，分给下列各件，可以集中给一件，填整数；"
            f"合计超过{opened.points}分的为废票，不足的余分作废。"
        )
    count = len(opened.cases)
    return (
        f"按先后填名次1、2、3……，可以只填前几名；名次重复、中间有缺的为废票。"
        f"第1名计{count}分，以下各名依次少1分，未填的不计分。"
    )


def point_numbers(text: str) -> list[int] | None:
    """Return the numbers on a paper, ``None`` where something else stands there."""
    parts = re.split(r"[\s,、;]+", unicodedata.normalize("NFKC", text).strip(" ,、;"))
    words = ["0" if part in BLANK_SIGNS else part for part in parts]
    if not all(re.fullmatch(r"[0-9]{1,4}", word) for word in words):
        return None
    return [int(word) for word in words]


def points_given(numbers: Sequence[int], opened: BallotOpened) -> list[int] | None:
    """Return the points that a paper gives by case, ``None`` for a spoiled one."""
    if opened.voting == "allotment":
        return list(numbers) if sum(numbers) <= opened.points else None
    ranks = sorted(number for number in numbers if number)
    if ranks != list(range(1, len(ranks) + 1)):
        return None
    return [len(opened.cases) + 1 - number if number else 0 for number in numbers]
