"""Ballot page: open a ballot, have it counted by two tellers, and show the results."""

from collections.abc import Callable, Sequence

import ipywidgets as widgets

from kjfp_helpers.core.events import BallotOpened
from kjfp_helpers.core.records import LISTED
from kjfp_helpers.panels.ballots.ballot_tables import (
    BALLOT_COLUMNS,
    ballot_row,
    result_columns,
)
from kjfp_helpers.panels.ballots.tellers_count_form import BallotCountForm, NumberEntry
from kjfp_helpers.panels.meeting.search_picker import Ticks
from kjfp_helpers.panels.widgets.html_templates import render_table, render_template
from kjfp_helpers.panels.widgets.save_status import SaveStatus
from kjfp_helpers.panels.widgets.screen_frame import (
    add_classes,
    hbox,
    html_widget,
    set_visible,
    vbox,
)
from kjfp_helpers.selection.meeting_ballots import Ballot, attendance_fault
from kjfp_helpers.selection.point_papers import PURPOSE_TITLES, gives_points, paper_rule
from kjfp_helpers.selection.status_reasons import NOT_VOTED
from kjfp_helpers.state import RoundSession, RoundState
from kjfp_helpers.state.meeting.ballot_acts import make_ballot
from kjfp_helpers.state.meeting.ballot_results import ballot_results, describe_majority
from kjfp_helpers.state.meeting.discussion import read_meeting
from kjfp_helpers.state.meeting.voters import list_voters

OPEN_STATES = ("waiting", "half", "differs")
"""States in which tellers count."""

STEPS = ("发起投票", "第一人计票", "第二人计票", "结果")


class BallotPage:
    """Ballots on one kind of nominee; ``on_recorded`` is called after each recorded event."""

    def __init__(self, session: RoundSession, on_recorded: Callable[[], None]) -> None:
        self._session, self._on_recorded, self._kind = session, on_recorded, "team"
        self._voters = list_voters(session.current_state())
        self._may_open = session.access().may_record(BallotOpened)
        self._results, self._saving = html_widget(), SaveStatus(session, "", before="")
        self._purpose = widgets.ToggleButtons(style={"button_width": "130px"})
        self._explanation = html_widget()
        self._cases = Ticks()
        self._offered: list[tuple[str, str]] = []
        self._maximum = NumberEntry("每票至多赞成件数")
        self._issued = NumberEntry("发出票数")
        self._present = [
            widgets.Checkbox(description=voter.name, indent=False, layout={"width": "120px"})
            for voter in self._voters
        ]
        self._attendance = html_widget()
        self._open = widgets.Button(description="发起投票", button_style="primary")
        self._count_form = BallotCountForm(session, on_recorded)
        self._steps = html_widget()
        self._opening = self._build_opening_form() if self._may_open else vbox()
        self.widget = vbox(self._steps, self._opening, self._count_form.widget, self._results)
        self._purpose.observe(lambda _: self._draw_purpose(), "value")
        for box in self._present:
            box.observe(lambda _: self._draw_attendance(), "value")
        self._open.on_click(lambda _: self._open_ballot())

    def show(self, kind: str) -> None:
        """Show the ballots on a kind of nominee, and what can be voted on now."""
        state, self._kind = self._session.current_state(), kind
        purposes = [name for name in PURPOSE_TITLES if name != "tie" or kind in state.decision.ties]
        options = [(PURPOSE_TITLES[name], name) for name in purposes]
        if tuple(options) != tuple(self._purpose.options):
            self._purpose.options = options
            self._purpose.value = purposes[0]
        self._draw_purpose()
        self._draw_attendance()
        ballots = [ballot for ballot in state.decision.ballots if ballot.opened.nominees == kind]
        counting = [ballot for ballot in ballots if ballot.state in OPEN_STATES]
        set_visible(self._opening, not counting)
        self._steps.value = render_template(
            "ballot_steps", at=_step(counting, ballots), titles=STEPS
        )
        self._count_form.show(counting)
        self._results.value = _render_ballots(state, ballots)

    def _build_opening_form(self) -> widgets.Widget:
        everyone = widgets.Button(description="全部到会", layout={"width": "90px"})
        everyone.on_click(lambda _: self._check_all_present())
        boxes = add_classes(widgets.HBox(self._present), "kj-present")
        head = html_widget('<h3 style="margin:0">发起投票</h3>')
        return vbox(
            hbox(head, self._purpose),
            self._explanation,
            self._cases,
            hbox(html_widget("到会"), everyone, self._attendance),
            boxes,
            hbox(self._maximum.box, self._issued.box, self._open, self._saving.widget),
            classes=("kj-pane", "kj-decision"),
        )

    def _draw_purpose(self) -> None:
        """Show what is put to the vote: the tied cases, or the cases to be chosen by hand."""
        if not self._may_open:
            return
        state = self._session.current_state()
        tie = state.decision.ties.get(self._kind) if self._purpose.value == "tie" else None
        set_visible(self._cases, tie is None)
        set_visible(self._maximum.box, tie is None)
        if tie:
            names = [state.screening.case_by_id[case].name for case in tie.cases]
            planned = make_ballot(state, "tie", tie.cases, tie.seats, present=(), issued=0)
            self._explanation.value = render_template(
                "ballot_tie",
                names=names,
                places=tie.seats,
                rule=describe_majority(state, planned),
                how=paper_rule(planned) if gives_points(planned) else "",
            )
        else:
            rule = describe_majority(state)
            self._explanation.value = render_template("ballot_approval", rule=rule)
            self._offer_cases(state)

    def _offer_cases(self, state: RoundState) -> None:
        """Offer the ranked cases; those of the list that no ballot decided yet are ticked."""
        ranked = state.decision.shortlist[state.decision.shortlist["kind"] == self._kind]
        ranked = ranked[ranked["status"].isin([*LISTED, "reserve", "rejected"])]
        options = [
            (f"{row.name}　{row.case}{_vote_suffix(row.vote)}", str(row.case))
            for row in ranked.itertuples()
        ]
        if options != self._offered:
            self._offered = options
            listed = ranked[ranked["status"].isin(LISTED)]
            undecided = listed[listed["vote"].isin(["", NOT_VOTED])]
            self._cases.offer(options, undecided["case"].tolist())

    def _draw_attendance(self) -> None:
        present, due = len(self._present_members()), len(self._present)
        fault = attendance_fault(due, present, self._session.round.notice.ruling)
        self._attendance.value = render_template(
            "ballot_present", due=due, present=present, fault=fault
        )

    def _present_members(self) -> tuple[str, ...]:
        return tuple(
            voter.id for voter, box in zip(self._voters, self._present, strict=True) if box.value
        )

    def _check_all_present(self) -> None:
        """Tick everybody whom the record of the meeting does not have absent."""
        held = read_meeting(self._session.current_state())
        for voter, box in zip(self._voters, self._present, strict=True):
            box.value = held is None or voter.id in held.present

    def _open_ballot(self) -> None:
        state, present = self._session.current_state(), self._present_members()
        tie = state.decision.ties.get(self._kind) if self._purpose.value == "tie" else None
        if tie:
            cases, seats, maximum = tie.cases, tie.seats, tie.seats
        else:
            cases = tuple(self._cases.value)
            seats, maximum = len(cases), self._maximum.number or 0
        problem = self._find_problem(state, present, cases, maximum)
        bodies = []
        if problem is None:
            body = make_ballot(
                state,
                "tie" if tie else "approval",
                cases,
                seats,
                present=present,
                issued=self._issued.number or 0,
                maximum=maximum,
            )
            bodies.append(body)
        if self._saving.record_if_valid(problem, *bodies) is not None:
            self._issued.number = self._maximum.number = None
            self._on_recorded()

    def _find_problem(
        self, state: RoundState, present: Sequence[str], cases: Sequence[str], maximum: int
    ) -> str | None:
        """Return in Chinese why a ballot cannot be opened, None when it can."""
        for ballot in state.decision.ballots:
            if ballot.state in OPEN_STATES and ballot.opened.nominees == self._kind:
                return f"{ballot.title}还没有结束，先完成计票或作废。"
        if list_voters(state) != self._voters:
            return "表决人名单有变动，请刷新本页（F5）再发起投票。"
        if not cases:
            return "请先选择提交表决的推荐对象。"
        if fault := self._attendance_problem(state, present):
            return fault
        if not 0 < maximum <= len(cases):
            return f"请填写每票至多赞成件数（1 至 {len(cases)}）。"
        if self._issued.number is None or not 0 < self._issued.number <= len(present):
            return f"请填写发出票数（1 至到会人数 {len(present)}）。"
        return None

    def _attendance_problem(self, state: RoundState, present: Sequence[str]) -> str:
        """Return that too few are there, or one not recorded at the meeting, or ``""``."""
        held = read_meeting(state)
        names = {voter.id: voter.name for voter in self._voters}
        away = [names[one] for one in present if held is not None and one not in held.present]
        if held is not None and away:
            named = "、".join(away)
            return f"{named}没有登记到{held.day}的会，请先在“会议”页更正会议登记。"
        fault = attendance_fault(len(self._present), len(present), state.round.notice.ruling)
        return f"{fault}，不能投票。" if fault else ""


def _step(counting: Sequence[Ballot], ballots: Sequence[Ballot]) -> int:
    """Return how many of ``STEPS`` the ballot has behind it that is counted, or the last one."""
    if counting:
        return 1 + min(len(counting[0].counts), 1)
    return len(STEPS) if any(ballot.state == "settled" for ballot in ballots) else 0


def _render_ballots(state: RoundState, ballots: Sequence[Ballot]) -> str:
    table = render_table(
        map(ballot_row, ballots), BALLOT_COLUMNS, title="已进行的投票", empty="还没有投过票"
    )
    results = [
        {
            "title": ballot.title,
            "rule": describe_majority(state, ballot.opened),
            "rows": render_table(
                ballot_results(state, ballot), result_columns(ballot), title=f"{ballot.title}结果"
            ),
        }
        for ballot in ballots
        if ballot.tallies
    ]
    return render_template("ballots", made=table, results=results)


def _vote_suffix(vote: object) -> str:
    return f"　{vote}" if vote else ""
