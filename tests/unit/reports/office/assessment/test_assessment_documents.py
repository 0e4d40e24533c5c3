from dataclasses import replace
from datetime import UTC, datetime

import pytest
from openpyxl import load_workbook

from kjfp_helpers.core.events import (
    AssessmentConfirmed,
    AssessmentPointsRuled,
    Event,
    SummaryAssessed,
)
from kjfp_helpers.core.records import Section, Summary
from kjfp_helpers.reports import write_assessment_documents
from kjfp_helpers.rules import RoleHolder, load_round
from kjfp_helpers.state import derive_state
from support.rounds.builders import intake, record

AT = datetime(2020, 8, 20, tzinfo=UTC)
WHY = {"reason": "复核", "document": "纪要1号", "by": ("甲", "乙")}
COPIED = "专家带着协会干，协会领着农户干，收成归农户，技术留在村里，年年有人问，月月有人来。" * 5


@pytest.fixture(scope="module")
def state(rules_folder):
    rules = replace(
        load_round(rules_folder), roles=(RoleHolder(user="a1", role="考核", name="甲"),)
    )
    body = Summary(sections=(Section(heading="典型经验", text=COPIED),))
    records = [record(body, unit=unit, serial=n) for n, unit in enumerate(("61", "62"), 1)]
    ruled = [
        AssessmentPointsRuled(unit="61", indicator=one.id, points=one.points, **WHY)
        for one in rules.assessment.indicators
    ]
    confirmed = AssessmentConfirmed(results={"61": (100.0, "优秀"), "62": (1.0, "合格")}, **WHY)
    phrase = rules.assessment.read_indicators[0].phrases[0]
    said = [
        SummaryAssessed(unit=unit, level="", reader="a1", comment=comment)
        for unit, comment in (("61", f"{phrase}。"), ("62", "另有说明"), ("62", f"另，{phrase}"))
    ]
    bodies = (*ruled, *said, confirmed)
    events = [Event(seq=n, at=AT, actor="秘书", body=body) for n, body in enumerate(bodies, 1)]
    return derive_state(rules, intake(*records), events)


@pytest.mark.slow
def test_a_notice_goes_to_units_whose_confirmed_result_still_stands(state, tmp_path):
    made = [path.name for path in write_assessment_documents(state, tmp_path)]
    assert made == ["assessment.xlsx", "61-考核结果通知.docx", "61-考核结果通知.html"]
    page = (tmp_path / "assessment" / "61-考核结果通知.html").read_text("utf-8")
    assert "优秀" in page and "100.0" in page and "陕西" in page and "甘肃" not in page


@pytest.mark.slow
def test_the_workbook_shows_results_copies_and_what_is_missing_and_is_the_same_again(
    state, tmp_path
):
    first = write_assessment_documents(state, tmp_path / "a")[0]
    again = write_assessment_documents(state, tmp_path / "b")[0]
    assert first.read_bytes() == again.read_bytes()
    book = load_workbook(first)
    rows = {row[0]: row for row in book["结果"].iter_rows(min_row=4, values_only=True)}
    assert "优秀" in rows["61"] and 100 in rows["61"]
    assert rows["62"][4] == 2 and rows["62"][11] is None and "缺省办法" in book["结果"]["A2"].value
    copied = list(book["雷同段落"].iter_rows(min_row=4, values_only=True))
    assert copied[0][1:3] in (("陕西", "甘肃"), ("甘肃", "陕西")) and COPIED[:60] in copied[0][4]
    used = list(book["常用评语"].iter_rows(min_row=4, max_col=6, values_only=True))
    phrase = state.round.assessment.read_indicators[0].phrases[0]
    assert [row[2:] for row in used] == [(phrase, 2, 2, 1)] and "甲" in used[0][0]
