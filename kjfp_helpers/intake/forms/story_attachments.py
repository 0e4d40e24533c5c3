"""Join stories (主要事迹) sent as separate files to the forms that refer to them."""

import re
from collections.abc import Sequence
from dataclasses import replace

from kjfp_helpers.core.records import Individual, Record, StoryAttachment, Team
from kjfp_helpers.intake.fields.field_readers import is_attachment_reference

_STORY_NAME = re.compile(r"事迹")
_STORY_TITLE = re.compile(r"主要事迹|事迹材料|先进事迹")
_OTHER_MATERIAL = re.compile(r"展|总结|图片|注释|推荐表")


def is_story_attachment(name: str, title: str, *, archived: bool) -> bool:
    """Whether a text is a nominee's story, by its file name or title.

    In archives, which contain exhibition texts, only the wording of the form counts.
    """
    pattern = _STORY_TITLE if archived else _STORY_NAME
    return any(pattern.search(text) and not _OTHER_MATERIAL.search(text) for text in (name, title))


def join_stories(records: Sequence[Record]) -> tuple[Record, ...]:
    """Join each form that refers to an attachment with the story in the same message.

    An attachment belongs to the form whose nominee it names; a single attachment and a single form
    belong together. The finding ``story_in_attachment`` remains, and so does the attachment's
    record.
    """
    attachments = [record for record in records if isinstance(record.body, StoryAttachment)]
    referring = [record.id for record in records if _refers_to_attachment(record)]
    if not attachments:
        return tuple(records)
    return tuple(
        _join_story(record, attachments, is_only_form=len(referring) == 1)
        if record.id in referring
        else record
        for record in records
    )


def _refers_to_attachment(record: Record) -> bool:
    body = record.body
    return isinstance(body, Team | Individual) and is_attachment_reference(body.story or "")


def _join_story(record: Record, attachments: Sequence[Record], *, is_only_form: bool) -> Record:
    """Join the matching attachment to a form that refers to one."""
    assert isinstance(record.body, Team | Individual)
    body = record.body
    name = (body.team_name if isinstance(body, Team) else body.name) or ""
    matching = [
        attachment
        for attachment in attachments
        if name and name in f"{attachment.source}{_story_text(attachment)}"
    ]
    if len(matching) != 1:
        matching = list(attachments) if is_only_form and len(attachments) == 1 else []
    if not matching:
        return record
    joined = replace(body, story=_story_text(matching[0]))
    provenance = dict(record.provenance) | {"story": matching[0].source.rpartition("/")[2]}
    return replace(record, body=joined, provenance=provenance)


def _story_text(record: Record) -> str:
    assert isinstance(record.body, StoryAttachment)
    return record.body.story
