"""How long the deeds may be (附件1、附件2), by the ruling on how characters are counted."""

import re

from kjfp_helpers.findings import Finding
from kjfp_helpers.records import Case
from kjfp_helpers.rules import Round

_SINGLE = (
    r"\u2010-\u206f\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\ufe30-\ufe4f\uff00-\uffef"
    r"\U00020000-\U0003ffff"
)
"""Characters that each count: Chinese ones, full-width signs, quotation marks, dashes."""
_WORD = re.compile(rf"[^\s{_SINGLE}]+|(?!\s)[{_SINGLE}]")
_HAN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")


def count(text: str, how: str) -> int:
    """Count the characters of a text.

    Parameters
    ----------
    text : str
        Any text.
    how : {"word", "no_space", "han"}
        As a word processor counts (a run of half-width signs such as ``50%`` is one), all but
        white space, or Chinese characters alone.
    """
    if how == "han":
        return len(_HAN.findall(text))
    return len(_WORD.findall(text)) if how == "word" else len("".join(text.split()))


def check_story(round: Round, case: Case) -> list[Finding]:
    """Return ``story_too_long`` when the deeds pass the limit of their annex."""
    limit = round.notice.story.team if case.kind == "team" else round.notice.story.individual
    length = count(case.nominee.story or "", round.notice.ruling.characters.value)
    if length <= limit:
        return []
    return [
        Finding(
            code="story_too_long", unit=case.unit, case=case.id, field="story",
            source=case.record.source, place=case.record.provenance.get("story", ""),
            expected=f"不超过{limit}字", found=f"{length}字",
        )
    ]  # fmt: skip
