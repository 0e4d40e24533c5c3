"""Sampling frame of the spot check: the units that may be drawn, and what is fixed in advance.

Its text (``frame.txt``) holds one fact a line, so that the hash of the text commits the office to
all of it before anybody can know the public value.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from math import ceil

from kjfp_helpers.core.errors import ParameterError
from kjfp_helpers.core.events import LotFrameFrozen
from kjfp_helpers.core.suggestions import suggest
from kjfp_helpers.rules import Round

MAX_SOURCE_CHARS = 120


@dataclass(frozen=True, kw_only=True)
class SamplingFrame:
    """Units with their strata, what is drawn of each, the cover rule, and the value to come.

    ``round`` is the document number of the notice; ``units`` are pairs of code and stratum, by
    code; ``excluded`` maps a code to the reason; ``draws`` a stratum to the number drawn; ``cover``
    holds title, least number and units of each group; ``source`` says where the public value will
    stand, ``day`` when it is published.
    """

    round: str
    source: str
    day: date
    draws: Mapping[str, int]
    units: tuple[tuple[str, str], ...]
    cover: tuple[tuple[str, int, tuple[str, ...]], ...] = ()
    excluded: Mapping[str, str]

    @property
    def lines(self) -> tuple[str, ...]:
        """The lines of ``frame.txt``."""
        return (
            f"round {self.round}",
            f"value {self.day} {self.source}",
            *(
                f"stratum {name} {len(self.of_stratum(name))} {count}"
                for name, count in self.draws.items()
            ),
            *(f"cover {title} {least} {' '.join(codes)}" for title, least, codes in self.cover),
            *(f"exclude {code} {reason}" for code, reason in self.excluded.items()),
            *(f"unit {code} {stratum}" for code, stratum in self.units),
        )

    def of_stratum(self, name: str) -> list[str]:
        """Return the codes of a stratum, in order."""
        return [code for code, stratum in self.units if stratum == name]


def frame_text(lines: Iterable[str]) -> str:
    r"""Return the text of ``frame.txt``: every line ended by a newline.

    Examples
    --------
    >>> frame_text(["round 2020", "unit 11 other"])
    'round 2020\nunit 11 other\n'
    """
    return "".join(f"{line}\n" for line in lines)


def sha256_text(text: str) -> str:
    """Return the SHA-256 of a text in UTF-8, as ``sha256sum`` prints it."""
    return hashlib.sha256(text.encode()).hexdigest()


def build_frame(
    round: Round, *, source: str, day: date, excluded: Mapping[str, str], today: date
) -> SamplingFrame:
    """Return the frame by the rules: every unit of the strata but those excluded, by code.

    Raises
    ------
    ParameterError
        When the source is not named, its day is not yet to come, or an excluded unit is not in a
        stratum or has no reason.
    """
    named = _one_line("公开值的来源", source)
    if day <= today:
        raise ParameterError(
            "公开值的公布日",
            expected=f"冻结名册之日（{today}）以后的日子",
            found=str(day),
            advice="改用尚未公布的公开值，写明它的公布日",
        )
    rule = round.notice.spot_check
    strata: dict[str, str] = {name: one.id for one in rule.drawn_strata for name in one.classes}
    all_units = sorted((u for u in round.units if u.quota in strata), key=lambda unit: unit.code)
    reasons = _check_excluded([unit.code for unit in all_units], excluded)
    kept = [unit for unit in all_units if unit.code not in reasons]
    if not kept:
        raise ParameterError(
            "抽查名册", expected="至少一个单位", found="没有", advice="核对 units.csv 和排除的单位"
        )
    pairs = tuple((unit.code, strata[unit.quota]) for unit in kept)
    counts = {one.id: sum(name == one.id for _, name in pairs) for one in rule.drawn_strata}
    regions = {unit.code: unit.region for unit in kept}
    groups = (
        (one.title, one.least, tuple(c for c, _ in pairs if regions[c] in one.regions))
        for one in rule.cover
    )
    return SamplingFrame(
        round=round.notice.round.document,
        source=named,
        day=day,
        draws={
            one.id: min(
                counts[one.id], max(one.least, ceil(Fraction(str(one.share)) * counts[one.id]))
            )
            for one in rule.drawn_strata
        },
        units=pairs,
        cover=tuple(group for group in groups if group[2]),
        excluded=reasons,
    )


def freeze_frame(frame: SamplingFrame, reason: str = "") -> LotFrameFrozen:
    """Return the event that freezes a frame; ``reason`` says why an earlier one is void."""
    return LotFrameFrozen(
        lines=frame.lines,
        digest=sha256_text(frame_text(frame.lines)),
        reason=reason,
    )


def parse_frame(lines: Sequence[str]) -> SamplingFrame:
    """Return the frame of the lines of ``frame.txt``.

    Examples
    --------
    >>> frame = parse_frame(["round 2020", "value 2020-08-28 上证指数", "stratum other 1 1",
    ...                      "unit 11 other"])
    >>> frame.units, frame.draws, frame.source
    ((('11', 'other'),), {'other': 1}, '上证指数')
    """
    facts: dict[str, list[str]] = {}
    for line in lines:
        word, _, rest = line.partition(" ")
        facts.setdefault(word, []).append(rest)
    day, _, source = facts["value"][0].partition(" ")
    cover = (row.split(" ") for row in facts.get("cover", ()))
    return SamplingFrame(
        round=facts["round"][0],
        source=source,
        day=date.fromisoformat(day),
        draws={name: int(count) for name, _, count in map(str.split, facts["stratum"])},
        units=tuple((code, name) for code, name in map(str.split, facts["unit"])),
        cover=tuple((title, int(least), tuple(codes)) for title, least, *codes in cover),
        excluded={
            code: reason
            for code, _, reason in (row.partition(" ") for row in facts.get("exclude", ()))
        },
    )


def _check_excluded(codes: Sequence[str], excluded: Mapping[str, str]) -> dict[str, str]:
    for code in excluded:
        if code not in codes:
            raise ParameterError(
                "排除的单位",
                expected="名册中的单位代码",
                found=f"“{code}”",
                advice=f"更正（{suggest(code, list(codes))}）",
            )
    return {code: _one_line(f"排除{code}的理由", excluded[code]) for code in sorted(excluded)}


def _one_line(where: str, text: str) -> str:
    line = " ".join(text.split())
    if not line or len(line) > MAX_SOURCE_CHARS:
        raise ParameterError(
            where,
            expected=f"写明，至多{MAX_SOURCE_CHARS}字",
            found=f"{len(line)}字" if line else "空白",
            advice="补上" if not line else "缩短",
        )
    return line
