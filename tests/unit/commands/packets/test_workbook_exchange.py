"""A workbook that comes back: the ledger holds what was typed, conflicts are shown."""

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kjfp_helpers.core.events import (
    ConflictsDeclared,
    MemberRecused,
    ScoreGiven,
    ScoringClosed,
)
from kjfp_helpers.panels.scoring.scoring_handler import ScoringHandler
from kjfp_helpers.state.panel.packet_building import build_packet
from support.rounds.packet_files import (
    bodies,
    fill,
    held,
    mark,
    opened,
    out,
    row,
    small_round,
    take_in,
)

pytestmark = pytest.mark.slow


@pytest.fixture
def session(exported, tmp_path):
    return opened(exported, tmp_path)


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def any_session(request, tmp_path, monkeypatch):
    """A session on either database."""
    if request.param == "postgresql":
        monkeypatch.setenv("KJFP_DATABASE_URL", request.getfixturevalue("postgresql_url"))
        session = small_round(tmp_path)
    else:
        session = opened(request.getfixturevalue("assigned"), tmp_path)
    yield session
    session.ledger.close()


MARKS = st.one_of(st.none(), st.integers(0, 100))
WORDS = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=12)
ROWS = st.lists(
    st.tuples(st.integers(0, 7), st.lists(MARKS, min_size=5, max_size=5), WORDS), max_size=6
)


@settings(max_examples=4, deadline=None, suppress_health_check=list(HealthCheck))
@given(typed=ROWS)
def test_ledger_holds_exactly_what_was_typed(typed_session, typed):
    session = typed_session
    path, rows = out(session)
    before = {
        case: (dict(marks.scores), marks.comment)
        for case, marks in build_packet(session.current_state(), "M01").scores.items()
    }
    cells, wanted = {}, dict(before)
    for place, marks, comment in typed:
        line = rows[place]
        cells |= dict(zip(map(line.place, line.marks.values()), marks, strict=True))
        cells[line.place(line.comment)] = openpyxl_text(comment)
        scores = {name: one for name, one in zip(line.marks, marks, strict=True) if one is not None}
        wanted[line.case] = (
            scores,
            (comment or "").replace("\ufffe", "").replace("\uffff", "").strip(),
        )
    fill(path, cells)
    outcome = take_in(session, path, prefer_files=[path])  # blanks too, where the ledger held marks
    assert not outcome.failed
    packet = build_packet(session.current_state(), "M01")
    assert {c: (dict(m.scores), m.comment) for c, m in packet.scores.items()} == wanted
    changed = {case for case in wanted if wanted[case] != before[case]}
    assert outcome.made == len(changed)
    head = session.ledger.head()
    assert take_in(session, path).made == 0 and session.ledger.head() == head
    session.ledger.verify()


def openpyxl_text(text):
    """A text that a person typed: never a formula, which Excel keeps out of a text cell."""
    if not text:
        return None
    from openpyxl.cell.rich_text import CellRichText

    return CellRichText(text) if text.startswith("=") else text


@pytest.fixture(scope="module")
def typed_session(assigned, tmp_path_factory):
    return opened(assigned, tmp_path_factory.mktemp("typed"))


def test_only_what_changed_since_the_export_is_recorded(any_session):
    _, rows = out(any_session)
    for line in rows[:3]:
        mark(any_session, line, 70)
    path, rows = out(any_session)
    assert take_in(any_session, fill(path, row(rows[1], 71))).made == 1
    (new,) = bodies(any_session, ScoreGiven)[3:]
    assert new.case == rows[1].case and set(new.scores.values()) == {71} and new.member == "M01"
    event = any_session.ledger.events()[-1]
    assert event.actor == "M01 评分表"
    any_session.ledger.verify()


def test_importing_twice_adds_nothing_even_after_the_page_went_on(any_session):
    path, rows = out(any_session)
    fill(path, row(rows[0], 71))
    assert take_in(any_session, path).made == 1
    mark(any_session, rows[0], 90)
    head = any_session.ledger.head()
    outcome = take_in(any_session, path)
    assert outcome.made == 0 and not outcome.failed and any_session.ledger.head() == head


def test_a_newer_mark_of_the_ledger_is_a_conflict_and_stays_until_the_file_is_taken(any_session):
    session = any_session
    path, rows = out(session)
    mark(session, rows[0], 60)
    fill(path, {**row(rows[0], 99, "很好"), **row(rows[1], 70)})
    outcome = take_in(session, path)
    assert outcome.made == 1 and "冲突1件" in outcome.failed[-1]
    table = "\n".join(outcome.notes)
    assert (
        "99" in table and "60" in table and "团队" in table + "个人" and rows[0].case not in table
    )
    packet = build_packet(session.current_state(), "M01")
    assert set(packet.scores[rows[0].case].scores.values()) == {60}
    shown = openpyxl.load_workbook(session.outputs / "packets" / "conflicts.xlsx").active
    told = [[cell.value for cell in cells] for cells in shown.iter_rows(min_row=4)]
    assert len(told) == 6 and all(line[4] == "60" for line in told[:5]) and told[5][5] == "很好"
    taken = take_in(session, path, prefer_files=[path])
    assert taken.made == 1 and not taken.failed and "代替" in "".join(taken.notes)
    assert set(
        build_packet(session.current_state(), "M01").scores[rows[0].case].scores.values()
    ) == {99}
    assert not (session.outputs / "packets" / "conflicts.xlsx").exists()
    head = session.ledger.head()
    assert take_in(session, path, prefer_files=[path]).made == 0 and session.ledger.head() == head


def test_a_page_left_open_is_told_what_a_file_brought_and_never_overwrites_it(any_session):
    path, rows = out(any_session)
    page = ScoringHandler(any_session, any_session.current_state(), "M01")
    packet = page.handle({"type": "hello", "window": "w"})["packet"]
    assert take_in(any_session, fill(path, row(rows[0], 70))).made == 1
    say = {"window": "w", "packet": packet, "case": str(page.packet.numbers[rows[0].case])}
    answer = page.handle(
        {"type": "save", "request_id": "a", "answers": {"outcome": 99}, "base_seq": None, **say}
    )
    assert answer["type"] == "stale" and set(answer["case"]["answers"].values()) == {70}
    assert len(bodies(any_session, ScoreGiven)) == 1


def test_the_same_mark_in_file_and_ledger_is_no_conflict(session):
    path, rows = held(session)
    mark(session, rows[0], 88)
    outcome = take_in(session, fill(path, row(rows[0], 88)))
    assert outcome.made == 0 and not outcome.failed


def test_a_case_recused_in_the_ledger_stays_recused(session):
    path, rows = held(session)
    session.record(MemberRecused(member="M01", case=rows[0].case, reason="同单位"))
    outcome = take_in(session, fill(path, row(rows[0], 90)), prefer_files=[path])
    assert outcome.made == 0 and "已回避" in "".join(outcome.notes)
    assert (
        not bodies(session, ScoreGiven)
        and rows[0].case not in build_packet(session.current_state(), "M01").cases
    )


def test_a_recusal_in_the_file_is_recorded_and_its_marks_are_not(session):
    path, rows = held(session)
    take_in(session, fill(path, row(rows[0], 90, away="回避", reason="曾任顾问")))
    assert bodies(session, MemberRecused) == [
        MemberRecused(member="M01", case=rows[0].case, reason="曾任顾问")
    ]
    assert not bodies(session, ScoreGiven)
    head = session.ledger.head()
    take_in(session, path)
    assert session.ledger.head() == head


def test_nothing_is_taken_before_the_ties_are_declared(session):
    path, rows = held(session)
    outcome = take_in(session, fill(path, row(rows[0], 90), declared=None))
    assert "说明!B9" in outcome.failed[0] and not bodies(session, ScoreGiven)
    take_in(session, fill(path, {}, declared="与某学会有合作"))
    (declared,) = bodies(session, ConflictsDeclared)
    assert declared.statement == "与某学会有合作" and len(bodies(session, ScoreGiven)) == 1


def test_lines_pasted_in_excel_end_as_lines_end_everywhere(session):
    path, rows = held(session)
    take_in(session, fill(path, row(rows[0], 80, "第一行_x000D_\n第二行")))
    assert bodies(session, ScoreGiven)[0].comment == "第一行\n第二行"
    path, rows = out(session)
    mark(session, rows[1], 80, comment="第一行\r\n第二行")
    path, _ = out(session)
    assert take_in(session, fill(path, {})).made == 0


def test_extreme_marks_without_comment_are_taken_and_told(session):
    path, rows = held(session)
    outcome = take_in(session, fill(path, row(rows[0], 97)))
    assert outcome.made == 1 and rows[0].place(rows[0].comment) in "".join(outcome.notes)


def test_marks_after_closing_are_recorded_and_said_not_to_count(session):
    path, rows = held(session)
    session.record(ScoringClosed(reason="到期"))
    outcome = take_in(session, fill(path, row(rows[0], 70)))
    assert outcome.made == 1 and "不计入" in "".join(outcome.notes)


def test_beside_the_member_stands_the_hub_or_system_user(tmp_path, monkeypatch):
    made_up = "rehearsal = true\nclock = 2020-08-20T09:00:00+08:00"
    session = small_round(tmp_path, notice=(made_up, "rehearsal = false"))
    path, rows = out(session)
    monkeypatch.setenv("JUPYTERHUB_USER", "liu")
    take_in(session, fill(path, row(rows[0], 70)))
    assert session.ledger.events()[-1].actor == "M01 评分表（liu，秘书）"
    page = ScoringHandler(session, session.current_state(), "M02")
    page.handle({"type": "hello", "window": "w"})
    say = {"window": "w", "packet": page.packet.code, "request_id": "a"}
    assert page.handle({"type": "declare", "none": True, **say})["type"] == "saved"
    assert session.ledger.events()[-1].actor == "M02（liu，秘书）"
