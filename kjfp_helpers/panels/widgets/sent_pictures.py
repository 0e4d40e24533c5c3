"""The picture that a finding of an exhibit is about, beside the one that it repeats."""

from dataclasses import dataclass

from kjfp_helpers.core.findings import Finding
from kjfp_helpers.core.records import Exhibit, Picture, Record
from kjfp_helpers.intake.received_folder import ReceivedFolder
from kjfp_helpers.notice.repeated_pictures import find_repetitions
from kjfp_helpers.panels.widgets.thumbnails import shrink_image
from kjfp_helpers.state import RoundState

EDGE = 1100
"""Longest side of a picture, in pixels: large enough to compare."""


@dataclass(frozen=True)
class ShownPicture:
    """A picture as a data address, ``""`` where it cannot be shown, and what it is."""

    source: str
    label: str


def show_pictures(
    state: RoundState, received: ReceivedFolder, unit: str, finding: Finding
) -> tuple[ShownPicture, ...]:
    """Return the picture of a unit's exhibit that a finding names, and the one that it repeats.

    Of a finding on anything else nothing.
    """
    if finding.finding_type.clause != "三(三)":
        return ()
    exhibits = {one.unit: one for one in state.submissions.records if one.kind == "exhibit"}
    pictures = _pictures_of(exhibits.get(unit))
    at = next((at for at, one in enumerate(pictures) if one.name == finding.place), None)
    if at is None:
        return ()
    shown = [_show(received, pictures[at], "本图")]
    repetition = find_repetitions(exhibits).get((unit, at)) if finding.code == "duplicate" else None
    if repetition is not None:
        first = repetition.first
        sender = state.round.unit_by_code[first.unit].short_name
        earlier = _pictures_of(exhibits[first.unit])[first.index]
        shown.append(_show(received, earlier, f"{sender}先报送的图"))
    return tuple(shown)


def _pictures_of(record: Record | None) -> tuple[Picture, ...]:
    body = record and record.body
    return body.pictures if isinstance(body, Exhibit) else ()


def _show(received: ReceivedFolder, picture: Picture, what: str) -> ShownPicture:
    path = received.find_stored(picture.stored)
    size = f"{picture.width}×{picture.height}，" if picture.width else ""
    label = f"{what}：{picture.name}（{size}{picture.size / 1_000_000:.2f} MB）"
    return ShownPicture((path and shrink_image(path, EDGE)) or "", label)
