"""Frames of what arrived: units, messages, nominations, letters, later versions."""

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

import pandas as pd

from kjfp_helpers.core.findings import FINDING_TYPES
from kjfp_helpers.core.form_schema import INDICATORS
from kjfp_helpers.core.records import Individual
from kjfp_helpers.eligibility.history.correspondence import ABSENCE_CODES, RECEIPT, ListedItem
from kjfp_helpers.library.frames.frame_shaping import with_units
from kjfp_helpers.rules import Round
from kjfp_helpers.state import RoundState
from kjfp_helpers.state.secretary.unit_dossiers import draft_letters

Row = dict[str, Any]


def tabulate_units(round: Round) -> Iterator[Row]:
    """Yield the units with their targets."""
    targets = {target.unit: target for target in round.targets}
    for unit in round.units:
        target = targets.get(unit.code)
        yield {
            "unit": unit.code,
            "unit_name": unit.short_name,
            "full_name": unit.name,
            "kind": unit.kind,
            "group": unit.quota,
            "region": unit.region,
            "priority": unit.priority,
            **{
                f"{one.name}_target": target.count(one.name) if target else None
                for one in INDICATORS
            },
            "target_document": target.document if target else "",
        }


def tabulate_submissions(state: RoundState) -> pd.DataFrame:
    """Return the messages as the register lists them."""
    return state.submissions.receipts


def tabulate_cases(state: RoundState) -> Iterator[Row]:
    """Yield the nominations with what their forms claim."""
    counts = Counter(finding.case for finding in state.screening.findings)
    for case in state.screening.cases:
        nominee = case.nominee
        person = isinstance(nominee, Individual)
        yield {
            "case": case.id,
            "kind": case.kind,
            "unit": case.unit,
            "unit_name": state.round.unit_by_code[case.unit].short_name,
            "name": case.name,
            "position": case.rank,
            "eligible": case.eligible,
            "reasons": "、".join(FINDING_TYPES[code].title for code in case.reasons),
            "people_lifted": nominee.people_lifted,
            "service_days": nominee.service_days,
            "expert_count": None if person else getattr(nominee, "expert_count", None),
            "employer": nominee.employer if isinstance(nominee, Individual) else "",
            "prior_awards": len(state.screening.prior_awards.get(case.id, ())),
            "findings": counts[case.id],
            "minutes_late": state.submissions.late.get(case.record.id, 0),
        }


def tabulate_letter_items(state: RoundState) -> pd.DataFrame:
    """Return what letters ask for: those issued, then those due and not issued."""
    rows = [
        _item(letter.body.unit, letter.body.number, letter.body.title, letter.body.day, asked)
        for letter in state.submissions.letters.letters
        for asked in letter.asked
    ]
    for draft in draft_letters(state):
        if draft.ready and draft.title != RECEIPT:
            owed = ((ABSENCE_CODES[kind], kind, "", "", "") for kind in draft.owed)
            day = str(draft.day) if state.submissions.letters.day else ""
            rows += [
                _item(draft.dossier.unit.code, 0, draft.title, day, asked)
                for asked in (*draft.findings, *owed)
            ]
    columns = ["unit", "letter", "issued", "title", "day", "code", "finding", "case"]
    return with_units(state, pd.DataFrame(rows, columns=columns))


def _item(unit: str, number: int, title: str, day: str, asked: ListedItem) -> Mapping[str, Any]:
    code, _, case, _, _ = asked
    return {
        "unit": unit,
        "letter": number,
        "issued": bool(number),
        "title": title,
        "day": day,
        "code": code,
        "finding": FINDING_TYPES[code].title if code in FINDING_TYPES else code,
        "case": case,
    }


def tabulate_versions(state: RoundState) -> pd.DataFrame:
    """Return what later versions of a document changed."""
    return state.submissions.versions
