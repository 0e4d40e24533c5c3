"""Earlier commendation (clause 二): only those commended since 2016 may be recommended."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rapidfuzz import fuzz

from kjfp_helpers.core.findings import Finding
from kjfp_helpers.core.records import Case, Individual
from kjfp_helpers.core.text_normalization import alnum_key
from kjfp_helpers.eligibility.duplicates.organisation_names import (
    NormalizedName,
    is_same_employer,
    normalize_org_name,
)
from kjfp_helpers.eligibility.history.versions import nominee_name
from kjfp_helpers.rules import Commendation, Round

if TYPE_CHECKING:
    import pandas as pd

MIN_SIMILARITY = 75
"""Names at least this alike (0-100) in one unit are put before a person, never decided."""
MIN_SIMILARITY_SAME_EMPLOYER = 50
"""The same for persons of the same employer: one sign of a short name may be mistyped."""
MAX_SIMILAR_ENTRIES = 3
"""Near names told of one case."""
EVIDENCE = (
    "case unit name year level row listed_name listed_unit listed_employer document how sure"
).split()

_BOX = {"team": "team_name", "individual": "name"}
"""The field that holds the nominee's name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterMatch:
    """A row of the register that may speak of a nominee.

    ``row`` counts the entries of ``commended.csv`` from 1, without its head and blank lines;
    ``how`` says in Chinese in what the two agree; only a ``sure`` one counts as a commendation.
    """

    case: str
    row: int
    listed: Commendation
    how: str
    sure: bool


@dataclass(frozen=True, slots=True)
class _Entry:
    """A row of the register with its number and the two forms of its name."""

    row: int
    listed: Commendation
    name: str
    short: NormalizedName


def countable_entries(round: Round) -> tuple[_Entry, ...]:
    """Return the entries that count, by the ruling on lists and since the notice's year."""
    only_national = round.notice.ruling.earlier_lists.value == "national"
    return tuple(
        _Entry(number, row, alnum_key(row.name), normalize_org_name(row.name))
        for number, row in enumerate(round.commended, start=1)
        if row.year >= round.notice.round.since and (row.level == "全国" or not only_national)
    )


def match_register(
    round: Round, cases: Iterable[Case]
) -> tuple[tuple[RegisterMatch, ...], list[Finding]]:
    """Look every case up in the register.

    Returns
    -------
    tuple of Match
        What was found of each case. Sure are: the same name in the same unit, unless the two
        name different employers; and the short form of one name of that unit alone. All else
        waits for a person.
    list of Finding
        ``commended_near`` where nothing sure was found but something like it,
        ``not_commended`` where nothing is near.
    """
    shelves: dict[tuple[str, str], list[_Entry]] = {}
    for entry in countable_entries(round):
        for form in {entry.name, entry.short.text}:
            shelves.setdefault((entry.listed.kind, form), []).append(entry)
        shelves.setdefault((entry.listed.kind, f"@{entry.listed.unit}"), []).append(entry)
    matches: list[RegisterMatch] = []
    findings = []
    for case in cases:
        case_matches = _match_case(case, shelves)
        matches += case_matches
        if not any(match.sure for match in case_matches):
            findings.append(_unmatched_finding(round, case, case_matches))
    return tuple(matches), findings


def entries_by_case(matches: Iterable[RegisterMatch]) -> Mapping[str, tuple[Commendation, ...]]:
    """Return case id to the rows that count; cases without one are left out."""
    counted: dict[str, tuple[Commendation, ...]] = {}
    for match in matches:
        if match.sure:
            counted[match.case] = (*counted.get(match.case, ()), match.listed)
    return counted


def tabulate_evidence(
    round: Round, cases: Iterable[Case], matches: Iterable[RegisterMatch]
) -> "pd.DataFrame":
    """Return a row a match.

    Returns
    -------
    DataFrame
        ``case unit name year level row listed_name listed_unit listed_employer document how
        sure``; ``listed_unit`` is the short name of a unit.
    """
    import pandas as pd

    by_id = {case.id: case for case in cases}
    rows = [
        {
            "case": match.case,
            "unit": by_id[match.case].unit,
            "name": by_id[match.case].name,
            "year": match.listed.year,
            "level": match.listed.level,
            "row": match.row,
            "listed_name": match.listed.name,
            "listed_unit": round.unit_by_code[match.listed.unit].short_name,
            "listed_employer": match.listed.employer,
            "document": match.listed.document,
            "how": match.how,
            "sure": match.sure,
        }
        for match in matches
    ]
    return pd.DataFrame(rows, columns=EVIDENCE)


def _match_case(case: Case, shelves: Mapping[tuple[str, str], list[_Entry]]) -> list[RegisterMatch]:
    """Return the entries of the same name, of the same short form, else those that are near."""
    if not nominee_name(case.record):
        return []
    name, short = alnum_key(case.name), normalize_org_name(case.name)
    same = [entry for entry in shelves.get((case.kind, name), []) if entry.name == name]
    alike = [
        entry
        for entry in shelves.get((case.kind, short.text), [])
        if case.kind == "team" and entry.short.agrees(short) and entry.name != name
    ]
    alone = _is_alone(case, same, alike)
    matches = [_same_name(case, entry) for entry in same]
    matches += [_same_short(case, entry, alone) for entry in alike]
    if not any(match.sure for match in matches):
        near = _similar_entries(case, shelves.get((case.kind, f"@{case.unit}"), []))
        matches += [
            _match(case, entry, "近似", False)
            for entry in near
            if entry not in same and entry not in alike
        ]
    return sorted(matches, key=lambda match: match.row)


def _same_name(case: Case, entry: _Entry) -> RegisterMatch:
    if entry.listed.unit != case.unit:
        employer = ""
        if is_same_employer(_employer(case), entry.listed.employer):
            employer = "，同工作单位"
        return _match(case, entry, f"同名异单位{employer}", False)
    if _employer(case) and entry.listed.employer and case.kind == "individual":
        if alnum_key(_employer(case)) == alnum_key(entry.listed.employer):
            return _match(case, entry, "同名同单位", True)
        if is_same_employer(_employer(case), entry.listed.employer):
            return _match(case, entry, "同名，工作单位简称相合", True)
        return _match(case, entry, "同名异工作单位", False)
    return _match(case, entry, "同名同单位", True)


def _is_alone(case: Case, same: Sequence[_Entry], alike: Sequence[_Entry]) -> bool:
    """Whether one name of the unit alone has the short form: two in one year are two teams."""
    of_unit = [entry for entry in alike if entry.listed.unit == case.unit]
    years = {entry.listed.year for entry in same if entry.listed.unit == case.unit}
    if len({entry.name for entry in of_unit}) != 1:
        return False
    return not years & {entry.listed.year for entry in of_unit}


def _same_short(case: Case, entry: _Entry, alone: bool) -> RegisterMatch:
    rules = dict.fromkeys((*normalize_org_name(case.name).rules, *entry.short.rules))
    how = f"简称相合（{'；'.join(rules)}）"
    if entry.listed.unit != case.unit:
        return _match(case, entry, f"{how}，异单位", False)
    if not alone:
        return _match(case, entry, f"{how}，名单中另有相合者", False)
    return _match(case, entry, how, True)


def _match(case: Case, entry: _Entry, how: str, sure: bool) -> RegisterMatch:
    return RegisterMatch(case=case.id, row=entry.row, listed=entry.listed, how=how, sure=sure)


def _employer(case: Case) -> str:
    body = case.nominee
    return (body.employer or "") if isinstance(body, Individual) else ""


def _similar_entries(case: Case, entries: Sequence[_Entry]) -> list[_Entry]:
    """Return the entries of the unit whose names are most similar, the most similar first."""
    name, short, employer = alnum_key(case.name), normalize_org_name(case.name), _employer(case)
    scored = [
        (max(fuzz.ratio(name, entry.name), fuzz.ratio(short.text, entry.short.text)), entry)
        for entry in entries
    ]
    likely = [
        (-score, entry.row, entry)
        for score, entry in scored
        if score >= MIN_SIMILARITY
        or (
            score >= MIN_SIMILARITY_SAME_EMPLOYER
            and is_same_employer(employer, entry.listed.employer)
        )
    ]
    return [entry for *_order, entry in sorted(likely)[:MAX_SIMILAR_ENTRIES]]


def _unmatched_finding(round: Round, case: Case, matches: Sequence[RegisterMatch]) -> Finding:
    who = "团队" if case.kind == "team" else "人"
    code, found = "not_commended", "名单中没有"
    if matches:
        entries = [_describe_match(round, match) for match in matches[:MAX_SIMILAR_ENTRIES]]
        code, found = "commended_near", f"名单中有{'、'.join(entries)}"
    return case.finding(
        code,
        _BOX[case.kind],
        f"{round.notice.round.since}年以来曾获表扬名单中有此{who}",
        found,
    )


def _describe_match(round: Round, match: RegisterMatch) -> str:
    entry, unit = match.listed, round.unit_by_code[match.listed.unit].short_name
    return f"{entry.year}年{unit}“{entry.name}”（第{match.row}条，{match.how}）"
