"""News and profiles as items of the exhibition: one text with title, day and unit, for editing.

The text begins with the title as a heading, then 日期 and 单位 in lines of their own, so that a
correction changes any of them the same way: by another approved text.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from kjfp_helpers.core.text_normalization import alnum_key
from kjfp_helpers.intake.column.column_folder import NEWS, PROFILE
from kjfp_helpers.intake.column.column_items import ColumnItem
from kjfp_helpers.notice.exhibition_hints import (
    LENGTH,
    SAME_TEXT,
    UNLISTED,
    Hint,
    find_text_hints,
)
from kjfp_helpers.rules import Commendation, Round, Unit
from kjfp_helpers.state.exhibition.exhibition_items import ExhibitionItem, content_digest
from kjfp_helpers.state.round_state import RoundState

_HEAD = re.compile(r"^(日期|单位)[:：]\s*(.*)$")
_SHORTEST, _LONGEST = 200, 3000
"""Characters of a profile that need no question."""
_ROW, _SAME_SHARE = 8, 0.6
"""Letters of a row, and the share of rows from which on two texts are mostly the same."""


@dataclass(frozen=True, kw_only=True)
class ColumnText:
    """A text of the column in its parts; ``day`` is ``None`` and ``unit`` too where unknown."""

    title: str
    day: date | None
    unit: Unit | None
    paragraphs: tuple[str, ...]


def write_column_text(round: Round, item: ColumnItem) -> str:
    """Return an item as the text that is shown, edited and approved."""
    unit = round.unit_by_code.get(item.unit)
    heads = [f"日期：{item.day}"] if item.kind == NEWS else []
    heads.append(f"单位：{unit.short_name if unit else ''}")
    return "\n".join((f"# {item.title}", *heads, item.text))


def read_column_text(round: Round, text: str) -> ColumnText:
    """Return the parts of a text as :func:`write_column_text` writes it."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    title = lines.pop(0).removeprefix("# ").strip() if lines else ""
    heads: dict[str, str] = {}
    while lines and (match := _HEAD.match(lines[0])):
        heads[match[1]] = match[2].strip()
        lines.pop(0)
    named = heads.get("单位", "")
    unit = next(
        (one for one in round.units if named and named in (one.code, one.name, one.short_name)),
        None,
    )
    return ColumnText(
        title=title, day=_parse_day(heads.get("日期", "")), unit=unit, paragraphs=tuple(lines)
    )


def _parse_day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def add_column_items(
    state: RoundState,
    items: Mapping[str, tuple[ExhibitionItem, ...]],
    column: Sequence[ColumnItem],
) -> dict[str, tuple[ExhibitionItem, ...]]:
    """Return the items of each unit with its news and profiles behind the others."""
    if not column:
        return dict(items)
    rows = [_rows(one.text) for one in column]
    added: dict[str, list[ExhibitionItem]] = {}
    for index, one in enumerate(column):
        same = [
            column[other].title
            for other in range(len(column))
            if other != index
            and column[other].kind == one.kind
            and _is_same(rows[index], rows[other])
        ]
        unit = one.unit if one.unit in state.round.unit_by_code else ""
        added.setdefault(unit, []).append(_item(state.round, one, unit, same))
    order = [unit.code for unit in state.round.units]
    return {
        unit: (*items.get(unit, ()), *added.get(unit, ()))
        for unit in (*order, "")
        if unit in items or unit in added
    }


def _item(round: Round, one: ColumnItem, unit: str, same: Sequence[str]) -> ExhibitionItem:
    text = write_column_text(round, one)
    hints = [*find_text_hints(text)]
    if same:
        hints.append(Hint(code=SAME_TEXT, note="、".join(f"“{title}”" for title in same)))
    if one.kind == PROFILE:
        awards = find_awards(round, one)
        if not awards:
            hints.append(Hint(code=UNLISTED))
        if not _SHORTEST <= len(one.text) <= _LONGEST:
            hints.append(Hint(code=LENGTH, note=f"{len(one.text)}字"))
    return ExhibitionItem(
        unit=unit,
        id=f"{one.kind}:{one.sha256[:32]}",
        kind=one.kind,
        title=one.title,
        text=text,
        content=content_digest(text, *(picture.sha256 for picture in one.pictures)),
        hints=tuple(hints),
        pictures=one.pictures,
    )


def find_awards(round: Round, item: ColumnItem) -> list[Commendation]:
    """Return the entries of the register whose names stand in a profile, best known first."""
    words = alnum_key(f"{item.title}{item.text}")
    found = [row for row in round.commended if (key := alnum_key(row.name)) and key in words]
    return sorted(found, key=lambda row: (row.unit != item.unit, -len(row.name), row.year))


def _rows(text: str) -> frozenset[str]:
    letters = alnum_key(text)
    return frozenset(letters[at : at + _ROW] for at in range(len(letters) - _ROW + 1))


def _is_same(first: frozenset[str], second: frozenset[str]) -> bool:
    fewest = min(len(first), len(second))
    return fewest > 0 and len(first & second) >= _SAME_SHARE * fewest
