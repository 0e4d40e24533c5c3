"""Duplicate nominations: the same person, team or story, across units and both forms."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import combinations

from kjfp_helpers.core.findings import Finding
from kjfp_helpers.core.form_schema import FORMS, INDICATORS, STOCKTAKE_TITLE
from kjfp_helpers.core.records import Case, Individual, Team
from kjfp_helpers.core.text_normalization import alnum_key, normalize_text
from kjfp_helpers.eligibility.duplicates.organisation_names import is_same_employer
from kjfp_helpers.eligibility.duplicates.text_overlap import Overlap, decode_overlaps, find_overlaps
from kjfp_helpers.eligibility.history.versions import nominee_name
from kjfp_helpers.infra.cache import CachedCall, call_uncached
from kjfp_helpers.intake.common.parsed_value import is_identity_number
from kjfp_helpers.intake.common.text_cleanup import quote_for_finding
from kjfp_helpers.rules import Round

MAX_NAMED_CASES = 3
"""Maximum of other cases that a finding names."""
MIN_SHARED_EXPERTS = 3
"""Minimum of shared experts, besides the leader, of one team under two names."""

Same = Callable[[Case, Case], str]


def find_shared_stories(
    round: Round, cases: Iterable[Case], cached_call: CachedCall = call_uncached
) -> tuple[Overlap, ...]:
    """Return the stories that share long passages; phrases of the notice are ignored."""
    stories = {case.id: case.nominee.story or "" for case in cases}
    return cached_call(find_overlaps, stories, notice_phrases(round), decode=decode_overlaps)


def notice_phrases(round: Round) -> list[str]:
    """Return the phrases of the notice, its forms and indicators, which everybody uses."""
    about, notice = round.notice.round, round.notice
    heads = [*notice.summary.heads, *notice.exhibition.parts]
    stock = [about.title, about.office, about.document, notice.exhibition.title, STOCKTAKE_TITLE]
    stock += [form.title for form in FORMS]
    stock += [field.label for form in FORMS for field in form.fields]
    return [*stock, *(one.label for one in INDICATORS), *(head.title for head in heads)]


def check_duplicates(
    round: Round, cases: Sequence[Case], shared: Iterable[Overlap]
) -> list[Finding]:
    """Return the findings on repeated persons, teams and stories, each on every case involved."""
    people = [case for case in cases if case.kind == "individual"]
    teams = [case for case in cases if case.kind == "team"]
    findings = _check_repeats(round, "duplicate_person", people, _person_keys, _same_person)
    findings += _check_repeats(round, "duplicate_team", teams, _team_keys, _same_team)
    if round.notice.ruling.leader.value != "allow":
        findings += _check_team_leaders(round, teams, people)
    return findings + _check_shared_stories(round, cases, shared)


def _check_repeats(
    round: Round,
    code: str,
    cases: Iterable[Case],
    keys: Callable[[Case], Iterable[str]],
    same: Same,
) -> list[Finding]:
    """Compare the cases that share a key; ``same`` returns why two are the same, ``""`` if not."""
    groups: dict[str, list[Case]] = defaultdict(list)
    for case in cases:
        for key in keys(case):
            groups[key].append(case)
    others: dict[str, dict[str, str]] = defaultdict(dict)
    by_id = {case.id: case for group in groups.values() for case in group}
    for group in groups.values():
        for first, second in combinations(group, 2):
            if why := same(first, second):
                others[first.id][second.id] = others[second.id][first.id] = why
    return [
        by_id[name].finding(
            code,
            _NAME_BOX[by_id[name].kind],
            "只推荐一次",
            "、".join(
                f"{describe_case(round, by_id[name], by_id[other])}（{why}）"
                for other, why in sorted(others[name].items())
            ),
        )
        for name in sorted(others)
    ]


_NAME_BOX = {"team": "team_name", "individual": "name"}


def _person_keys(case: Case) -> Iterator[str]:
    person = _individual(case)
    if number := identity_key(person.id_number):
        yield number
    if name := alnum_key(person.name):
        yield name


def _same_person(first_case: Case, second_case: Case) -> str:
    """Return why two nominations are of one person; valid numbers that differ mean two."""
    first, second = _individual(first_case), _individual(second_case)
    numbers = identity_key(first.id_number), identity_key(second.id_number)
    if numbers[0] and numbers[0] == numbers[1]:
        return "身份证号码相同"
    if alnum_key(first.name) != alnum_key(second.name) or not alnum_key(first.name):
        return ""
    if _is_valid_id(first.id_number) and _is_valid_id(second.id_number):
        return ""
    if is_same_employer(first.employer, second.employer):
        return "姓名、工作单位相同"
    if _same_phone(first.phone, second.phone):
        return "姓名、联系方式相同"
    return ""


def identity_key(number: str | None) -> str:
    """Return the comparison key of an identity number, equal for its 15 and 18 digit forms."""
    digits = re.sub(r"[^0-9X]", "", normalize_text(number).upper())
    if len(digits) == 18:
        return digits[:6] + digits[8:17]
    return digits if len(digits) == 15 else ""


def _is_valid_id(number: str | None) -> bool:
    return is_identity_number(normalize_text(number).upper())


def _same_phone(first: str | None, second: str | None) -> bool:
    digits = [re.sub(r"\D", "", normalize_text(number))[-11:] for number in (first, second)]
    return len(digits[0]) >= 7 and digits[0] == digits[1]


def _individual(case: Case) -> Individual:
    assert isinstance(case.nominee, Individual)
    return case.nominee


def _team(case: Case) -> Team:
    assert isinstance(case.nominee, Team)
    return case.nominee


def _team_keys(case: Case) -> Iterator[str]:
    if name := alnum_key(nominee_name(case.record)):
        yield name
    if leader := alnum_key(_team(case).leader_name):
        yield f"@{leader}"


def _same_team(first_case: Case, second_case: Case) -> str:
    """Return why two nominations are of one team: its name, or its leader and experts."""
    first, second = _team(first_case), _team(second_case)
    leaders = alnum_key(first.leader_name), alnum_key(second.leader_name)
    if alnum_key(first.team_name) and alnum_key(first.team_name) == alnum_key(second.team_name):
        if leaders[0] == leaders[1]:
            return "名称相同"
        return "名称相同，负责人不同"
    experts = {*map(alnum_key, first.expert_names)} & {*map(alnum_key, second.expert_names)}
    experts -= {"", *leaders}
    if leaders[0] and leaders[0] == leaders[1] and len(experts) >= MIN_SHARED_EXPERTS:
        return f"负责人和{len(experts)}名专家相同"
    return ""


def _check_team_leaders(
    round: Round, teams: Iterable[Case], people: Iterable[Case]
) -> list[Finding]:
    """Find individuals who lead a recommended team: same name, and same unit or same phone."""
    leaders: dict[str, list[Case]] = defaultdict(list)
    for team in teams:
        leaders[alnum_key(_team(team).leader_name)].append(team)
    findings = []
    for case in people:
        led = [
            team
            for team in leaders.get(alnum_key(_individual(case).name), ())
            if alnum_key(_individual(case).name)
            and (
                team.unit == case.unit
                or _same_phone(_team(team).leader_phone, _individual(case).phone)
            )
        ]
        if led:
            names = "、".join(describe_case(round, case, team) for team in sorted(led, key=_by_id))
            findings.append(
                case.finding("leader_also_individual", "name", "不兼报", f"又是{names}的负责人")
            )
    return findings


def _check_shared_stories(
    round: Round, cases: Iterable[Case], shared: Iterable[Overlap]
) -> list[Finding]:
    """Return a finding on every case whose story shares passages, naming the most similar cases."""
    by_id = {case.id: case for case in cases}
    alike: dict[str, list[Overlap]] = defaultdict(list)
    for overlap in shared:
        for name in (overlap.one, overlap.other):
            alike[name].append(overlap)
    findings = []
    for name in sorted(alike):
        case = by_id[name]
        order = sorted(alike[name], key=lambda item: (-item.share, item.other_than(name)))
        others = [
            f"与{describe_case(round, case, by_id[item.other_than(name)])}"
            f"{'改写相近' if item.reworded else '雷同'}{item.share:.0%}"
            f"（{quote_for_finding(_longest(case, item))}）"
            for item in order[:MAX_NAMED_CASES]
        ]
        more = f"等共{len(order)}件" if len(order) > MAX_NAMED_CASES else ""
        findings.append(
            case.finding("copied_text", "story", "事迹各自撰写", "、".join(others) + more)
        )
    return findings


def _longest(case: Case, overlap: Overlap) -> str:
    """Return the longest shared passage as written in a case's story."""
    passage = max(overlap.passages, key=lambda item: item.one_end - item.one_start)
    span = slice(passage.one_start, passage.one_end)
    if case.id == overlap.other:
        span = slice(passage.other_start, passage.other_end)
    return (case.nominee.story or "")[span]


def describe_case(round: Round, case: Case, other: Case) -> str:
    """Name another case in a finding on this one: who recommends it, and its name."""
    unit = "本单位" if other.unit == case.unit else round.unit_by_code[other.unit].short_name
    name = other.name.replace("“", "").replace("”", "")
    return f"{unit}推荐的{'团队' if other.kind == 'team' else ''}“{name}”"


def _by_id(case: Case) -> str:
    return case.id
