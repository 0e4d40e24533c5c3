"""Status, rank and Chinese reason of every case of a decided list."""

from collections.abc import Mapping
from dataclasses import dataclass

from kjfp_helpers.core.events import ObjectionRuled
from kjfp_helpers.core.records import LISTED
from kjfp_helpers.infra.exact_decimals import round_half_up
from kjfp_helpers.rules import METHOD_TITLES, TIE_BREAK_TITLES
from kjfp_helpers.selection.allocation.seat_allocation import Allocation, AllocationProblem
from kjfp_helpers.selection.allocation.tie_breaking import TieGroup
from kjfp_helpers.selection.meeting_ballots import Ballot, Tally
from kjfp_helpers.selection.meeting_decisions import Veto, strike_text

NOT_VOTED = "未经表决"
"""What is said of a listed case that no vote was held on, where one was on others."""


@dataclass(frozen=True, kw_only=True)
class StatusExplainer:
    """All that decides a case's status and its reason.

    ``ranks`` and ``values`` are of the ranking, ``score_counts`` are the numbers of scores; each
    holds only the cases that have one. ``quorum`` is the minimum number of scores to be ranked.
    """

    ranks: Mapping[str, float]
    values: Mapping[str, float]
    score_counts: Mapping[str, int]
    order: tuple[TieGroup, ...]
    allocation: Allocation
    problem: AllocationProblem
    method: str
    quorum: int

    def status(self, case: str) -> str:
        """Return the status of a case; a veto stands above all else."""
        found = {
            "vetoed": case in self.problem.vetoes,
            "rejected": case in self.problem.rejected and case not in self.problem.added,
            "added": case in self.problem.added,
            "listed": case in self.allocation.listed,
            "reserve": case in self.allocation.reserves,
            "out": case in self.ranks,
            "unranked": True,
        }
        return next(status for status, holds in found.items() if holds)

    def position(self, case: str, status: str) -> float:
        """Return the position, NaN where the status has none; added cases follow the plan."""
        if status == "added":
            names = sorted(
                other for other in self.problem.added if other not in self.problem.vetoes
            )
            return float(self.problem.plan + 1 + names.index(case))
        places = {"listed": self.allocation.listed, "reserve": self.allocation.reserves}.get(
            status, {}
        )
        return float(places.get(case, float("nan")))

    def reason(self, case: str, status: str) -> str:
        """Return one Chinese sentence: standing, tie, and the rule that moved the case."""
        tie = self._tie_text(case) if status in ("listed", "reserve", "out") else ""
        plain = _PLAIN_REASONS.get(status, "").format(plan=self.problem.plan)
        parts = (self._rank_text(case), tie, self._deciding_rule(case, status) or plain)
        return "；".join(part for part in parts if part) + "。"

    def note(self, case: str, status: str) -> str:
        """Return what is peculiar to a case in Chinese, blank where its rank alone says it all."""
        tie = self._tie_text(case) if status in ("listed", "reserve", "out") else ""
        unranked = self._rank_text(case) if status == "unranked" else ""
        return "；".join(filter(None, (unranked, tie, self._deciding_rule(case, status))))

    def vote(self, case: str, status: str) -> str:
        """Return what the meeting voted on a case, or that it did not while it did on others."""
        if case in self.problem.votes:
            return vote_text(*self.problem.votes[case])
        return NOT_VOTED if self.problem.votes and status in LISTED else ""

    def basis(self, case: str, status: str) -> str:
        """Return in short by which resolution or vote a case is on the list, blank for neither."""
        added = status == "added"
        parts = [f"经会议决议（{self.problem.added[case].resolution}）增列"] if added else []
        if case in self.problem.votes and status in LISTED:
            ballot, tally = self.problem.votes[case]
            parts += [f"经{ballot.title}表决通过"] if tally.carried else []
        return "，".join(parts)

    def _rank_text(self, case: str) -> str:
        if case not in self.score_counts:
            return "尚无评分，不排名次"
        if case not in self.ranks:
            return (
                f"评分 {self.score_counts[case]} 份，不足 {self.quorum} 份、无法计分"
                "或与其余的件不可比较，不排名次"
            )
        title = METHOD_TITLES[self.method]
        return f"名次第 {self.ranks[case]:.0f}，{title} {round_half_up(self.values[case], 2)}"

    def _tie_text(self, case: str) -> str:
        tied = next((tied for tied in self.order if case in tied.cases), TieGroup((case,)))
        level = "、".join(other for other in tied.cases if other != case)
        apart = "、".join(tied.equals)
        parts = [f"与 {apart} 同分，依{_step_title(tied.step)}分先后"] if apart else []
        return "；".join([*parts, *([f"与 {level} 并列"] if level else [])])

    def _deciding_rule(self, case: str, status: str) -> str:
        if status == "vetoed":
            return self._lapse_text(case) + _veto_text(self.problem.vetoes[case])
        if status == "added":
            body = self.problem.added[case]
            return f"经决议（{body.resolution}）增列，不占计划名额：{body.reason}"
        if status == "rejected":
            return self._lapse_text(case) + _rejection_text(*self.problem.rejected[case])
        if case in self.allocation.blocked_by:
            return f"{self.allocation.blocked_by[case]}，不列入"
        if status == "listed":
            return self._vacated_seats_text(case)
        return ""

    def _lapse_text(self, case: str) -> str:
        return "名额作废，不再递补；" if case in self.allocation.lapsed else ""

    def _vacated_seats_text(self, case: str) -> str:
        """Say what vacated the seat of a case whose rank alone gave it none."""
        rank = self.ranks[case]
        if rank <= self.problem.plan:
            return ""
        before = {other for other, ahead in self.ranks.items() if ahead < rank}
        gone, capped = set(self.problem.vetoes), self.allocation.blocked_by
        quota = {other for other, why in capped.items() if why.startswith("所在单位")}
        counts = {
            "被否决": len(before & gone),
            "表决未通过": len(before & set(self.problem.rejected) - gone),
            "另行增列": len(before & set(self.problem.added) - gone),
            "单位名额已满": len(before & quota),
            "受其他限制": len(before & set(capped) - quota),
        }
        named = "、".join(f"{what} {count} 件" for what, count in counts.items() if count)
        return f"前列中{named}，名额依次递补"


def vote_text(ballot: Ballot, tally: Tally) -> str:
    """Return what a vote said of a case."""
    carried = "通过" if tally.carried else "未通过"
    return f"{ballot.title}{carried}（赞成{tally.yes}票，应得{tally.needed}票）"


_PLAIN_REASONS: Mapping[str, str] = {
    "listed": "按名次入围",
    "reserve": "列为候补",
    "out": "未进入前 {plan} 名及候补",
}
"""What a status is by rank alone."""


def _step_title(step: str) -> str:
    """Return what a tie-break step is called; a vote bears its own name."""
    return TIE_BREAK_TITLES.get(step, step)


def _rejection_text(ballot: Ballot, tally: Tally) -> str:
    return (
        f"{ballot.title}赞成 {tally.yes} 票，应得 {tally.needed} 票（分母 {tally.base}），"
        "表决未通过"
    )


def _veto_text(body: Veto) -> str:
    names = "、".join(sorted({name.strip() for name in body.by if name.strip()}))
    if isinstance(body, ObjectionRuled):
        return f"{strike_text(body)}，决定人{names}"
    return f"一票否决：依据{body.clause}，文件{body.document}，决定人{names}"
