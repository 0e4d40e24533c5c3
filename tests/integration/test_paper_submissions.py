"""A form that cannot be read stands as a nominee; one that came on paper is entered and counts."""

from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import ipywidgets as widgets
import pytest
from docx import Document
from openpyxl import load_workbook

from kjfp_helpers import commands, panels, reports
from kjfp_helpers.core.events import FormEntered, PaperReceived
from kjfp_helpers.reports.batch.overview.index_pages import render_index_pages
from kjfp_helpers.reports.data.deadline_texts import build_dossiers
from kjfp_helpers.reports.data.report_data_file import load_report_data
from kjfp_helpers.reports.sections import unit_materials, unit_report
from kjfp_helpers.state import RoundSession
from kjfp_helpers.state.secretary import resolutions as say
from kjfp_helpers.state.secretary.reversals import revert
from kjfp_helpers.state.secretary.work_queue import record_items, work_items
from support.forms.sample_files import PERSON, archive, form, letter, text
from support.rounds.panel_round import make_round

ZONE = ZoneInfo("Asia/Shanghai")
BROKEN = "附件2先进个人推荐表（测乙某13）.docx"


def silent(done, total):
    """Tell nobody."""


@pytest.fixture
def session(tmp_path):
    """A round with one good form and one cut off on its way, from one unit."""
    folder = make_round(tmp_path)
    (folder / "inbox").mkdir(exist_ok=True)
    good, bad = (form(PERSON | {"name": f"测{sign}某13"}) for sign in "甲乙")
    files = {"附件2先进个人推荐表（测甲某13）.docx": good, BROKEN: bad[: len(bad) // 2]}
    (folder / "inbox" / "1.eml").write_bytes(letter(files, subject="河北报送材料", number=1))
    (folder / "targets.csv").write_text(
        "unit,assoc_target,experts_target,people_target,document\n34,10,100,1000,样例\n", "utf-8"
    )
    outputs = Path(tmp_path) / "outputs" / folder.name
    session = RoundSession.open(folder, outputs, create=True)
    commands.register_mail(session, silent)
    return session


def slices_of(session):
    folder = session.outputs / "slices"
    reports.write_report_data(session.current_state(), folder)
    return {
        path.relative_to(folder).with_suffix("").as_posix(): load_report_data(path)
        for path in folder.rglob("*.json")
    }


def test_a_nominee_whose_file_cannot_be_read_stays_as_a_row_and_is_counted(session):
    (unread,) = session.current_state().submissions.unread_forms
    assert (unread.unit, unread.kind, unread.name) == ("13", "individual", BROKEN)
    made = slices_of(session)
    unit, whole = made["unit/13"], made["overall"]
    text = unit_materials.render_nominees(unit).text
    assert BROKEN in text and "文件打不开，内容未知" in text and "暂缓" in text
    assert f"“{BROKEN}”打不开" in unit_report.render_verdict(unit).text
    assert BROKEN in unit_report.render_duties(unit).text, "the part to send again is named"
    assert whole["counts"]["cases"]["individual"] == 2 and whole["counts"]["unread"] == 1
    pages = dict(render_index_pages(made, {}))
    assert BROKEN in pages["cases/index.html"] and "不全1类" in pages["index.html"]
    row = session.current_state().screening.completeness.set_index("unit").loc["13"]
    assert row["individual_order"] == "不全" and "文件打不开" in row["individual_faults"]


def test_an_unread_form_is_typed_from_its_item_and_is_unread_no_more(session):
    item = next(one for one in work_items(session.current_state()) if BROKEN in one.finding.source)
    session.record(
        *say.enter_form(session.current_state(), item, "individual", {"name": "测乙某13"}, "照原件")
    )
    assert not session.current_state().submissions.unread_forms
    assert {case.name for case in session.current_state().screening.cases} == {
        "测甲某13",
        "测乙某13",
    }


def test_a_form_that_came_again_readable_is_unread_no_more(session):
    again = form(PERSON | {"name": "测乙某13"})
    mail = letter({"推荐表.docx": again}, subject="河北补正材料", number=2)
    (session.round.inbox / "2.eml").write_bytes(mail)
    commands.register_mail(session, silent)
    assert not session.current_state().submissions.unread_forms


def test_an_exhibit_without_a_picture_is_asked_about_and_answered_in_the_queue(session):
    parts = ("响应中央决策部署", "任务目标指标完成情况", "重点工作开展成效", "典型人物典型事迹")
    show = archive(
        {"安徽展览素材/展览文本.docx": text("展览文本", dict.fromkeys(parts, "有内容。"))}
    )
    mail = letter({"安徽展览素材.zip": show}, subject="安徽报送网上展览素材", number=5)
    (session.round.inbox / "5.eml").write_bytes(mail)
    commands.register_mail(session, silent)

    def standing():
        return next(one for one in build_dossiers(session.current_state()) if one.unit.code == "34")

    assert [one.code for one in standing().questions] == ["no_picture"]
    item = next(
        one for one in work_items(session.current_state()) if one.finding.code == "no_picture"
    )
    assert item.kind == "exhibit" and item.done is None
    session.record(*say.confirm_finding(session.current_state(), item, "单位书面说明没有图片"))
    assert not standing().questions
    done = next(
        one for one in work_items(session.current_state()) if one.finding.code == "no_picture"
    )
    session.record(*revert(session.current_state(), done, "误记"))
    assert standing().questions


def enter(session, day, unit="52", kind="stocktake", **values):
    at = datetime(2020, 8, day, 10, tzinfo=ZONE)
    given = values or {"assoc_done": 3, "experts_done": 40, "people_done": 900}
    session.record(
        *say.enter_paper(session.current_state(), unit, at, "纸质", kind, given, "纸质件第3号")
    )


def paper(session):
    return next(one for one in record_items(session.current_state()) if say.is_manual_entry(one))


def test_a_record_that_came_on_paper_counts_and_stands_in_the_register(session):
    before = session.current_state().screening.completeness.set_index("unit").loc["52"]
    assert before["stocktake"] == "未报送"
    enter(session, 10)
    state = session.current_state()
    row = state.screening.completeness.set_index("unit").loc["52"]
    assert row["stocktake"] == "已收到" and row["stocktake_arrived"].startswith("2020-08-10 10:00")
    assert state.screening.stocktake.set_index("unit").loc["52", "people_done"] == 900
    reports.write_register(state, session.outputs / "register.xlsx")
    book = load_workbook(session.outputs / "register.xlsx")
    cells = [str(cell.value) for cell in book["来件登记"][5]]
    assert "纸质" in cells and "办公室登记" in cells and "2" in cells
    (own,) = (one for one in build_dossiers(state) if one.unit.code == "52")
    assert [mail.receipt for mail in own.mails] == [2] and "stocktake" not in own.owed


def test_a_paper_after_the_last_day_is_late_and_the_entry_is_taken_back(session):
    enter(session, 20, "34", "individual", name="测丙某34", people_lifted=30)
    case = next(one for one in session.current_state().screening.cases if one.name == "测丙某34")
    assert "late" in case.reasons
    session.record(*say.withdraw_entry(paper(session), "录错单位"))
    state = session.current_state()
    assert "测丙某34" not in {one.name for one in state.screening.cases}
    assert [mail.receipt for mail in state.submissions.intake.mails] == [1]
    enter(session, 9, "34", "individual", name="测丙某34", people_lifted=30)
    again = next(one for one in session.current_state().screening.cases if one.name == "测丙某34")
    assert "late" not in again.reasons and paper(session).mail.receipt == 3


def test_mail_after_a_paper_gets_the_next_number_and_nothing_is_missed(session):
    enter(session, 10)
    mail = letter({}, subject="安徽报送材料", number=9)
    (session.round.inbox / "9.eml").write_bytes(mail)
    outcome = commands.register_mail(session, silent)
    mails = {one.receipt: one.path for one in session.current_state().submissions.intake.mails}
    assert mails[3].endswith("9.eml") and set(mails) == {1, 2, 3}
    assert not outcome.failed
    commands.verify(session, silent)


def test_the_secretary_enters_a_paper_on_the_screen_and_is_told_what_is_missing(session):
    screen = panels.show_intake(session)
    form_ = find_form(screen)
    button(screen, "录入纸质、电话报送…").click()
    assert "kj-gone" not in form_._dom_classes
    button(form_, "保存").click()
    assert "选定单位" in shown(form_)
    boxes = [one for one in walk(form_) if isinstance(one, widgets.Combobox)]
    boxes[0].value = next(one for one in boxes[0].options if "52" in one)
    next(one for one in walk(form_) if isinstance(one, widgets.ToggleButtons)).value = "stocktake"
    texts = [one for one in walk(form_) if type(one) is widgets.Text]
    when = next(one for one in texts if "收到时间" in one.placeholder)
    why = next(one for one in texts if "依据" in one.placeholder)
    when.value, why.value = "8月10日", "纸质件第3号"
    button(form_, "保存").click()
    assert "2020-08-14 16:30" in shown(form_)
    when.value = "2020-08-10 09:30"
    figures = [one for one in walk(form_) if getattr(one, "placeholder", "") == "未填"]
    figures[-1].value = "900"
    button(form_, "保存").click()
    kinds = [type(event.body) for event in session.ledger.events()]
    assert kinds.count(PaperReceived) == kinds.count(FormEntered) == 1
    assert "kj-gone" in form_._dom_classes
    assert (
        session.current_state().submissions.intake.mails[-1].recorded.isoformat()
        == "2020-08-10T09:30:00+08:00"
    )


def walk(widget):
    yield widget
    for child in getattr(widget, "children", ()):
        yield from walk(child)


def find_form(screen):
    return next(one for one in walk(screen) if "kj-paper" in getattr(one, "_dom_classes", ()))


def button(screen, words):
    return next(
        one for one in walk(screen) if isinstance(one, widgets.Button) and one.description == words
    )


def shown(widget):
    return "".join(one.value for one in walk(widget) if isinstance(one, widgets.HTML))


def test_letters_say_nothing_to_a_unit_of_targets_that_the_office_did_not_assign(session):
    enter(session, 10, "13")
    state = session.current_state()
    asked = {one.unit for one in state.screening.findings if one.code == "target_missing"}
    assert "13" in asked and "34" not in asked
    reports.write_letters(state, session.outputs / "letters")
    for path in (session.outputs / "letters").glob("*.docx"):
        document = Document(path)
        cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
        assert "未下达" not in "".join([*cells, *(one.text for one in document.paragraphs)])
    unit = slices_of(session)["unit/13"]
    assert unit["state"] == "目标未下达"
    assert "目标未下达" in unit_report.render_scorecard(unit).text
    assert unit["counts"]["questions"] == len(
        next(one for one in build_dossiers(state) if one.unit.code == "13").questions
    )
