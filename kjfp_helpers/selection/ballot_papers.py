"""Ballot papers as a teller types them, one line a paper: serial number and a sign for each case.

A line is ``017 √√×○－``: in favour, against, abstaining, or no vote for who left the room, in the
order of the paper. ``017 废`` is a spoiled paper; one with more in favour than it may is spoiled
too. The lines are kept as typed; what they sum up to is derived from them. Papers that give points
have a number a case instead of a sign (``point_papers``).
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from kjfp_helpers.core.errors import SelectionError
from kjfp_helpers.core.events import BallotOpened
from kjfp_helpers.selection.point_papers import gives_points, point_numbers, points_given

SIGNS: Mapping[str, str] = {
    **dict.fromkeys("√✓vVyY赞1", "yes"),
    **dict.fromkeys("×xXnN反0", "no"),
    **dict.fromkeys("○〇oO弃", "abstained"),
    **dict.fromkeys("－-—/", "none"),
}
"""Sign on a line to what it says of a case."""
SPOILED = "废"
Votes = tuple[int, int, int]
_COUNTED: Mapping[str, Votes] = {
    "yes": (1, 0, 0),
    "no": (0, 1, 0),
    "abstained": (0, 0, 1),
    "none": (0, 0, 0),
}
_LINE = re.compile(r"(\d{1,4})[\s,，、:：.]+(\S.*)")


@dataclass(frozen=True)
class PaperCount:
    """What the papers sum up to: returned, spoiled, and by case for, against and abstaining.

    Where papers give points, the first figure of a case is its points.
    """

    returned: int
    spoiled: int
    votes: Mapping[str, tuple[int, int, int]]


def list_serials(opened: BallotOpened) -> tuple[str, ...]:
    """Return the serial numbers of the papers that are printed: as many as are issued.

    Examples
    --------
    >>> opened = BallotOpened(ballot=2, nominees="team", purpose="tie", cases=("T1",), places=1,
    ...     most=1, due=("V1", "V2"), present=("V1",), recused={}, issued=1)
    >>> list_serials(opened)
    ('001',)
    """
    return tuple(f"{number:03d}" for number in range(1, opened.issued + 1))


def count_papers(lines: Sequence[str], opened: BallotOpened) -> PaperCount:
    """Sum up the papers of a ballot.

    Raises
    ------
    SelectionError
        Naming the first line that cannot be read, or a serial number that comes twice or was not
        printed.
    """
    serials, seen = list_serials(opened), dict[str, int]()
    votes = {case: (0, 0, 0) for case in opened.cases}
    spoiled = returned = 0
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        returned += 1
        serial, signs = _split(line, number)
        if serial not in serials:
            raise _line_error(number, f"票号 {serials[0]} 至 {serials[-1]}", f"“{serial}”")
        if serial in seen:
            raise _line_error(number, "没有录过的票号", f"“{serial}”（同第{seen[serial]}行）")
        seen[serial] = number
        said = _read_paper(signs, number, opened)
        if said is None:
            spoiled += 1
            continue
        for case, (yes, no, abstained) in zip(opened.cases, said, strict=True):
            before = votes[case]
            votes[case] = before[0] + yes, before[1] + no, before[2] + abstained
    return PaperCount(returned, spoiled, votes)


def _split(line: str, number: int) -> tuple[str, str]:
    match = _LINE.fullmatch(line.strip())
    if match is None:
        raise _line_error(number, "“票号 划票”，如 017 √√×○", f"“{line.strip()[:40]}”")
    return match[1].zfill(3), match[2]


def _read_paper(text: str, number: int, opened: BallotOpened) -> list[Votes] | None:
    """Return what a paper says of each case, ``None`` for a spoiled one."""
    if text.strip() == SPOILED:
        return None
    if not gives_points(opened):
        said = _read_signs(text, number, opened)
        return None if said.count("yes") > opened.most else [_COUNTED[word] for word in said]
    numbers = point_numbers(text)
    if numbers is None:
        raise _line_error(number, "整数、－ 不给，各件以逗号隔开，如 5,3,2；废", f"“{text[:40]}”")
    if len(numbers) != len(opened.cases):
        raise _line_error(number, f"{len(opened.cases)}件各一个数", f"{len(numbers)}个")
    given = points_given(numbers, opened)
    return None if given is None else [(points, 0, 0) for points in given]


def _read_signs(signs: str, number: int, opened: BallotOpened) -> list[str]:
    text = re.sub(r"[\s,，、]", "", signs)
    unknown = [sign for sign in text if sign not in SIGNS]
    if unknown:
        raise _line_error(number, "√ 赞成、× 反对、○ 弃权、－ 不投、废", f"“{unknown[0]}”")
    if len(text) != len(opened.cases):
        raise _line_error(number, f"{len(opened.cases)}件各一个符号", f"{len(text)}个")
    said = [SIGNS[sign] for sign in text]
    if opened.purpose == "tie":  # a vote among tied cases knows no vote against one
        said = ["abstained" if word == "no" else word for word in said]
    return said


def _line_error(number: int, expected: str, found: str) -> SelectionError:
    return SelectionError(
        f"逐票录入第{number}行", expected=expected, found=found, advice="对照原票更正这一行"
    )
