"""How many a unit may recommend (clause 二): over-quota sets are held, the unit chooses."""

from collections.abc import Iterable, Sequence

from kjfp_helpers.events import Event, NomineesChosen
from kjfp_helpers.findings import Finding
from kjfp_helpers.records import KIND_TITLES, KINDS, Case, Kind, kind_of
from kjfp_helpers.rules import Round, Unit


def check(round: Round, cases: Sequence[Case], events: Iterable[Event]) -> list[Finding]:
    """Hold each unit's nominations against its quota.

    Returns
    -------
    list of Finding
        ``over_quota`` and ``under_minimum``, one per unit and kind; ``case`` is ``""`` when
        the whole set is meant, else the case that stands beyond the quota or was not chosen.
    """
    chosen = _chosen(events)
    findings = []
    for unit in round.units:
        for kind in KINDS:
            group = [case for case in cases if case.unit == unit.code and case.kind == kind]
            findings += _check(round, unit, kind, group, chosen.get((unit.code, kind), ()))
    return findings


def _chosen(events: Iterable[Event]) -> dict[tuple[str, str], tuple[str, ...]]:
    """Return the last choice by unit and kind; a reply about teams leaves persons as they were."""
    chosen: dict[tuple[str, str], tuple[str, ...]] = {}
    for body in (event.body for event in events):
        if isinstance(body, NomineesChosen):
            for kind in KINDS:
                named = tuple(case for case in body.cases if kind_of(case) == kind)
                chosen.update({(body.unit, kind): named} if named else {})
    return chosen


def _check(
    round: Round, unit: Unit, kind: Kind, group: Sequence[Case], chosen: tuple[str, ...]
) -> list[Finding]:
    quota = round.quota(unit)
    limits = quota.teams if kind == "team" else quota.individuals
    title, number = KIND_TITLES[kind], len(group)
    if number < limits.least and group:
        expected = f"{title}{limits.least}至{limits.most}"
        return [
            Finding(
                code="under_minimum",
                unit=unit.code,
                field=kind,
                expected=expected,
                found=f"{number}",
            )
        ]
    if number <= limits.most:
        return []
    expected = f"{title}不超过{limits.most}"
    out = beyond(round, group, limits.most, chosen)
    whole = len(out) == number
    return [
        Finding(
            code="over_quota",
            unit=unit.code,
            case=case,
            field=kind,
            expected=expected,
            found=f"{number}",
        )
        for case in ([""] if whole else out)
    ]


def beyond(round: Round, group: Sequence[Case], most: int, chosen: tuple[str, ...]) -> list[str]:
    """Return the ids that may not go on: those not chosen, or beyond the order, or all."""
    kept = [case.id for case in group if case.id in chosen]
    if not kept and round.notice.ruling.over_quota.value == "keep_order":
        kept = [case.id for case in sorted(group, key=lambda case: case.rank)][:most]
    if len(kept) > most:
        kept = []
    return [case.id for case in group if case.id not in kept]
