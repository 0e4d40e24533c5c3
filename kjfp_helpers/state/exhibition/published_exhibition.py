"""What is public of the exhibition: the approved items of each unit, and nothing else."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from kjfp_helpers.core.events import ExhibitionItemsDecided
from kjfp_helpers.core.events.exhibition import PUBLISH
from kjfp_helpers.core.records import Picture, Section
from kjfp_helpers.intake.online_column.column_folder import NEWS, PROFILE
from kjfp_helpers.intake.online_column.column_items import ColumnItem
from kjfp_helpers.rules import Unit
from kjfp_helpers.state.exhibition.approvals import Approval, list_approvals
from kjfp_helpers.state.exhibition.column_texts import read_column_text
from kjfp_helpers.state.exhibition.exhibition_items import (
    EXPERIENCE,
    NUMBERS,
    PICTURE,
    TEXT,
    read_sections,
)
from kjfp_helpers.state.round_state import RoundState


@dataclass(frozen=True, kw_only=True)
class PublishedPicture:
    """A picture that is public, with its caption as approved, ``""`` for none."""

    picture: Picture
    caption: str


@dataclass(frozen=True, kw_only=True)
class PublishedExperience:
    """A typical experience from the summary that is public."""

    title: str
    text: str


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
    experiences: tuple[PublishedExperience, ...] = ()


@dataclass(frozen=True, kw_only=True)
class PublishedArticle:
    """News or a profile that is public; ``nominees`` is ``team``, ``individual`` or ``""``.

    ``decided`` is when its text was approved, ``corrected`` whether an earlier text was public.
    """

    id: str
    kind: str
    unit: Unit
    title: str
    day: date | None
    paragraphs: tuple[str, ...]
    pictures: tuple[Picture, ...]
    decided: datetime
    corrected: bool
    nominees: str = ""
    awards: str = ""


@dataclass(frozen=True, kw_only=True)
class PublishedColumn:
    """What is public: the exhibits in the order of ``units.csv``, news newest first, profiles."""

    exhibits: tuple[PublishedExhibit, ...]
    news: tuple[PublishedArticle, ...]
    profiles: tuple[PublishedArticle, ...]


def list_published(state: RoundState, column: Sequence[ColumnItem] = ()) -> PublishedColumn:
    """Return all that is public; a unit of which nothing is public has no exhibit."""
    known, approvals = state.round.unit_by_code, list_approvals(state, column)
    exhibits = (
        collect_published(known[unit], of_unit) for unit, of_unit in approvals.items() if unit
    )
    articles = [one for one in _articles(state, approvals)]
    news = [one for one in articles if one.kind == NEWS]
    places = {unit.code: at for at, unit in enumerate(state.round.units)}
    return PublishedColumn(
        exhibits=tuple(one for one in exhibits if one.sections or one.pictures or one.experiences),
        news=tuple(sorted(news, key=lambda one: (one.day or date.min, one.id), reverse=True)),
        profiles=tuple(
            sorted(
                (one for one in articles if one.kind == PROFILE),
                key=lambda one: (one.nominees or "z", places[one.unit.code], one.title),
            )
        ),
    )


def _articles(
    state: RoundState,
    approvals: Mapping[str, Sequence[Approval]],
) -> Iterator[PublishedArticle]:
    texts: dict[tuple[str, str], set[str | None]] = {}
    for body in state.standing_events.bodies(ExhibitionItemsDecided):
        for id, content in body.items if body.decision == PUBLISH else ():
            texts.setdefault((id, content), set()).add(body.text)
    for of_unit in approvals.values():
        for one in of_unit:
            if not one.is_public or one.item.kind not in (NEWS, PROFILE) or not one.decision:
                continue
            parts = read_column_text(state.round, one.text)
            if parts.unit is None:
                continue
            yield PublishedArticle(
                id=one.item.id.replace(":", "-"),
                kind=one.item.kind,
                unit=parts.unit,
                title=parts.title,
                day=parts.day,
                paragraphs=parts.paragraphs,
                pictures=parts.shown_pictures(one.item.pictures),
                decided=one.decision.at,
                corrected=len(texts[one.item.id, one.item.content]) > 1,
                nominees=parts.nominees,
                awards=parts.awards,
            )


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
        experiences=tuple(
            PublishedExperience(title=one.item.title, text=one.text)
            for one in public
            if one.item.kind == EXPERIENCE
        ),
    )
