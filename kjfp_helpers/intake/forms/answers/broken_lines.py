"""Short values that the unit broke into lines: one answer is joined, several answers are kept."""

import re
from collections.abc import Mapping

from kjfp_helpers.intake.forms.answers.text_kinds import TEXT_KINDS, TextKind

_KINDS: Mapping[str, TextKind] = {
    "team_name": "team",
    "employer": "institution",
    "address": "full_address",
    "political_status": "party",
    "title": "rank",
    "leader_title": "rank",
    "employer_contact_title": "rank",
}
"""Fields of one line, with the kind of text that is a whole answer to them."""
_OF_SEVERAL = ("title", "leader_title", "employer_contact_title")
"""Fields to which one line that is a whole answer shows that the others are answers, too."""
_MAX_LINES = 3
_SIGN = re.compile(r"[^\W_]")


def join_broken_lines(name: str, value: str) -> str:
    r"""Return the value of a field without the line ends inside one answer.

    Examples
    --------
    >>> join_broken_lines("employer", "测试市农业科学\n研究所")
    '测试市农业科学研究所'
    >>> join_broken_lines("leader_title", "教授\n测试学会理事长").count("\n")
    1
    """
    lines = [line.strip() for line in value.split("\n") if line.strip()]
    if name not in _KINDS or not 1 < len(lines) <= _MAX_LINES:
        return value
    is_whole = [bool(TEXT_KINDS[_KINDS[name]].find(line)) for line in lines]
    if all(is_whole) or (name in _OF_SEVERAL and any(is_whole)):
        return value
    text = lines[0]
    for line in lines[1:]:
        are_words = (text[-1] + line[0]).isascii() and _SIGN.match(text[-1]) and _SIGN.match(line)
        text += f" {line}" if are_words else line
    return text
