"""Items of the online column: news (动态) and profiles (典型事迹), one a message or a folder.

They lie in ``column/news`` and ``column/profiles`` of the round's folder, as ``.eml`` files or as
folders of a text with pictures; each is read by itself, whenever it came.
"""

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from kjfp_helpers.core.errors import KjfpError
from kjfp_helpers.core.records import Picture
from kjfp_helpers.intake.common.bug_detection import warn_internal_error
from kjfp_helpers.intake.mail.sender_matching import SenderMatcher
from kjfp_helpers.intake.online_column.column_folder import (
    MAX_BYTES,
    entry_name,
    hash_entry,
    list_entries,
    stat_entry,
)
from kjfp_helpers.intake.received_folder import ReceivedFolder
from kjfp_helpers.rules import Round

if TYPE_CHECKING:
    from kjfp_helpers.intake.online_column.column_reading import EntryContent, NamedText

_DAY = re.compile(r"(20\d\d)[-年./_]?(0?[1-9]|1[0-2])[-月./_]?(3[01]|[12]\d|0?[1-9])(?!\d)")
_GREETING = re.compile(r"^(?:尊敬的|各位|领导小组办公室|您好|你好|此致|敬礼|附件[:：]).{0,20}$")

_LEAST = 8
"""Characters below which a text says nothing."""
_KEPT: dict[tuple[object, ...], "ColumnItem"] = {}
"""Items as they were read by this process."""


@dataclass(frozen=True, kw_only=True)
class ColumnItem:
    """One piece of news or one profile, as it was sent.

    ``source`` is its path below the folder of its kind, ``sha256`` that of all its bytes, ``day``
    an ISO date or ``""``, ``unit`` a code or ``""`` where nobody is named. The first line of its
    text is the title. ``problem`` says why nothing could be read, ``""`` where something was;
    ``notes`` say what of it was not read.
    """

    kind: str
    source: str
    sha256: str
    day: str
    unit: str
    title: str
    text: str
    pictures: tuple[Picture, ...] = ()
    problem: str = ""
    notes: tuple[str, ...] = ()


class _UnitFinder:
    """Finds the unit of an item: by address, name of its folder, words."""

    def __init__(self, round: Round) -> None:
        self._matcher = SenderMatcher(round.units)
        names = {one.name: one.code for one in round.units}
        names |= {one.short_name: one.code for one in round.units}
        self._names = sorted(names.items(), key=lambda pair: (-len(pair[0]), pair[0]))

    def find(self, source: str, addresses: Iterable[str], hints: Iterable[str]) -> str:
        """Return the code of the unit, blank for none; a forwarded message names its sender."""
        named = next((code for name, code in self._names if name in source), "")
        matcher = self._matcher
        return (
            next(filter(None, map(matcher.unit_of_address, addresses)), "")
            or named
            or next(filter(None, map(matcher.unit_of_text, hints)), "")
        )


def read_column(round: Round, received: ReceivedFolder) -> list[ColumnItem]:
    """Return the items of the column, by kind and name; what cannot be read says so.

    Raises
    ------
    OutputError
        When copies of pictures cannot be kept.
    """
    finder = _UnitFinder(round)
    items = []
    for kind, entry in list_entries(round.folder):
        key = (str(received.folder), str(entry), *stat_entry(entry))
        if key not in _KEPT:
            _KEPT[key] = _read_safely(kind, entry, finder, received)
        items.append(_KEPT[key])
    return _merge_copies(items)


def _merge_copies(items: Iterable[ColumnItem]) -> list[ColumnItem]:
    """Return items with one of each content; it names the sources of all its copies."""
    merged: dict[tuple[str, str], ColumnItem] = {}
    for item in items:
        first = merged.get((item.kind, item.sha256))
        if first is not None:
            item = replace(first, source=f"{first.source}、{item.source}")
        merged[item.kind, item.sha256] = item
    return list(merged.values())


def _read_safely(
    kind: str, entry: Path, finder: _UnitFinder, received: ReceivedFolder
) -> ColumnItem:
    """Return an entry as an item; what cannot be read is one with a problem and no text."""
    from kjfp_helpers.intake.online_column.column_reading import read_entry

    try:
        if entry.is_file() and entry.stat().st_size > MAX_BYTES:
            return _unread(kind, entry, finder, f"超过{MAX_BYTES // 1_000_000} MB")
        return _make_item(kind, entry, read_entry(entry, received), finder)
    except KjfpError:
        raise
    except Exception as error:
        warn_internal_error(error)
        # What is sent is hostile: whatever its parsers raise stops nothing but the entry.
        return _unread(kind, entry, finder, "打不开，请另存后重放")


def _unread(
    kind: str, entry: Path, finder: _UnitFinder, problem: str, notes: tuple[str, ...] = ()
) -> ColumnItem:
    files = "\0".join(f"{name} {sha256}" for name, sha256 in sorted(hash_entry(entry).items()))
    return ColumnItem(
        kind=kind,
        source=entry_name(entry),
        sha256=hashlib.sha256(f"{entry_name(entry)}\0{files}".encode()).hexdigest(),
        day=_find_day(entry.name),
        unit=finder.find(entry_name(entry), (), ()),
        title=entry_name(entry),
        text="",
        problem=problem,
        notes=notes,
    )


def _make_item(kind: str, entry: Path, content: "EntryContent", finder: _UnitFinder) -> ColumnItem:
    main, text = _main_text(content.texts)
    if len(text) < _LEAST:
        return _unread(kind, entry, finder, "没有读出文字", content.notes_beside(main))
    first, _, rest = text.partition("\n")
    is_titled = bool(rest.strip()) and len(first) <= 60
    subject = content.subject or entry_name(entry)
    return ColumnItem(
        kind=kind,
        source=entry_name(entry),
        sha256=content.sha256,
        day=content.day or _find_day(entry.name),
        unit=finder.find(entry_name(entry), content.addresses, (*content.unit_hints, text)),
        title=first.strip() if is_titled else _plain_title(subject),
        text=rest.strip() if is_titled else text,
        pictures=tuple(content.pictures),
        notes=content.notes_beside(main),
    )


def _main_text(texts: "Iterable[NamedText]") -> tuple[str, str]:
    """Return the longest text as it came, and without the lines of a covering letter around it."""
    longest = max((text for _, text in texts), key=len, default="")
    lines = [line.strip() for line in longest.splitlines()]
    return longest, "\n".join(line for line in lines if line and not _GREETING.match(line))


def _plain_title(subject: str) -> str:
    return re.sub(r"^(?:报送|转发|回复|Re|Fwd|FW)[:：]?\s*", "", subject).strip() or "无题"


def _find_day(name: str) -> str:
    """Return the day that a name of a folder begins with or holds, ``""`` for none.

    Examples
    --------
    >>> _find_day("20200703 吉林动态"), _find_day("2020年7月3日"), _find_day("动态")
    ('2020-07-03', '2020-07-03', '')
    """
    match = _DAY.search(name)
    return f"{match[1]}-{int(match[2]):02}-{int(match[3]):02}" if match else ""
