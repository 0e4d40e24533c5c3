"""Minutes of the meeting: who was there, what was said, voted and decided."""

from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from kjfp_helpers.core.events import (
    CaseVetoed,
    GateWaived,
    MeetingHeld,
    SeatAdded,
    SeatsLeftVacant,
)
from kjfp_helpers.core.records import KIND_MEASURES, KIND_TITLES
from kjfp_helpers.reports import formatting
from kjfp_helpers.reports.office.meeting.ballot_documents import result_columns, result_rows
from kjfp_helpers.reports.office.meeting.case_facts import clean
from kjfp_helpers.reports.office.writers.docx_writer import OfficialDocument
from kjfp_helpers.selection.meeting_ballots import STATE_TITLES, Ballot
from kjfp_helpers.selection.point_papers import purpose_title
from kjfp_helpers.state.meeting.agenda import Agenda, describe_group
from kjfp_helpers.state.meeting.ballot_results import describe_majority
from kjfp_helpers.state.meeting.discussion import Meeting, read_notes
from kjfp_helpers.state.meeting.voters import list_voters
from kjfp_helpers.state.revocations import list_revoked
from kjfp_helpers.state.secretary.publication_gates import GATE_TITLES

if TYPE_CHECKING:
    from kjfp_helpers.state import RoundState

NOTHING = "无。"


def write_minutes(state: "RoundState", meeting: Meeting, agendas: list[Agenda], path: Path) -> None:
    """Write the minutes of a meeting; ``agendas`` are those that it had.

    Raises
    ------
    OutputError
        When the file cannot be written.
    """
    document = OfficialDocument(rehearsal=state.round.rehearsal, amendments=state.round.amendments)
    document.add_title(f"{state.round.notice.round.title}\n会议记录")
    _add_section(document, "一、会议情况", _facts(state, meeting.held))
    _add_section(document, "二、议程", _agenda_lines(state, agendas))
    _add_section(document, "三、讨论情况", _discussion(state, meeting))
    document.add_heading("四、表决情况")
    ballots = [one for one in state.decision.ballots if meeting.first <= one.seq < meeting.end]
    for ballot in ballots:
        _add_ballot(document, state, ballot)
    if not ballots:
        document.add_paragraph(NOTHING)
    document.add_heading("五、会议决定")
    for line in _decisions(state, meeting):
        document.add_paragraph(line)
    document.add_paragraph(meeting.held.conclusion or "（会议结论未登记）", keep=True)
    document.add_paragraph("主持人（签名）：　　　　　　　记录人（签名）：")
    document.save(path)


def _add_section(document: OfficialDocument, title: str, lines: Iterable[str]) -> None:
    document.add_heading(title)
    for line in list(lines) or [NOTHING]:
        document.add_paragraph(line)


def _agenda_lines(state: "RoundState", agendas: list[Agenda]) -> Iterator[str]:
    for agenda in agendas:
        yield describe_group(state, agenda.kind, agenda.drawn.bands)
    for agenda in agendas:
        yield f"{KIND_TITLES[agenda.kind]}的顺序由种子 {agenda.drawn.seed} 排定。"


def _facts(state: "RoundState", held: MeetingHeld) -> Iterator[str]:
    voters = list_voters(state)
    there = [clean(voter.label) for voter in voters if voter.id in held.present]
    away = [clean(voter.label) for voter in voters if voter.id not in held.present]
    day = formatting.format_date(date.fromisoformat(held.day))
    yield f"时间：{day}。地点：{clean(held.place)}。"
    yield f"主持：{clean(held.chair)}。记录：{clean(held.recorder)}。"
    yield f"应到表决人{len(voters)}名，到会{len(there)}名：{'、'.join(there)}。"
    if away:
        yield f"缺席：{'、'.join(away)}。"
    if held.guests:
        yield f"列席：{clean(held.guests)}。"


def _discussion(state: "RoundState", meeting: Meeting) -> Iterator[str]:
    names = {voter.id: clean(voter.name) for voter in list_voters(state)}
    for event in filter(meeting.covers, read_notes(state)):
        body = event.body
        case = state.screening.case_by_id.get(body.case)
        about = f"{clean(case.name)}（{body.case}）" if case else body.case or "会议事项"
        left = f"（{'、'.join(names.get(one, one) for one in body.left)}退场）" if body.left else ""
        yield f"{about}{left}：{clean(body.text).rstrip('。')}。"


def _add_ballot(document: OfficialDocument, state: "RoundState", ballot: Ballot) -> None:
    opened = ballot.opened
    document.add_paragraph(
        f"{ballot.title}（{KIND_TITLES[opened.nominees]}，{purpose_title(opened)}）："
        f"应到{len(opened.due)}人，到会{len(opened.present)}人，发出{opened.issued}张；"
        f"{describe_majority(state, opened)}；结果{STATE_TITLES[ballot.state]}"
        + (f"：{'；'.join(ballot.faults)}" if ballot.faults else "")
        + "。",
        keep=bool(ballot.tallies),
    )
    if ballot.tallies:
        document.add_table(result_columns(ballot), result_rows(state, ballot))


def _decisions(state: "RoundState", meeting: Meeting) -> Iterator[str]:
    def name(case: str) -> str:
        nominee = state.screening.case_by_id.get(case)
        return f"{clean(nominee.name)}（{case}）" if nominee else case

    revoked = list_revoked(state.events)
    for event in filter(meeting.covers, state.events):
        body = event.body
        if isinstance(body, CaseVetoed):
            said = f"一票否决{name(body.case)}：{body.clause}，{body.document}"
        elif isinstance(body, SeatAdded):
            said = f"增列{name(body.case)}：{body.resolution}，{body.reason}"
        elif isinstance(body, SeatsLeftVacant):
            places = f"{body.places}{KIND_MEASURES[body.nominees]}"
            said = f"{KIND_TITLES[body.nominees]}空缺{places}：{body.resolution}，{body.reason}"
        elif isinstance(body, GateWaived):
            said = f"放行“{GATE_TITLES[body.gate][0]}”：{body.document}，{body.reason}"
        else:
            continue
        back = f"，后经台账第{revoked[event.seq].seq}条撤销" if event.seq in revoked else ""
        yield f"{clean(said)}（{'、'.join(map(clean, body.by))}，台账第{event.seq}条{back}）。"
