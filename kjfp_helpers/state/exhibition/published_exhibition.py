"""What is public of the exhibition: the approved items of each unit, and nothing else."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from kjfp_helpers.core.records import Picture, Section
from kjfp_helpers.rules import Unit
from kjfp_helpers.state.exhibition.approvals import Approval, list_approvals
from kjfp_helpers.state.exhibition.exhibition_items import NUMBERS, PICTURE, TEXT, read_sections
from kjfp_helpers.state.round_state import RoundState


@dataclass(frozen=True, kw_only=True)
class PublishedPicture:
    """A picture that is public, with its caption as approved, ``""`` for none."""

    picture: Picture
    caption: str


@dataclass(frozen=True, kw_only=True)
class PublishedExhibit:
    """What is public of a unit.

    ``sections`` are the texts by part of the notice, ``""`` for the foreword; ``figures`` is the
    unit's row of the stock-take where its figures are public, else ``None``.
    """

    unit: Unit
    sections: Mapping[str, tuple[Section, ...]]
    pictures: tuple[PublishedPicture, ...]
    figures: Mapping[str, Any] | None


def list_published(state: RoundState) -> list[PublishedExhibit]:
    """Return the units of which anything is public, in the order of ``units.csv``."""
    known = state.round.unit_by_code
    exhibits = (
        collect_published(known[unit], approvals)
        for unit, approvals in list_approvals(state).items()
    )
    return [one for one in exhibits if one.sections or one.pictures]


def collect_published(unit: Unit, approvals: Sequence[Approval]) -> PublishedExhibit:
    """Return what is public of a unit."""
    public = [one for one in approvals if one.is_public]
    return PublishedExhibit(
        unit=unit,
        sections={
            one.item.id.removeprefix(f"{TEXT}:"): read_sections(one.text)
            for one in public
            if one.item.kind == TEXT
        },
        pictures=tuple(
            PublishedPicture(picture=one.item.picture, caption=one.text)
            for one in public
            if one.item.kind == PICTURE and one.item.picture
        ),
        figures=next((one.item.figures for one in public if one.item.kind == NUMBERS), None),
    )
