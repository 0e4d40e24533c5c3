"""Meeting ballots from the ledger: attendance, two tellers' counts, results.

A vote counts when enough of those due were present, both tellers counted the same, apart from each
other, and the papers returned agree with those issued.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import ceil
from typing import Literal

from kjfp_helpers.core.errors import SelectionError
from kjfp_helpers.core.events import BallotCounted, BallotOpened, BallotVoided, Event
from kjfp_helpers.core.records import kind_of_case
from kjfp_helpers.rules.rulings import VOTING_TITLES, Rulings
from kjfp_helpers.selection.ballot_papers import count_papers
from kjfp_helpers.selection.point_papers import find_point_faults, gives_points

TELLER_COUNT = 2
"""A vote is counted by so many people, each for themselves."""

State = Literal["waiting", "half", "differs", "faulty", "settled", "voided"]
STATE_TITLES: Mapping[State, str] = {
    "waiting": "待计票",
    "half": "待第二人计票",
    "differs": "两人所计不一致",
    "faulty": "无效",
    "settled": "有效",
    "voided": "已作废",
}


@dataclass(frozen=True, kw_only=True)
class Tally:
    """What a valid vote says of a case: papers, what they are counted of, how many it needed.

    ``needed`` is 0 in a vote among tied cases, where the most papers win.
    """

    yes: int
    no: int
    abstained: int
    base: int
    needed: int

    @property
    def carried(self) -> bool:
        """Whether the case has the majority."""
        return self.yes >= self.needed


@dataclass(frozen=True, kw_only=True)
class Ballot:
    """One vote as the ledger stands.

    ``counts`` holds the last count of each teller, by name; ``faults`` says in Chinese why the
    vote does not count; ``tallies`` is filled once it does. ``seq`` is that of its opening.
    """

    opened: BallotOpened
    seq: int
    counts: Mapping[str, BallotCounted]
    state: State
    faults: tuple[str, ...] = ()
    tallies: Mapping[str, Tally]

    @property
    def title(self) -> str:
        """What the vote is called."""
        return f"第{self.opened.ballot}次投票"


def fold_ballots(events: Iterable[Event], ruling: Rulings) -> tuple[Ballot, ...]:
    """Return every vote in order of its number.

    Raises
    ------
    SelectionError
        When an event names a vote or a case that does not exist, or no teller.
    """
    opened: dict[int, tuple[int, BallotOpened]] = {}
    counts: dict[int, dict[str, BallotCounted]] = {}
    voided: dict[int, str] = {}
    for event in events:
        body, where = event.body, f"台账第{event.seq}条"
        if isinstance(body, BallotOpened):
            _require_valid_opening(where, body, opened)
            opened[body.ballot] = (event.seq, body)
            counts[body.ballot] = {}
        elif isinstance(body, BallotCounted | BallotVoided):
            if body.ballot not in opened:
                raise _ballot_error(where, "已发起的投票", f"第{body.ballot}次投票")
            if isinstance(body, BallotVoided):
                voided[body.ballot] = body.reason
            else:
                _require_valid_count(where, body, opened[body.ballot][1])
                _require_other_account(where, body, counts[body.ballot])
                counts[body.ballot][body.teller.strip()] = body
    return tuple(
        _build_ballot(seq, body, counts[number], voided.get(number), ruling)
        for number, (seq, body) in sorted(opened.items())
    )


def approval_votes(ballots: Iterable[Ballot], kind: str) -> dict[str, tuple[Ballot, Tally]]:
    """Return the last valid vote on each case of a kind that the meeting voted on."""
    return {
        case: (ballot, tally)
        for ballot in _valid_ballots(ballots, kind, "approval")
        for case, tally in ballot.tallies.items()
    }


def tie_votes(ballots: Iterable[Ballot], kind: str) -> dict[str, dict[str, float]]:
    """Return, for each valid vote among tied cases, what each case got: a tie-break step."""
    votes = {}
    for ballot in _valid_ballots(ballots, kind, "tie"):
        unit = "得分" if gives_points(ballot.opened) else "得票"
        given = {case: float(tally.yes) for case, tally in ballot.tallies.items()}
        votes[f"{ballot.title}{unit}"] = given
    return votes


def find_count_faults(opened: BallotOpened, count: BallotCounted, ruling: Rulings) -> list[str]:
    """Return in Chinese what makes one count impossible or void."""
    faults, valid = [], count.returned - count.spoiled
    if count.returned > opened.issued:
        faults.append(f"收回 {count.returned} 张，多于发出 {opened.issued} 张")
    elif count.returned < opened.issued and ruling.papers.value == "equal":
        faults.append(f"发出 {opened.issued} 张，收回 {count.returned} 张，两数不等")
    if valid < 0:
        faults.append(f"废票 {count.spoiled} 张，多于收回 {count.returned} 张")
    if gives_points(opened):
        points = {case: votes[0] for case, votes in count.votes.items()}
        return [*faults, *find_point_faults(opened, points, max(valid, 0))]
    for case, votes in count.votes.items():
        least = valid - len(set(opened.recused.get(case, ())) & set(opened.present))
        if not max(least, 0) <= sum(votes) <= max(valid, 0):
            faults.append(f"{case} 赞成、反对、弃权合计 {sum(votes)} 张，有效票 {valid} 张")
    given = sum(yes for yes, _, _ in count.votes.values())
    if given > opened.most * max(valid, 0):
        faults.append(f"赞成合计 {given} 票，超过每张至多 {opened.most} 件")
    return faults


def attendance_fault(due: int, present: int, ruling: Rulings) -> str:
    """Return in Chinese that too few are present, or ``""``."""
    least = ceil(due * Fraction(ruling.attendance.value))
    if present >= least:
        return ""
    return f"到会 {present} 人，不足应到 {due} 人的 {ruling.attendance.value}（{least} 人）"


def _build_ballot(
    seq: int,
    opened: BallotOpened,
    counts: Mapping[str, BallotCounted],
    voided: str | None,
    ruling: Rulings,
) -> Ballot:
    state, faults, tallies = _judge_state(opened, counts, voided, ruling)
    if state == "settled":
        first = next(iter(counts.values()))
        tallies = {case: _build_tally(case, opened, first, ruling) for case in opened.cases}
    return Ballot(
        opened=opened,
        seq=seq,
        counts=dict(counts),
        state=state,
        faults=tuple(faults),
        tallies=tallies,
    )


def _judge_state(
    opened: BallotOpened, counts: Mapping[str, BallotCounted], voided: str | None, ruling: Rulings
) -> tuple[State, list[str], dict[str, Tally]]:
    if voided is not None:
        return "voided", [voided], {}
    fault = attendance_fault(len(opened.due), len(opened.present), ruling)
    if fault:
        return "faulty", [fault], {}
    if len(counts) < TELLER_COUNT:
        return ("half" if counts else "waiting"), [], {}
    last = list(counts.values())
    if any(_compared_counts(one) != _compared_counts(last[0]) for one in last):
        return "differs", describe_disagreements(counts), {}
    faults = find_count_faults(opened, last[0], ruling)
    return ("faulty" if faults else "settled"), faults, {}


def describe_disagreements(counts: Mapping[str, BallotCounted]) -> list[str]:
    """Return what the tellers counted otherwise, by name and never by number."""
    last = list(counts.values())
    named = [
        title
        for title, name in (("收回票数", "returned"), ("废票", "spoiled"))
        if len({getattr(one, name) for one in last}) > 1
    ]
    named += [case for case in last[0].votes if len({one.votes[case] for one in last}) > 1]
    return [f"不一致的：{'、'.join(named)}"] if named else []


def _compared_counts(count: BallotCounted) -> tuple[object, ...]:
    return count.returned, count.spoiled, sorted(count.votes.items())


def _build_tally(case: str, opened: BallotOpened, count: BallotCounted, ruling: Rulings) -> Tally:
    yes, no, abstained = count.votes[case]
    recused = set(opened.recused.get(case, ()))
    there = len(recused & set(opened.present))
    base = {
        "present": len(opened.present) - there,
        "cast": count.returned - there,
        "due": len(opened.due) - len(recused),
    }[ruling.majority_of.value]
    needed = 0 if opened.purpose == "tie" else ceil(base * Fraction(ruling.majority.value))
    return Tally(yes=yes, no=no, abstained=abstained, base=base, needed=needed)


def _valid_ballots(ballots: Iterable[Ballot], kind: str, purpose: str) -> list[Ballot]:
    return [
        one
        for one in ballots
        if one.state == "settled" and (one.opened.nominees, one.opened.purpose) == (kind, purpose)
    ]


def _require_valid_opening(
    where: str, body: BallotOpened, opened: Mapping[int, tuple[int, BallotOpened]]
) -> None:
    if body.ballot in opened:
        raise _ballot_error(where, "没有用过的投票编号", f"第{body.ballot}次投票")
    if not body.cases or any(kind_of_case(case) != body.nominees for case in body.cases):
        raise _ballot_error(where, "同一类的个案编号", "、".join(body.cases) or "空缺")
    if body.voting not in VOTING_TITLES or (gives_points(body) and body.purpose != "tie"):
        raise _ballot_error(where, "并列者以外一律划票", body.voting)
    if body.voting == "allotment" and body.points < 1:
        raise _ballot_error(where, "每票至少1分", str(body.points))
    if not set(body.present) <= set(body.due) or body.issued > len(body.present):
        raise _ballot_error(where, "到会者都是应到者，发票不多于到会人数", "人数或票数不符")


def _require_valid_count(where: str, body: BallotCounted, opened: BallotOpened) -> None:
    if not body.teller.strip():
        raise _ballot_error(where, "计票人姓名", "空缺")
    if set(body.votes) != set(opened.cases):
        raise _ballot_error(where, "所投各件的票数", "个案编号不符")
    if body.papers:
        papers = count_papers(body.papers, opened)
        if (papers.returned, papers.spoiled, papers.votes) != (
            body.returned,
            body.spoiled,
            {case: tuple(votes) for case, votes in body.votes.items()},
        ):
            raise _ballot_error(where, "与逐票录入相符的合计", "合计不符")
    numbers = [
        body.returned,
        body.spoiled,
        *(one for votes in body.votes.values() for one in votes),
    ]
    if min(numbers) < 0 or any(len(votes) != 3 for votes in body.votes.values()):
        raise _ballot_error(where, "不小于 0 的票数", "有负数或空缺")


def find_same_account(count: BallotCounted, counts: Mapping[str, BallotCounted]) -> str:
    """Return which other teller counted by the same account, ``""`` for nobody."""
    for teller, other in counts.items():
        if count.account and other.account == count.account and teller != count.teller.strip():
            return teller
    return ""


def _require_other_account(
    where: str, body: BallotCounted, counts: Mapping[str, BallotCounted]
) -> None:
    other = find_same_account(body, counts)
    if other:
        raise _ballot_error(where, "两名计票人各用自己的账号", f"与{other}同为“{body.account}”")


def _ballot_error(where: str, expected: str, found: str) -> SelectionError:
    return SelectionError(
        where, expected=expected, found=found, advice="核对会议记录，作废此次投票后另行登记"
    )
