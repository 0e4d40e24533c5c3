"""Data of the overall report: totals, panel, cut, list and how it was decided."""

from collections import Counter
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from kjfp_helpers.core.events import ShortlistComputed
from kjfp_helpers.core.findings import FINDING_TYPES
from kjfp_helpers.core.privacy import mask_personal_numbers
from kjfp_helpers.core.records import KIND_TITLES, NOMINEE_KINDS
from kjfp_helpers.core.state_labels import NO_TARGET
from kjfp_helpers.notice import stocktake
from kjfp_helpers.notice.stocktake.totals import overall_rate
from kjfp_helpers.reports import formatting
from kjfp_helpers.reports.data.checks.assessment_data import build_assessment_overview
from kjfp_helpers.reports.data.checks.spot_check_data import build_check_overview
from kjfp_helpers.reports.data.deadline_texts import DeadlineTexts
from kjfp_helpers.rules import Round
from kjfp_helpers.state.ledger_heads import find_state_head
from kjfp_helpers.state.panel.review_progress import count_reading_loads, recused_readings
from kjfp_helpers.state.secretary.list_status import ListStatus
from kjfp_helpers.state.secretary.progress.list_summary import summarize_list
from kjfp_helpers.state.secretary.publication_gates import (
    draft_line,
    list_gates,
    open_findings,
    waiver_lines,
)

if TYPE_CHECKING:
    import pandas as pd

    from kjfp_helpers.state import RoundState


def build_overall_data(state: "RoundState") -> dict[str, Any]:
    """Return what the overall report shows."""
    last = find_state_head(state.events)
    return {
        "title": f"{state.round.notice.round.title}总报告",
        "as_of": DeadlineTexts(state).as_of_text,
        "round": build_round_info(state),
        "counts": _counts(state),
        "totals": _indicator_totals(state.screening.stocktake),
        "assigned": stocktake.has_targets(state.round),
        "stocktake": _stocktake_rows(state),
        "spot_check": build_check_overview(state),
        "assessment": _assessment(state),
        "completeness": _completeness_rows(state.screening.completeness),
        "findings": _finding_rows(state),
        "panel": {kind: build_panel_rows(state, kind) for kind in NOMINEE_KINDS},
        "loads": _reading_load_rows(state),
        "ranking": {kind: build_ranking_rows(state, kind) for kind in NOMINEE_KINDS},
        "list": _list_facts(state),
        "places": state.round.notice.commended.seats,
        "reserve_places": state.round.notice.ruling.reserves.value,
        "rulings": describe_rulings(state.round),
        "criteria": {
            kind: [
                [criterion.title, criterion.weight]
                for criterion in state.round.rubric.criteria(kind)
            ]
            for kind in NOMINEE_KINDS
        },
        "digest": state.round.digest,
        "head": {"seq": last.seq, "hash": last.hash} if last else None,
    }


def build_round_info(state: "RoundState") -> dict[str, Any]:
    """Return what every report says of its round."""
    notice, made = state.round.notice.round, list_gates(state)
    return {
        "name": state.round.name,
        "title": state.round.notice.round.title,
        "document": notice.document,
        "citation": notice.citation,
        "office": notice.office,
        "contact": state.round.notice.office.contact_line,
        "seal": state.round.notice.office.seal,
        "rehearsal": notice.rehearsal,
        "amendments": list(state.round.amendments),
        "draft": bool(draft_line(made)),
        "waived": list(waiver_lines(made)),
        "revealed": state.events.has(ShortlistComputed),
    }


def _list_facts(round_state: "RoundState") -> dict[str, Any]:
    """Return how firm the list is, what is not done, and what the meeting changed."""
    state, units = ListStatus.of(round_state), round_state.round.unit_by_code
    return {
        "points": [
            [point.title, point.result, point.said, point.open]
            for point in summarize_list(round_state, state)
        ],
        "draft": state.draft,
        "moved": state.moved,
        "gates": [
            [
                gate.title,
                f"{gate.done}/{gate.total}",
                gate.state,
                gate.waiver or (f"{gate.lacking}：{gate.advice}" if gate.blocks else ""),
            ]
            for gate in state.gates
        ],
        "questions": {case: list(titles) for case, titles in sorted(state.questions.items())},
        "changed": [
            {
                "kind": KIND_TITLES[change.kind],
                "case": change.case,
                "name": mask_personal_numbers(
                    formatting.remove_control_chars(
                        round_state.screening.case_by_id[change.case].name
                    )
                ),
                "unit_name": units[round_state.screening.case_by_id[change.case].unit].short_name,
                "computed": change.computed,
                "decided": change.decided,
                "basis": mask_personal_numbers(change.basis),
                "by": change.by,
                "seq": change.seq,
            }
            for change in state.changed
        ],
    }


def describe_rulings(round: Round) -> list[dict[str, str]]:
    """Return every ruling that applies in words, with the value as the rule file writes it."""
    rows = []
    for name in round.notice.ruling.applicable:
        ruling = getattr(round.notice.ruling, name)
        raw = ruling.value
        text = "、".join(map(str, raw)) if isinstance(raw, tuple) else str(raw)
        rows.append(
            {
                "name": name,
                "question": ruling.question,
                "value": formatting.format_ruling(name, raw),
                "raw": text,
            }
        )
    return rows


def build_panel_rows(state: "RoundState", kind: str) -> list[dict[str, Any]]:
    """Return each member's marks and severity under neutral numbers, in panel order."""
    totals = state.scores.tables.totals
    totals = totals[(totals["kind"] == kind) & totals["total"].notna()]
    ranking = state.scores.rankings.get(kind)
    known = (
        {row["member"]: row for row in formatting.frame_rows(ranking.members)} if ranking else {}
    )
    rows = []
    for member, label in formatting.member_labels(state.round).items():
        row: Mapping[str, Any] = known.get(member, {})
        marks = totals.loc[totals["member"] == member, "total"].tolist()
        estimate = {
            key: formatting.json_value(row.get(key))
            for key in ("severity", "severity_low", "severity_high")
        }
        rows.append({"label": label, "totals": sorted(marks), **estimate})
    return rows


def _counts(state: "RoundState") -> dict[str, Any]:
    sent = {mail.unit for mail in state.submissions.intake.mails if mail.unit}
    nominated = Counter(case.kind for case in state.screening.cases)
    nominated.update(form.kind for form in state.submissions.unread_forms)
    return {
        "units": len(state.round.units),
        "reporting": len(sent),
        "mails": len(state.submissions.intake.mails),
        "files": sum(len(mail.files) for mail in state.submissions.intake.mails),
        "cases": {kind: nominated[kind] for kind in NOMINEE_KINDS},
        "unread": len(state.submissions.unread_forms),
        "eligible": {
            kind: sum(case.kind == kind for case in state.screening.eligible_cases)
            for kind in NOMINEE_KINDS
        },
        "marks": int(state.scores.tables.totals["total"].notna().sum()),
        "recusals": len(recused_readings(state)),
    }


def _indicator_totals(table: "pd.DataFrame") -> list[dict[str, Any]]:
    """Sum over the units whose assigned target and result are both known; count the others."""
    rows = []
    for prefix, (label, measure) in formatting.INDICATORS.items():
        known = table[[f"{prefix}_target", f"{prefix}_done"]].dropna()
        rows.append(
            {
                "label": label,
                "measure": measure,
                "units": len(known),
                "absent": int(table[f"{prefix}_done"].isna().sum()),
                "untargeted": int((table[f"{prefix}_state"] == NO_TARGET).sum()),
                "target": int(known.iloc[:, 0].sum()) if len(known) else None,
                "done": int(known.iloc[:, 1].sum()) if len(known) else None,
                "reported": formatting.json_value(table[f"{prefix}_done"].sum(min_count=1)),
                "met": int((known.iloc[:, 1] >= known.iloc[:, 0]).sum()),
            }
        )
    return rows


def _stocktake_rows(state: "RoundState") -> list[dict[str, Any]]:
    ruling = state.round.notice.ruling.two_numbers.value
    asked = [one.name for one in stocktake.indicators_of(state.round)]
    by_code = state.round.unit_by_code
    rows = []
    for row in formatting.frame_rows(state.screening.stocktake):
        unit = by_code[row["unit"]]
        rates, done = (
            {f"{name}_{part}": formatting.json_value(row[f"{name}_{part}"]) for name in asked}
            for part in ("rate", "done")
        )
        states = {f"{name}_state": row[f"{name}_state"] for name in asked}
        rows.append(
            {
                "unit": unit.code,
                "short_name": unit.short_name,
                "kind": unit.kind,
                "class": formatting.unit_group(unit),
                "state": row["state"],
                "rate": overall_rate(row, asked, ruling),
                **rates,
                **done,
                **states,
            }
        )
    return rows


def _assessment(state: "RoundState") -> dict[str, Any]:
    """Return how many summaries came, how many were assessed, and how many got each level."""
    table = state.screening.summaries
    levels = table["level"].dropna().tolist()
    return {
        "overview": build_assessment_overview(state),
        "received": int(table["missing"].notna().sum()),
        "assessed": len(levels),
        "levels": dict(Counter(levels)),
    }


def _completeness_rows(table: "pd.DataFrame") -> list[dict[str, Any]]:
    return [
        {
            "label": label,
            "states": dict(sorted(Counter(table[kind].tolist()).items())),
            "orders": dict(sorted(Counter(table[f"{kind}_order"].tolist()).items())),
        }
        for kind, label in formatting.MATERIAL_TITLES.items()
    ]


def _finding_rows(state: "RoundState") -> list[dict[str, Any]]:
    counts = Counter(finding.code for finding in state.screening.findings)
    waiting = Counter(finding.code for finding in open_findings(state))
    units: dict[str, set[str]] = {}
    for finding in state.screening.findings:
        units.setdefault(finding.code, set()).add(finding.unit)
    return [
        {
            "code": code,
            "title": entry.title,
            "severity": entry.severity.label,
            "clause": formatting.format_clause_part(entry.clause),
            "count": counts[code],
            "open": waiting[code],
            "units": len(units[code] - {""}),
        }
        for code, entry in FINDING_TYPES.items()
        if code in counts
    ]


def _reading_load_rows(state: "RoundState") -> list[dict[str, Any]]:
    loads, labels = count_reading_loads(state), formatting.member_labels(state.round)
    return [{"label": label, **loads[member]} for member, label in labels.items()]


def build_ranking_rows(state: "RoundState", kind: str) -> list[dict[str, Any]]:
    """Return the shortlist of a kind with every ranked case, best first."""
    ranking = state.scores.rankings.get(kind)
    ranks = dict(zip(ranking.table["case"], ranking.table["rank"], strict=True)) if ranking else {}
    listed = formatting.frame_rows(
        state.decision.shortlist[state.decision.shortlist["kind"] == kind]
    )
    rows = []
    for row in listed:
        numbers = {
            key: formatting.json_value(row[key])
            for key in ("place", "value", "low", "high", "p_in", "n")
        }
        rows.append(
            {
                "case": row["case"],
                "name": mask_personal_numbers(formatting.remove_control_chars(row["name"])),
                "unit_name": state.round.unit_by_code[row["unit"]].short_name,
                "kind": KIND_TITLES[kind],
                "status": row["status"],
                "rank": formatting.json_value(ranks.get(row["case"])),
                "reason": formatting.format_reasons(row["reason"]),
                "note": mask_personal_numbers(row["note"]),
                "vote": row["vote"],
                "basis": row["basis"],
                **numbers,
            }
        )
    return sorted(rows, key=lambda row: (row["rank"] is None, row["rank"] or 0, row["case"]))
