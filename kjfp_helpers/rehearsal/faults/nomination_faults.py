"""Faults of nominations; each function changes the papers of a unit and notes the answer."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from kjfp_helpers.core.records import Individual, Team
from kjfp_helpers.rehearsal.generator.baseline import Planner
from kjfp_helpers.rehearsal.generator.model import Act, Nomination, Papers, Planted, Year


@dataclass
class Hand:
    """What a fault needs to plant itself."""

    year: Year
    planner: Planner
    strange: Iterator[str]

    def note(
        self,
        papers: Papers,
        code: str,
        why: str,
        entry: Nomination | None = None,
        letter: str = "recommendation",
    ) -> None:
        """Write a planted fault into the answers."""
        name = _name_of(papers, letter)
        row = Planted(
            code=code, unit=papers.unit.code, case=entry.name if entry else "", letter=name, why=why
        )
        self.year.planted.append(row)

    def act(
        self,
        papers: Papers,
        act: str,
        says: str,
        entry: Nomination | None = None,
        *,
        code: str = "",
        letter: str = "recommendation",
    ) -> None:
        """Write what a unit did, or the office on it, into the answers."""
        self.year.acts.append(
            Act(
                act=act,
                says=says,
                unit=papers.unit.code,
                kind=entry.kind if entry else "",
                case=entry.name if entry else "",
                code=code,
                letter=_name_of(papers, letter),
            )
        )


def _name_of(papers: Papers, letter: str) -> str:
    """Return the name of the message whose name ends so, ``""`` for none."""
    names = (item.name for item in papers.letters if letter and item.name.endswith(letter))
    return next(names, "")


def over_quota(hand: Hand, papers: Papers, *, kind: str) -> None:
    """Recommend one more than the quota allows."""
    make = hand.planner.team if kind == "team" else hand.planner.person
    extra = make(papers)
    papers.nominations.append(extra)
    hand.note(papers, "over_quota", f"比名额多推荐一个（{extra.name}）")


def under_minimum(hand: Hand, papers: Papers) -> None:
    """Recommend one person where two are asked for."""
    for entry in papers.people()[1:]:
        papers.nominations.remove(entry)
    hand.note(papers, "under_minimum", "扶贫重点省份只推荐一名个人")


def not_commended(hand: Hand, papers: Papers, *, kind: str) -> None:
    """Give a nominee a name that no earlier list holds."""
    entry = [item for item in papers.nominations if item.kind == kind][-1]
    name = next(hand.strange)
    entry.commended = False
    if isinstance(entry.body, Team):
        entry.body = replace(entry.body, team_name=f"{name}流动小分队")
    else:
        entry.body = replace(entry.body, name=name)
    hand.note(papers, "not_commended", "2016年以来名单中没有", entry)


def near_name(hand: Hand, papers: Papers) -> None:
    """Let the register hold a name that is nearly the team's."""
    entry = papers.teams()[0]
    entry.listed = f"{entry.name}（一期）"
    hand.note(papers, "commended_near", f"名单中为“{entry.listed}”", entry)


def leader(hand: Hand, papers: Papers) -> None:
    """Let the team's leader also stand as a person."""
    person, team = papers.people()[0], papers.teams()[0]
    assert isinstance(person.body, Individual) and isinstance(team.body, Team)
    team.body = replace(
        team.body,
        leader_name=person.name,
        leader_phone=person.body.phone,
        leader_title=person.body.title,
        email=person.body.email,
    )
    hand.note(papers, "leader_also_individual", f"又是团队“{team.name}”负责人", person)


def claim(hand: Hand, papers: Papers) -> None:
    """Let a person claim more people than the whole unit reports."""
    entry = papers.people()[0]
    total = papers.done.people_done or 0
    entry.body = replace(entry.body, people_lifted=int(total * 1.17) + 3)
    hand.note(papers, "claim_over_unit", f"个人带动数大于单位盘点的{total}人", entry)


def claims(hand: Hand, papers: Papers) -> None:
    """Let the persons of a unit claim more people together than it reports."""
    total = papers.done.people_done or 0
    for entry in papers.people():
        entry.body = replace(entry.body, people_lifted=int(total * 0.6) + 1)
    hand.note(papers, "claims_over_unit", f"各人带动数合计大于单位盘点的{total}人")


def differs(hand: Hand, papers: Papers, *, kind: str) -> None:
    """Let the deeds tell more people than the form."""
    entry = next(item for item in papers.nominations if item.kind == kind)
    people = int((entry.body.people_lifted or 0) * 1.4) + 7
    entry.told = {"people_lifted": people}
    hand.note(papers, "claim_differs", f"事迹写带动{people}人，与表内不同", entry)


def few_experts(hand: Hand, papers: Papers) -> None:
    """State fewer experts than are named."""
    entry = papers.teams()[0]
    assert isinstance(entry.body, Team)
    entry.body = replace(entry.body, expert_count=2)
    hand.note(papers, "names_over_count", "专家总人数填2人，列名多于2人", entry)


def copied(hand: Hand, papers: Papers, other: Papers, *, kind: str) -> None:
    """Let one unit copy the deeds of another's nominee."""
    one, copy = (
        next(item for item in each.nominations if item.kind == kind) for each in (papers, other)
    )
    copy.copied_from, copy.crop = one, one.crop
    few = min(one.body.people_lifted or 0, int((other.done.people_done or 0) * 0.3))
    one.body = replace(one.body, people_lifted=few)
    copy.body = replace(copy.body, people_lifted=few, service_days=one.body.service_days)
    hand.note(papers, "copied_text", f"事迹被{other.unit.short_name}“{copy.name}”照抄", one)
    hand.note(other, "copied_text", f"事迹照抄{papers.unit.short_name}“{one.name}”", copy)


def same_person(hand: Hand, papers: Papers, other: Papers) -> None:
    """Let two units recommend the same person."""
    one, twin = papers.people()[0], other.people()[0]
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
    twin.body = replace(twin.body, **{field: getattr(one.body, field) for field in same})
    twin.quality = one.quality
    hand.note(papers, "duplicate_person", f"{other.unit.short_name}也推荐了此人", one)
    hand.note(other, "duplicate_person", f"{papers.unit.short_name}也推荐了此人", twin)


def checksum(hand: Hand, papers: Papers) -> None:
    """Make the check digit of an identity number wrong."""
    entry = papers.people()[0]
    assert isinstance(entry.body, Individual) and entry.body.id_number
    number = entry.body.id_number
    wrong = "0123456789X"[("0123456789X".index(number[-1]) + 1) % 11]
    entry.body = replace(entry.body, id_number=number[:-1] + wrong)
    hand.note(papers, "id_checksum", "校验码改为另一个数", entry)


def missing(hand: Hand, papers: Papers, *, kind: str, field: str) -> None:
    """Leave a required box blank."""
    entry = next(item for item in papers.nominations if item.kind == kind)
    entry.blank = (field,)
    hand.note(papers, "missing", f"{field}一栏空白", entry)


def photo(hand: Hand, papers: Papers) -> None:
    """Leave the photo out."""
    entry = papers.people()[0]
    entry.photo = False
    hand.note(papers, "photo_missing", "没有贴照片", entry)


def seal(hand: Hand, papers: Papers, *, kind: str) -> None:
    """Leave the stamp out."""
    entry = next(item for item in papers.nominations if item.kind == kind)
    entry.seal = False
    hand.note(papers, "seal_missing", "没有盖章", entry)


def long(hand: Hand, papers: Papers, *, kind: str) -> None:
    """Write more than the annex allows."""
    entry = next(item for item in papers.nominations if item.kind == kind)
    entry.length = 2950 if kind == "team" else 1550
    hand.note(papers, "story_too_long", "主要事迹超过字数", entry)


def damaged(hand: Hand, papers: Papers) -> None:
    """Cut the last person's file off on its way."""
    entry = papers.people()[-1]
    entry.damaged = True
    hand.note(papers, "truncated", "推荐表文件只传来一半，读不出", entry)


def persons(least: int) -> Callable[[Papers], bool]:
    """Fit units with at least so many persons."""
    return lambda papers: len(papers.people()) >= least


def both(papers: Papers) -> bool:
    """Fit units with a team and a person."""
    return bool(papers.people()) and bool(papers.teams())


def two_teams(papers: Papers) -> bool:
    """Fit units with two teams."""
    return len(papers.teams()) == 2


def shown(papers: Papers) -> bool:
    """Fit units that send pictures."""
    return bool(papers.shots)


def plain(papers: Papers) -> bool:
    """Fit units that send none."""
    return not papers.shots
