"""Versions that came together: copies of one another, or a question which of them counts."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields, replace
from difflib import SequenceMatcher

from kjfp_helpers.core.events import Event, EventLog, VersionChosen
from kjfp_helpers.core.findings import Severity
from kjfp_helpers.core.records import Individual, Record, Team
from kjfp_helpers.core.text_normalization import alnum_key

_FINAL_NAME = re.compile(
    r"最终|终稿|定稿|终版|最新|修改|修订|更正|改后|盖章|final|v\d", re.IGNORECASE
)
_DRAFT_NAME = re.compile(r"草稿|初稿|旧|作废|原稿|底稿|样表|模板|draft|old", re.IGNORECASE)
_COPY_CODES = ("seal_missing", "photo_missing")
"""Findings on a form that a copy of it with the picture answers."""
_MIN_COPY_SHARE = 0.9
"""Share of a long text that a copy has in common with it."""
_MIN_LONG_TEXT = 40


@dataclass(frozen=True, slots=True)
class ChosenVersion:
    """The version that counts of several: ``is_open`` while nobody has decided between them.

    ``copies`` have the same content as ``current``, ``others`` another.
    """

    current: Record
    copies: tuple[Record, ...] = ()
    others: tuple[Record, ...] = ()
    is_open: bool = False


def choose_version(
    candidates: Sequence[Record], choices: dict[frozenset[str], str]
) -> ChosenVersion:
    """Return which of the versions in one message counts.

    Neither their order nor names such as 最终版 decide: the fuller one is proposed, and the
    question stays open until a person has chosen. A PDF of a Word form is its copy.

    Parameters
    ----------
    candidates : sequence of Record
        The versions, in the order in which they were read.
    choices : Mapping
        Decisions of the secretary, see :func:`version_choices`.
    """
    distinct: list[Record] = []
    copies: list[tuple[Record, Record]] = []
    for record in sorted(candidates, key=_fullness, reverse=True):
        original = next((other for other in distinct if is_copy(record, other)), None)
        if original is None:
            distinct.append(record)
        else:
            copies.append((original, record))
    chosen = choices.get(frozenset(record.id for record in distinct), "")
    current = next((record for record in distinct if record.id == chosen), distinct[0])
    own_copies = tuple(copy for original, copy in copies if original is current)
    others = [record for record in distinct if record is not current]
    others += [copy for original, copy in copies if original is not current]
    return ChosenVersion(
        _with_pictures_of(current, own_copies),
        own_copies,
        tuple(others),
        is_open=len(distinct) > 1 and not chosen,
    )


def version_choices(events: Iterable[Event]) -> dict[frozenset[str], str]:
    """Return the record that the secretary chose, by the ids of the records chosen from."""
    return {
        frozenset(event.body.records): event.body.record
        for event in EventLog(events).of(VersionChosen)
    }


def is_from_body(record: Record) -> bool:
    """Whether a nomination was read from the text of a message and not from a form."""
    return any(finding.code == "form_in_body" for finding in record.findings)


def is_copy(one: Record, other: Record) -> bool:
    """Whether two records have the same content, or one is the PDF of the other."""
    if one.body == other.body:
        return True
    if type(one.body) is not type(other.body) or _is_pdf(one) == _is_pdf(other):
        return False
    return all(
        _are_alike(getattr(one.body, field.name), getattr(other.body, field.name))
        for field in fields(one.body)
    )


def _is_pdf(record: Record) -> bool:
    return record.source.lower().endswith(".pdf")


def _are_alike(one: object, other: object) -> bool:
    """Whether two values do not contradict each other: one is blank, or they read the same."""
    if one in (None, ()) or other in (None, ()) or one == other:
        return True
    first, second = _plain(one), _plain(other)
    if first == second:
        return True
    if min(len(first), len(second)) < _MIN_LONG_TEXT or not isinstance(one, str):
        return False
    if re.findall(r"\d+", first) != re.findall(r"\d+", second):
        return False
    return SequenceMatcher(None, first, second, autojunk=False).ratio() >= _MIN_COPY_SHARE


def _plain(value: object) -> str:
    if isinstance(value, tuple):
        return "".join(sorted(map(_plain, value)))
    return alnum_key("" if value is None else str(value))


def _fullness(record: Record) -> tuple[int, int, int, bool, str]:
    """Return the sort key of a version: filled fields, what its name says, faults, format."""
    filled = sum(
        getattr(record.body, field.name) not in (None, ()) for field in fields(record.body)
    )
    name = record.source.rpartition("/")[2]
    hint = bool(_FINAL_NAME.search(name)) - bool(_DRAFT_NAME.search(name))
    faults = sum(finding.severity is Severity.ERROR for finding in record.findings)
    return filled, hint, -faults, not _is_pdf(record), record.id


def _with_pictures_of(current: Record, copies: Sequence[Record]) -> Record:
    """Return a form without the findings on photo and seal that its copy answers."""
    if not isinstance(current.body, Team | Individual) or not copies:
        return current
    answered = {
        code
        for code in _COPY_CODES
        if any(code not in {finding.code for finding in copy.findings} for copy in copies)
    }
    findings = tuple(finding for finding in current.findings if finding.code not in answered)
    return replace(current, findings=findings)
