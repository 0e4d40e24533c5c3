"""The lot of the spot check: drawn from a frozen frame by a public value, redrawn by anybody.

The seed is the SHA-256 of the frame's SHA-256 followed by the public value; a unit's number in the
lot is the SHA-256 of the seed followed by its code. Each stratum is sorted by number and its first
units are drawn; then each group of the cover rule that has too few gets its next ones.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from kjfp_helpers.core.errors import ParameterError
from kjfp_helpers.core.events import LotDrawn, LotFrameFrozen
from kjfp_helpers.notice.spot_check.sampling_frame import (
    SamplingFrame,
    frame_text,
    parse_frame,
    sha256_text,
)

DRAWN, COVERED, ORDERED = "抽中", "补抽", "指定"
"""How a unit came to be checked: drawn of its stratum, by the cover rule, by order."""
MIN_VALUE_CHARS, MAX_VALUE_CHARS = 4, 120


@dataclass(frozen=True, kw_only=True)
class LotRow:
    """A unit's place in the lot of its stratum, from 1; ``how`` is blank for one not drawn."""

    stratum: str
    place: int
    code: str
    number: str
    how: str = ""


def seed_of(digest: str, value: str) -> str:
    """Return the seed of a lot from the frame's digest and the public value."""
    return sha256_text(digest + value)


def check_public_value(value: str, rule_texts: Sequence[str]) -> str:
    """Return the public value without surrounding space.

    Raises
    ------
    ParameterError
        When it is too short to be unforeseen, cannot be typed in a shell between single quotes, or
        stands in the rule files, where it was known before.
    """
    text = value.strip()
    clean = text.isprintable() and "'" not in text and len(text) <= MAX_VALUE_CHARS
    if not clean or len(text) < MIN_VALUE_CHARS:
        raise ParameterError(
            "公开值",
            expected=f"所公布的原文，{MIN_VALUE_CHARS}至{MAX_VALUE_CHARS}个字符，不含单引号",
            found=f"{len(text)}个字符" if clean else "含有不能用的字符，或过长",
            advice="照公布的原文输入",
        )
    if any(text in rules for rules in rule_texts):
        raise ParameterError(
            "公开值",
            expected="公布之前无人知道的值",
            found="规则文件中已经写有此值",
            advice="从规则文件中删去，另定公开值后重新冻结名册",
        )
    return text


def rank_units(frame: SamplingFrame, seed: str) -> tuple[LotRow, ...]:
    """Return every unit of the frame with its number and place, stratum by stratum.

    Examples
    --------
    >>> frame = parse_frame(["round 2020", "value 2020-08-28 上证指数", "stratum other 2 1",
    ...                      "unit 11 other", "unit 12 other"])
    >>> [(row.place, row.code, row.how) for row in rank_units(frame, seed_of("", "3380.68"))]
    [(1, '12', '抽中'), (2, '11', '')]
    """
    numbers = {code: sha256_text(seed + code) for code, _ in frame.units}
    how: dict[str, str] = {}
    ordered = {
        name: sorted(frame.of_stratum(name), key=numbers.__getitem__) for name in frame.draws
    }
    for name, count in frame.draws.items():
        how |= dict.fromkeys(ordered[name][:count], DRAWN)
    for _title, least, codes in frame.cover:
        missing = max(least - sum(code in how for code in codes), 0)
        rest = sorted((code for code in codes if code not in how), key=numbers.__getitem__)
        how |= dict.fromkeys(rest[:missing], COVERED)
    return tuple(
        LotRow(stratum=name, place=place, code=code, number=numbers[code], how=how.get(code, ""))
        for name, codes in ordered.items()
        for place, code in enumerate(codes, start=1)
    )


def draw_lot(frozen: LotFrameFrozen, value: str) -> LotDrawn:
    """Return the lot of a frozen frame: those of the strata, then those of the cover rule."""
    seed = seed_of(sha256_text(frame_text(frozen.lines)), value)
    rows = rank_units(parse_frame(frozen.lines), seed)
    drawn = tuple(row.code for row in rows if row.how == DRAWN)
    covered = tuple(
        row.code for row in sorted(rows, key=lambda row: row.number) if row.how == COVERED
    )
    return LotDrawn(units=drawn + covered, covered=covered, value=value, seed=seed)


def redraw_recipe(value: str) -> tuple[str, ...]:
    """Return the lines of a shell that print every stratum in the order of its numbers."""
    return (
        "digest=$(sha256sum < frame.txt | cut -c1-64)",
        f"value='{value}'",
        'seed=$(printf \'%s%s\' "$digest" "$value" | sha256sum | cut -c1-64)',
        "grep '^unit ' frame.txt | while read -r word code stratum; do",
        '  number=$(printf \'%s%s\' "$seed" "$code" | sha256sum | cut -c1-64)',
        '  echo "$stratum $number $code"',
        "done | LC_ALL=C sort",
    )
