"""The second round on the same page: its own packet, first-round marks sealed, anchors named."""

import json
from functools import partial

import openpyxl
import pytest

from kjfp_helpers import commands, panels
from kjfp_helpers.core.events import ReadingsAssigned, ScoreGiven
from kjfp_helpers.state.panel.member_progress import describe_members
from kjfp_helpers.state.panel.packet_building import build_packet
from support.pages import scoring_messages
from support.pages.scoring_messages import bodies
from support.rounds.panel_round import open_round

pytestmark = pytest.mark.slow

Page = partial(scoring_messages.Page, cards=True)


@pytest.fixture
def session(tmp_path):
    return open_round(tmp_path)


def second(session, cases, **how):
    readings = {member: tuple(cases) for member in ("M01", "M02", "M03")}
    session.record(ReadingsAssigned(readings=readings, seed=2, digest="1" * 64, round=2, **how))


def test_a_round_marked_afresh_shows_the_own_marks_of_the_first_beside_the_case_alone(session):
    page = Page(session)
    cases = list(build_packet(session.current_state(), "M01").cases)
    page.save(case="1", answers={"outcome": 97}, comment="第一轮的评语")
    second(session, cases[:4], afresh=True)
    assert page.save(case="2")["renew"]
    welcome = page.say("hello")
    assert "第 2 轮" in welcome["title"] and "上一轮的评分已封存" in welcome["note"]
    assert len(welcome["cases"]) == 4 and not any(case["answers"] for case in welcome["cases"])
    first, *others = welcome["cases"]
    assert "您第 1 轮的评分" in first["page"] and "第一轮的评语" in first["page"]
    assert "<b>97</b>" in first["page"] and not first["comment"]
    assert not any("第 1 轮" in case["page"] for case in others)
    other = json.dumps(Page(session, member="M02").welcome, ensure_ascii=False)
    assert "第一轮的评语" not in other
    page.welcome = welcome
    saved = page.save(case="1", answers={"outcome": 66})
    assert saved["case"]["answers"] == {"outcome": 66}
    assert [mark.round for mark in bodies(session, ScoreGiven)] == [1, 2]
    assert page.say("undo", case="1", base_seq=saved["event_seq"])["case"]["answers"] == {}


def test_a_workbook_of_a_round_marked_afresh_shows_the_own_marks_before(session):
    page = Page(session)
    cases = list(build_packet(session.current_state(), "M01").cases)
    page.save(case="1", answers={"outcome": 97}, comment="第一轮的评语")
    second(session, cases[:4], afresh=True)
    assert not commands.export_workbooks(
        session, lambda done, total: None, members=["M01", "M02"]
    ).failed
    told = {}
    for member in ("M01", "M02"):
        book = openpyxl.load_workbook(session.outputs / "packets" / f"{member}.xlsx")
        told[member] = [
            str(cell.value) for tab in book for row in tab for cell in row if cell.value
        ]
    (line,) = [cell for cell in told["M01"] if "您第1轮的评分" in cell]
    assert "97" in line and "第一轮的评语" in line
    assert not any("第1轮的评分" in cell for cell in told["M02"])


def test_a_round_that_adds_cases_goes_on_with_the_marks_before(session):
    page = Page(session)
    cases = list(build_packet(session.current_state(), "M01").cases)
    page.save(case="1", answers={"outcome": 77})
    second(session, cases)
    welcome = page.say("hello")
    assert "已封存" not in welcome["note"] and "含上一轮" in welcome["note"]
    assert welcome["cases"][0]["answers"] == {"outcome": 77}


def test_common_cases_are_named_on_card_and_list(session):
    cases = list(build_packet(session.current_state(), "M01").cases)
    second(session, cases[:4], anchors=(cases[0],), afresh=True)
    shown = Page(session).welcome["cases"]
    assert [case["anchor"] for case in shown] == [True, False, False, False]
    assert ["共同基准件" in case["page"] for case in shown] == [True, False, False, False]


def test_secretary_follows_the_round_that_is_being_read(session):
    page = Page(session)
    cases = list(build_packet(session.current_state(), "M01").cases)
    page.save(case="1", answers=page.full(80))
    second(session, cases[:4], afresh=True)
    row = next(row for row in describe_members(session.current_state()) if row["member"] == "M01")
    assert row["share"] == (0, 4)
    assert "第 2 轮" in page.say("sheet")["page"]
    assert "第 2 轮" in "".join(
        str(getattr(child, "value", "")) for child in _all(panels.show_start(session))
    )


def _all(widget):
    yield widget
    for child in getattr(widget, "children", ()):
        yield from _all(child)
