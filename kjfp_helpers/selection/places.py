"""Places and reserves under each unit's quota (clause 二)."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from kjfp_helpers.errors import SelectionError
from kjfp_helpers.selection.ties import Tied


@dataclass(kw_only=True)
class Places:
    """Who got which place; level cases share one (``listed`` and ``reserves``: case to place).

    ``capped`` maps a case to how many of its unit were already in.
    """

    listed: dict[str, int] = field(default_factory=dict)
    reserves: dict[str, int] = field(default_factory=dict)
    capped: dict[str, int] = field(default_factory=dict)


def fill_places(
    order: Sequence[Tied],
    units: Mapping[str, str],
    caps: Mapping[str, int],
    *,
    places: int,
    reserves: int,
) -> Places:
    """Go down the order and take each case whose unit still has room.

    With one cap a unit and one total, the lists that are allowed form the independent sets
    of a (truncated partition) matroid, on which taking the best that fits is optimal
    (J. Edmonds, "Matroids and the greedy algorithm", Mathematical Programming 1, 1971).
    Reserves go on the same way; those level at their end are all kept.

    Raises
    ------
    SelectionError
        When too few cases fit, or level cases meet the last place or a unit's last room.
    """
    _require_enough(order, units, caps, places)
    filled, room = Places(), Counter(caps)
    for tied in order:
        fits = [case for case in tied.cases if room[units[case]] > 0]
        for case in set(tied.cases) - set(fits):
            filled.capped[case] = caps[units[case]]
        left = places - len(filled.listed)
        if left > 0:
            _require_no_tie(fits, units, room, left)
            target = filled.listed
        elif len(filled.reserves) < reserves:
            target = filled.reserves
        else:
            continue
        target |= dict.fromkeys(fits, len(target) + 1)
        room.subtract(units[case] for case in fits)
    return filled


def _require_enough(
    order: Sequence[Tied], units: Mapping[str, str], caps: Mapping[str, int], places: int
) -> None:
    each = Counter(units[case] for tied in order for case in tied.cases)
    able = sum(min(count, caps[unit]) for unit, count in each.items())
    if able < places:
        raise SelectionError(
            "入围名单",
            expected=f"至少 {places} 件合格且可排名的个案",
            found=f"{able} 件，尚缺 {places - able} 件",
            advice="催办未完成的评分，或补充推荐、核定待定的资格问题",
        )


def _require_no_tie(
    fits: Sequence[str], units: Mapping[str, str], room: Mapping[str, int], left: int
) -> None:
    each = Counter(units[case] for case in fits)
    torn = [case for case in fits if each[units[case]] > room[units[case]]]
    if sum(min(count, room[unit]) for unit, count in each.items()) > left:
        raise _tie(fits, f"剩余 {left} 个名额")
    if torn:
        raise _tie(torn, "所在单位剩余的名额")


def _tie(cases: Sequence[str], what: str) -> SelectionError:
    named = "、".join(sorted(cases))
    return SelectionError(
        "入围名单",
        expected=f"能分出先后以确定{what}",
        found=f"{named} 逐级比较后仍然并列",
        advice="将并列各件提交会议再次投票，不得按编号或报送先后取舍",
    )
