"""Nominees of a unit's report: may they be read, what each still lacks, commendations, figures."""

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from kjfp_helpers.core.privacy import mask_personal_numbers
from kjfp_helpers.core.records import KIND_TITLES, STATUS_TITLES, Case
from kjfp_helpers.core.state_labels import EXCLUDED, FIT, ON_HOLD, UNREADABLE, WITHDRAWN
from kjfp_helpers.infra.missing_values import is_missing
from kjfp_helpers.reports import formatting

if TYPE_CHECKING:
    from kjfp_helpers.eligibility import UnreadableForm
    from kjfp_helpers.reports.data.state_index import StateIndex
    from kjfp_helpers.rules import Unit

Duty = Mapping[str, Any]


def list_nominees(
    index: "StateIndex", unit: "Unit", duties: Sequence[Duty]
) -> list[dict[str, Any]]:
    """Return a row per nomination, those whose file cannot be read last.

    ``lacks`` are numbers and titles of the duties about it; ``share`` is its part of the people
    whom the unit reports (1.0 is all), ``story`` characters and limit.
    """
    rows = [_nominee_row(index, case, duties) for case in index.cases.get(unit.code, ())]
    unread = index.unread_forms.get(unit.code, ())
    return [*rows, *(_unread_row(form, duties) for form in unread)]


def _nominee_row(index: "StateIndex", case: Case, duties: Sequence[Duty]) -> dict[str, Any]:
    placed = index.shortlist_rows.get(case.id) if index.round_info["revealed"] else None
    total = index.stocktake.get(case.unit, {}).get("people_done")
    lifted, length = case.nominee.people_lifted, index.story_lengths[case.id]
    return {
        "case": case.id,
        "code": case.kind,
        "kind": KIND_TITLES[case.kind],
        "rank": case.rank,
        "name": mask_personal_numbers(formatting.remove_control_chars(case.name)),
        "eligible": case.eligible,
        "state": nominee_state(case, duties),
        "reasons": formatting.format_reasons(case.reasons),
        "reason_codes": list(case.reasons),
        "lacks": _lacks(duty for duty in duties if _concerns(duty, case)),
        "awards": _awards_text(index, case),
        "people_lifted": lifted,
        "share": lifted / total if lifted is not None and not is_missing(total) and total else None,
        "service_days": case.nominee.service_days,
        "story": [formatting.json_value(length[length["counted"]]), int(length["limit"])],
        "source": formatting.format_receipt_number(case.record.receipt),
        "status": STATUS_TITLES.get(placed["status"]) if placed else None,
        "result": _result_facts(index, case, placed) if placed else None,
    }


def nominee_state(case: Case, duties: Sequence[Duty]) -> str:
    """Return whether a nominee takes part, waits for an answer, or is out of the review.

    ``duties`` are those of its unit.
    """
    if case.eligible:
        return FIT
    if "withdrawn" in case.reasons:
        return WITHDRAWN
    first = case.reasons[0] if case.reasons else ""
    asked = any(duty["code"] == first and duty["case"] in (case.id, "") for duty in duties)
    return ON_HOLD if asked else EXCLUDED


def _concerns(duty: Duty, case: Case) -> bool:
    """Return whether a duty is about a nominee, or about all of its kind and keeps it out."""
    if duty["case"]:
        return bool(duty["case"] == case.id)
    return duty["kind"] == case.kind and duty["code"] in case.reasons


def _lacks(duties: Iterable[Duty]) -> list[list[str]]:
    return [[duty["number"], duty["title"]] for duty in duties]


def _awards_text(index: "StateIndex", case: Case) -> str:
    """Return the earlier commendations that count, year and level."""
    rows = index.state.screening.prior_awards.get(case.id, ())
    return "、".join(dict.fromkeys(f"{row.year}年{row.level}" for row in rows))


def _result_facts(index: "StateIndex", case: Case, placed: Mapping[str, Any]) -> dict[str, Any]:
    """Return for the office alone: rank of how many, and what is peculiar to the result."""
    ranking = index.state.scores.rankings.get(case.kind)
    note = "；".join(filter(None, (placed["note"], placed["vote"])))
    return {
        "rank": placed["rank"],
        "of": len(ranking.table) if ranking is not None else None,
        "note": mask_personal_numbers(formatting.remove_control_chars(note)),
    }


def _unread_row(form: "UnreadableForm", duties: Sequence[Duty]) -> dict[str, Any]:
    """Return the row of a nomination whose file cannot be read."""
    file = form.source.rpartition("/")[2]
    return {
        "case": "",
        "code": form.kind,
        "kind": KIND_TITLES[form.kind],
        "rank": None,
        "name": mask_personal_numbers(formatting.remove_control_chars(form.name)),
        "eligible": False,
        "state": ON_HOLD,
        "reasons": UNREADABLE,
        "reason_codes": [form.code],
        "lacks": _lacks(duty for duty in duties if duty["files"] and file in duty["files"]),
        "awards": "",
        "people_lifted": None,
        "share": None,
        "service_days": None,
        "story": [None, None],
        "source": formatting.format_receipt_number(form.receipt),
        "status": None,
        "result": None,
    }
