"""Length limit of the story (附件1、附件2), counted as the ruling on characters says."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, fields
from functools import lru_cache
from typing import TYPE_CHECKING

from kjfp_helpers.core.findings import Finding
from kjfp_helpers.core.records import Case
from kjfp_helpers.infra.lazy_loading import lazy_pattern
from kjfp_helpers.rules import Round

if TYPE_CHECKING:
    import pandas as pd

COUNT_TITLES: Mapping[str, str] = {
    "word": "按文字处理软件计",
    "no_space": "不计空格",
    "han": "只计汉字",
}
"""Chinese names of the three ways to count characters."""
NEAR, OVER = "接近上限", "超过上限"

_SINGLE = (
    r"\u2010-\u2027\u202a-\u202e\u2030-\u205e\u2060-\u206f\u2e80-\u2fff\u3001-\u9fff"
    r"\uac00-\ud7af\uf900-\ufaff\ufe30-\ufe4f\uff00-\uffef\U00020000-\U0003ffff"
)
"""Characters that each count: Chinese ones, full-width characters, quotation marks, dashes."""
_WORD = lazy_pattern(rf"[^\s{_SINGLE}]+")
"""A run of other characters, which counts as one."""
_OTHERS = lazy_pattern(rf"[^{_SINGLE}]+")
_NOT_HAN = lazy_pattern(r"[^\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]+")


@lru_cache(maxsize=4096)  # the same stories are counted repeatedly
def count_characters(text: str, how: str) -> int:
    """Count the characters of a text.

    Parameters
    ----------
    text : str
        Any text.
    how : {"word", "no_space", "han"}
        As a word processor counts (a run of half-width characters such as ``50%`` is one), all
        but white space, or Chinese characters only.

    >>> count_characters("增产50%", "word"), count_characters("增产50%", "han")
    (3, 2)
    """
    if how == "han":
        return len(_NOT_HAN.sub("", text))
    if how == "word":
        return len(_OTHERS.sub("", text)) + len(_WORD.findall(text))
    return len("".join(text.split()))


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryLength:
    """Length of a case's story: the three counts and the limit, in characters.

    ``counted`` names the count that decides by the ruling, a key of :data:`COUNT_TITLES`;
    ``state`` is ``""``, :data:`NEAR` (within a tenth of the limit) or :data:`OVER`.
    """

    word: int
    no_space: int
    han: int
    counted: str
    limit: int
    state: str


def story_length(round: Round, case: Case) -> StoryLength:
    """Return the three counts of a case's story and its state against the limit."""
    rules, counted = round.notice.story, round.notice.ruling.characters.value
    limit = rules.of(case.kind)
    counts = {how: count_characters(case.nominee.story or "", how) for how in COUNT_TITLES}
    length = counts[counted]
    state = ""
    if length > limit:
        state = OVER
    elif length >= 0.9 * limit:
        state = NEAR
    return StoryLength(**counts, counted=counted, limit=limit, state=state)


def check_story_length(round: Round, case: Case) -> list[Finding]:
    """Return ``story_too_long`` when the story exceeds the limit of its annex."""
    length = story_length(round, case)
    if length.state != OVER:
        return []
    others = "，".join(
        f"{COUNT_TITLES[how]}{getattr(length, how)}字"
        for how in COUNT_TITLES
        if how != length.counted
    )
    found = f"{COUNT_TITLES[length.counted]}{getattr(length, length.counted)}字（{others}）"
    return [case.finding("story_too_long", "story", f"不超过{length.limit}字", found)]


def tabulate_story_lengths(round: Round, cases: Iterable[Case]) -> "pd.DataFrame":
    """Return a row a case: ``case unit name word no_space han counted limit state``."""
    import pandas as pd

    rows = [
        {"case": case.id, "unit": case.unit, "name": case.name} | asdict(story_length(round, case))
        for case in cases
    ]
    columns = ["case", "unit", "name", *(field.name for field in fields(StoryLength))]
    return pd.DataFrame(rows, columns=columns)
