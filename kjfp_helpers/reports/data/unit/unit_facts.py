"""All that is known of one unit, from which the report of each audience is cut."""

from collections import Counter
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from kjfp_helpers.core.privacy import mask_personal_numbers
from kjfp_helpers.core.records import NOMINEE_KINDS, Exhibit, Picture, Record
from kjfp_helpers.core.state_labels import NOT_SENT
from kjfp_helpers.eligibility.history import lateness
from kjfp_helpers.reports import formatting
from kjfp_helpers.reports.data.checks.assessment_data import build_confirmed_result
from kjfp_helpers.reports.data.unit.clause_scorecard import build_scorecard, list_figures
from kjfp_helpers.reports.data.unit.nominee_rows import list_nominees
from kjfp_helpers.reports.data.unit.reconciled_figures import (
    reconcile_figures,
    spot_check_facts,
)
from kjfp_helpers.reports.data.unit.unit_duties import list_duties
from kjfp_helpers.reports.data.unit.verdict import compose_verdict
from kjfp_helpers.state.secretary.unit_dossiers import draft_letter

if TYPE_CHECKING:
    from kjfp_helpers.reports.data.state_index import StateIndex
    from kjfp_helpers.rules import Unit


def build_unit_data(index: "StateIndex", unit: "Unit") -> dict[str, Any]:
    """Return all that the office's report on one unit shows; personal numbers are masked."""
    completeness = index.completeness.get(unit.code, {})
    duties = list_duties(index, unit)
    quota = index.state.round.quota(unit)
    facts: dict[str, Any] = {
        "title": f"{unit.name}审核情况反馈单",
        "as_of": index.deadlines.as_of_text,
        "version": None,
        "round": index.round_info,
        "audience": "office",
        "unit": {
            "code": unit.code,
            "name": unit.name,
            "short_name": unit.short_name,
            "class": formatting.unit_group(unit),
        },
        "figures": list_figures(index, unit),
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
        "duties": duties,
        "settled": sum(
            finding not in index.open_findings for finding in index.findings.get(unit.code, ())
        ),
        "summary": _summary_facts(index, unit),
        "nominees": list_nominees(index, unit, duties),
        "quota": {kind: quota.of(kind).most for kind in NOMINEE_KINDS},
        "exhibition": _exhibition_facts(index, unit),
        "reconciliation": reconcile_figures(index, unit),
        "spot_check": spot_check_facts(index, unit),
        "findings": index.finding_rows.get(unit.code, []),
        "receipts": _receipt_rows(index, unit),
        "timeline": _timeline(index, unit),
        "links": _document_links(index, unit),
    }
    facts["scorecard"] = build_scorecard(index, unit, facts)
    facts["verdict"] = compose_verdict(facts)
    return facts


def _summary_facts(index: "StateIndex", unit: "Unit") -> dict[str, Any]:
    row, record = index.summaries.get(unit.code, {}), index.records.get((unit.code, "summary"))
    lengths, heads = index.summary_lengths.get(unit.code, {}), []
    for head in index.state.round.notice.summary.heads:
        length = lengths.get(head.id)
        heads.append(
            {
                "title": head.title,
                "held": formatting.json_value(row.get(head.id)),
                "length": length,
                "peers": index.head_lengths[head.id].compare(unit.quota, length),
            }
        )
    comment = formatting.json_value(row.get("comment"))
    return {
        "heads": heads,
        "level": formatting.json_value(row.get("level")),
        "result": build_confirmed_result(index.state, unit.code),
        "comment": mask_personal_numbers(formatting.remove_control_chars(comment))
        if comment
        else "",
        "source": _source_text(record),
    }


def _source_text(record: Record | None) -> str:
    """Return where a record was read: receipt and file."""
    if record is None:
        return ""
    name = mask_personal_numbers(formatting.remove_control_chars(record.source.rpartition("/")[2]))
    return f"{formatting.format_receipt_number(record.receipt)}来件　{name}"


def _outstanding_counts(index: "StateIndex", unit: "Unit") -> dict[str, int]:
    """Return how much the unit must send, mend and explain, as its letters say it."""
    standing = index.unit_standings[unit.code]
    return {
        "owed": len(standing.owed),
        "faults": len(standing.faults),
        "questions": len(standing.questions),
    }


def _exhibition_facts(index: "StateIndex", unit: "Unit") -> dict[str, Any]:
    row, record = index.exhibition.get(unit.code, {}), index.records.get((unit.code, "exhibit"))
    parts = [
        {"title": part.title, "held": formatting.json_value(row.get(part.id))}
        for part in index.state.round.notice.exhibition.parts
    ]
    known = {key: formatting.json_value(row.get(key)) for key in ("pictures", "pictures_ok")}
    known["state"] = index.completeness.get(unit.code, {}).get("exhibit_order") or NOT_SENT
    shown = record.body.pictures if record and isinstance(record.body, Exhibit) else ()
    faults: dict[str, list[str]] = {}
    asked = set()
    for finding in index.findings.get(unit.code, ()):
        if record and finding.source == record.source and finding.place:
            faults.setdefault(finding.place, []).append(finding.finding_type.title)
            if finding in index.open_findings:
                asked.add(finding.place)
    known["pictures_asked"] = sum(picture.name in asked for picture in shown)
    return {
        "parts": parts,
        **known,
        "faults": dict(Counter(title for titles in faults.values() for title in titles)),
        "gallery": [_picture_facts(picture, faults) for picture in shown],
        "source": _source_text(record),
    }


def _picture_facts(picture: Picture, faults: dict[str, list[str]]) -> dict[str, Any]:
    """Return name, size in megabytes, faults and stored copy of a picture."""
    return {
        "name": mask_personal_numbers(formatting.remove_control_chars(picture.name)),
        "megabytes": round(picture.size / 1_000_000, 1),
        "faults": faults.get(picture.name, []),
        "sha256": picture.sha256,
        "stored": picture.stored,
    }


def _receipt_rows(index: "StateIndex", unit: "Unit") -> list[dict[str, Any]]:
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


def _document_links(index: "StateIndex", unit: "Unit") -> list[list[str]]:
    """Return the unit's letters and its stock-take form, title and path below the outputs."""
    state, standing = index.state, index.unit_standings[unit.code]
    drafts = [draft_letter(state, standing, title) for title in standing.letters]
    links = [
        [f"{draft.title}（拟稿）", f"letters/{unit.code}-{draft.title}.docx"]
        for draft in drafts
        if draft.ready
    ]
    issued = {
        letter.body.title: [f"{letter.body.title}（第{letter.body.number}号）", letter.body.path]
        for letter in state.submissions.letters.of_unit(unit.code)
    }
    form = ["空白盘点表", f"forms/盘点表/{unit.code} {unit.short_name}.xlsx"]
    return [*links, *issued.values(), form]


def _timeline(index: "StateIndex", unit: "Unit") -> dict[str, Any]:
    """Return the mails of a unit by day, and the days that bind it (ISO dates)."""
    state = index.state
    deadline, letters = state.round.notice.deadline, state.submissions.letters
    mails: list[dict[str, Any]] = [
        {
            "day": came.date().isoformat(),
            "receipt": mail.receipt,
            "late": index.deadlines.is_late(mail),
        }
        for mail in index.unit_standings[unit.code].mails
        if (came := lateness.arrival_time(state.round, mail))
    ]
    days = [
        [deadline.exhibition.date.isoformat(), "展览素材"],
        [deadline.recommendation.date.isoformat(), "推荐材料"],
    ]
    sent: list[dict[str, Any]] = [
        {"day": letter.body.day, "number": letter.body.number, "title": letter.body.title}
        for letter in letters.of_unit(unit.code)
    ]
    known = [date.fromisoformat(one["day"]) for one in (*mails, *sent)]
    known += [date.fromisoformat(day) for day, _ in days] + ([letters.day] if letters.day else [])
    return {
        "mails": mails,
        "letters": sent,
        "days": days,
        "today": letters.day.isoformat() if letters.day else "",
        "first": (min(known) - timedelta(days=5)).isoformat(),
        "last": (max(known) + timedelta(days=5)).isoformat(),
    }
