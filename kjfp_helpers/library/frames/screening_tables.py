"""Frames of the checks: completeness, findings, notice systems, duplicates, prior awards."""

from collections.abc import Iterator
from typing import Any

import pandas as pd

from kjfp_helpers.library.frames.frame_shaping import with_cases
from kjfp_helpers.state import RoundState
from kjfp_helpers.state.secretary.publication_gates import open_findings

EXCERPT_CHARS = 60
"""Characters shown of the longest shared passage."""


def tabulate_completeness(state: RoundState) -> pd.DataFrame:
    """Return unit by document: did it arrive, and is it in order."""
    return state.screening.completeness


def tabulate_findings(state: RoundState) -> Iterator[dict[str, Any]]:
    """Yield the findings with whether they are still open."""
    units, still_open = state.round.unit_by_code, set(open_findings(state))
    for finding in state.screening.findings:
        kind = finding.finding_type
        yield {
            "unit": finding.unit,
            "unit_name": units[finding.unit].short_name if finding.unit in units else "",
            "case": finding.case,
            "code": finding.code,
            "title": kind.title,
            "severity": kind.severity.value,
            "clause": kind.clause,
            "field": finding.field,
            "place": finding.place,
            "source": finding.source,
            "expected": finding.expected,
            "found": finding.found,
            "advice": kind.advice,
            "open": finding in still_open,
        }


def tabulate_stocktake(state: RoundState) -> pd.DataFrame:
    """Return every unit's figures against its targets."""
    return state.screening.stocktake


def tabulate_spot_check(state: RoundState) -> pd.DataFrame:
    """Return the units drawn for the spot check."""
    return state.screening.spot_check


def tabulate_summaries(state: RoundState) -> pd.DataFrame:
    """Return every unit's summary: parts and assessment."""
    heads = {head.id: f"section_{head.id}" for head in state.round.notice.summary.heads}
    return state.screening.summaries.rename(columns=heads)


def tabulate_exhibits(state: RoundState) -> pd.DataFrame:
    """Return every unit's exhibit: parts and pictures."""
    parts = {part.id: f"part_{part.id}" for part in state.round.notice.exhibition.parts}
    names = {unit.code: unit.short_name for unit in state.round.units}
    frame = state.screening.exhibition.rename(columns=parts)
    return frame.assign(unit_name=frame["unit"].map(names))


def tabulate_story_lengths(state: RoundState) -> pd.DataFrame:
    """Return the three counts of every story."""
    return with_cases(state, state.screening.lengths)


def tabulate_overlaps(state: RoundState) -> Iterator[dict[str, Any]]:
    """Yield the pairs of stories that share passages."""
    cases, units = state.screening.case_by_id, state.round.unit_by_code
    for overlap in state.screening.overlaps:
        one, other = cases[overlap.one], cases[overlap.other]
        spans = [(found.one_start, found.one_end) for found in overlap.passages]
        start, end = max(spans, key=lambda span: span[1] - span[0], default=(0, 0))
        text = " ".join((one.nominee.story or "")[start:end].split())
        yield {
            "one": one.id,
            "one_name": one.name,
            "one_unit": units[one.unit].short_name,
            "other": other.id,
            "other_name": other.name,
            "other_unit": units[other.unit].short_name,
            "share": min(overlap.share, 1.0),
            "passages": len(spans),
            "longest": end - start,
            "reworded": overlap.reworded,
            "excerpt": f"{text[:EXCERPT_CHARS]}…" if len(text) > EXCERPT_CHARS else text,
        }


def tabulate_prior_awards(state: RoundState) -> pd.DataFrame:
    """Return the rows of the register that may speak of a nominee."""
    return with_cases(state, state.screening.evidence)
