"""Break ties by the steps of the ruling ``ties``, never by file order or id."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from kjfp_helpers.core.records import Case
from kjfp_helpers.selection.ranking.case_values import DECIMALS


@dataclass(frozen=True)
class TieGroup:
    """Cases that are tied: one as a rule; ``cases`` in order of id for display only.

    ``step`` is the tie-break step that set them apart from ``equals``, ``""`` where the
    value alone did; ``equals`` are the other cases of the same value.
    """

    cases: tuple[str, ...]
    step: str = ""
    equals: tuple[str, ...] = ()


TieBreakValues = Mapping[str, Mapping[str, float | None]]
"""Step to case to what is compared there; ``None`` is missing."""


def tie_break_values(
    cases: Iterable[Case], means: Mapping[str, float], commendations: Mapping[str, int]
) -> TieBreakValues:
    """Return what each tie-break step compares."""
    cases = tuple(cases)
    return {
        "mean": {case.id: means.get(case.id) for case in cases},
        "commendations": {case.id: commendations.get(case.id) for case in cases},
        "people_lifted": {case.id: case.nominee.people_lifted for case in cases},
        "service_days": {case.id: case.nominee.service_days for case in cases},
    }


def order_cases(
    values: Mapping[str, float], tie_break_values: TieBreakValues, steps: Sequence[str]
) -> tuple[TieGroup, ...]:
    """Return the cases best first, those that no step separates together.

    A step that lacks a figure for one of the tied separates none of them: missing is neither
    the least nor the most.
    """
    return tuple(
        TieGroup(cases, step, tuple(sorted(set(level) - set(cases))))
        for level in _group_equal({case: round(value, DECIMALS) for case, value in values.items()})
        for cases, step in _split_tied(level, tie_break_values, tuple(steps), "")
    )


def _split_tied(
    cases: tuple[str, ...], figures: TieBreakValues, steps: tuple[str, ...], parted: str
) -> list[tuple[tuple[str, ...], str]]:
    if len(cases) == 1 or not steps:
        return [(cases, parted)]
    found = {case: figures[steps[0]][case] for case in cases}
    given = {case: round(value, DECIMALS) for case, value in found.items() if value is not None}
    levels = _group_equal(given) if len(given) == len(cases) else [cases]
    step = steps[0] if len(levels) > 1 else parted
    return [done for level in levels for done in _split_tied(level, figures, steps[1:], step)]


def _group_equal(values: Mapping[str, float]) -> list[tuple[str, ...]]:
    levels: dict[float, list[str]] = {}
    for case in sorted(values):
        levels.setdefault(values[case], []).append(case)
    return [tuple(levels[value]) for value in sorted(levels, reverse=True)]
