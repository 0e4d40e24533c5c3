"""Events of the assessment of units (考核, clause 二), besides what readers record."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class SummaryReadingsAssigned:
    """Who reads which summaries; the last assignment holds.

    ``readings`` maps a reader's account to unit codes in reading order; ``digest`` is its SHA-256.
    """

    readings: Mapping[str, tuple[str, ...]]
    seed: int
    digest: str


@dataclass(frozen=True, kw_only=True)
class AssessmentPointsRuled:
    """The office decides the points of an indicator of a unit; the last ruling holds.

    For readers who differ, a missing figure, a self-score that does not hold. ``points`` None takes
    the ruling back.
    """

    unit: str
    indicator: str
    points: float | None
    reason: str
    document: str
    by: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class AssessmentConfirmed:
    """The results of the assessment as approved: unit to its points and grade.

    ``absent`` are the units without a summary that are treated as of the lowest grade, by the rule
    of the scheme. A later confirmation takes the place of an earlier one.
    """

    results: Mapping[str, tuple[float, str]]
    document: str
    reason: str
    by: tuple[str, ...]
    absent: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class SummaryReaderReleased:
    """A reader reads no more summaries; the last word on a reader holds.

    What was read stays and counts, the rest goes to ``substitute`` (another reader's account, blank
    for whoever is free). ``released`` false takes the release back.
    """

    reader: str
    released: bool
    substitute: str
    reason: str
    document: str
    by: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class SummaryHeadsRuled:
    """The office decides whether a summary holds a head on which its readers differ.

    ``heads`` maps a head to that, None takes an earlier ruling back; ``record`` is the summary.
    """

    unit: str
    record: str
    heads: Mapping[str, bool | None]
    reason: str
    document: str
    by: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class SummarySetAside:
    """A summary that cannot be read waits by itself, or is not assessed; the last word holds.

    ``how`` is ``asked`` (the unit is asked for another file), ``set_aside`` (no grade, without
    effect on nominees), ``""`` takes it back.
    """

    unit: str
    how: str
    reason: str
    document: str
    by: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class ExperienceTagged:
    """A passage of a summary is a typical experience, offered to the exhibition; the last holds.

    ``mark`` identifies the passage (a part of its SHA-256), ``excerpt`` are its words, ``record``
    the summary. ``tagged`` false takes the tag back.
    """

    unit: str
    mark: str
    tagged: bool
    title: str
    excerpt: str
    record: str
    reader: str


ASSESSMENT_KINDS: tuple[type, ...] = (
    SummaryReadingsAssigned,
    AssessmentPointsRuled,
    AssessmentConfirmed,
    ExperienceTagged,
    SummaryReaderReleased,
    SummarySetAside,
)
"""Kinds of event that the assessment is folded from, besides those on the heads of a summary."""
