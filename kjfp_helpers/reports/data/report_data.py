"""What each report shows, as one small file: a report depends on its slice and nothing else."""

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kjfp_helpers.core.findings import Severity
from kjfp_helpers.core.records import KIND_TITLES, STATUS_TITLES, Case, Exhibit, Summary
from kjfp_helpers.core.state_labels import NOT_SENT, UNREADABLE
from kjfp_helpers.eligibility import UnreadForm
from kjfp_helpers.infra.atomic_files import replace_file, writing
from kjfp_helpers.notice.publication import mask_text
from kjfp_helpers.notice.summaries import outline
from kjfp_helpers.reports import formatting
from kjfp_helpers.reports.data import overall_data
from kjfp_helpers.reports.data.case_data import case_slice
from kjfp_helpers.reports.data.member_data import member_slice, readers
from kjfp_helpers.reports.data.state_index import SETTLED, Sources
from kjfp_helpers.reports.report_types import CASE, MEMBER, OVERALL, UNIT
from kjfp_helpers.rules import Unit

if TYPE_CHECKING:
    from kjfp_helpers.state import RoundState

OPENING = 48
"""Characters of a part of the summary that its unit's report quotes."""


def slices(state: "RoundState", folder: Path) -> None:
    """Write one slice per unit, case and member and ``overall.json``; drop what is not due.

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
    for name, content in _slices(state):
        text = json.dumps(content, ensure_ascii=False, allow_nan=False)
        due[folder / f"{name}.json"] = f"{text}\n".encode()
    with writing(folder):
        there = {path for path in folder.rglob("*") if path.is_file()}
        for stale in there - due.keys():
            stale.unlink()
    for path, data in due.items():
        if path not in there or path.read_bytes() != data:
            replace_file(path, data)


def _slices(state: "RoundState") -> Iterator[tuple[str, Mapping[str, Any]]]:
    sources = Sources(state)
    yield OVERALL, overall_data.overall_slice(state)
    for unit in state.round.units:
        yield UNIT.name(unit.code), unit_slice(sources, unit)
    for case in state.cases:
        yield CASE.name(case.id), case_slice(sources, case)
    for member in readers(state):
        yield MEMBER.name(member), member_slice(sources, member)


def unit_slice(sources: Sources, unit: Unit) -> dict[str, Any]:
    """Return what one unit's report shows; identity and phone numbers are masked."""
    completeness = sources.completeness.get(unit.code, {})
    findings = sources.shown.get(unit.code, [])
    return {
        "title": f"{unit.name}审核情况报告",
        "round": sources.about,
        "unit": {
            "code": unit.code,
            "name": unit.name,
            "short_name": unit.short_name,
            "class": formatting.unit_group(unit),
        },
        "figures": _figures(sources, unit),
        "state": sources.stocktake.get(unit.code, {}).get("state", NOT_SENT),
        "counts": _counts(sources, unit),
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
        "due": {kind: sources.terms.due(kind, unit.code) for kind in formatting.MATERIAL_TITLES},
        "summary": _summary(sources, unit),
        "nominees": [
            *(_nominee(sources, case) for case in sources.cases.get(unit.code, ())),
            *map(_unread, sources.unread.get(unit.code, ())),
        ],
        "exhibition": _exhibition(sources, unit),
        "findings": findings,
        "outstanding": _outstanding(sources, unit),
        "receipts": _receipts(sources, unit),
        "drawn": unit.code in sources.drawn,
    }


def _figures(sources: Sources, unit: Unit) -> list[dict[str, Any]]:
    row = sources.stocktake.get(unit.code, {})
    figures = []
    for prefix, (label, measure) in formatting.INDICATORS.items():
        values = {
            key: formatting.json_value(row.get(f"{prefix}_{key}"))
            for key in ("target", "own", "done", "gap", "rate")
        }
        values["state"] = row.get(f"{prefix}_state", NOT_SENT)
        peers = sources.peers(unit.quota, prefix, values["rate"])
        figures.append({"label": label, "measure": measure, **values, **peers})
    return figures


def _summary(sources: Sources, unit: Unit) -> dict[str, Any]:
    row, record = sources.summaries.get(unit.code, {}), sources.records.get((unit.code, "summary"))
    sections = record.body.sections if record and isinstance(record.body, Summary) else ()
    required = sources.state.round.notice.summary.heads
    held, heads = outline(required, sections), []
    for head in required:
        text = "".join(held[head.id].text.split()) if head.id in held else ""
        heads.append(
            {
                "title": head.title,
                "held": formatting.json_value(row.get(head.id)),
                "length": len(text) or None,
                "opening": formatting.to_single_line(
                    mask_text(formatting.remove_control_chars(text)), OPENING
                )
                if text
                else "",
            }
        )
    comment = formatting.json_value(row.get("comment"))
    return {
        "heads": heads,
        "level": formatting.json_value(row.get("level")),
        "comment": mask_text(formatting.remove_control_chars(comment)) if comment else "",
    }


def _nominee(sources: Sources, case: Case) -> dict[str, Any]:
    own = [found for found in sources.shown.get(case.unit, ()) if found["case"] == case.id]
    placed = sources.placed.get(case.id) if sources.about["revealed"] else None
    return {
        "case": case.id,
        "kind": KIND_TITLES[case.kind],
        "rank": case.rank,
        "name": mask_text(case.name),
        "eligible": case.eligible,
        "reasons": formatting.format_reasons(case.reasons),
        "counts": dict(
            sorted(
                Counter(found["severity"] for found in own if found["severity"] != SETTLED).items()
            )
        ),
        "people_lifted": case.nominee.people_lifted,
        "service_days": case.nominee.service_days,
        "status": STATUS_TITLES.get(placed["status"]) if placed else None,
        "reason": _said(placed) if placed else "",
    }


def _said(placed: Mapping[str, Any]) -> str:
    """Return what is peculiar to a nominee's result, and the vote that it rests on."""
    return mask_text(
        formatting.remove_control_chars("；".join(filter(None, (placed["note"], placed["vote"]))))
    )


def _unread(form: UnreadForm) -> dict[str, Any]:
    """Return the row of a nomination whose file cannot be read."""
    return {
        "case": "",
        "kind": KIND_TITLES[form.kind],
        "rank": None,
        "name": mask_text(form.name),
        "eligible": False,
        "reasons": UNREADABLE,
        "counts": {Severity.ERROR.label: 1},
        "people_lifted": None,
        "service_days": None,
        "status": None,
        "reason": "",
    }


def _counts(sources: Sources, unit: Unit) -> dict[str, int]:
    """Return how much the unit must send, mend and explain, as its letters say it."""
    standing = sources.standing[unit.code]
    return {
        "owed": len(standing.owed),
        "faults": len(standing.faults),
        "questions": len(standing.questions),
    }


def _exhibition(sources: Sources, unit: Unit) -> dict[str, Any]:
    row, record = sources.exhibition.get(unit.code, {}), sources.records.get((unit.code, "exhibit"))
    parts = [
        {"title": part.title, "held": formatting.json_value(row.get(part.id))}
        for part in sources.state.round.notice.exhibition.parts
    ]
    known = {key: formatting.json_value(row.get(key)) for key in ("pictures", "pictures_ok")}
    known["state"] = sources.completeness.get(unit.code, {}).get("exhibit_order") or NOT_SENT
    shows = record and isinstance(record.body, Exhibit)
    faults = Counter(
        found.about.title
        for found in sources.findings.get(unit.code, ())
        if shows
        and record
        and found.source == record.source
        and found.field != "sections"
        and found.code != "part_missing"
    )
    return {"parts": parts, **known, "faults": dict(faults)}


def _outstanding(sources: Sources, unit: Unit) -> list[list[str]]:
    """Return what a unit owes as its letters say it: thing, what should be, state, day, advice."""
    standing, terms, cases = sources.standing[unit.code], sources.terms, sources.state.case_by_id
    rows = [
        [
            formatting.MATERIAL_TITLES[kind],
            "按期报送",
            "未收到",
            terms.due(kind, unit.code),
            terms.call(kind, unit.code),
        ]
        for kind in standing.owed
    ]
    for found in (*standing.faults, *standing.questions):
        name = f"{mask_text(cases[found.case].name)}：" if found.case in cases else ""
        spot = found.place or _file_name(found.source)
        place = f"（{mask_text(spot)}）" if spot and not name else ""
        due, state = (
            formatting.redact_for_unit(text, sources.state, unit.code)
            for text in (found.expected, found.found)
        )
        rows.append(
            [
                f"{name}{found.about.title}{place}",
                due,
                state,
                found.severity.label,
                found.about.advice,
            ]
        )
    return [list(row) for row in dict.fromkeys(map(tuple, rows))]


def _file_name(source: str) -> str:
    """Return the name of the file that a finding is about, ``""`` for a message or a table."""
    folder, _, name = source.rpartition("/")
    return name if ".eml" in folder else ""


def _receipts(sources: Sources, unit: Unit) -> list[dict[str, Any]]:
    return [
        {
            "receipt": int(row["receipt"]),
            "received": formatting.format_minute(row["received"], sources.timezone),
            "subject": mask_text(formatting.remove_control_chars(row["subject"])),
            "files": int(row["files"]),
            "kinds": formatting.format_kinds(row["kinds"]),
            "late": bool(row["late"]),
            "note": formatting.remove_control_chars(row["note"]),
        }
        for row in sources.receipts.get(unit.code, ())
    ]
