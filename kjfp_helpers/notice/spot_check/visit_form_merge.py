"""What the checkers of a unit filled in: their copies merged, every disagreement named."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, tzinfo

from kjfp_helpers.core.events import Event, VisitFormImported

Value = float | str
"""A number or a text; a blank text takes an entry back."""


@dataclass(frozen=True, kw_only=True)
class VisitValue:
    """An entry as it stands: its value, who filled it in, in which import (number and day)."""

    value: Value
    checker: str
    seq: int
    day: str


@dataclass(frozen=True, kw_only=True)
class VisitConflict:
    """An entry that a workbook holds otherwise than the ledger; ``typed`` blank is cleared."""

    key: str
    saved: VisitValue
    typed: Value


@dataclass(frozen=True, kw_only=True)
class VisitMerge:
    """What a returned workbook adds, and what it says otherwise than another copy.

    ``outdated`` are entries that the same checker gave before and changed since.
    """

    news: Mapping[str, Value]
    conflicts: tuple[VisitConflict, ...]
    outdated: tuple[str, ...]


def fold_imports(
    imports: Iterable[Event[VisitFormImported]], zone: tzinfo
) -> dict[str, VisitValue]:
    """Return the entries of a unit's visit as the last import of each left them."""
    values: dict[str, VisitValue] = {}
    for event in imports:
        for key, value in event.body.values.items():
            values[key] = VisitValue(
                value=value,
                checker=event.body.checker,
                seq=event.seq,
                day=str(event.at.astimezone(zone).date()),
            )
    return {key: one for key, one in values.items() if one.value != ""}


def merge_copy(
    imports: Iterable[Event[VisitFormImported]],
    checker: str,
    typed: Mapping[str, Value],
    *,
    prefer_file: bool = False,
) -> VisitMerge:
    """Return what a checker's copy adds to the entries that the imports left.

    An entry that another checker filled in otherwise is a conflict, and so is one of the checker's
    own that the copy leaves blank; with ``prefer_file`` the copy holds. A value that the same
    checker gave in an earlier copy and changed since is left out.
    """
    listed = tuple(imports)
    saved = fold_imports(listed, UTC)
    earlier = {
        (key, value)
        for event in listed
        if event.body.checker == checker
        for key, value in event.body.values.items()
    }
    news: dict[str, Value] = {}
    conflicts, outdated = list[VisitConflict](), list[str]()
    for key in dict.fromkeys((*typed, *saved)):
        value, there = typed.get(key, ""), saved.get(key)
        if there is None:
            if (key, value) in earlier and not prefer_file:
                outdated.append(key)
            else:
                news[key] = value
        elif value == there.value or (value == "" and there.checker != checker):
            continue
        elif prefer_file:
            news[key] = value
        elif there.checker == checker and value != "":
            if (key, value) in earlier:
                outdated.append(key)
            else:
                news[key] = value
        else:
            conflicts.append(VisitConflict(key=key, saved=there, typed=value))
    return VisitMerge(news=news, conflicts=tuple(conflicts), outdated=tuple(outdated))
