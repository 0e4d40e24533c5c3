"""Which member may not read which case (回避): found by rule, declared, ruled upon."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

import pandas as pd

from kjfp_helpers.events import ConflictRuled, Event, Recused
from kjfp_helpers.names import plain
from kjfp_helpers.records import Case, Individual, Team
from kjfp_helpers.rules import Member, Round, Unit

COLUMNS = ("member", "case", "reason")
Pair = tuple[str, str]
"""Member and case."""

_SPLIT = re.compile(r"[;；,，、/／|()（）\[\]【】]|\s+(?=中国|中华)")
_BODY = re.compile(r"(会|科协|办公室)$")
"""How the name of an organisation ends; a bare place name such as 北京 does not."""


def find_conflicts(round: Round, cases: Iterable[Case]) -> pd.DataFrame:
    """Return every reason for which a member may not read a case.

    Home province (cases of provincial offices only), an employer that is the recommending
    unit, an employer that is the nominee's, a declared tie, a nominee of the member's name.

    Returns
    -------
    DataFrame
        ``member``, ``case``, ``reason`` (Chinese); one row per reason, in panel and case order.
    """
    names = _unit_names(round.units)
    employed = {row.member: employing_units(row.employer, names) for row in round.panel}
    cases = tuple(cases)
    rows = [
        (member.member, case.id, reason)
        for member in round.panel
        for case in cases
        for reason in _reasons(member, case, round.unit_by_code, employed[member.member])
    ]
    return pd.DataFrame(rows, columns=list(COLUMNS), dtype=str)


def settle_conflicts(
    found: pd.DataFrame, events: Iterable[Event], cases: Iterable[Case]
) -> pd.DataFrame:
    """Return what bars a member from a case: found by rule, declared or ruled, not ruled away.

    The last word on a member and a case holds: a member may still step back from a case of which
    it was ruled that they need not. What is only disputed stays as it was.

    Parameters
    ----------
    found : DataFrame
        As :func:`find_conflicts` returns it.
    events : iterable of Event
    cases : iterable of Case
        Those that are read; a ruling on any other bars nothing.

    Returns
    -------
    DataFrame
        ``member case reason``, sorted; one row per reason.
    """
    words: dict[Pair, list[str]] = {}
    for member, case, reason in found.itertuples(index=False, name=None):
        words.setdefault((member, case), []).append(reason)
    known = {case.id for case in cases}
    for pair, body in _said(events):
        if isinstance(body, Recused):
            words.setdefault(pair, []).append(f"评委申请回避：{body.reason}")
        elif body.bars:
            words.setdefault(pair, []).append(f"裁定回避：{body.reason}")
        elif body.bars is not None:
            words.pop(pair, None)
    rows = [(*pair, reason) for pair in sorted(words) if pair[1] in known for reason in words[pair]]
    return pd.DataFrame(rows, columns=list(COLUMNS), dtype=str)


def recused(events: Iterable[Event]) -> dict[Pair, str]:
    """Return why members stepped back from cases, without what was ruled away since."""
    reasons: dict[Pair, str] = {}
    for pair, body in _said(events):
        if isinstance(body, Recused):
            reasons[pair] = body.reason
        elif body.bars is False:
            reasons.pop(pair, None)
    return reasons


def _said(events: Iterable[Event]) -> Iterator[tuple[Pair, Recused | ConflictRuled]]:
    for event in events:
        body = event.body
        if isinstance(body, Recused | ConflictRuled):
            yield (body.member, body.case), body


def tied_units(round: Round, member: Member) -> tuple[str, ...]:
    """Return a Chinese sentence per unit whose cases the rules keep from a member.

    It speaks of units alone, whether they recommended anybody or not.
    """
    employed = employing_units(member.employer, _unit_names(round.units))
    rows = []
    for unit in round.units:
        if unit.kind == "province" and _same_place(member.region, unit):
            rows.append(f"所在地（{member.region}）：{unit.name}")
        if unit.code in employed:
            rows.append(f"任职单位（{member.employer}）：{unit.name}")
        if unit.code in member.ties:
            rows.append(f"已申报的关联：{unit.name}")
    return tuple(rows)


def _reasons(
    member: Member, case: Case, units: Mapping[str, Unit], employed: frozenset[str]
) -> Iterator[str]:
    unit = units.get(case.unit)
    if unit and unit.kind == "province" and _same_place(member.region, unit):
        yield f"所在地回避：评委在{unit.region}"
    if case.unit in employed:
        yield "单位回避：评委任职于推荐单位"
    if case.unit in member.ties:
        yield "申报回避：评委申报与推荐单位有关联"
    nominee = case.nominee
    if isinstance(nominee, Individual) and _same(member.employer, nominee.employer):
        yield "单位回避：评委与被推荐人同一工作单位"
    if any(_same(member.name, name) for name in _people(nominee)):
        yield "同名回避：评委姓名见于推荐表，未核实前按本人处理"


def _same_place(region: str, unit: Unit) -> bool:
    return _same(region, unit.region) or _same(region, unit.short_name)


def _people(nominee: Team | Individual) -> tuple[str | None, ...]:
    if isinstance(nominee, Individual):
        return (nominee.name,)
    return (nominee.leader_name, *nominee.expert_names)


def _same(one: str | None, other: str | None) -> bool:
    return bool(plain(one)) and plain(one) == plain(other)


def _unit_names(units: Sequence[Unit]) -> tuple[tuple[str, str, str], ...]:
    """Return ``(plain name, how it may stand, code)``, longest first.

    A full name may stand anywhere in the employer, another organisation's name only at the
    start of a part of it, a place name only as the whole part: 动物学会 is not in 实验动物学会,
    and 北京大学 is not the office of 北京.
    """
    rows = []
    for unit in units:
        rows.append((plain(unit.name), "anywhere", unit.code))
        for other in (unit.short_name, *unit.aliases):
            how = "start" if _BODY.search(other) else "whole"
            rows.append((plain(other), how, unit.code))
    kept = {row for row in rows if row[0]}
    return tuple(sorted(kept, key=lambda row: (-len(row[0]), row)))


def employing_units(employer: str, names: Sequence[tuple[str, str, str]]) -> frozenset[str]:
    """Return codes of the units that an employer names; a longer name hides those inside it."""
    codes = set()
    for part in (plain(part) for part in _SPLIT.split(employer)):
        taken: list[tuple[int, int]] = []
        for name, how, code in names:
            start = _stands(part, name, how)
            span = (start, start + len(name))
            if start < 0 or any(a <= span[0] and span[1] <= b and (a, b) != span for a, b in taken):
                continue
            taken.append(span)
            codes.add(code)
    return frozenset(codes)


def _stands(part: str, name: str, how: str) -> int:
    if how == "whole":
        return 0 if part == name else -1
    return part.find(name) if how == "anywhere" else (0 if part.startswith(name) else -1)
