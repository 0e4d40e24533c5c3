"""One item of the exhibition as the secretary reads it: picture, caption, hints, repetitions."""

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from markupsafe import Markup

from kjfp_helpers.core.events.exhibition import DECISION_TITLES
from kjfp_helpers.core.findings import Finding
from kjfp_helpers.core.form_schema import STOCKTAKE_ROWS
from kjfp_helpers.core.privacy import find_personal_numbers, mask_personal_numbers
from kjfp_helpers.core.records import Picture
from kjfp_helpers.core.text_difference import compare_texts
from kjfp_helpers.core.text_normalization import mark_unseen_chars
from kjfp_helpers.intake.received_folder import ReceivedFolder
from kjfp_helpers.notice.exhibition_hints import HINT_TITLES, mark_spans
from kjfp_helpers.panels.queue.work_item_card import unit_name
from kjfp_helpers.panels.widgets.html_templates import render_template
from kjfp_helpers.panels.widgets.thumbnails import EDGE, shrink_image
from kjfp_helpers.state import RoundState
from kjfp_helpers.state.exhibition.approvals import Approval
from kjfp_helpers.state.exhibition.exhibition_items import KIND_TITLES, ExhibitionItem

LARGE = 1100
"""Longest side of the picture that is looked at, in pixels."""
SIDE = 640
"""Longest side of two pictures side by side, in pixels."""
CLAUSE = "三(三)"
"""Clause of the findings on exhibits."""
_KEPT = 256
"""Pictures kept small for the next items, of this unit and the one after it."""


def list_row(state: RoundState, approval: Approval) -> dict[str, object]:
    """Return an item as a line of the list: ``key group about told done``, numbers masked."""
    item = approval.item
    told = [hint.title for hint in item.hints] + [one.finding_type.title for one in item.faults]
    new = [HINT_TITLES.get(code, "") for code in approval.new_hints]
    said = "、".join(told) or "没有提示"
    if not approval.is_open:
        said = f"{approval.state}，有新的提示：{'、'.join(new)}" if new else approval.state
    return {
        "key": item_key(item),
        "group": unit_name(state, item.unit),
        "about": f"{KIND_TITLES[item.kind]}·{said}",
        "told": _show(item.title),
        "done": not approval.is_waiting,
    }


def _show(text: str) -> str:
    """Return a unit's text as the desk shows it: numbers masked, nothing that turns it round."""
    return mask_personal_numbers(mark_unseen_chars(text))


def item_key(item: ExhibitionItem) -> str:
    """Return an item's name among those of all units."""
    return f"{item.unit} {item.id}"


def render_approval_card(
    state: RoundState,
    received: ReceivedFolder,
    approval: Approval,
    of_unit: Sequence[Approval],
    others: Sequence[Approval],
) -> str:
    """Return the card of an item: what it shows, what the checks found, how it stands.

    ``of_unit`` are all items of its unit, for the contact sheet; ``others`` those with a picture
    that is the same or nearly so.
    """
    item, decision = approval.item, approval.decision or approval.lapsed
    return render_template(
        "approval_card",
        approval=approval,
        item=item,
        kind=KIND_TITLES[item.kind],
        title=_show(item.title),
        unit=unit_name(state, item.unit),
        proposed=DECISION_TITLES[item.proposed],
        picture=show_picture(received, item.picture, SIDE if others else LARGE),
        size=_size(item.picture),
        marked=_marked(item),
        changes=list(_changes(approval)) if approval.is_edited else [],
        figures=list(_figures(item.figures)) if item.figures is not None else [],
        others=[_other(state, received, one) for one in others],
        decision=decision.body if decision else None,
        decided=DECISION_TITLES.get(decision.body.decision, "") if decision else "",
        seq=decision.seq if decision else 0,
        pictures=[show_picture(received, one, SIDE) for one in item.pictures],
        sheet=list(_contact_sheet(received, of_unit, item)) if item.picture else [],
        more=_other_findings(state, item.unit, of_unit),
    )


def _other_findings(state: RoundState, unit: str, of_unit: Sequence[Approval]) -> list[Finding]:
    """Return what the checks found on the exhibit of a unit beside its items."""
    told = [finding for one in of_unit for finding in one.item.findings]
    return [
        one
        for one in state.screening.findings
        if one.unit == unit and one.finding_type.clause == CLAUSE and one not in told
    ]


def _other(state: RoundState, received: ReceivedFolder, approval: Approval) -> dict[str, Any]:
    item = approval.item
    return {
        "unit": unit_name(state, item.unit),
        "title": _show(item.title),
        "caption": _show(item.text),
        "picture": show_picture(received, item.picture, SIDE),
        "size": _size(item.picture),
        "state": approval.state,
    }


def _contact_sheet(
    received: ReceivedFolder, of_unit: Sequence[Approval], here: ExhibitionItem
) -> Iterator[dict[str, Any]]:
    for one in of_unit:
        if one.item.picture:
            yield {
                "picture": show_picture(received, one.item.picture, EDGE),
                "title": _show(one.item.title),
                "state": one.state,
                "here": one.item.id == here.id,
            }


def show_picture(received: ReceivedFolder, picture: Picture | None, edge: int) -> str:
    """Return a picture as a data address, ``""`` where it cannot be shown."""
    path = received.find_stored(picture.stored) if picture else None
    return _shrink(path, edge) if path else ""


@lru_cache(_KEPT)
def _shrink(path: Path, edge: int) -> str:
    return shrink_image(path, edge) or ""


def _size(picture: Picture | None) -> str:
    if picture is None:
        return ""
    pixels = f"{picture.width}×{picture.height}像素，" if picture.width else ""
    return f"{pixels}{picture.size / 1_000_000:.2f} MB"


def _marked(item: ExhibitionItem) -> list[tuple[str, bool]]:
    """Return the text in pieces, those that gave a hint marked, numbers masked.

    The sign of a heading becomes one that reads well; spans stay right, since it is as long.
    """
    text = mark_unseen_chars(re.sub(r"(?m)^#(?= )", "■", item.text))
    for start, stop in find_personal_numbers(text):  # as long as before, so that spans stay right
        shown = min(3, max(stop - start - 6, 0))
        text = text[: start + shown] + "*" * (stop - start - shown) + text[stop:]
    spans = tuple(span for hint in item.hints for span in hint.spans)
    return list(mark_spans(text, spans))


def _changes(approval: Approval) -> Iterator[tuple[str, Markup | str]]:
    """Yield how the approved text differs from the unit's own: ``kept``, ``cut`` or ``new``."""
    for kind, piece in compare_texts(approval.item.text, approval.text):
        yield kind, _show(piece)


def _figures(row: Mapping[str, Any]) -> Iterator[tuple[str, Any, Any]]:
    for prefix, label in STOCKTAKE_ROWS:
        yield label, row.get(f"{prefix}_done"), row.get(f"{prefix}_target")
