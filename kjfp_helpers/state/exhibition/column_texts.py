"""News and profiles as items of the exhibition: one text with title, day and unit, for editing.

The text begins with the title as a heading, then 日期 and 单位 in lines of their own, so that a
correction changes any of them the same way: by another approved text.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from kjfp_helpers.core.privacy import mask_personal_numbers
from kjfp_helpers.core.records import Picture
from kjfp_helpers.core.text_normalization import alnum_key
from kjfp_helpers.intake.online_column.column_folder import COLUMN_TITLES, NEWS, PROFILE
from kjfp_helpers.intake.online_column.column_items import ColumnItem
from kjfp_helpers.notice.exhibition_hints import (
    LENGTH,
    PARTLY_READ,
    REPEATED,
    SAME_TEXT,
    UNLISTED,
    UNREAD,
    Hint,
    find_text_hints,
)
from kjfp_helpers.rules import Commendation, Round, Unit
from kjfp_helpers.state.exhibition.article_pictures import find_seen_pictures
from kjfp_helpers.state.exhibition.exhibition_items import ExhibitionItem, content_digest
from kjfp_helpers.state.round_state import RoundState

_HEAD = re.compile(r"^(日期|单位|表扬|图片)[:：]\s*(.*)$")
_AFTER_NAME = "同志是在自从带把的用和与、"
"""Chinese characters after a person's name that do not make it part of a longer one."""
_SHORTEST, _LONGEST = 200, 3000
"""Characters of a profile that need no question."""
_ROW, _SAME_SHARE = 8, 0.6
"""Letters of a row, and the share of rows from which on two texts are mostly the same."""


_AWARD_TITLES: Mapping[str, str] = {"team": "先进团队", "individual": "先进个人"}


@dataclass(frozen=True, kw_only=True)
class ColumnText:
    """A text of the column in its parts; ``day`` is ``None`` and ``unit`` too where unknown.

    ``awards`` says which commendations are named, ``shown`` which pictures, counted from 1.
    """

    title: str
    day: date | None
    unit: Unit | None
    paragraphs: tuple[str, ...]
    awards: str = ""
    shown: tuple[int, ...] = ()

    def shown_pictures(self, pictures: Sequence[Picture]) -> tuple[Picture, ...]:
        """Return the pictures that the text names; a picture that it does not name stays out."""
        return tuple(pictures[at - 1] for at in self.shown if 1 <= at <= len(pictures))

    @property
    def nominees(self) -> str:
        """Whom a profile is about: ``team``, ``individual``, ``""`` for anything else."""
        kinds = (kind for kind, words in _AWARD_TITLES.items() if words in self.awards)
        return next(kinds, "")


def write_column_text(round: Round, item: ColumnItem) -> str:
    """Return an item as the text that is shown, edited and approved."""
    unit = round.unit_by_code.get(item.unit)
    heads = [f"日期：{item.day}"] if item.kind == NEWS else []
    heads.append(f"单位：{unit.short_name if unit else ''}")
    if item.kind == PROFILE:
        heads.append(f"表扬：{'、'.join(map(_award_words, find_awards(round, item)))}")
    if item.pictures:
        heads.append(f"图片：{'、'.join(map(str, range(1, len(item.pictures) + 1)))}")
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
        title=title,
        day=_parse_day(heads.get("日期", "")),
        unit=unit,
        paragraphs=tuple(lines),
        awards=heads.get("表扬", ""),
        shown=tuple(
            dict.fromkeys(int(one) for one in re.findall(r"[0-9]{1,3}", heads.get("图片", "")))
        ),
    )


def _award_words(row: Commendation) -> str:
    return f"{row.year}年{row.level}{_AWARD_TITLES[row.kind]}（{row.name}）"


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
    alike = _find_alike(tuple(one.text for one in column))
    seen = find_seen_pictures(state.round, items, column)
    added: dict[str, list[ExhibitionItem]] = {}
    for index, one in enumerate(column):
        same = [_name_article(state.round, column[other]) for other in alike[index]]
        unit = one.unit if one.unit in state.round.unit_by_code else ""
        added.setdefault(unit, []).append(_item(state.round, one, unit, same, seen[index]))
    order = [unit.code for unit in state.round.units]
    return {
        unit: (*items.get(unit, ()), *added.get(unit, ()))
        for unit in (*order, "")
        if unit in items or unit in added
    }


def _name_article(round: Round, item: ColumnItem) -> str:
    """Return what an article is called in a hint on another one."""
    unit = round.unit_by_code.get(item.unit)
    return f"{unit.short_name if unit else ''}{COLUMN_TITLES[item.kind]}“{item.title}”"


def _item(
    round: Round, one: ColumnItem, unit: str, same: Sequence[str], seen: Sequence[str]
) -> ExhibitionItem:
    text = write_column_text(round, one)
    hints = (*find_text_hints(text), *_article_hints(round, one, same, seen))
    return ExhibitionItem(
        unit=unit,
        id=f"{one.kind}:{one.sha256[:32]}",
        kind=one.kind,
        title=one.title,
        text=text,
        content=content_digest(text, *(picture.sha256 for picture in one.pictures)),
        hints=hints,
        pictures=one.pictures,
    )


def _article_hints(
    round: Round, one: ColumnItem, same: Sequence[str], seen: Sequence[str]
) -> Iterator[Hint]:
    """Yield the hints on an article besides those on its words; notes with numbers masked."""
    signs = {sign: at for at, picture in enumerate(one.pictures, 1) for sign in picture.signs}
    told = [
        (UNREAD, one.problem),
        (PARTLY_READ, "；".join(one.notes)),
        (REPEATED, "；".join(seen)),
        (SAME_TEXT, f"来了不止一份：{one.source}" if "、" in one.source else ""),
        *((sign, f"第{at}张图片") for sign, at in signs.items()),
        (SAME_TEXT, "、".join(same)),
    ]
    if one.kind == PROFILE:
        if not find_awards(round, one):
            yield Hint(code=UNLISTED)
        if not _SHORTEST <= len(one.text) <= _LONGEST:
            told.append((LENGTH, f"{len(one.text)}字"))
    yield from (Hint(code=code, note=mask_personal_numbers(note)) for code, note in told if note)


def find_awards(round: Round, item: ColumnItem) -> list[Commendation]:
    """Return the entries of the register of the unit whose whole names stand in a profile."""
    words = f"{item.title}\n{item.text}"
    found = [row for row in round.commended if row.unit == item.unit and _is_named(row, words)]
    return sorted(found, key=lambda row: (-len(row.name), row.year))


def _is_named(row: Commendation, words: str) -> bool:
    """Whether a name stands in a text by itself; a person's may begin a longer one."""
    after = rf"(?![^\W{_AFTER_NAME}])" if row.kind == "individual" else ""
    return bool(row.name) and re.search(re.escape(row.name) + after, words) is not None


@lru_cache(4)
def _find_alike(texts: tuple[str, ...]) -> tuple[tuple[int, ...], ...]:
    """Return for each text the others that are mostly the same, of whatever kind they are.

    Only texts that share a row are compared.
    """
    rows = [_rows(text) for text in texts]
    holders: dict[str, list[int]] = {}
    for index in range(len(texts)):
        for row in rows[index]:
            holders.setdefault(row, []).append(index)
    shared = [Counter[int]() for _ in texts]
    for held in holders.values():
        for index in held if len(held) > 1 else ():
            shared[index].update(held)
    return tuple(
        tuple(
            other
            for other, count in sorted(shared[index].items())
            if other != index and count >= _SAME_SHARE * min(len(rows[index]), len(rows[other]))
        )
        for index in range(len(texts))
    )


def _rows(text: str) -> frozenset[str]:
    letters = alnum_key(text)
    return frozenset(letters[at : at + _ROW] for at in range(len(letters) - _ROW + 1))
