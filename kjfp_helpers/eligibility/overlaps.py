"""The same person, team or words more than once, across units and across the two forms."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from itertools import combinations

from kjfp_helpers.eligibility.versions import name_of
from kjfp_helpers.findings import Finding
from kjfp_helpers.names import plain
from kjfp_helpers.records import Case, Individual, Team
from kjfp_helpers.rules import Round

SHINGLE = 13
"""Characters in a row that two writers hardly ever share by chance."""
COPIED = 0.3
"""Share of the shorter deeds' shingles found in the other from which a question is asked."""


def check(round: Round, cases: Sequence[Case]) -> list[Finding]:
    """Return the findings on repeated persons, teams and deeds, each on every case involved."""
    people = [case for case in cases if case.kind == "individual"]
    teams = [case for case in cases if case.kind == "team"]
    findings = _repeated("duplicate_person", people, _person)
    findings += _repeated("duplicate_team", teams, lambda case: plain(name_of(case.record)))
    if round.notice.ruling.leader.value != "allow":
        findings += _leaders(teams, people)
    return findings + _copied(cases)


def _person(case: Case) -> str:
    """Return what one person has alone: the identity number, else name and employer together."""
    body = case.nominee
    assert isinstance(body, Individual)
    name, employer = plain(body.name), plain(body.employer)
    return body.id_number or (f"{name} {employer}" if name and employer else "")


def _repeated(code: str, cases: Iterable[Case], key: Callable[[Case], str]) -> list[Finding]:
    groups: dict[str, list[Case]] = defaultdict(list)
    for case in cases:
        groups[key(case)].append(case)
    return [
        _finding(code, case, "只推荐一次", f"另有{_ids(group, case)}")
        for name, group in groups.items()
        if name and len(group) > 1
        for case in group
    ]


def _leaders(teams: Iterable[Case], people: Iterable[Case]) -> list[Finding]:
    """Find individuals who lead a recommended team: same name, and same unit or same phone."""
    leaders: dict[str, list[Case]] = defaultdict(list)
    for team in teams:
        assert isinstance(team.nominee, Team)
        leaders[plain(team.nominee.leader_name)].append(team)
    findings = []
    for case in people:
        led = [team for team in leaders.get(plain(case.name), []) if _same_person(team, case)]
        if led:
            found = f"又是团队{_ids(led, case)}负责人"
            findings.append(_finding("leader_also_individual", case, "不兼报", found))
    return findings


def _same_person(team: Case, case: Case) -> bool:
    leader, person = team.nominee, case.nominee
    assert isinstance(leader, Team) and isinstance(person, Individual)
    return team.unit == case.unit or (
        person.phone is not None and leader.leader_phone == person.phone
    )


def _copied(cases: Iterable[Case]) -> list[Finding]:
    """Find deeds that share long passages, by shingles (Broder 1997) and an inverted index."""
    shingles = {case.id: _shingles(case.nominee.story or "") for case in cases}
    holders: dict[str, list[str]] = defaultdict(list)
    for case_id, parts in shingles.items():
        for part in parts:
            holders[part].append(case_id)
    shared = Counter(pair for ids in holders.values() for pair in combinations(ids, 2))
    alike: dict[str, list[tuple[str, float]]] = defaultdict(list)
    for (one, other), number in shared.items():
        share = number / min(len(shingles[one]), len(shingles[other]))
        if share >= COPIED:
            alike[one].append((other, share))
            alike[other].append((one, share))
    return [
        _finding("copied_text", case, "事迹各自撰写",
                 "、".join(f"与{other}雷同{share:.0%}" for other, share in sorted(alike[case.id])))
        for case in cases if case.id in alike
    ]  # fmt: skip


def _shingles(text: str) -> set[str]:
    letters = plain(text)
    return {letters[start : start + SHINGLE] for start in range(len(letters) - SHINGLE + 1)}


def _ids(group: Iterable[Case], but: Case) -> str:
    return "、".join(case.id for case in group if case.id != but.id)


def _finding(code: str, case: Case, expected: str, found: str) -> Finding:
    return Finding(
        code=code, unit=case.unit, case=case.id, source=case.record.source,
        expected=expected, found=found,
    )  # fmt: skip
