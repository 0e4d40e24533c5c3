"""Deeds sent in a file of their own, joined to the form that points to them."""

import re
from collections.abc import Sequence
from dataclasses import replace

from kjfp_helpers.core.records import Individual, Pages, Record, Team
from kjfp_helpers.intake.fields.field_readers import is_attachment_reference

_NAMED = re.compile(r"事迹")
_STRICT = re.compile(r"主要事迹|事迹材料|先进事迹")
_NOT = re.compile(r"展|总结|图片|注释|推荐表")


def is_story_attachment(name: str, title: str, *, archived: bool) -> bool:
    """Whether a text is somebody's deeds, by its file name or its title.

    Inside an archive, where exhibition texts lie, only the form's own words tell.
    """
    named = _STRICT if archived else _NAMED
    return any(named.search(words) and not _NOT.search(words) for words in (name, title))


def join_stories(records: Sequence[Record]) -> tuple[Record, ...]:
    """Give each form whose deeds stand elsewhere the pages of the same message that are its own.

    Pages are those that name the nominee; a single one for a single form needs no name. The
    finding ``story_in_attachment`` stays, and the attachment stays a record of its own.
    """
    pages = [record for record in records if isinstance(record.body, Pages)]
    waiting = [record.id for record in records if _waits(record)]
    if not pages:
        return tuple(records)
    return tuple(
        _joined(record, pages, alone=len(waiting) == 1) if record.id in waiting else record
        for record in records
    )


def _waits(record: Record) -> bool:
    body = record.body
    return isinstance(body, Team | Individual) and is_attachment_reference(body.story or "")


def _joined(record: Record, pages: Sequence[Record], *, alone: bool) -> Record:
    assert isinstance(record.body, Team | Individual)
    body = record.body
    name = (body.team_name if isinstance(body, Team) else body.name) or ""
    own = [one for one in pages if name and name in f"{one.source}{_words(one)}"]
    if len(own) != 1:
        own = list(pages) if alone and len(pages) == 1 else []
    if not own:
        return record
    told = replace(body, story=_words(own[0]))
    provenance = dict(record.provenance) | {"story": own[0].source.rpartition("/")[2]}
    return replace(record, body=told, provenance=provenance)


def _words(record: Record) -> str:
    assert isinstance(record.body, Pages)
    return record.body.story
