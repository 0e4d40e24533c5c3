"""One item of the queue as the secretary reads it: what is asked, the source, what was done."""

from collections.abc import Sequence
from typing import Any

from markupsafe import Markup

from kjfp_helpers.core.events import Event
from kjfp_helpers.core.records import KIND_TITLES
from kjfp_helpers.intake.field_editing import field_label
from kjfp_helpers.panels.queue.comparisons import render_comparisons
from kjfp_helpers.panels.queue.source_viewer import SourceView
from kjfp_helpers.panels.widgets.html_templates import render_template
from kjfp_helpers.panels.widgets.masked_excerpts import build_excerpt_rows, has_masked_text
from kjfp_helpers.reports.data.event_log.event_rows import describe_event, event_title
from kjfp_helpers.reports.data.event_log.event_subjects import EventNames
from kjfp_helpers.reports.data.masked_values import mask_value, value_text
from kjfp_helpers.state import RoundState
from kjfp_helpers.state.access import actor_title
from kjfp_helpers.state.panel.pending_relationship_rulings import (
    ORIGIN_TITLES,
    STRENGTH_TITLES,
    RelationshipQuestion,
)
from kjfp_helpers.state.secretary.audit_trail import item_history
from kjfp_helpers.state.secretary.letter_status import reply_text
from kjfp_helpers.state.secretary.work_item import ITEM_TITLES, WorkItem

UNKNOWN_UNIT = "未知单位"
MOST_SHOWN = 160
"""Characters of an event that the history shows; the log has all of them."""


def list_row(state: RoundState, item: WorkItem) -> dict[str, object]:
    """Return an item as a line of the list: ``key group about told done``, numbers masked."""
    unit = unit_name(state, item.unit) if item.unit or item.tie is None else ""
    about = "·".join(part for part in (unit, item.nominee) if part)
    title = item.finding.finding_type.title
    return {
        "key": item.key,
        "group": ITEM_TITLES[item.kind],
        "about": mask_value("", about),
        "told": f"{item.field}：{title}" if item.field else title,
        "done": item.done is not None,
    }


def unit_name(state: RoundState, code: str) -> str:
    """Return a unit's short name, or that nobody knows it."""
    unit = state.round.unit_by_code.get(code)
    return unit.short_name if unit else UNKNOWN_UNIT


def render_item_card(
    state: RoundState,
    item: WorkItem,
    field: str,
    source: SourceView,
    *,
    originals: Sequence[Markup],
    open: bool,
) -> str:
    """Return the card of an item with the value of a field; masked unless ``open``.

    ``originals`` are links to what was received.
    """
    if item.tie is not None:
        return _tie_card(state, item, item.tie)
    found, record = item.finding, item.record
    words = _value(item, field)
    return render_template(
        "queue_item",
        item=item,
        finding=found,
        clause=found.finding_type.clause_for(record.kind if record else ""),
        kind=ITEM_TITLES[item.kind],
        unit=unit_name(state, item.unit),
        nominee=mask_value("", item.nominee),
        form=KIND_TITLES.get(record.kind, "") if record else "",
        field=item.field,
        has_value=record is not None
        and bool(field_label(record.kind, field))
        and hasattr(record.body, field),
        other=field_label(record.kind, field) if record and field != found.field else "",
        value=words if open else mask_value(field, words),
        source=_trail(state, item),
        place=found.place,
        originals=originals,
        note=source.excerpt.note,
        images=source.images,
        hints=source.hints,
        pictures=source.pictures,
        rows=build_excerpt_rows(source.excerpt, field, words, open=open),
        beside=render_comparisons(state, item, open=open),
    )


def _tie_card(state: RoundState, item: WorkItem, tie: RelationshipQuestion) -> str:
    """Return the card of a member's tie: who, to whom, in which words, and what holds now."""
    member = state.round.member_by_id[tie.member]
    case = state.screening.case_by_id.get(tie.case)
    return render_template(
        "queue_tie",
        tie=tie,
        item=item,
        finding=item.finding,
        kind=ITEM_TITLES[item.kind],
        member=member,
        unit=unit_name(state, case.unit) if case else "",
        case=case,
        form=KIND_TITLES[case.kind] if case else "",
        employer=getattr(case.nominee, "employer", "") if case else "",
        origin=ORIGIN_TITLES[tie.origin],
        words=mask_value("", tie.text),
        withdrawn=mask_value("", str(getattr(tie.withdrawn and tie.withdrawn.body, "reason", ""))),
        strength=STRENGTH_TITLES[tie.strength] if tie.origin == "found" else "",
    )


def has_masked_numbers(item: WorkItem, field: str, source: SourceView) -> bool:
    """Whether anything on an item's card is masked."""
    words = _value(item, field)
    return has_masked_text(source.excerpt, field) or mask_value(field, words) != words


def _value(item: WorkItem, field: str) -> str:
    if item.record is None:
        return ""
    value = getattr(item.record.body, field, None) if field else None
    return value_text(item.record.kind, field, value, open=True)


def _trail(state: RoundState, item: WorkItem) -> str:
    """Return where the source lies, message first."""
    mail = item.mail
    if mail is None:
        return mask_value("", item.finding.source)
    path = (item.record.source if item.record else item.finding.source).removeprefix(mail.path)
    inner = " → ".join(part for part in path.split("/") if part)
    subject = f"“{mail.subject}”" if mail.subject else ""
    reply = reply_text(state, mail.receipt)
    named = f"收讫第{mail.receipt}号{subject}" + (f"（{reply}）" if reply else "")
    return mask_value("", named + (f" → {inner}" if inner else ""))


def render_history(state: RoundState, item: WorkItem) -> str:
    """Return the events on an item's record, message or finding, latest first."""
    names = EventNames(state)
    rows = [_row(names, event) for event in reversed(item_history(state, item))]
    return render_template("queue_history", rows=rows)


def _row(names: EventNames, event: Event) -> dict[str, Any]:
    """Return an event as the log tells it, long texts cut short."""
    told = describe_event(names, event)
    words = "：".join(filter(None, (told["about"], told["words"])))
    by = f"经办 {told['by']}" if told["by"] else ""
    grounds = "；".join(filter(None, (told["reason"], told["document"], by)))
    return {
        "seq": event.seq,
        "at": f"{event.at:%m-%d %H:%M}",
        "actor": actor_title(event.actor),
        "title": event_title(event),
        "words": shorten(words),
        "reason": shorten(grounds),
    }


def shorten(text: str) -> str:
    """Return a text in one line, cut where it is longer than the history shows."""
    line = " ".join(text.split())
    return f"{line[:MOST_SHOWN]}…" if len(line) > MOST_SHOWN else line
