"""Earlier commendation (clause 二): only those commended since 2016 may be recommended."""

from collections.abc import Iterable, Mapping
from difflib import SequenceMatcher

from kjfp_helpers.findings import Finding
from kjfp_helpers.names import plain
from kjfp_helpers.records import Case
from kjfp_helpers.rules import Commendation, Round

NEAR = 0.75
"""Names at least this alike (0-1) in one unit are put before a person, never decided."""

_BOX = {"team": "team_name", "individual": "name"}
"""The field that holds the nominee's name."""


def register(round: Round) -> tuple[Commendation, ...]:
    """Return the rows that count, by the ruling on lists and since the notice's year."""
    only_national = round.notice.ruling.earlier_lists.value == "national"
    return tuple(
        row
        for row in round.commended
        if row.year >= round.notice.round.since and (row.level == "全国" or not only_national)
    )


def match(
    round: Round, cases: Iterable[Case]
) -> tuple[Mapping[str, tuple[Commendation, ...]], list[Finding]]:
    """Look every case up in the register.

    Returns
    -------
    Mapping
        Case id to the rows that show its earlier commendations: same kind, same plain name,
        same unit. Cases without one are left out.
    list of Finding
        ``commended_near`` where a name is alike or stands under another unit (a person decides),
        ``not_commended`` where nothing is near.
    """
    rows: dict[tuple[str, str], list[Commendation]] = {}
    for row in register(round):
        rows.setdefault((row.kind, plain(row.name)), []).append(row)
    evidence, findings = {}, []
    for case in cases:
        namesakes = rows.get((case.kind, plain(case.name)), [])
        own = tuple(row for row in namesakes if row.unit == case.unit)
        if own:
            evidence[case.id] = own
        else:
            findings.append(_unmatched(round, case, namesakes))
    return evidence, findings


def _unmatched(round: Round, case: Case, namesakes: list[Commendation]) -> Finding:
    near = namesakes[0] if namesakes else _nearest(round, case)
    who = "团队" if case.kind == "team" else "人"
    expected = f"{round.notice.round.since}年以来曾获表扬名单中有此{who}"
    found = "名单中没有"
    if near:
        unit = round.unit_by_code[near.unit].short_name
        found = f"名单中有{near.year}年{unit}“{near.name}”"
    return Finding(
        code="commended_near" if near else "not_commended", unit=case.unit, case=case.id,
        source=case.record.source, place=case.record.provenance.get(_BOX[case.kind], ""),
        expected=expected, found=found,
    )  # fmt: skip


def _nearest(round: Round, case: Case) -> Commendation | None:
    """Return the row of the same unit and kind whose name is most alike, if any is near."""
    name = plain(case.name)
    rows = [row for row in register(round) if row.unit == case.unit and row.kind == case.kind]
    scored = [(SequenceMatcher(None, name, plain(row.name)).ratio(), row) for row in rows]
    likeness, best = max(scored, key=lambda pair: pair[0], default=(0.0, None))
    return best if likeness >= NEAR else None
