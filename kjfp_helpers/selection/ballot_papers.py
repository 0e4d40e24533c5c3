"""Ballot papers as a teller types them, one line a paper: serial number and a sign for each case.

A line is ``017 √√×○－``: in favour, against, abstaining, or no vote for who left the room, in the
order of the paper. ``017 废`` is a spoiled paper; one with more in favour than it may is spoiled
too. The lines are kept as typed; what they sum up to is derived from them.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from kjfp_helpers.core.errors import SelectionError
from kjfp_helpers.core.events import BallotOpened

SIGNS: Mapping[str, str] = {
    **dict.fromkeys("√✓vVyY赞1", "yes"),
    **dict.fromkeys("×xXnN反0", "no"),
    **dict.fromkeys("○〇oO弃", "abstained"),
    **dict.fromkeys("－-—/", "none"),
}
"""Sign on a line to what it says of a case."""
SPOILED = "废"
_LINE = re.compile(r"(\d{1,4})[\s,，、:：.]+(\S.*)")


@dataclass(frozen=True)
class PaperCount:
    """What the papers sum up to: returned, spoiled, and by case for, against and abstaining."""

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
    votes = {case: dict.fromkeys(("yes", "no", "abstained", "none"), 0) for case in opened.cases}
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
        said = _read_signs(signs, number, opened)
        if said is None or said.count("yes") > opened.most:
            spoiled += 1
            continue
        for case, word in zip(opened.cases, said, strict=True):
            votes[case][word] += 1
    return PaperCount(
        returned,
        spoiled,
        {case: (one["yes"], one["no"], one["abstained"]) for case, one in votes.items()},
    )


def _split(line: str, number: int) -> tuple[str, str]:
    match = _LINE.fullmatch(line.strip())
    if match is None:
        raise _line_error(number, "“票号 划票”，如 017 √√×○", f"“{line.strip()[:40]}”")
    return match[1].zfill(3), match[2]


def _read_signs(signs: str, number: int, opened: BallotOpened) -> list[str] | None:
    """Return what a paper says of each case, ``None`` for a spoiled one."""
    text = re.sub(r"[\s,，、]", "", signs)
    if text == SPOILED:
        return None
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
