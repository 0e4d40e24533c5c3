"""Ties of the made-up panel to nominees: planted in its table, and known to the answers."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from kjfp_helpers.core.records import Individual, Team
from kjfp_helpers.rehearsal.generator.model import Nomination, Year
from kjfp_helpers.rules import Member

SPELLED_OTHERWISE, NAMESAKE = "M11", "M07"
"""Members whose employer is written otherwise, and who bears the name of a team's expert."""
_SHORTER = (("农业技术推广", "农技推广"), ("农业科学院", "农科院"), ("农业大学", "农大"))


@dataclass(frozen=True, kw_only=True)
class PlantedTie:
    """A tie that the comparison has to find; ``case`` is the nominee's name."""

    member: str
    unit: str
    case: str
    strength: str
    why: str


def plant_ties(year: Year, panel: Sequence[Member]) -> tuple[tuple[Member, ...], list[PlantedTie]]:
    """Return the panel with its ties planted, and what they are.

    The employer of one member is written otherwise than in the form, another bears the name of an
    expert of a team whose unit has nothing to do with them.
    """
    planted: list[PlantedTie] = []
    members = []
    for member in panel:
        if member.member == NAMESAKE:
            member = _as_expert(year, member)
            planted += _namesakes(year, member)
        planted += _colleagues(year, member)
        if member.member == SPELLED_OTHERWISE:
            member = replace(member, employer=_spelled_otherwise(member.employer))
        members.append(member)
    return tuple(members), planted


def _spelled_otherwise(employer: str) -> str:
    for long, short in _SHORTER:
        employer = employer.replace(long, short)
    return f"{employer}（种植室）"


def _as_expert(year: Year, member: Member) -> Member:
    """Return the member with the name of an expert of a team that nothing else is wrong with."""
    troubled = {row.case for row in year.planted} | {row.case for row in year.acts}
    for papers in year.papers:
        for entry in papers.nominations:
            apart = papers.unit.region != member.region and papers.unit.code not in member.ties
            fit = apart and entry.name not in troubled
            if isinstance(entry.body, Team) and fit and entry.body.expert_names:
                return replace(member, name=entry.body.expert_names[-1])
    return member


def _namesakes(year: Year, member: Member) -> Iterator[PlantedTie]:
    for entry in _entries(year):
        if isinstance(entry.body, Team) and member.name in entry.body.expert_names:
            yield _tie(member, entry, "评委姓名见于团队成员")


def _colleagues(year: Year, member: Member) -> Iterator[PlantedTie]:
    for entry in _entries(year):
        if isinstance(entry.body, Individual) and entry.body.employer == member.employer:
            yield _tie(member, entry, "评委与被推荐人同一工作单位")


def _tie(member: Member, entry: Nomination, why: str) -> PlantedTie:
    return PlantedTie(
        member=member.member, unit=entry.unit, case=entry.name, strength="certain", why=why
    )


def _entries(year: Year) -> Iterator[Nomination]:
    for papers in year.papers:
        yield from (entry for entry in papers.nominations if not entry.damaged)
