"""Data of one nomination's dossier: the form with where each value stands, and all on it."""

from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path
from typing import Any

from kjfp_helpers.core.events import (
    CaseVetoed,
    Event,
    EventLog,
    FieldCorrected,
    FindingReopened,
    FindingReviewed,
    FindingSettled,
    FormEntered,
    LevelConfirmed,
    NomineesChosen,
    SeatAdded,
)
from kjfp_helpers.core.privacy import mask_number_field, mask_personal_numbers
from kjfp_helpers.core.records import KIND_TITLES, STATUS_TITLES, Case, Team
from kjfp_helpers.eligibility import Overlap
from kjfp_helpers.eligibility.history.lateness import arrival_time
from kjfp_helpers.eligibility.history.versions import nominee_name
from kjfp_helpers.eligibility.story_length import COUNT_TITLES
from kjfp_helpers.intake.field_editing import (
    PERSONAL_FIELDS,
    EditableField,
    editable_fields,
    field_label,
    format_value,
)
from kjfp_helpers.reports import formatting
from kjfp_helpers.reports.data.state_index import StateIndex
from kjfp_helpers.reports.data.unit.nominee_rows import nominee_state
from kjfp_helpers.reports.data.unit.unit_duties import list_duties

MAX_VALUE_CHARS = ("story", "recommendation")
"""Fields that are shown as text below the form."""
MAX_PASSAGES, MAX_PASSAGE_CHARS = 4, 90
"""Shared passages of one other nomination that are shown, and characters of each."""


def build_case_data(index: StateIndex, case: Case) -> dict[str, Any]:
    """Return what one nomination's dossier shows; identity, phone and e-mail are masked."""
    unit = index.state.round.unit_by_code[case.unit]
    nominee = case.nominee
    return {
        "title": f"{mask_personal_numbers(case.name)}（{case.id}）卷宗",
        "round": index.round_info,
        "case": {
            "id": case.id,
            "kind": KIND_TITLES[case.kind],
            "name": mask_personal_numbers(case.name),
            "rank": case.rank,
            "unit": unit.code,
            "unit_name": unit.name,
            "short_name": unit.short_name,
            "class": formatting.unit_group(unit),
            "eligible": case.eligible,
            "state": nominee_state(case, list_duties(index, unit)),
            "reasons": formatting.format_reasons(case.reasons),
        },
        "source": _source_facts(index, case),
        "form": list(_form_rows(index, case)),
        "figures": list(_figure_rows(index, case)),
        "story": mask_personal_numbers(formatting.remove_control_chars(nominee.story or "")),
        "length": _story_length(index, case),
        "recommendation": mask_personal_numbers(
            formatting.remove_control_chars(nominee.recommendation or "")
        ),
        "findings": [
            row for row in index.finding_rows.get(case.unit, ()) if row["case"] == case.id
        ],
        "earlier": [_prior_award_row(row) for row in index.prior_awards.get(case.id, ())],
        "versions": list(_version_rows(index, case)),
        "overlaps": [
            _overlap_facts(index, overlap, case) for overlap in index.overlaps.get(case.id, ())
        ],
        "decided": list(_decision_rows(index, case)),
        "result": _result_facts(index, case),
    }


def _source_facts(index: StateIndex, case: Case) -> dict[str, Any]:
    record = case.record
    mail = index.mails.get(record.receipt)
    came = arrival_time(index.state.round, mail) if mail else None
    return {
        "receipt": formatting.format_receipt_number(record.receipt),
        "came": formatting.format_minute(came, index.timezone),
        "file": mask_personal_numbers(formatting.remove_control_chars(Path(record.source).name)),
        "sha256": record.sha256,
    }


def _form_rows(index: StateIndex, case: Case) -> Iterator[list[str]]:
    """Yield label, value, place in the source, and what was corrected there."""
    corrected = {
        event.body.field: event
        for event in EventLog(index.events_by_record.get(case.record.id, ())).of(FieldCorrected)
    }
    for entry in editable_fields(case.kind):
        if entry.name in MAX_VALUE_CHARS:
            continue
        text = format_value(entry, getattr(case.nominee, entry.name))
        if not text and entry.name.endswith("_other"):
            continue
        location = case.record.provenance.get(entry.name, "")
        note = f"已更正（台账第{corrected[entry.name].seq}号）" if entry.name in corrected else ""
        yield [entry.label, mask_field_value(entry, text), mask_personal_numbers(location), note]


def _story_length(index: StateIndex, case: Case) -> list[Any]:
    """Return how the story is counted, how many characters, and the limit."""
    row = index.story_lengths[case.id]
    return [
        COUNT_TITLES[row["counted"]],
        formatting.json_value(row[row["counted"]]),
        int(row["limit"]),
    ]


def mask_field_value(entry: EditableField, text: str) -> str:
    """Return a typed value as a dossier shows it."""
    if not text:
        return ""
    if entry.name in PERSONAL_FIELDS:
        return mask_number_field(text)
    if entry.kind == "email" and "@" in text:
        name, _, home = text.partition("@")
        return f"{name[:1]}***@{formatting.remove_control_chars(home)}"
    return mask_personal_numbers(formatting.remove_control_chars(text)).replace("｜", " ")


def _figure_rows(index: StateIndex, case: Case) -> Iterator[dict[str, Any]]:
    """Yield the form's figures beside what the unit reported in all."""
    nominee, unit = case.nominee, index.stocktake.get(case.unit, {})
    rows = [("带动脱贫贫困人口", "人", nominee.people_lifted, "people")]
    if isinstance(nominee, Team):
        rows.append(("团队专家", "人", nominee.expert_count, "experts"))
    rows.append(("深入贫困地区服务", "天", nominee.service_days, ""))
    for label, measure, own, prefix in rows:
        done = formatting.json_value(unit.get(f"{prefix}_done"))
        target = formatting.json_value(unit.get(f"{prefix}_target"))
        share = round(own / done, 3) if own is not None and done else None
        yield {
            "label": label,
            "measure": measure,
            "own": own,
            "unit_done": done,
            "unit_target": target,
            "share": share,
            "compared": bool(prefix),
        }


def _prior_award_row(row: dict[str, Any]) -> list[str]:
    names = ("listed_name", "listed_unit", "listed_employer", "document")
    texts = [mask_personal_numbers(formatting.remove_control_chars(row[name])) for name in names]
    return [
        f"{row['year']}年",
        row["level"],
        *texts,
        row["how"],
        "认定" if row["sure"] else "待人工认定",
    ]


def _version_rows(index: StateIndex, case: Case) -> Iterator[list[str]]:
    for row in index.versions.get((case.unit, case.kind, nominee_name(case.record)), ()):
        old_receipt = formatting.format_receipt_number(row["old_receipt"])
        new_receipt = formatting.format_receipt_number(row["new_receipt"])
        old, new = (
            formatting.to_single_line(mask_personal_numbers(row[key]), 200)
            for key in ("old", "new")
        )
        yield [f"{old_receipt} → {new_receipt}", row["title"], old, new]


def _overlap_facts(index: StateIndex, overlap: Overlap, case: Case) -> dict[str, Any]:
    """Return how much of the story stands in another nomination's, and where it begins."""
    own_first = overlap.one == case.id
    other = index.state.screening.case_by_id[overlap.other if own_first else overlap.one]
    pairs = []
    for passage in overlap.passages[:MAX_PASSAGES]:
        spans = [(passage.one_start, passage.one_end), (passage.other_start, passage.other_end)]
        texts = [nominee.story or "" for nominee in (case.nominee, other.nominee)]
        ordered = spans if own_first else spans[::-1]
        pairs.append(
            [
                formatting.to_single_line(
                    mask_personal_numbers(formatting.remove_control_chars(text[start:end])),
                    MAX_PASSAGE_CHARS,
                )
                for text, (start, end) in zip(texts, ordered, strict=True)
            ]
        )
    unit = index.state.round.unit_by_code[other.unit].short_name
    return {
        "case": other.id,
        "name": mask_personal_numbers(other.name),
        "unit": unit,
        "share": round(overlap.share, 2),
        "way": "改写相近" if overlap.reworded else "文字雷同",
        "passages": pairs,
        "more": max(0, len(overlap.passages) - MAX_PASSAGES),
    }


def _decision_rows(index: StateIndex, case: Case) -> Iterator[list[str]]:
    """Yield number, time, person, act and reason of what was decided on the nomination."""
    for event in index.events_by_record.get(case.record.id, ()):
        yield _decision_row(index, event, case)
    for event in index.events_by_case.get(case.id, ()):
        if index.round_info["revealed"] or not isinstance(event.body, CaseVetoed | SeatAdded):
            yield _decision_row(index, event, case)


def _decision_row(index: StateIndex, event: Event, case: Case) -> list[str]:
    body: Any = event.body
    about = formatting.format_reasons(getattr(body, "code", ""))
    field = field_label(case.kind, getattr(body, "field", ""))
    what = {
        FieldCorrected: f"更正“{field}”",
        FindingReviewed: f"核对：{about}",
        FindingReopened: f"撤回核对：{about}",
        FindingSettled: f"认定可以参评：{about}",
        FormEntered: "照原件录入推荐表",
        NomineesChosen: "单位选定人选",
        CaseVetoed: "一票否决",
        SeatAdded: "增列名额",
        LevelConfirmed: f"确认职级：{getattr(body, 'level', '') or '撤回'}",
    }[type(body)]
    reasons = [
        getattr(body, field.name)
        for field in fields(body)
        if field.name in ("reason", "document", "clause", "resolution")
    ]
    if getattr(body, "by", ()):
        reasons.append("、".join(body.by))
    back = index.revocations.get(event.seq)
    if back:
        reasons.append(f"已撤销（台账第{back.seq}号）")
    reason = "；".join(
        mask_personal_numbers(formatting.remove_control_chars(text)) for text in reasons if text
    )
    when = formatting.format_minute(event.at, index.timezone)
    return [f"第{event.seq}号", when, event.actor, what, reason]


def _result_facts(index: StateIndex, case: Case) -> dict[str, Any] | None:
    """Return what became of the nomination, once the list is computed; to the digits shown."""
    row = index.shortlist_rows.get(case.id)
    if row is None or not index.round_info["revealed"]:
        return None
    numbers = {key: formatting.json_value(row[key]) for key in ("value", "low", "high")}
    return {
        "status": STATUS_TITLES[row["status"]],
        "rank": row["rank"],
        "place": formatting.json_value(row["place"]),
        "n": formatting.json_value(row["n"]),
        **{key: value if value is None else round(value, 2) for key, value in numbers.items()},
        "chance": formatting.format_probability(row["p_in"]),
        "vote": row["vote"],
        "reason": formatting.remove_control_chars(formatting.format_reasons(row["reason"])),
    }
