"""The ballot page: a vote is opened, counted by two apart, and read out."""

from collections.abc import Callable, Sequence

import ipywidgets as widgets

from kjfp_helpers.core.events import BallotOpened, MemberRecused
from kjfp_helpers.panels.meeting.ballot_count_form import BallotCountForm, NumberEntry
from kjfp_helpers.panels.widgets.html_templates import Column, render_table, render_template
from kjfp_helpers.panels.widgets.layout import add_classes, hbox, html_widget, set_visible, vbox
from kjfp_helpers.panels.widgets.save_status import SaveStatus
from kjfp_helpers.rules import MAJORITY_TITLES
from kjfp_helpers.selection.meeting_ballots import (
    PURPOSE_TITLES,
    STATE_TITLES,
    Ballot,
    attendance_fault,
)
from kjfp_helpers.selection.status_reasons import NOT_VOTED
from kjfp_helpers.state import RoundSession, RoundState

OPEN_STATES = ("waiting", "half", "differs")
"""States in which tellers count."""
BALLOT_COLUMNS = (
    Column("title", "投票", "nowrap"),
    Column("purpose", "用途", "nowrap"),
    Column("people", "应到／到会", "nowrap"),
    Column("papers", "发出／收回／废票", "nowrap"),
    Column("state", "状态", "chip"),
    Column("tellers", "计票人"),
    Column("note", "说明"),
)
RESULT_COLUMNS = (
    Column("name", "名称／姓名"),
    Column("yes", "赞成", "count"),
    Column("no", "反对", "count"),
    Column("abstained", "弃权", "count"),
    Column("base", "分母", "count"),
    Column("needed", "应得", "count", "—"),
    Column("verdict", "结果", "chip"),
)


class BallotPage:
    """Everything about votes on one kind of nominee; ``on_recorded`` is called after each event."""

    def __init__(self, session: RoundSession, on_recorded: Callable[[], None]) -> None:
        self._session, self._recorded, self._kind = session, on_recorded, "team"
        self._people, self._opens = (
            session.current_state().active_members,
            session.access().may_record(BallotOpened),
        )
        self._past, self._saving = html_widget(), SaveStatus(session, "", before="")
        self._purpose = widgets.ToggleButtons(style={"button_width": "130px"})
        self._about = html_widget()
        self._cases = widgets.SelectMultiple(rows=8, layout={"width": "520px"})
        self._most = NumberEntry("每票至多赞成件数")
        self._issued = NumberEntry("发出票数")
        self._present = [
            widgets.Checkbox(description=member.name, indent=False, layout={"width": "120px"})
            for member in self._people
        ]
        self._there = html_widget()
        self._open = widgets.Button(description="发起投票", button_style="primary")
        self._counting = BallotCountForm(session, self._done)
        opening = [self._opening()] if self._opens else []
        self.widget = vbox(*opening, self._counting.widget, self._past)
        self._purpose.observe(lambda _: self._draw_purpose(), "value")
        for box in self._present:
            box.observe(lambda _: self._draw_present(), "value")
        self._open.on_click(lambda _: self._start())

    def show(self, kind: str) -> None:
        """Show the votes on a kind, and what can be voted on now."""
        state, self._kind = self._session.current_state(), kind
        votes = [one for one in state.ballots if one.opened.nominees == kind]
        able = [title for title in PURPOSE_TITLES if title != "tie" or kind in state.ties]
        options = [(PURPOSE_TITLES[name], name) for name in able]
        if tuple(options) != tuple(self._purpose.options):
            self._purpose.options = options
            self._purpose.value = able[0]
        self._draw_purpose()
        self._draw_present()
        self._counting.show([one for one in votes if one.state in OPEN_STATES])
        made = render_table(map(ballot_row, votes), BALLOT_COLUMNS, empty="还没有投过票")
        results = [
            {
                "title": one.title,
                "rule": _rule(state, one.opened.purpose),
                "rows": render_table(ballot_results(state, one), _columns(one)),
            }
            for one in votes
            if one.tallies
        ]
        self._past.value = render_template("ballots", made=made, results=results)

    def _opening(self) -> widgets.Widget:
        everyone = widgets.Button(description="全部到会", layout={"width": "90px"})
        everyone.on_click(lambda _: self._all_present())
        boxes = add_classes(widgets.HBox(self._present), "kj-present")
        head = html_widget('<h3 style="margin:0">发起投票</h3>')
        return vbox(
            hbox(head, self._purpose),
            self._about,
            self._cases,
            hbox(html_widget("到会"), everyone, self._there),
            boxes,
            hbox(self._most.box, self._issued.box, self._open, self._saving.widget),
            classes=("kj-pane", "kj-decision"),
        )

    def _draw_purpose(self) -> None:
        if not self._opens:
            return
        state = self._session.current_state()
        tie = state.ties.get(self._kind) if self._purpose.value == "tie" else None
        set_visible(self._cases, tie is None)
        set_visible(self._most.box, tie is None)
        if tie:
            names = [state.case_by_id[case].name for case in tie.cases]
            self._about.value = render_template("ballot_tie", names=names, places=tie.places)
        else:
            self._about.value = render_template("ballot_approval", rule=_rule(state))
            listed = state.shortlist[state.shortlist["kind"] == self._kind]
            listed = listed[listed["status"].isin(["listed", "added", "reserve", "rejected"])]
            options = [
                (f"{one.name}　{one.case}{_voted(one.vote)}", one.case)
                for one in listed.itertuples()
            ]
            if tuple(options) != tuple(self._cases.options):
                self._cases.options = options
                inside = listed[listed["status"].isin(["listed", "added"])]
                waiting = inside[inside["vote"].isin(["", NOT_VOTED])]
                self._cases.value = waiting["case"].tolist()

    def _draw_present(self) -> None:
        count, due = len(self._attending()), len(self._present)
        fault = attendance_fault(due, count, self._session.round.notice.ruling)
        self._there.value = render_template("ballot_present", due=due, present=count, fault=fault)

    def _attending(self) -> tuple[str, ...]:
        return tuple(
            member.member
            for member, box in zip(self._people, self._present, strict=True)
            if box.value
        )

    def _all_present(self) -> None:
        for box in self._present:
            box.value = True

    def _start(self) -> None:
        state, present = self._session.current_state(), self._attending()
        tie = state.ties.get(self._kind) if self._purpose.value == "tie" else None
        cases = tie.cases if tie else tuple(self._cases.value)
        most = tie.places if tie else self._most.number
        problem = self._problem(state, present, cases, most)
        body = (
            None
            if problem
            else BallotOpened(
                ballot=len(state.ballots) + 1,
                nominees=self._kind,
                purpose=self._purpose.value,
                cases=cases,
                places=tie.places if tie else len(cases),
                most=most or 0,
                due=tuple(member.member for member in self._people),
                present=present,
                recused=recused_by_case(state, cases),
                issued=self._issued.number or 0,
            )
        )
        if self._saving.record_if_valid(problem, *([body] if body else [])) is not None:
            self._issued.number = self._most.number = None
            self._done()

    def _problem(
        self, state: RoundState, present: Sequence[str], cases: Sequence[str], most: int | None
    ) -> str | None:
        waiting = [
            one
            for one in state.ballots
            if one.state in OPEN_STATES and one.opened.nominees == self._kind
        ]
        if waiting:
            return f"{waiting[0].title}还没有结束，先完成计票或作废。"
        if state.active_members != self._people:
            return "评委名单有变动，请重新运行本页再发起投票。"
        if not cases:
            return "请先选择提交表决的推荐对象。"
        fault = attendance_fault(len(self._present), len(present), state.round.notice.ruling)
        if fault:
            return f"{fault}，不能投票。"
        if most is None or not 0 < most <= len(cases):
            return f"请填写每票至多赞成件数（1 至 {len(cases)}）。"
        if self._issued.number is None or not 0 < self._issued.number <= len(present):
            return f"请填写发出票数（1 至到会人数 {len(present)}）。"
        return None

    def _done(self) -> None:
        self._recorded()


def _voted(said: object) -> str:
    return f"　{said}" if said else ""


def recused_by_case(state: RoundState, cases: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """Return the panel members who do not vote on a case: by rule or by their own word."""
    pairs = set(zip(state.conflicts["case"], state.conflicts["member"], strict=True))
    pairs |= {
        (e.body.case, e.body.member) for e in state.events if isinstance(e.body, MemberRecused)
    }
    found = {
        case: tuple(m.member for m in state.round.panel if (case, m.member) in pairs)
        for case in cases
    }
    return {case: members for case, members in found.items() if members}


def ballot_row(ballot: Ballot) -> dict[str, object]:
    """Return what the table of votes says of one; no number before both tellers have counted."""
    opened, settled = ballot.opened, ballot.state in ("settled", "faulty") and ballot.counts
    last = next(iter(ballot.counts.values())) if settled else None
    return {
        "title": ballot.title,
        "purpose": PURPOSE_TITLES[opened.purpose],
        "people": f"{len(opened.due)}／{len(opened.present)}",
        "papers": f"{opened.issued}／" + (f"{last.returned}／{last.spoiled}" if last else "—／—"),
        "state": STATE_TITLES[ballot.state],
        "tellers": "、".join(ballot.counts) or "—",
        "note": "；".join(ballot.faults) or "—",
    }


def ballot_results(state: RoundState, ballot: Ballot) -> list[dict[str, object]]:
    """Return a valid vote's result by case, most papers first."""
    tied = ballot.opened.purpose == "tie"
    rows: list[dict[str, object]] = [
        {
            "name": state.case_by_id[case].name,
            "yes": tally.yes,
            "no": None if tied else tally.no,
            "abstained": tally.abstained,
            "base": tally.base,
            "needed": None if tied else tally.needed,
            "verdict": _rank(ballot, case) if tied else "通过" if tally.carried else "未通过",
        }
        for case, tally in ballot.tallies.items()
    ]
    return sorted(rows, key=lambda one: (-int(str(one["yes"])), str(one["name"])))


def _rank(ballot: Ballot, case: str) -> str:
    """Say whether the papers give a level case one of the places."""
    own, papers = ballot.tallies[case].yes, [one.yes for one in ballot.tallies.values()]
    if sum(other >= own for other in papers) <= ballot.opened.places:
        return "当选"
    return "未当选" if sum(other > own for other in papers) >= ballot.opened.places else "仍并列"


def _columns(ballot: Ballot) -> list[Column]:
    """Return what of a result is shown: a vote among level cases knows no majority."""
    tied = ballot.opened.purpose == "tie"
    return [one for one in RESULT_COLUMNS if not (tied and one.field in ("no", "base", "needed"))]


def _rule(state: RoundState, purpose: str = "approval") -> str:
    if purpose == "tie":
        return "得票多者优先"
    ruling = state.round.notice.ruling
    return f"须得{MAJORITY_TITLES[ruling.majority_of.value]}的 {ruling.majority.value} 以上"
