"""Agenda, discussion and a change of names on a small scored round; the papers made of them."""

import hashlib
import re
from dataclasses import replace
from datetime import date

import docx
import openpyxl
import pytest

from kjfp_helpers.commands.document_writing import write_documents
from kjfp_helpers.core.errors import ParameterError
from kjfp_helpers.core.events import DiscussionNoted, IdentitiesRevealed
from kjfp_helpers.reports.data.event_log.event_rows import build_event_rows
from kjfp_helpers.rules import VoterRow
from kjfp_helpers.state.meeting.agenda import describe_group, make_agenda, read_agenda
from kjfp_helpers.state.meeting.discussion import (
    list_meetings,
    make_meeting,
    make_note,
    read_notes,
)
from kjfp_helpers.state.meeting.swap import describe_swap
from kjfp_helpers.state.revocations import make_revocation
from support.rounds.panel_round import open_round
from support.state.recorded_scores import score

pytestmark = pytest.mark.slow

TWO = ("测试甲", "测试乙")
HELD = {"place": "会议室", "chair": "测试组长", "recorder": "测试秘书", "present": ["M01", "M02"]}


class _With:
    """A state with other scores."""

    def __init__(self, state, scores):
        self.scores, self._state = scores, state

    def __getattr__(self, name):
        return getattr(self._state, name)


@pytest.fixture(scope="module")
def session(tmp_path_factory):
    session = open_round(tmp_path_factory.mktemp("meeting"))
    score(session)
    yield session
    session.close()


@pytest.fixture(scope="module")
def agenda(session):
    for kind in ("team", "individual"):
        session.record(make_agenda(session.current_state(), kind))
    return read_agenda(session.current_state(), "individual")


def test_the_order_is_by_band_and_inside_it_by_the_seed_which_anyone_can_check(session, agenda):
    before = session.ledger.events()[agenda.seq - 3]  # both kinds are drawn by one seed
    assert agenda.drawn.seed == f"{before.seq} {before.hash[:16]}"
    order = [item.case for item in agenda.items]
    digest = {
        one: hashlib.sha256(f"{agenda.drawn.seed} {one}".encode()).hexdigest() for one in order
    }
    bands = [item.band for item in agenda.items]
    for band in set(bands):
        own = [one for one, held in zip(order, bands, strict=True) if held == band]
        assert own == sorted(own, key=digest.get)
    assert bands == sorted(bands, key=["in", "close", "out", "unranked"].index)
    table = session.current_state().scores.rankings["individual"].table.set_index("case")
    for item in agenda.items:
        expected = "in" if item.chance >= 0.9 else "out" if item.chance <= 0.1 else "close"
        assert item.band == expected and item.rank == table["rank"][item.case]
    with pytest.raises(ParameterError, match="重新排定的理由"):
        make_agenda(session.current_state(), "individual")


def test_the_group_too_close_to_call_is_said_in_words(session, agenda):
    said = describe_group(session.current_state(), "individual")
    close = [item for item in agenda.items if item.band == "close"]
    clear = sum(item.band == "in" for item in agenda.items)
    assert f"{clear}名明确入围" in said or not clear
    assert f"{len(close)}名入围概率在10%至90%之间" in said
    assert f"其中{3 - clear}名入围" in said
    state = session.current_state()
    alone = state.scores.rankings["individual"]
    blind = replace(
        alone, table=alone.table.assign(p_in=float("nan")), problems=("只有一位评委。",)
    )
    scores = replace(state.scores, rankings={**state.scores.rankings, "individual": blind})
    told = describe_group(_With(state, scores), "individual")
    assert "没有入围概率" in told and "只有一位评委" in told and "10%" not in told


def test_who_must_leave_has_left_and_a_note_can_be_taken_back(session):
    state = session.current_state()
    case = state.screening.eligible_cases[0]
    rows = (VoterRow(voter="V1", name="甲", ties=(case.unit,)), VoterRow(voter="V2", name="乙"))
    other = replace(state, round=replace(state.round, voters=rows))
    with pytest.raises(ParameterError, match="V9"):
        make_meeting(other, **{**HELD, "present": ["V9"]}, day=date(2020, 10, 21))
    session.record(make_meeting(state, **HELD, day=date(2020, 10, 21)))
    held = session.current_state()
    with pytest.raises(ParameterError, match="未填"):
        make_meeting(state, **{**HELD, "place": " "}, day=date(2020, 10, 21))
    session.record(make_note(held, case=case.id, text="来电13900001234反映，已核实"))
    (note,) = read_notes(session.current_state())
    assert "13900001234" not in note.body.text
    session.record(
        make_revocation(session.ledger.events(), note.seq, reason="误", document="纪要1号", by=TWO)
    )
    assert not read_notes(session.current_state())
    assert any(row["undone"] for row in build_event_rows(session.current_state()))


def test_one_who_has_to_leave_and_is_in_the_room_is_refused(session):
    state = session.current_state()
    case = state.screening.eligible_cases[0]
    rows = (VoterRow(voter="M01", name="甲", ties=(case.unit,)), VoterRow(voter="M02", name="乙"))
    tied = replace(state, round=replace(state.round, voters=rows))
    assert make_note(tied, case=case.id, text="议").left == ("M01",)
    with pytest.raises(ParameterError, match="未退场"):
        make_note(tied, case=case.id, text="议", left=[])


def test_a_change_of_names_tells_its_cost_before_anybody_votes(session):
    state = session.current_state()
    table = state.scores.rankings["individual"].table
    listed = state.decision.listed
    inside = list(listed.loc[listed["kind"] == "individual", "case"])
    outside = [case for case in table["case"] if case not in inside]
    value = table.set_index("case")["value"]
    lines = describe_swap(state, inside[-1], outside[1])
    assert f"低{value[inside[-1]] - value[outside[1]]:.2f}" in lines[0]
    passed = next(line for line in lines if line.startswith("越过"))
    assert outside[0] in passed and "不是" in lines[-1]
    assert "依规则递补的就是" in describe_swap(state, inside[-1], outside[0])[-1]
    for wrong in ((outside[0], outside[1]), (inside[0], inside[1]), ("P0", outside[0])):
        with pytest.raises(ParameterError):
            describe_swap(state, *wrong)


def test_papers_name_nobody_before_the_reveal_and_no_member_ever(session, agenda):
    write_documents(session, "meeting", session.current_state(), lambda done, total: None)
    folder = session.outputs / "meeting"
    blind = (folder / "projector.html").read_text("utf-8")
    state = session.current_state()
    names = [case.name for case in state.screening.eligible_cases]
    members = [member.name for member in state.round.panel]
    assert not any(name in blind for name in names)
    session.record(IdentitiesRevealed(reason="会议开始", by=TWO))
    session.record(DiscussionNoted(case=agenda.items[0].case, text="同意"))
    session.record(make_meeting(state, **HELD, day=date(2020, 10, 28)))
    write_documents(session, "meeting", session.current_state(), lambda done, total: None)
    page = (folder / "projector.html").read_text("utf-8")
    assert all(any(part in page for part in (name, "&")) for name in names)
    assert not any(re.search(rf"{name}(?!（)", page) for name in members)
    days = [meeting.held.day for meeting in list_meetings(session.current_state())]
    assert days == ["2020-10-21", "2020-10-28"]
    minutes = "\n".join(
        p.text for p in docx.Document(folder / f"minutes-{days[0]}.docx").paragraphs
    )
    assert "同意" in minutes and "2020年10月21日" in minutes
    book = openpyxl.load_workbook(folder / "disagreement.xlsx")
    assert len(book.sheetnames) == 2
