"""What each report shows, as one small file: a report depends on its slice and nothing else."""

import json
import statistics
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kjfp_helpers.files import replace_file, writing
from kjfp_helpers.findings import Finding, Severity
from kjfp_helpers.publication import mask_text
from kjfp_helpers.records import KIND_TITLES, KINDS, STATUS_TITLES, Case
from kjfp_helpers.reports import overall, words
from kjfp_helpers.rules import Unit

if TYPE_CHECKING:
    import pandas as pd

    from kjfp_helpers.derivation import Review

WEIGHT = {Severity.ERROR: 0, Severity.QUESTION: 1, Severity.WARNING: 2}
"""Order in which findings are shown."""


def slices(review: "Review", folder: Path) -> list[str]:
    """Write one slice per unit and ``overall.json``; drop those of units no longer in the round.

    Parameters
    ----------
    review : Review
        The derived round.
    folder : Path
        ``reports/data`` below the outputs.

    Returns
    -------
    list of str
        Unit codes in the order of ``units.csv``.

    Raises
    ------
    OutputError
        When the folder cannot be written.
    """
    units = {unit.code: unit_slice(review, unit) for unit in review.round.units}
    _write(folder, {**units, words.OVERALL: overall.overall_slice(review)})
    return list(units)


def _write(folder: Path, slices: Mapping[str, Mapping[str, Any]]) -> None:
    with writing(folder):
        for stale in set(folder.glob("*.json")) - {folder / f"{name}.json" for name in slices}:
            stale.unlink()
    for name, content in slices.items():
        text = json.dumps(content, ensure_ascii=False, indent=1, allow_nan=False)
        replace_file(folder / f"{name}.json", f"{text}\n".encode())


def unit_slice(review: "Review", unit: Unit) -> dict[str, Any]:
    """Return what one unit's report shows; identity and phone numbers are masked."""
    findings = sorted(
        (found for found in review.findings if found.unit == unit.code),
        key=lambda found: (WEIGHT[found.severity], found.case, found.code, found.field),
    )
    completeness = _row(review.completeness, unit.code)
    cases = [
        case for kind in KINDS for case in review.cases
        if (case.unit, case.kind) == (unit.code, kind)
    ]  # fmt: skip
    return {
        "round": overall.about(review),
        "unit": {"code": unit.code, "name": unit.name, "short_name": unit.short_name,
                 "class": words.unit_class(unit)},
        "figures": _figures(review, unit),
        "met": words.plain(_row(review.stocktake, unit.code).get("met")),
        "completeness": {kind: words.plain(completeness.get(kind)) for kind in words.MATERIALS},
        "summary": _summary(review, unit),
        "nominees": [_nominee(review, case, findings) for case in cases],
        "exhibition": _exhibition(review, unit),
        "findings": [show(found, review) for found in findings],
        "receipts": _receipts(review, unit),
        "drawn": unit.code in set(review.spot_check["unit"]),
    }  # fmt: skip


def show(found: Finding, review: "Review") -> dict[str, Any]:
    """Return a finding in words, masked once more."""
    case = review.case_by_id.get(found.case)
    spot = (Path(found.source).name, found.place)
    return {
        "case": found.case, "name": mask_text(case.name) if case else "",
        "code": found.code, "title": found.about.title, "severity": found.severity.label,
        "clause": words.clause(found.about.clause),
        "expected": words.told(found.expected, review, found.unit),
        "found": words.told(found.found, review, found.unit), "advice": found.about.advice,
        "place": mask_text("　".join(part for part in spot if part)),
    }  # fmt: skip


def _row(frame: "pd.DataFrame", unit: str) -> Mapping[str, Any]:
    rows = words.records(frame.loc[frame["unit"] == unit])
    return rows[0] if rows else {}


def _figures(review: "Review", unit: Unit) -> list[dict[str, Any]]:
    row = _row(review.stocktake, unit.code)
    peers = {other.code for other in review.round.units if other.quota == unit.quota}
    table = review.stocktake[review.stocktake["unit"].isin(peers)]
    figures = []
    for prefix, (label, measure) in words.INDICATORS.items():
        rates = table[f"{prefix}_rate"].dropna().tolist()
        values = {
            key: words.plain(row.get(f"{prefix}_{key}"))
            for key in ("target", "done", "gap", "rate")
        }
        # whole percent: as shown, and a peer's small correction leaves this report as it is
        middle = round(statistics.median(rates), 2) if rates else None
        figures.append({"label": label, "measure": measure, **values,
                        "peer_rate": middle, "peers": len(rates)})  # fmt: skip
    return figures


def _summary(review: "Review", unit: Unit) -> dict[str, Any]:
    row = _row(review.summaries, unit.code)
    heads = [{"title": head.title, "held": words.plain(row.get(head.id))}
             for head in review.round.notice.summary.heads]  # fmt: skip
    return {"heads": heads, "level": words.plain(row.get("level"))}


def _nominee(review: "Review", case: Case, findings: Iterable[Finding]) -> dict[str, Any]:
    own = [found for found in findings if found.case == case.id]
    counts = Counter(found.severity.label for found in own)
    placed = words.records(review.shortlist[review.shortlist["case"] == case.id])
    open_ = overall.about(review)["revealed"] and placed
    return {
        "case": case.id, "kind": KIND_TITLES[case.kind], "rank": case.rank,
        "name": mask_text(case.name), "eligible": case.eligible,
        "reasons": words.reasons(case.reasons), "counts": dict(sorted(counts.items())),
        "people_lifted": case.nominee.people_lifted, "service_days": case.nominee.service_days,
        "status": STATUS_TITLES.get(placed[0]["status"]) if open_ else None,
        "reason": words.clean(placed[0]["reason"]) if open_ and placed[0]["reason"] else "",
    }  # fmt: skip


def _exhibition(review: "Review", unit: Unit) -> dict[str, Any]:
    row = _row(review.exhibition, unit.code)
    parts = [{"title": part.title, "held": words.plain(row.get(part.id))}
             for part in review.round.notice.exhibition.parts]  # fmt: skip
    known = {key: words.plain(row.get(key)) for key in ("pictures", "pictures_ok", "state")}
    return {"parts": parts, **known}


def _receipts(review: "Review", unit: Unit) -> list[dict[str, Any]]:
    frame = review.receipts[review.receipts["unit"] == unit.code]
    timezone = review.round.notice.round.timezone
    return [
        {
            "receipt": int(row["receipt"]),
            "received": words.moment(row["received"], timezone),
            "subject": mask_text(words.clean(row["subject"])),
            "files": int(row["files"]),
            "kinds": words.kinds(row["kinds"]),
            "late": bool(row["late"]),
            "note": words.clean(row["note"]),
        }
        for row in words.records(frame.sort_values("receipt"))
    ]
