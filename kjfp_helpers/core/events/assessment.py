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

    A later confirmation takes the place of an earlier one.
    """

    results: Mapping[str, tuple[float, str]]
    document: str
    reason: str
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
)
"""Kinds of event that the assessment is folded from, besides ``SummaryAssessed``."""
