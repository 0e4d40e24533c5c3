"""Faults of nominations; each function changes the submission of a unit and records the answer."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from kjfp_helpers.core.records import Individual, Team
from kjfp_helpers.rehearsal.generator.faultless_year import Planner
from kjfp_helpers.rehearsal.generator.year_model import (
    Nomination,
    PlannedAct,
    PlantedFault,
    RehearsalYear,
    UnitSubmission,
)


@dataclass
class FaultContext:
    """The year, the planner and the submissions that a fault is planted with."""

    year: RehearsalYear
    planner: Planner
    unlisted_names: Iterator[str]

    def record_fault(
        self,
        submission: UnitSubmission,
        code: str,
        why: str,
        entry: Nomination | None = None,
        mail: str = "recommendation",
        fault: str = "",
    ) -> None:
        """Write a planted fault into the answers."""
        name = _find_mail_name(submission, mail)
        row = PlantedFault(
            code=code,
            unit=submission.unit.code,
            case=entry.name if entry else "",
            mail=name,
            why=why,
            fault=fault,
        )
        self.year.planted.append(row)

    def record_act(
        self,
        submission: UnitSubmission,
        act: str,
        says: str,
        entry: Nomination | None = None,
        *,
        code: str = "",
        mail: str = "recommendation",
        values: dict[str, Any] | None = None,
        reason: str = "",
        fault: str = "",
    ) -> None:
        """Write what a unit did, or the office on it, into the answers."""
        self.year.acts.append(
            PlannedAct(
                act=act,
                says=says,
                unit=submission.unit.code,
                kind=entry.kind if entry else "",
                case=entry.name if entry else "",
                code=code,
                mail=_find_mail_name(submission, mail),
                values=values or {},
                reason=reason,
                fault=fault,
            )
        )


def _find_mail_name(submission: UnitSubmission, mail: str) -> str:
    """Return the name of the message with this ending, ``""`` for none."""
    names = (item.name for item in submission.mails if mail and item.name.endswith(mail))
    return next(names, "")


def plant_over_quota(context: FaultContext, submission: UnitSubmission, *, kind: str) -> None:
    """Recommend one more than the quota allows."""
    make = context.planner.draw_team if kind == "team" else context.planner.draw_person
    extra = make(submission)
    submission.nominations.append(extra)
    context.record_fault(submission, "over_quota", f"比名额多推荐一个（{extra.name}）")


def plant_under_minimum(context: FaultContext, submission: UnitSubmission) -> None:
    """Recommend one person where two are asked for."""
    for entry in submission.people()[1:]:
        submission.nominations.remove(entry)
    context.record_fault(submission, "under_minimum", "扶贫重点省份只推荐一名个人")


def plant_not_commended(context: FaultContext, submission: UnitSubmission, *, kind: str) -> None:
    """Give a nominee a name that no earlier list holds."""
    entry = [item for item in submission.nominations if item.kind == kind][-1]
    name = next(context.unlisted_names)
    entry.commended = False
    if isinstance(entry.body, Team):
        entry.body = replace(entry.body, team_name=f"{name}流动小分队")
    else:
        entry.body = replace(entry.body, name=name)
    context.record_fault(submission, "not_commended", "2016年以来名单中没有", entry)


def plant_near_name(context: FaultContext, submission: UnitSubmission) -> None:
    """Let the register hold a name that is nearly the team's."""
    entry = submission.teams()[0]
    entry.listed = f"{entry.name}（一期）"
    context.record_fault(submission, "commended_near", f"名单中为“{entry.listed}”", entry)


def plant_leader_as_individual(context: FaultContext, submission: UnitSubmission) -> None:
    """Let the team's leader also stand as a person."""
    person, team = submission.people()[0], submission.teams()[0]
    assert isinstance(person.body, Individual) and isinstance(team.body, Team)
    team.body = replace(
        team.body,
        leader_name=person.name,
        leader_phone=person.body.phone,
        leader_title=person.body.title,
        email=person.body.email,
    )
    context.record_fault(
        submission, "leader_also_individual", f"又是团队“{team.name}”负责人", person
    )


def plant_claim_over_unit(context: FaultContext, submission: UnitSubmission) -> None:
    """Let a person claim more people than the whole unit reports."""
    entry = submission.people()[0]
    total = submission.done.people_done or 0
    entry.body = replace(entry.body, people_lifted=int(total * 1.17) + 3)
    context.record_fault(submission, "claim_over_unit", f"个人带动数大于单位盘点的{total}人", entry)


def plant_claims_over_unit(context: FaultContext, submission: UnitSubmission) -> None:
    """Let the persons of a unit claim more people together than it reports."""
    total = submission.done.people_done or 0
    for entry in submission.people():
        entry.body = replace(entry.body, people_lifted=int(total * 0.6) + 1)
    context.record_fault(submission, "claims_over_unit", f"各人带动数合计大于单位盘点的{total}人")


def plant_claim_difference(context: FaultContext, submission: UnitSubmission, *, kind: str) -> None:
    """Let the story claim more people than the form."""
    entry = next(item for item in submission.nominations if item.kind == kind)
    people = int((entry.body.people_lifted or 0) * 1.4) + 7
    entry.told = {"people_lifted": people}
    context.record_fault(submission, "claim_differs", f"事迹写带动{people}人，与表内不同", entry)


def plant_few_experts(context: FaultContext, submission: UnitSubmission) -> None:
    """State fewer experts than are named."""
    entry = submission.teams()[0]
    assert isinstance(entry.body, Team)
    entry.body = replace(entry.body, expert_count=2)
    context.record_fault(submission, "names_over_count", "专家总人数填2人，列名多于2人", entry)


def plant_copied_story(
    context: FaultContext, submission: UnitSubmission, other: UnitSubmission, *, kind: str
) -> None:
    """Let one unit copy the story of another's nominee."""
    first = next(item for item in submission.nominations if item.kind == kind)
    copy = next(item for item in other.nominations if item.kind == kind)
    copy.copied_from, copy.crop = first, first.crop
    few = min(first.body.people_lifted or 0, int((other.done.people_done or 0) * 0.3))
    first.body = replace(first.body, people_lifted=few)
    copy.body = replace(copy.body, people_lifted=few, service_days=first.body.service_days)
    context.record_fault(
        submission, "copied_text", f"事迹被{other.unit.short_name}“{copy.name}”照抄", first
    )
    context.record_fault(
        other, "copied_text", f"事迹照抄{submission.unit.short_name}“{first.name}”", copy
    )


def plant_same_person(
    context: FaultContext, submission: UnitSubmission, other: UnitSubmission
) -> None:
    """Let two units recommend the same person."""
    first, twin = submission.people()[0], other.people()[0]
    same = (
        "name",
        "gender",
        "title",
        "political_status",
        "id_number",
        "phone",
        "email",
        "employer",
        "employer_contact",
        "employer_contact_title",
        "office_phone",
        "fax",
    )
    twin.body = replace(twin.body, **{field: getattr(first.body, field) for field in same})
    twin.quality = first.quality
    context.record_fault(
        submission, "duplicate_person", f"{other.unit.short_name}也推荐了此人", first
    )
    context.record_fault(
        other, "duplicate_person", f"{submission.unit.short_name}也推荐了此人", twin
    )


def plant_wrong_checksum(context: FaultContext, submission: UnitSubmission) -> None:
    """Make the check digit of an identity number wrong."""
    entry = submission.people()[0]
    assert isinstance(entry.body, Individual) and entry.body.id_number
    number = entry.body.id_number
    wrong = "0123456789X"[("0123456789X".index(number[-1]) + 1) % 11]
    entry.body = replace(entry.body, id_number=number[:-1] + wrong)
    context.record_fault(submission, "id_checksum", "校验码改为另一个数", entry)


def plant_missing_field(
    context: FaultContext, submission: UnitSubmission, *, kind: str, field: str
) -> None:
    """Leave a required box blank."""
    entry = next(item for item in submission.nominations if item.kind == kind)
    entry.blank = (field,)
    context.record_fault(submission, "missing", f"{field}一栏空白", entry)


def plant_missing_photo(context: FaultContext, submission: UnitSubmission) -> None:
    """Leave the photo out."""
    entry = submission.people()[0]
    entry.photo = False
    context.record_fault(submission, "photo_missing", "没有贴照片", entry)


def plant_missing_seal(context: FaultContext, submission: UnitSubmission, *, kind: str) -> None:
    """Leave the stamp out."""
    entry = next(item for item in submission.nominations if item.kind == kind)
    entry.seal = False
    context.record_fault(submission, "seal_missing", "没有盖章", entry)


def plant_long_story(context: FaultContext, submission: UnitSubmission, *, kind: str) -> None:
    """Write more than the annex allows."""
    entry = next(item for item in submission.nominations if item.kind == kind)
    entry.length = 2950 if kind == "team" else 1550
    context.record_fault(submission, "story_too_long", "主要事迹超过字数", entry)


def plant_damaged_file(context: FaultContext, submission: UnitSubmission) -> None:
    """Truncate the file of the last person."""
    entry = submission.people()[-1]
    entry.damaged = True
    context.record_fault(submission, "truncated", "推荐表文件只传来一半，读不出", entry)


def has_persons(minimum: int) -> Callable[[UnitSubmission], bool]:
    """Return a test for units with at least so many persons."""
    return lambda submission: len(submission.people()) >= minimum


def has_team_and_person(submission: UnitSubmission) -> bool:
    """Whether a unit has a team and a person."""
    return bool(submission.people()) and bool(submission.teams())


def has_two_teams(submission: UnitSubmission) -> bool:
    """Whether a unit has two teams."""
    return len(submission.teams()) == 2


def has_pictures(submission: UnitSubmission) -> bool:
    """Whether a unit sends pictures."""
    return bool(submission.pictures)


def has_no_pictures(submission: UnitSubmission) -> bool:
    """Whether a unit sends no pictures."""
    return not submission.pictures
