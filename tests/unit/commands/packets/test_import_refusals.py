"""What is not taken from a workbook that comes back, and in which words."""

import io
import re
from datetime import datetime

import openpyxl
import pytest

from kjfp_helpers.core.events import (
    PacketReopened,
    PacketSealed,
    ReadingsAssigned,
    ScoreGiven,
    ScoringClosed,
)
from kjfp_helpers.panel_review.scoring.member_packet import COMMENT_LIMIT
from kjfp_helpers.state.panel.packet_building import build_packet
from support.rounds.packet_files import bodies, fill, held, opened, out, row, small_round, take_in

pytestmark = pytest.mark.slow


@pytest.fixture
def session(exported, tmp_path):
    return opened(exported, tmp_path)


def line_cell(line, which):
    return next(iter(line.marks.values())) if which == "mark" else getattr(line, which)


BAD = [
    ("mark", 101, "“101”"),
    ("mark", -1, "“-1”"),
    ("mark", 80.5, "“80.5”"),
    ("mark", "85", "文字“85”"),
    ("mark", "=40+40", "公式"),
    ("mark", True, "逻辑值"),
    ("comment", "=1+1", "公式"),
    ("comment", "长" * (COMMENT_LIMIT + 1), "4001字"),
    ("away", "是", "“是”"),
    ("away", "回避", "空白"),
    ("reason", "无", "空白"),
    ("mark", datetime(2020, 7, 1), "日期"),
]


@pytest.mark.slow
@pytest.mark.parametrize("bad", [BAD[:6], BAD[6:]], ids=["first", "second"])
def test_a_bad_cell_is_named_and_nothing_of_its_row_is_taken_others_are(session, bad):
    path, rows = held(session)
    good, cells = rows[-1], row(rows[-1], 72)
    for line, (which, value, _) in zip(rows, bad, strict=False):
        cells |= {**row(line, 70), line.place(line_cell(line, which)): value}
    outcome = take_in(session, fill(path, cells))
    assert len(outcome.failed) == len(bad)
    for line, (_, _, told), fault in zip(rows, bad, outcome.failed, strict=False):
        assert re.search(rf"{line.tab}![A-Z]+{line.row}（", fault) and told in fault
    assert [body.case for body in bodies(session, ScoreGiven)] == [good.case]


def test_a_row_whose_blank_parts_were_altered_is_named_and_not_taken(session):
    path, rows = held(session)
    spoilt, good = rows[:3], rows[3]
    changed = {
        f"{spoilt[0].tab}!A{spoilt[0].row}": "团队 99 号",
        f"{spoilt[1].tab}!A{spoilt[1].row}": None,
        f"{spoilt[2].tab}!B{spoilt[2].row}": "带动脱贫：表9,999人",
    }
    deeds = rows[-1].tab.replace("评分", "材料")
    last = openpyxl.load_workbook(path)[deeds].max_row
    changed[f"{deeds}!A{last}"] = "改过的事迹"
    typed = {}
    for line in (*spoilt, good, rows[-1]):
        typed |= row(line, 70)
    outcome = take_in(session, fill(path, typed | changed))
    assert len(outcome.failed) == 4
    for place, fault in zip(changed, outcome.failed, strict=True):
        assert place in fault and "此行未收" in fault
    assert [body.case for body in bodies(session, ScoreGiven)] == [good.case]


def test_a_row_of_nobody_is_named_and_the_others_are_taken(session):
    path, rows = held(session)
    last = max(line.row for line in rows if line.tab == rows[0].tab)
    stray = f"{rows[0].tab}!A{last + 1}"
    outcome = take_in(session, fill(path, {**row(rows[0], 70), stray: "团队 99 号"}))
    assert outcome.made == 1 and stray in outcome.failed[0]


@pytest.mark.slow
def test_an_altered_cover_rubric_or_heading_refuses_the_whole_file(session):
    path, rows = held(session)
    exported, head = path.read_bytes(), session.ledger.head()
    for place, value in {
        "说明!B3": "M02",
        "说明!B4": "M01-0000000000",
        "说明!B5": "5",
        "说明!B6": "0" * 64,
        "说明!B7": "0" * 64,
        "说明!B10": "改了",
        "评分标准!B3": "改了",
        "团队评分!C3": None,
    }.items():
        path.write_bytes(exported)
        outcome = take_in(session, fill(path, {**row(rows[0], 70), place: value}))
        assert len(outcome.failed) == 1 and path.name in outcome.failed[0] and not outcome.made
    assert session.ledger.head() == head


@pytest.mark.slow
def test_a_sealed_packet_refuses_until_it_is_reopened(session):
    path, rows = held(session)
    code = build_packet(session.current_state(), "M01").code
    session.record(PacketSealed(member="M01", packet=code, digest="0" * 64))
    fill(path, row(rows[0], 70))
    outcome = take_in(session, path)
    assert "已封存" in outcome.failed[0] and "启封" in outcome.failed[0]
    assert not bodies(session, ScoreGiven)
    session.record(PacketReopened(member="M01", packet=code, reason="漏评"))
    assert take_in(session, path).made == 1


def test_a_packet_assigned_anew_refuses_the_old_file(session):
    path, rows = held(session)
    cases = tuple(line.case for line in reversed(rows))
    session.record(ReadingsAssigned(readings={"M01": cases}, seed=2, digest="1" * 64))
    outcome = take_in(session, fill(path, row(rows[0], 70)))
    assert "分派已有变动" in outcome.failed[0] and not bodies(session, ScoreGiven)


def test_a_file_of_another_ledger_is_refused(session, tmp_path):
    other = small_round(tmp_path / "other")
    other.record(ScoringClosed(reason="到期"))
    path, rows = out(other)
    fill(path, row(rows[0], 70))
    assert "校验值" in take_in(session, path).failed[0] and not bodies(session, ScoreGiven)


def test_what_is_no_packet_is_refused_in_words(session, tmp_path):
    book = io.BytesIO()
    openpyxl.Workbook().save(book)
    for content in (None, b"", b"PK\x03\x04", "纯文本".encode(), book.getvalue()):
        path = tmp_path / "来件.xlsx"
        if content is not None:
            path.write_bytes(content)
        (said,) = take_in(session, path).failed
        assert "来件.xlsx" in said and "请" in said


def test_a_scale_with_half_steps_is_offered_and_held(tmp_path):
    session = small_round(tmp_path, rubric=("step = 1\n", "step = 0.5\n"))
    path, rows = out(session)
    book = openpyxl.load_workbook(path)
    first = book[rows[0].tab].data_validations.dataValidation[0]
    assert first.type == "custom" and "每档 0.5" in first.prompt
    outcome = take_in(session, fill(path, {**row(rows[0], 80.5), **row(rows[1], 80.25)}))
    assert outcome.made == 1 and "每档 0.5" in outcome.failed[0]
