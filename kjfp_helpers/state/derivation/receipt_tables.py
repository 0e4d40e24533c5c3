"""Tables of what arrived and of the units drawn for the spot check."""

from collections.abc import Sequence

import pandas as pd

from kjfp_helpers.core.events import Event, SpotCheckDrawn
from kjfp_helpers.core.records import KIND_TITLES
from kjfp_helpers.eligibility import Screening
from kjfp_helpers.eligibility.history.lateness import arrival_time
from kjfp_helpers.rules import Round


def tabulate_receipts(round: Round, screening: Screening) -> pd.DataFrame:
    """Return one row per message: receipt number, unit, times, files, kinds of material, notes."""
    intake = screening.intake
    late = {record.receipt for record in intake.records if record.id in screening.late}
    kinds: dict[int, list[str]] = {}
    for record in intake.records:
        kinds.setdefault(record.receipt, []).append(KIND_TITLES[record.kind])
    rows = [
        {
            "receipt": mail.receipt,
            "unit": mail.unit,
            "unit_name": round.unit_by_code[mail.unit].short_name if mail.unit else "",
            "sender": mail.sender,
            "subject": mail.subject,
            "sent": mail.sent,
            "received": arrival_time(round, mail),
            "files": len(mail.files),
            "kinds": "、".join(dict.fromkeys(kinds.get(mail.receipt, []))),
            "late": mail.receipt in late,
            "note": "；".join(finding.finding_type.title for finding in mail.findings),
        }
        for mail in intake.mails
    ]
    columns = "receipt unit unit_name sender subject sent received files kinds late note".split()
    return pd.DataFrame(rows, columns=columns)


def tabulate_spot_check(round: Round, events: Sequence[Event]) -> pd.DataFrame:
    """Return the units of the last spot check draw, in the order drawn; empty before the draw."""
    drawn = [event.body for event in events if isinstance(event.body, SpotCheckDrawn)]
    units = drawn[-1].units if drawn else ()
    rows = [
        {"order": order, "unit": code, "unit_name": round.unit_by_code[code].short_name}
        for order, code in enumerate(units, start=1)
    ]
    return pd.DataFrame(rows, columns=["order", "unit", "unit_name"])
