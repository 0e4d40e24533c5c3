"""The meeting of a rehearsal that is played to its decision, and what follows it.

Ties are put to the vote, the lists are voted on, the notice goes out, an objection strikes a name,
the next one is voted on, a second notice goes out, a resolution adds a person, and a third notice
tells of it. Each act looks at the ledger first: what was done is not done again. A real meeting is
led in the workbook.
"""

from collections.abc import Callable, Sequence
from datetime import date, datetime, time, timedelta
from typing import Literal

from kjfp_helpers.commands.document_writing import write_documents
from kjfp_helpers.commands.publication.notice_publication import publish_notice
from kjfp_helpers.commands.steps.round_steps import shortlist
from kjfp_helpers.commands.steps.step_result import StepResult
from kjfp_helpers.core.events import (
    BallotCounted,
    BallotOpened,
    IdentitiesRevealed,
    ObjectionReceived,
    ObjectionRuled,
    SeatAdded,
)
from kjfp_helpers.infra.progress import ProgressCallback
from kjfp_helpers.rehearsal.actors import meeting_acts
from kjfp_helpers.rehearsal.actors.office_hours import next_working_day
from kjfp_helpers.rehearsal.faults.answer_key import office_actor_label
from kjfp_helpers.rehearsal.generator.faultless_year import CHINA
from kjfp_helpers.reports.office.letters.objection_reply import make_reply
from kjfp_helpers.selection.status_reasons import NOT_VOTED
from kjfp_helpers.state import RoundSession, RoundState
from kjfp_helpers.state.meeting.agenda import close_group, make_agenda
from kjfp_helpers.state.meeting.ballot_acts import make_ballot
from kjfp_helpers.state.meeting.discussion import make_meeting, make_note, read_meeting
from kjfp_helpers.state.meeting.voters import list_voters
from kjfp_helpers.state.publication.objection_acts import (
    find_objection,
    make_assignment,
    make_inquiry,
    make_receipt,
    make_ruling,
)
from kjfp_helpers.state.publication.objection_files import Objector
from kjfp_helpers.state.publication.published_notices import list_notices
from kjfp_helpers.state.secretary.publication_gates import list_gates, make_waiver

DECISION = "领导小组会议纪要〔2020〕3号"
RESOLUTION = "领导小组决议〔2020〕5号"
TWO = ("测试秘书", "测试组长")
OBJECTOR = Objector(name="测试反映人", unit="演练县演练村", contact="演练不设电话")
NOTE = "与会者认为材料扎实，与前后各件差别不大，同意按表决结果确定。"
ABSENT = "V06"
NOTES_A_KIND = 2
"""Cases of the group too close to call on which something is noted."""
MEETING_DAY = date(2020, 10, 21)
NOTICE_DAYS = (date(2020, 10, 26), date(2020, 11, 16), date(2020, 12, 2))


def simulate_meeting(session: RoundSession, on_progress: ProgressCallback) -> StepResult:
    """Play the meeting and what follows it where the answer key has it; elsewhere nothing."""
    if not (session.round.rehearsal and meeting_acts.is_played(session.round)):
        where = "会议、表决在“结果与入围”页办理，公示、异议在“公示与异议”页办理"
        return StepResult(notes=(where,))
    before = session.events()[-1].seq
    for act in ACTS:
        act(session, on_progress)
    made = session.events()[-1].seq - before
    return StepResult(made, notes=("演练会议已表决名单、处理异议、发布公示",) if made else ())


def hold_meeting(session: RoundSession, on_progress: ProgressCallback) -> None:
    """Open the meeting and vote on the lists."""
    state = session.current_state()
    if read_meeting(state) is None:
        _open_meeting(session, state, on_progress)
    vote_on_lists(session, on_progress)


def settle_ties(session: RoundSession) -> None:
    """Settle every tie by vote; the first vote of all ends level and is held again.

    A tie stays where a vote on it cannot be valid.
    """
    for kind in list(session.current_state().scores.rankings):
        state = session.current_state()
        while kind in state.decision.ties:
            tie = state.decision.ties[kind]
            level = not any(one.opened.purpose == "tie" for one in state.decision.ballots)
            opened = _open_ballot(session, state, "tie", tie.cases, tie.seats)
            for number in range(2):
                count = meeting_acts.count_tie(opened, _teller(session, number), level=level)
                _record_count(session, count, number)
            state = session.current_state()
            if state.decision.ballots[-1].state != "settled":
                break  # too few are there, or all are barred: another vote would end alike


def _open_meeting(session: RoundSession, state: RoundState, on_progress: ProgressCallback) -> None:
    """Draw the order, reveal the identities, record the meeting and what was said."""
    session.advance_rehearsal(datetime.combine(MEETING_DAY, time(8, 30), CHINA))
    chair = _chair(session)
    session.record(*(make_agenda(state, kind) for kind in state.scores.rankings), actor=chair)
    session.record(IdentitiesRevealed(reason="评分已封存，会议开始前揭示身份", by=TWO), actor=chair)
    _record_meeting(session, MEETING_DAY)
    for kind in state.scores.rankings:
        state = session.current_state()
        for case in close_group(state, kind).cases[:NOTES_A_KIND]:
            note = make_note(state, case=case, text=NOTE)
            session.record(note, actor=chair)


def _record_meeting(session: RoundSession, day: date) -> None:
    session.advance_rehearsal(datetime.combine(day, time(9), CHINA))
    state = session.current_state()
    held = make_meeting(
        state,
        day=day,
        place="演练会议室",
        chair=TWO[1],
        recorder=TWO[0],
        present=[voter.id for voter in list_voters(state) if voter.id != ABSENT],
        guests="测试纪检员",
        conclusion="会议同意表决结果，按此提出名单。",
    )
    session.record(held, actor=_chair(session))


def vote_on_lists(session: RoundSession, on_progress: ProgressCallback) -> None:
    """Vote on every listed case that no vote decided; the second teller counts wrong at first.

    Who moved up after a struck name may be tied, too.
    """
    settle_ties(session)
    for kind in list(session.current_state().scores.rankings):
        state = session.current_state()
        listed = state.decision.listed
        rows = listed[(listed["kind"] == kind) & listed["vote"].isin(["", NOT_VOTED])]
        cases = tuple(rows["case"])
        if not cases:
            continue
        first = not any(one.opened.purpose == "approval" for one in state.decision.ballots)
        opened = _open_ballot(session, state, "approval", cases, len(cases))
        for number in range(2):
            teller = _teller(session, number)
            if first and number:
                wrong = meeting_acts.count_approval(opened, teller, miscounted=True)
                _record_count(session, wrong, number)
            _record_count(session, meeting_acts.count_approval(opened, teller), number)
    write_documents(session, "meeting", session.current_state(), on_progress)


def publish_first(session: RoundSession, on_progress: ProgressCallback) -> None:
    """Let go what is open by a decision, and publish the first notice."""
    if not list_notices(session.events()):
        _publish(session, on_progress, NOTICE_DAYS[0], "")


def handle_objection(session: RoundSession, on_progress: ProgressCallback) -> None:
    """Enter an objection, inquire, rule that it strikes a name, and reply."""
    if session.events().has(ObjectionRuled):
        return
    state, kind = session.current_state(), meeting_acts.KIND
    listed = state.decision.listed
    case = str(listed.loc[listed["kind"] == kind, "case"].iloc[-1])
    came = datetime.combine(NOTICE_DAYS[0] + timedelta(days=2), time(10), CHINA)
    session.advance_rehearsal(came)
    session.record(
        make_receipt(
            session,
            cases=[case],
            at=came,
            channel="来信",
            subject="所报带动脱贫人数与村级台账不符",
            objector=OBJECTOR,
            evidence=[("村级台账摘抄.txt", "演练材料".encode())],
        ),
        actor=_secretary(session),
    )
    number = session.events().bodies(ObjectionReceived)[-1].number
    session.record(make_assignment(session, number, ["测试核查员"]), actor=_secretary(session))
    session.advance_rehearsal(next_working_day(next_working_day(session.now())))
    session.record(
        make_inquiry(
            session,
            number,
            findings="经实地核查，所报人数中有重复计算，实际人数不足所报的一半。",
            document="演练核查报告〔2020〕1号",
            by=["测试核查员"],
        ),
        actor=_secretary(session),
    )
    ruling = make_ruling(
        find_objection(session, number),
        outcome="成立",
        struck=[case],
        reason="主要事迹数据不实，撤销推荐资格。",
        document="领导小组会议纪要〔2020〕4号",
        by=TWO,
    )
    session.record(ruling, actor=_chair(session))
    session.record(make_reply(session, number, session.now().date()), actor=_secretary(session))


def publish_second(session: RoundSession, on_progress: ProgressCallback) -> None:
    """Vote on who moved up, and publish the second notice."""
    if len(list_notices(session.events())) == 1:
        _record_meeting(session, next_working_day(session.now()).date())
        vote_on_lists(session, on_progress)
        _publish(session, on_progress, NOTICE_DAYS[1], "第1号异议成立，撤下1人，候补递补")


def add_seat(session: RoundSession, on_progress: ProgressCallback) -> None:
    """Add the first reserve beyond the plan by a resolution."""
    state, kind = session.current_state(), meeting_acts.KIND
    if state.standing_events.has(SeatAdded):
        return
    table = state.decision.shortlist
    reserve = table.loc[(table["kind"] == kind) & (table["status"] == "reserve"), "case"]
    if reserve.empty:
        return
    _record_meeting(session, NOTICE_DAYS[1] + timedelta(days=14))
    body = SeatAdded(
        case=str(reserve.iloc[0]),
        resolution=RESOLUTION,
        reason="事迹突出，与末位得分接近，经领导小组会议决议增列",
        by=TWO,
    )
    session.record(body, actor=_chair(session))
    vote_on_lists(session, on_progress)


def publish_third(session: RoundSession, on_progress: ProgressCallback) -> None:
    """Publish the notice with the added name."""
    events = session.events()
    if len(list_notices(events)) == 2 and events.has(SeatAdded):
        _publish(session, on_progress, NOTICE_DAYS[2], f"{RESOLUTION}增列1人")


ACTS: Sequence[Callable[[RoundSession, ProgressCallback], None]] = (
    hold_meeting,
    publish_first,
    handle_objection,
    publish_second,
    add_seat,
    publish_third,
)
"""What is played, in order."""


def _publish(session: RoundSession, on_progress: ProgressCallback, day: date, reason: str) -> None:
    session.advance_rehearsal(datetime.combine(day, time(8, 30), CHINA))
    state = session.current_state()
    waivers = [
        make_waiver(state, gate.key, reason="经会议研究，不影响名单", document=DECISION, by=TWO)
        for gate in list_gates(state)
        if gate.blocks
    ]
    session.record(*waivers, actor=_chair(session))
    shortlist(session, on_progress)
    publish_notice(session, on_progress, day=day, reason=reason)


def _open_ballot(
    session: RoundSession,
    state: RoundState,
    purpose: Literal["tie", "approval"],
    cases: Sequence[str],
    places: int,
) -> BallotOpened:
    """Open a vote of those who are at the meeting."""
    present = [voter.id for voter in list_voters(state) if voter.id != ABSENT]
    body = make_ballot(state, purpose, cases, places, present=present, issued=len(present))
    session.record(body, actor=_chair(session))
    return body


def _record_count(session: RoundSession, count: BallotCounted, number: int) -> None:
    session.record(count, actor=office_actor_label(session.round, "计票人", number))


def _teller(session: RoundSession, number: int) -> str:
    return office_actor_label(session.round, "计票人", number).partition("（")[0]


def _secretary(session: RoundSession) -> str:
    return office_actor_label(session.round, "秘书")


def _chair(session: RoundSession) -> str:
    return office_actor_label(session.round, "组长")
