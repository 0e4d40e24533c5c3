"""Quotas of nominations per unit (clause 二); over-quota sets wait until the unit chooses."""

from collections import Counter
from collections.abc import Iterable, Sequence

from kjfp_helpers.core.events import Event, EventLog, NomineesChosen
from kjfp_helpers.core.findings import Finding
from kjfp_helpers.core.records import (
    KIND_MEASURES,
    KIND_TITLES,
    NOMINEE_KINDS,
    Case,
    NomineeKind,
    kind_of_case,
)
from kjfp_helpers.eligibility.unreadable_nominations import UnreadableForm
from kjfp_helpers.rules import Round, Unit


def check_quotas(
    round: Round,
    cases: Sequence[Case],
    events: Iterable[Event],
    unread: Iterable[UnreadableForm] = (),
) -> list[Finding]:
    """Check each unit's nominations against its quota.

    ``unread`` are nominations whose form cannot be read: a unit that sent enough forms is not
    asked for more, whatever the files are.

    Returns
    -------
    list of Finding
        ``over_quota`` and ``under_minimum``, one per unit and kind; ``case`` is ``""`` when
        the whole set is meant, else the case that stands beyond the quota or was not chosen.
    """
    chosen = latest_choices(events)
    groups: dict[tuple[str, str], list[Case]] = {}
    unread_counts = Counter((form.unit, form.kind) for form in unread)
    for case in cases:
        groups.setdefault((case.unit, case.kind), []).append(case)
    findings = []
    for unit in round.units:
        for kind in NOMINEE_KINDS:
            group = groups.get((unit.code, kind), [])
            chosen_cases = _chosen_cases(chosen.get((unit.code, kind)))
            least = round.quota(unit).of(kind).least - unread_counts[unit.code, kind]
            findings += _check_unit(round, unit, kind, group, chosen_cases, least)
    return findings


def latest_choices(events: Iterable[Event]) -> dict[tuple[str, str], Event]:
    """Return the last choice by unit and kind; a reply about teams leaves persons as they were."""
    choices: dict[tuple[str, str], Event] = {}
    for event in EventLog(events).of(NomineesChosen):
        body = event.body
        for kind in (body.kind,) if body.kind else NOMINEE_KINDS:
            if any(kind_of_case(case) == kind for case in body.cases):
                choices[body.unit, kind] = event
            elif body.kind:
                choices.pop((body.unit, kind), None)
    return choices


def _chosen_cases(choice: Event | None) -> tuple[str, ...]:
    if choice and isinstance(choice.body, NomineesChosen):
        return choice.body.cases
    return ()


def _check_unit(
    round: Round,
    unit: Unit,
    kind: NomineeKind,
    group: Sequence[Case],
    chosen: tuple[str, ...],
    least: int,
) -> list[Finding]:
    limits = round.quota(unit).of(kind)
    title, measure = KIND_TITLES[kind], KIND_MEASURES[kind]
    found = f"推荐{len(group)}{measure}"

    def finding(code: str, expected: str, case: str = "") -> Finding:
        return Finding(
            code=code, unit=unit.code, case=case, field=kind, expected=expected, found=found
        )

    if group and len(group) < least:
        expected = f"{title}{limits.least}至{limits.most}{measure}"
        return [finding("under_minimum", expected)]
    if len(group) <= limits.most:
        return []
    excess = excess_cases(round, group, limits.most, chosen)
    expected = f"{title}不超过{limits.most}{measure}"
    if len(excess) == len(group):
        return [finding("over_quota", expected)]
    return [finding("over_quota", expected, case) for case in excess]


def excess_cases(
    round: Round, group: Sequence[Case], maximum: int, chosen: tuple[str, ...]
) -> list[str]:
    """Return the ids that may not go on: those not chosen, or beyond the order, or all."""
    kept = [case.id for case in group if case.id in chosen]
    if not kept and round.notice.ruling.over_quota.value == "keep_order":
        kept = [case.id for case in sorted(group, key=lambda case: case.rank)][:maximum]
    if len(kept) > maximum:
        kept = []
    return [case.id for case in group if case.id not in kept]
