"""The data of each report, one JSON file a report, on which alone the report depends."""

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kjfp_helpers.core.findings import Severity
from kjfp_helpers.core.privacy import mask_personal_numbers
from kjfp_helpers.core.records import KIND_TITLES, STATUS_TITLES, Case, Exhibit, Summary
from kjfp_helpers.core.state_labels import NOT_SENT, UNREADABLE
from kjfp_helpers.eligibility import UnreadableForm
from kjfp_helpers.infra.atomic_files import atomic_write, output_errors
from kjfp_helpers.notice.summaries import outline_summary
from kjfp_helpers.reports import formatting
from kjfp_helpers.reports.data import overall_data
from kjfp_helpers.reports.data.case_data import build_case_data
from kjfp_helpers.reports.data.member_data import build_member_data
from kjfp_helpers.reports.data.state_index import SETTLED_LABEL, StateIndex
from kjfp_helpers.reports.report_types import CASE_TYPE, MEMBER_TYPE, OVERALL, UNIT_TYPE
from kjfp_helpers.rules import Unit
from kjfp_helpers.state.panel.review_progress import reading_members

if TYPE_CHECKING:
    from kjfp_helpers.state import RoundState

MAX_OPENING_CHARS = 48
"""Characters of a part of the summary that its unit's report quotes."""


def write_report_data(state: "RoundState", folder: Path) -> None:
    """Write one data file per unit, case and member and ``overall.json``; drop what is not due.

    Parameters
    ----------
    state : RoundState
        The derived round.
    folder : Path
        ``reports/data`` below the outputs.

    Raises
    ------
    OutputError
        When the folder cannot be written.
    """
    due: dict[Path, bytes] = {}
    for name, content in _build_all(state):
        text = json.dumps(content, ensure_ascii=False, allow_nan=False)
        due[folder / f"{name}.json"] = f"{text}\n".encode()
    with output_errors(folder):
        there = {path for path in folder.rglob("*") if path.is_file()}
        for stale in there - due.keys():
            stale.unlink()
    for path, data in due.items():
        if path not in there or path.read_bytes() != data:
            atomic_write(path, data)


def _build_all(state: "RoundState") -> Iterator[tuple[str, Mapping[str, Any]]]:
    sources = StateIndex(state)
    yield OVERALL, overall_data.build_overall_data(state)
    for unit in state.round.units:
        yield UNIT_TYPE.report_name(unit.code), build_unit_data(sources, unit)
    for case in state.screening.cases:
        yield CASE_TYPE.report_name(case.id), build_case_data(sources, case)
    for member in reading_members(state):
        yield MEMBER_TYPE.report_name(member), build_member_data(sources, member)


def build_unit_data(index: StateIndex, unit: Unit) -> dict[str, Any]:
    """Return what one unit's report shows; identity and phone numbers are masked."""
    completeness = index.completeness.get(unit.code, {})
    findings = index.finding_rows.get(unit.code, [])
    return {
        "title": f"{unit.name}审核情况报告",
        "round": index.round_info,
        "unit": {
            "code": unit.code,
            "name": unit.name,
            "short_name": unit.short_name,
            "class": formatting.unit_group(unit),
        },
        "figures": _figure_rows(index, unit),
        "state": index.stocktake.get(unit.code, {}).get("state", NOT_SENT),
        "counts": _outstanding_counts(index, unit),
        "completeness": {
            kind: {
                "state": completeness.get(kind, NOT_SENT),
                **{
                    part: completeness.get(f"{kind}_{part}", "")
                    for part in ("arrived", "order", "faults")
                },
            }
            for kind in formatting.MATERIAL_TITLES
        },
        "due": {
            kind: index.deadlines.due_text(kind, unit.code) for kind in formatting.MATERIAL_TITLES
        },
        "summary": _summary_rows(index, unit),
        "nominees": [
            *(_nominee_row(index, case) for case in index.cases.get(unit.code, ())),
            *map(_unread_row, index.unread_forms.get(unit.code, ())),
        ],
        "exhibition": _exhibition_facts(index, unit),
        "findings": findings,
        "outstanding": _outstanding_rows(index, unit),
        "receipts": _receipt_rows(index, unit),
        "drawn": unit.code in index.spot_checked,
    }


def _figure_rows(index: StateIndex, unit: Unit) -> list[dict[str, Any]]:
    row = index.stocktake.get(unit.code, {})
    figures = []
    for prefix, (label, measure) in formatting.INDICATORS.items():
        values = {
            key: formatting.json_value(row.get(f"{prefix}_{key}"))
            for key in ("target", "own", "done", "gap", "rate")
        }
        values["state"] = row.get(f"{prefix}_state", NOT_SENT)
        peers = index.compare_with_peers(unit.quota, prefix, values["rate"])
        figures.append({"label": label, "measure": measure, **values, **peers})
    return figures


def _summary_rows(index: StateIndex, unit: Unit) -> dict[str, Any]:
    row, record = index.summaries.get(unit.code, {}), index.records.get((unit.code, "summary"))
    sections = record.body.sections if record and isinstance(record.body, Summary) else ()
    required = index.state.round.notice.summary.heads
    outline, heads = outline_summary(required, sections), []
    for head in required:
        text = "".join(outline[head.id].text.split()) if head.id in outline else ""
        heads.append(
            {
                "title": head.title,
                "held": formatting.json_value(row.get(head.id)),
                "length": len(text) or None,
                "opening": formatting.to_single_line(
                    mask_personal_numbers(formatting.remove_control_chars(text)), MAX_OPENING_CHARS
                )
                if text
                else "",
            }
        )
    comment = formatting.json_value(row.get("comment"))
    return {
        "heads": heads,
        "level": formatting.json_value(row.get("level")),
        "comment": mask_personal_numbers(formatting.remove_control_chars(comment))
        if comment
        else "",
    }


def _nominee_row(index: StateIndex, case: Case) -> dict[str, Any]:
    own = [
        finding for finding in index.finding_rows.get(case.unit, ()) if finding["case"] == case.id
    ]
    placed = index.shortlist_rows.get(case.id) if index.round_info["revealed"] else None
    return {
        "case": case.id,
        "kind": KIND_TITLES[case.kind],
        "rank": case.rank,
        "name": mask_personal_numbers(case.name),
        "eligible": case.eligible,
        "reasons": formatting.format_reasons(case.reasons),
        "counts": dict(
            sorted(
                Counter(
                    finding["severity"] for finding in own if finding["severity"] != SETTLED_LABEL
                ).items()
            )
        ),
        "people_lifted": case.nominee.people_lifted,
        "service_days": case.nominee.service_days,
        "status": STATUS_TITLES.get(placed["status"]) if placed else None,
        "reason": _result_note(placed) if placed else "",
    }


def _result_note(placed: Mapping[str, Any]) -> str:
    """Return what is peculiar to a nominee's result, and the vote that it rests on."""
    return mask_personal_numbers(
        formatting.remove_control_chars("；".join(filter(None, (placed["note"], placed["vote"]))))
    )


def _unread_row(form: UnreadableForm) -> dict[str, Any]:
    """Return the row of a nomination whose file cannot be read."""
    return {
        "case": "",
        "kind": KIND_TITLES[form.kind],
        "rank": None,
        "name": mask_personal_numbers(form.name),
        "eligible": False,
        "reasons": UNREADABLE,
        "counts": {Severity.ERROR.label: 1},
        "people_lifted": None,
        "service_days": None,
        "status": None,
        "reason": "",
    }


def _outstanding_counts(index: StateIndex, unit: Unit) -> dict[str, int]:
    """Return how much the unit must send, mend and explain, as its letters say it."""
    standing = index.unit_standings[unit.code]
    return {
        "owed": len(standing.owed),
        "faults": len(standing.faults),
        "questions": len(standing.questions),
    }


def _exhibition_facts(index: StateIndex, unit: Unit) -> dict[str, Any]:
    row, record = index.exhibition.get(unit.code, {}), index.records.get((unit.code, "exhibit"))
    parts = [
        {"title": part.title, "held": formatting.json_value(row.get(part.id))}
        for part in index.state.round.notice.exhibition.parts
    ]
    known = {key: formatting.json_value(row.get(key)) for key in ("pictures", "pictures_ok")}
    known["state"] = index.completeness.get(unit.code, {}).get("exhibit_order") or NOT_SENT
    shows = record and isinstance(record.body, Exhibit)
    faults = Counter(
        finding.finding_type.title
        for finding in index.findings.get(unit.code, ())
        if shows
        and record
        and finding.source == record.source
        and finding.field != "sections"
        and finding.code != "part_missing"
    )
    return {"parts": parts, **known, "faults": dict(faults)}


def _outstanding_rows(index: StateIndex, unit: Unit) -> list[list[str]]:
    """Return what a unit still owes: subject, requirement, actual state, due day, advice."""
    standing, terms = index.unit_standings[unit.code], index.deadlines
    cases = index.state.screening.case_by_id
    rows = [
        [
            formatting.MATERIAL_TITLES[kind],
            "按期报送",
            "未收到",
            terms.due_text(kind, unit.code),
            terms.urgency_text(kind, unit.code),
        ]
        for kind in standing.owed
    ]
    for finding in (*standing.faults, *standing.questions):
        name = (
            f"{mask_personal_numbers(cases[finding.case].name)}：" if finding.case in cases else ""
        )
        location = finding.place or _file_name(finding.source)
        suffix = f"（{mask_personal_numbers(location)}）" if location and not name else ""
        due, state = (
            formatting.redact_for_unit(text, index.state, unit.code)
            for text in (finding.expected, finding.found)
        )
        rows.append(
            [
                f"{name}{finding.finding_type.title}{suffix}",
                due,
                state,
                finding.severity.label,
                finding.finding_type.advice,
            ]
        )
    return [list(row) for row in dict.fromkeys(map(tuple, rows))]


def _file_name(source: str) -> str:
    """Return the name of the file that a finding is about, ``""`` for a message or a table."""
    folder, _, name = source.rpartition("/")
    return name if ".eml" in folder else ""


def _receipt_rows(index: StateIndex, unit: Unit) -> list[dict[str, Any]]:
    return [
        {
            "receipt": int(row["receipt"]),
            "received": formatting.format_minute(row["received"], index.timezone),
            "subject": mask_personal_numbers(formatting.remove_control_chars(row["subject"])),
            "files": int(row["files"]),
            "kinds": formatting.format_kinds(row["kinds"]),
            "late": bool(row["late"]),
            "note": formatting.remove_control_chars(row["note"]),
        }
        for row in index.receipts.get(unit.code, ())
    ]
