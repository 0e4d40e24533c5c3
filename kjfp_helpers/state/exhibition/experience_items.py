"""Typical experiences tagged in the summaries as items of the exhibition, each with its source."""

from collections.abc import Iterator, Mapping

from kjfp_helpers.notice.exhibition_hints import find_text_hints
from kjfp_helpers.state.exhibition.exhibition_items import (
    EXPERIENCE,
    ExhibitionItem,
    content_digest,
)
from kjfp_helpers.state.round_state import RoundState


def add_experience_items(
    state: RoundState, items: Mapping[str, tuple[ExhibitionItem, ...]]
) -> dict[str, tuple[ExhibitionItem, ...]]:
    """Return the items of each unit with the experiences tagged in its summary behind the others.

    One whose passage stands no more in the summary that counts is not offered. Units stay in the
    order of ``units.csv``; one without an exhibit may have such items alone.
    """
    added = {unit: tuple(own) for unit, own in _by_unit(state).items()}
    if not added:
        return dict(items)
    return {
        unit.code: (*items.get(unit.code, ()), *added.get(unit.code, ()))
        for unit in state.round.units
        if unit.code in items or unit.code in added
    }


def _by_unit(state: RoundState) -> dict[str, list[ExhibitionItem]]:
    found: dict[str, list[ExhibitionItem]] = {}
    for item in _experience_items(state):
        found.setdefault(item.unit, []).append(item)
    return found


def _experience_items(state: RoundState) -> Iterator[ExhibitionItem]:
    summaries = state.submissions.record_by_unit("summary")
    for one in state.assessment.experiences if state.assessment else ():
        body = one.event.body
        if one.is_current:
            file = summaries[body.unit].source.rpartition("/")[2]
            yield ExhibitionItem(
                unit=body.unit,
                id=f"{EXPERIENCE}:{body.mark}",
                kind=EXPERIENCE,
                title=body.title,
                text=body.excerpt,
                content=content_digest(body.title, body.excerpt),
                hints=tuple(find_text_hints(f"{body.title}\n{body.excerpt}")),
                origin=f"{file}　{one.place}",
            )
