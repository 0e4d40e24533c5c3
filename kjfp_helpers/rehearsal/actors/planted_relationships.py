"""Relationships of panel members to nominees: planted in its table, and known to the answers."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from kjfp_helpers.core.records import Individual, Team
from kjfp_helpers.rehearsal.generator.year_model import Nomination, RehearsalYear
from kjfp_helpers.rules import Member

SPELLED_OTHERWISE, NAMESAKE = "M11", "M07"
"""Members whose employer is written otherwise, and who bears the name of a team's expert."""
_ABBREVIATIONS = (("农业技术推广", "农技推广"), ("农业科学院", "农科院"), ("农业大学", "农大"))


@dataclass(frozen=True, kw_only=True)
class PlantedRelationship:
    """A relationship that the comparison must find; ``case`` is the nominee's name."""

    member: str
    unit: str
    case: str
    strength: str
    why: str


def plant_relationships(
    year: RehearsalYear, panel: Sequence[Member]
) -> tuple[tuple[Member, ...], list[PlantedRelationship]]:
    """Return the panel with its relationships planted, and the relationships.

    The employer of one member is written otherwise than in the form, another bears the name of an
    expert of a team whose unit has nothing to do with them.
    """
    planted: list[PlantedRelationship] = []
    members = []
    for member in panel:
        if member.member == NAMESAKE:
            member = _name_after_expert(year, member)
            planted += _namesakes(year, member)
        planted += _colleagues(year, member)
        if member.member == SPELLED_OTHERWISE:
            member = replace(member, employer=_respell_employer(member.employer))
        members.append(member)
    return tuple(members), planted


def _respell_employer(employer: str) -> str:
    for long, short in _ABBREVIATIONS:
        employer = employer.replace(long, short)
    return f"{employer}（种植室）"


def _name_after_expert(year: RehearsalYear, member: Member) -> Member:
    """Return the member renamed after an expert of a team without any planted fault."""
    names_with_faults = {row.case for row in year.planted} | {row.case for row in year.acts}
    for submission in year.submissions:
        for entry in submission.nominations:
            apart = (
                submission.unit.region != member.region and submission.unit.code not in member.ties
            )
            fit = apart and entry.name not in names_with_faults
            if isinstance(entry.body, Team) and fit and entry.body.expert_names:
                return replace(member, name=entry.body.expert_names[-1])
    return member


def _namesakes(year: RehearsalYear, member: Member) -> Iterator[PlantedRelationship]:
    for entry in _list_nominations(year):
        if isinstance(entry.body, Team) and member.name in entry.body.expert_names:
            yield _relationship(member, entry, "评委姓名见于团队成员")


def _colleagues(year: RehearsalYear, member: Member) -> Iterator[PlantedRelationship]:
    for entry in _list_nominations(year):
        if isinstance(entry.body, Individual) and entry.body.employer == member.employer:
            yield _relationship(member, entry, "评委与被推荐人同一工作单位")


def _relationship(member: Member, entry: Nomination, why: str) -> PlantedRelationship:
    return PlantedRelationship(
        member=member.member, unit=entry.unit, case=entry.name, strength="certain", why=why
    )


def _list_nominations(year: RehearsalYear) -> Iterator[Nomination]:
    for submission in year.submissions:
        yield from (entry for entry in submission.nominations if not entry.damaged)
