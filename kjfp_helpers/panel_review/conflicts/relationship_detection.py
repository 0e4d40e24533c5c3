"""Detect relationships between panel members and nominees by rule, each with its reason."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from kjfp_helpers.core.records import Case, Individual, Team
from kjfp_helpers.core.text_normalization import alnum_key
from kjfp_helpers.panel_review.conflicts.organisations import Strength, compare_employers
from kjfp_helpers.rules import Commendation, Member, Round, Unit

_SPLIT = re.compile(r"[;；,，、/／|()（）\[\]【】]|\s+(?=中国|中华)")
_BODY = re.compile(r"(会|科协|办公室)$")
"""Ending of an organisation name; a bare region name such as 北京 has none."""
_AwardGroup = tuple[int, str, str]
"""Year, document and unit of those who were commended together."""
_ADDRESS = re.compile(r"[\d号路街道\s,，。;；]+")
"""Separators between the parts of an address."""


@dataclass(frozen=True, kw_only=True)
class DetectedRelationship:
    """A relationship of a member to a case.

    ``by_rule`` marks those to the unit (home province, employer, relationships of the panel's
    table), which bar without a ruling. The others become questions for the secretary; ``certain``
    ones bar until it is ruled otherwise. ``kind`` is one of ``TIE_KINDS``, ``about`` names the
    other party.
    """

    member: str
    case: str
    kind: str
    about: str
    reason: str
    strength: Strength = "certain"
    by_rule: bool = False


def detect_relationships(round: Round, cases: Iterable[Case]) -> tuple[DetectedRelationship, ...]:
    """Return every relationship of the panel to the cases, in panel and case order."""
    detector = _RelationshipDetector(round, tuple(cases))
    return tuple(
        relationship for member in round.panel for relationship in detector.detect_for(member)
    )


@dataclass(frozen=True)
class _CaseKeys:
    """What a case is compared by, worked out once for all members.

    ``people`` are the comparison keys of the persons on the form, ``names`` those and the case's
    own, ``contact`` that of the employer's contact; ``address`` are the parts of the address.
    """

    people: frozenset[str]
    names: frozenset[str]
    employer: str = ""
    contact: str = ""
    address: tuple[str, ...] = ()


def _case_keys(case: Case) -> _CaseKeys:
    nominee = case.nominee
    people = frozenset(map(alnum_key, _people(nominee)))
    names = people | {alnum_key(case.name)}
    if isinstance(nominee, Individual):
        employer, contact = alnum_key(nominee.employer), alnum_key(nominee.employer_contact)
        return _CaseKeys(people, names, employer, contact)
    return _CaseKeys(people, names, address=tuple(_ADDRESS.split(nominee.address or "")))


class _RelationshipDetector:
    """Detector with cases and register indexed once for all members."""

    def __init__(self, round: Round, cases: Sequence[Case]) -> None:
        self._round, self._cases = round, cases
        self._names = _unit_names(round.units)
        self._employers: dict[tuple[str, str], str] = {
            (case.unit, alnum_key(case.nominee.name)): case.nominee.employer or ""
            for case in cases
            if isinstance(case.nominee, Individual)
        }
        self._keys = [_case_keys(case) for case in cases]
        self._award_groups: dict[_AwardGroup, list[Commendation]] = defaultdict(list)
        self._listed: dict[str, dict[_AwardGroup, list[Commendation]]] = {}
        for row in round.commended:
            group = (row.year, row.document, row.unit)
            self._award_groups[group].append(row)
            if row.kind == "individual":
                namesakes = self._listed.setdefault(alnum_key(row.name), {})
                namesakes.setdefault(group, []).append(row)

    def detect_for(self, member: Member) -> Iterator[DetectedRelationship]:
        """Yield a member's relationships, one per reason."""
        by_unit = dict(self._unit_reasons(member))
        co_awarded = self._find_co_awarded(member)
        name = alnum_key(member.name)
        for case, keys in zip(self._cases, self._keys, strict=True):
            for kind, reason in by_unit.get(case.unit, ()):
                yield DetectedRelationship(
                    member=member.member,
                    case=case.id,
                    kind=kind,
                    about="推荐单位",
                    reason=reason,
                    by_rule=True,
                )
            nominee = case.nominee
            if isinstance(nominee, Individual):
                yield from _detect_for_person(member, case, nominee, keys)
            else:
                yield from self._of_team(member, case, nominee, keys)
            if name and name in keys.people:
                yield _make_namesake(member, case)
            for key in sorted(keys.names & co_awarded.keys()):
                yield _make_question(member, case, "合作", co_awarded[key][0], co_awarded[key][1])

    def _unit_reasons(self, member: Member) -> Iterator[tuple[str, list[tuple[str, str]]]]:
        """Yield each unit's code to which the member has a relationship, with its reasons."""
        employing_units = find_employing_units(member.employer, self._names)
        codes = {*employing_units, *member.ties}
        codes |= {unit.code for unit in self._round.units if unit.kind == "province"}
        for code in codes:
            unit = self._round.unit_by_code.get(code)
            yield code, list(_unit_reasons(member, unit, code, employing_units))

    def _of_team(
        self, member: Member, case: Case, team: Team, keys: _CaseKeys
    ) -> Iterator[DetectedRelationship]:
        """Yield relationships by employer: in the team's name, leader's post, address or people."""
        match = compare_employers(member.employer, team.team_name)
        if match and match.strength == "certain":
            reason = f"单位回避：团队名称写明评委的工作单位（{match.reason}）"
            yield DetectedRelationship(
                member=member.member, case=case.id, kind="同单位", about=case.name, reason=reason
            )
            return
        texts = [("团队名称", team.team_name), ("负责人职务", team.leader_title)]
        texts += [("通信地址", piece) for piece in keys.address]
        for title, text in texts:
            if match := compare_employers(member.employer, text):
                reason = f"团队的{title}写有评委的工作单位（{match.reason}）"
                yield _make_question(member, case, "同单位", case.name, reason)
                return
        for name in filter(None, _people(team)):
            employer = self._employers.get((case.unit, alnum_key(name)))
            if match := compare_employers(member.employer, employer):
                reason = f"团队成员{name}同时被推荐为先进个人，与评委同一工作单位（{match.reason}）"
                yield _make_question(member, case, "同单位", name, reason)

    def _find_co_awarded(self, member: Member) -> Mapping[str, tuple[str, str]]:
        """Return who was commended with a member: comparison key to name as listed and reason."""
        co_awarded: dict[str, tuple[str, str]] = {}
        own = alnum_key(member.name)
        namesakes = self._listed.get(own, {})
        for group in [group for group in self._award_groups if group in namesakes]:
            if not any(_may_be(member, row) for row in namesakes[group]):
                continue
            year, document, _ = group
            for row in self._award_groups[group]:
                if alnum_key(row.name) != own:
                    reason = f"{year}年与评委同批受表彰，由同一单位推荐（{document}）"
                    co_awarded[alnum_key(row.name)] = (row.name, reason)
        return co_awarded


def _may_be(member: Member, row: Commendation) -> bool:
    """Whether a namesake in the register may be the member: no different employer is stated."""
    stated = bool(row.employer and member.employer)
    return not stated or compare_employers(row.employer, member.employer) is not None


def _make_question(
    member: Member, case: Case, kind: str, about: str, reason: str
) -> DetectedRelationship:
    return DetectedRelationship(
        member=member.member, case=case.id, kind=kind, about=about, reason=reason, strength="ask"
    )


def _detect_for_person(
    member: Member, case: Case, person: Individual, keys: _CaseKeys
) -> Iterator[DetectedRelationship]:
    match = compare_employers(member.employer, person.employer)
    is_same = bool(keys.employer) and keys.employer == alnum_key(member.employer)
    if is_same or (match and match.strength == "certain"):
        why = f"（{match.reason}）" if match else ""
        yield DetectedRelationship(
            member=member.member,
            case=case.id,
            kind="同单位",
            about=case.name,
            reason=f"单位回避：评委与被推荐人同一工作单位{why}",
        )
    elif match:
        reason = f"评委与被推荐人可能同一工作单位（{match.reason}）"
        yield _make_question(member, case, "同单位", case.name, reason)
    if keys.contact and keys.contact == alnum_key(member.name):
        reason = "评委与被推荐人的单位联系人同名"
        yield _make_question(member, case, "同单位", person.employer_contact or "", reason)


def _make_namesake(member: Member, case: Case) -> DetectedRelationship:
    return DetectedRelationship(
        member=member.member,
        case=case.id,
        kind="其他",
        about=member.name,
        reason="同名回避：评委姓名见于推荐表，未核实前按本人处理",
    )


def _unit_reasons(
    member: Member, unit: Unit | None, code: str, employing_units: frozenset[str]
) -> Iterator[tuple[str, str]]:
    if unit and unit.kind == "province" and _is_in_region(member.region, unit):
        yield "其他", f"所在地回避：评委在{unit.region}"
    if code in employing_units:
        yield "同单位", "单位回避：评委任职于推荐单位"
    if code in member.ties:
        yield "其他", "申报回避：评委申报与推荐单位有关联"


def describe_barred_units(round: Round, member: Member) -> tuple[str, ...]:
    """Return a Chinese sentence per unit whose cases the rules bar a member from.

    All units are listed, whether they recommended anybody or not.
    """
    employing_units = find_employing_units(member.employer, _unit_names(round.units))
    rows = []
    for unit in round.units:
        if unit.kind == "province" and _is_in_region(member.region, unit):
            rows.append(f"所在地（{member.region}）：{unit.name}")
        if unit.code in employing_units:
            rows.append(f"任职单位（{member.employer}）：{unit.name}")
        if unit.code in member.ties:
            rows.append(f"已申报的关联：{unit.name}")
    return tuple(rows)


def detect_unit_relationships(
    round: Round, member: Member, units: Iterable[Unit]
) -> Iterator[tuple[str, str]]:
    """Yield code and reason for all that bars a person from units, recommending or not."""
    employing_units = find_employing_units(member.employer, _unit_names(round.units))
    for unit in units:
        for _, reason in _unit_reasons(member, unit, unit.code, employing_units):
            yield unit.code, reason


def _is_in_region(region: str, unit: Unit) -> bool:
    return _is_same_text(region, unit.region) or _is_same_text(region, unit.short_name)


def _people(nominee: Team | Individual) -> tuple[str | None, ...]:
    if isinstance(nominee, Individual):
        return (nominee.name,)
    return (nominee.leader_name, *nominee.expert_names)


def _is_same_text(one: str | None, other: str | None) -> bool:
    return bool(alnum_key(one)) and alnum_key(one) == alnum_key(other)


def _unit_names(units: Sequence[Unit]) -> tuple[tuple[str, str, str], ...]:
    """Return ``(comparison key, where it may occur, code)``, longest first.

    A full name may occur anywhere in the employer, another organisation's name only at the start
    of a part of it, a region name only as the whole part: 动物学会 is not in 实验动物学会, and
    北京大学 is not the office of 北京.
    """
    rows = []
    for unit in units:
        rows.append((alnum_key(unit.name), "anywhere", unit.code))
        for other in (unit.short_name, *unit.aliases):
            how = "start" if _BODY.search(other) else "whole"
            rows.append((alnum_key(other), how, unit.code))
    kept = {row for row in rows if row[0]}
    return tuple(sorted(kept, key=lambda row: (-len(row[0]), row)))


def find_employing_units(employer: str, names: Sequence[tuple[str, str, str]]) -> frozenset[str]:
    """Return codes of the units named in an employer; a longer name hides those inside it."""
    codes = set()
    for part in (alnum_key(part) for part in _SPLIT.split(employer)):
        taken: list[tuple[int, int]] = []
        for name, how, code in names:
            start = _find_name(part, name, how)
            span = (start, start + len(name))
            if start < 0 or any(a <= span[0] and span[1] <= b and (a, b) != span for a, b in taken):
                continue
            taken.append(span)
            codes.add(code)
    return frozenset(codes)


def _find_name(part: str, name: str, how: str) -> int:
    """Return the index of a name in a part of an employer, -1 where it does not occur."""
    if how == "whole":
        return 0 if part == name else -1
    return part.find(name) if how == "anywhere" else (0 if part.startswith(name) else -1)
