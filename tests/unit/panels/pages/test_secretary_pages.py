import io
import json
from dataclasses import replace
from types import SimpleNamespace

import ipywidgets as widgets
import openpyxl
import pytest

from kjfp_helpers import panels, reports
from kjfp_helpers.core.events import (
    CaseVetoed,
    SeatAdded,
    ShortlistComputed,
    SummaryAssessed,
)
from kjfp_helpers.core.records import FILE_TITLES
from kjfp_helpers.panels.pages.stocktake_page import sum_indicators, with_pairs
from kjfp_helpers.panels.widgets.html_templates import render_chip, render_template
from kjfp_helpers.panels.widgets.screen_frame import KeyGuard
from kjfp_helpers.panels.widgets.thumbnails import read_thumbnail
from kjfp_helpers.state import RoundSession
from support.pages.widget_tree import (
    confirm,
    everything,
    form_of,
    of_kind,
    send,
    table_of,
    text,
)
from support.rounds.panel_round import PHONE, open_round
from support.state.recorded_scores import score

IN_PLACE = ("start", "intake", "stocktake", "results", "exhibition")
SCREENS = (*IN_PLACE, "summaries")


@pytest.fixture
def session(tmp_path):
    return open_round(tmp_path)


@pytest.mark.parametrize("name", IN_PLACE)
def test_screen_is_guarded_marked_as_rehearsal_and_escaped(session, name):
    widget = getattr(panels, f"show_{name}")(session)
    guards = [w for w in everything(widget) if isinstance(w, KeyGuard)]
    assert "kjfp-panel" in widget._dom_classes and guards
    assert "演练" in text(widget) and "<script" not in text(widget)


@pytest.mark.parametrize("name", [name for name in SCREENS if name != "start"])
def test_round_without_intake_says_what_to_do(session, name):
    session.received.file.unlink()
    widget = getattr(panels, f"show_{name}")(
        RoundSession.open(session.round.folder, session.outputs)
    )
    assert "还没有登记来件" in text(widget) and "00_start.ipynb" in text(widget)
    assert "intake.json" not in text(widget) and "kj-card bad" not in text(widget)


def _spoil(session, what):
    """Make a round that cannot be opened."""
    folder = session.round.folder
    session.ledger.close()
    if what == "rules gone":
        (folder / "notice.toml").unlink()
    elif what == "rules damaged":
        (folder / "rubric.toml").write_text("note = \n", "utf-8")
    elif what == "ledger gone":
        (folder / "review.db").unlink()
    elif what == "ledger damaged":
        (folder / "review.db").write_bytes(b"no database" * 500)
    else:
        session.outputs.rename(session.outputs.with_name("gone"))
        session.outputs.write_text("a file", "utf-8")


@pytest.mark.parametrize(
    "what", ["rules gone", "rules damaged", "ledger gone", "ledger damaged", "outputs no folder"]
)
def test_a_round_that_cannot_be_opened_is_one_card_on_every_screen(session, what):
    _spoil(session, what)
    opened = panels.open_session(session.round.folder, session.outputs)
    for name in (*SCREENS, "scoring"):
        words = text(getattr(panels, f"show_{name}")(opened))
        assert words.count("kj-card bad") == 1 and "本页暂时打不开" in words and "请" in words
    for plot in (reports.plot_completion, reports.plot_province_map, reports.plot_member_scores):
        assert plot(opened).html == ""


def test_real_round_is_not_marked_as_rehearsal(session):
    about = session.round.notice.round.model_copy(update={"rehearsal": False})
    session.round = replace(
        session.round, notice=session.round.notice.model_copy(update={"round": about})
    )
    assert "演练" not in text(panels.show_start(session))


def test_start_sees_rules_changed_after_freezing(session):
    path = session.round.folder / "rubric.toml"
    path.write_text(path.read_text("utf-8") + "\n# 改动\n", "utf-8")
    page = text(panels.show_start(RoundSession.open(session.round.folder, session.outputs)))
    assert "冻结后有改动" in page and "rubric.toml" in page


def test_findings_are_listed_with_their_filters_and_open_in_full(session):
    table = table_of(panels.show_intake(session), "核对发现")
    shown = table.describe()
    assert [one["title"] for one in shown["filters"]] == ["级别", "单位", "问题"]
    words = [one["word"] for one in shown["filters"][0]["values"]]
    assert words[0] == "须补正" and "待核实" in words
    place = next(at for at, row in enumerate(table.rows) if row["finding"].code == "approx")
    assert shown["rows"][place]["groups"][0] == ["待核实"]
    assert "可直接写入补正函" in send(table, "open", row=place)["html"]


def test_stocktake_states_keep_missing_apart(session):
    frame = session.current_state().screening.stocktake.set_index("unit")["state"]
    assert frame["13"] == "未完成" and frame["34"] == "已完成"
    assert frame["52"] == "未报送" and frame["62"] == "未报齐"


def test_totals_leave_out_units_with_a_missing_figure(session):
    sums = sum_indicators(with_pairs(session.current_state().screening.stocktake))
    assert sums["experts"] == (8400, 8000)
    assert sums["assoc"][1] == 500


def test_a_unit_that_sent_nothing_is_one_grey_word_across_its_row(session):
    table = table_of(panels.show_stocktake(session), "盘点")
    place = next(at for at, row in enumerate(table.rows) if row["unit"] == "52")
    *_, last = table.describe()["rows"][place]["cells"]
    assert last[0].count("未报送") == 1 and "未填" not in last[0] and last[2] == 6
    assert {"word": "未报送", "tone": "bad"} in table.describe()["filters"][0]["values"]


def test_totals_follow_the_rows_that_are_shown(session):
    table = table_of(panels.show_stocktake(session), "盘点")
    place = next(at for at, row in enumerate(table.rows) if row["unit"] == "34")
    one, everything_ = send(table, "total", rows=[place])["total"], table.describe()["total"]
    assert one[0] == everything_[0] == "合计（已填）" and one != everything_


def test_assessment_is_saved_and_found_again(session):
    given = {"window": "w", "case": "13", "base_seq": None, "comment": "", "request_id": "1"}
    reader = panels.show_summaries(session, "读者").handler
    answers = {"level": "良好", "problems": "缺"}
    saved = reader.handle({**given, "type": "save", "answers": answers})
    (event,) = [e for e in session.ledger.events() if isinstance(e.body, SummaryAssessed)]
    assert (saved["type"], saved["event_seq"]) == ("saved", event.seq)
    assert (event.body.unit, event.body.level, event.actor) == ("13", "良好", "读者")
    again = panels.show_summaries(session, "读者").handler.handle({"type": "hello", "window": "w"})
    assert next(one for one in again["cases"] if one["key"] == "13")["answers"] == answers
    other = {**given, "type": "save", "answers": {"level": "合格"}, "request_id": "2"}
    assert reader.handle(other)["type"] == "stale"


def test_second_reader_learns_of_the_first_only_after_judging(session):
    def ask(reader, **message):
        conversation = panels.show_summaries(session, reader).handler
        return conversation.handle({"window": reader, "case": "13", "base_seq": None, **message})

    ask("甲", type="save", answers={"level": "良好"}, request_id="1")
    page = json.dumps(ask("乙", type="hello"), ensure_ascii=False)
    assert "另一位" not in page
    saved = ask("乙", type="save", answers={"level": "合格"}, request_id="2")
    assert saved["case"]["note"] == "另一位考核人：良好（不一致）"
    assert ask("丙", type="save", answers={"level": "没有的"}, request_id="3")["type"] == "refused"


def test_agreement_of_readers_is_told_with_its_number(session):
    def note():
        return panels.show_summaries(session, "甲").handler.handle(
            {"type": "hello", "window": "w"}
        )["note"]

    assert "等次相同" not in note()
    levels = session.round.rubric.summary_levels
    session.record(
        *(
            SummaryAssessed(unit=unit, level=levels[place], reader=reader)
            for unit in ("13", "34")
            for place, reader in enumerate(("乙", "丙"))
        )
    )
    assert "两人以上评 2 份，等次相同 0 份；份数太少，不作推断" in note()
    session.record(
        *(
            SummaryAssessed(unit=f"U{n}", level=levels[n % 3], reader=reader)
            for n in range(20)
            for reader in ("乙", "丙")
        )
    )
    assert "两人以上评 22 份，等次相同 20 份（91%，95% 区间 71%–99%）；加权一致性" in note()


def test_results_before_marks_say_so(session):
    assert "还没有名单" in text(panels.show_results(session))


def test_veto_moves_the_next_up_and_is_listed(session):
    score(session)
    widget = panels.show_results(session)
    first = (
        session.current_state().decision.shortlist.query("kind == 'team' and place == 1").iloc[0]
    )
    whom = of_kind(widget, widgets.Dropdown)[0]
    entries = form_of(widget, "一票否决")
    whom.value = first["case"]
    confirm(widget, "一票否决")
    assert "请先填写：依据条款" in text(widget)
    for entry, words in zip(entries, ("二", "文件1", "甲", "甲"), strict=True):
        entry.value = words
    confirm(widget, "一票否决")
    assert "应为不同的人" in text(widget)
    entries[3].value = "乙"
    confirm(widget, "一票否决")
    (event,) = [e for e in session.ledger.events() if isinstance(e.body, CaseVetoed)]
    assert event.body.by == ("甲", "乙") and f"已保存 #{event.seq}" in text(widget)
    after = session.current_state().decision.shortlist.set_index("case")["status"]
    assert after[first["case"]] == "vetoed" and "否决" in text(widget)


def test_place_added_by_resolution_is_on_the_list(session):
    score(session)
    widget = panels.show_results(session)
    whom = of_kind(widget, widgets.Dropdown)[1]
    whom.value = whom.options[-1][1]
    for entry, words in zip(
        form_of(widget, "增列"), ("决议1号", "成效突出", "甲", "乙"), strict=True
    ):
        entry.value = words
    case = whom.value
    confirm(widget, "增列")
    (event,) = [e for e in session.ledger.events() if isinstance(e.body, SeatAdded)]
    assert (event.body.case, event.body.resolution) == (case, "决议1号")
    assert event.body.by == ("甲", "乙")
    assert session.current_state().decision.shortlist.set_index("case")["status"][case] == "added"


def test_thumbnail_is_small_and_never_leaves_the_received_folder(session):
    assert read_thumbnail(session.received, "materials/13/0001-01-p.jpg").startswith(
        "data:image/jpeg"
    )
    assert read_thumbnail(session.received, "../../../etc/passwd") is None
    assert read_thumbnail(session.received, "") is None
    assert read_thumbnail(session.received, "intake.json") is None


def test_a_unit_of_the_list_of_exhibits_is_gone_to_or_told_of(session):
    screen = panels.show_exhibition(session)
    table = table_of(screen, "各单位展览素材")
    sent = [row["order"] != "未报送" for row in table.rows]
    (tabs,) = of_kind(screen, widgets.Tab)
    tabs.selected_index = 1
    assert "报送材料" in send(table, "open", row=sent.index(False))["html"]
    assert tabs.selected_index == 1
    assert send(table, "open", row=sent.index(True)) == {} and tabs.selected_index == 0


def test_unknown_round_stops_with_a_sentence():
    words = text(panels.show_intake(panels.open_session("data/没有这一轮")))
    assert "找不到轮次" in words and "Traceback" not in words


def test_over_papers_of_a_later_ledger_screens_show_how_to_go_on_and_nothing_else(session):
    later = f'{{"shortlist": "9999:{"ab" * 32}"}}'
    (session.outputs / "heads.json").write_text(later, "utf-8")
    for screen in (*SCREENS, "scoring"):
        shown = getattr(panels, f"show_{screen}")(
            session, *(["M01"] if screen == "scoring" else [])
        )
        told = text(shown)
        assert "较早的备份" in told and "kjfp resume practice" in told, screen
        assert not of_kind(shown, widgets.Button), screen
    (session.outputs / "heads.json").unlink()
    assert "较早的备份" not in text(panels.show_start(session))


def test_numbers_in_subject_sender_and_names_of_files_are_masked_on_page_and_in_export(session):
    state = session.current_state()
    state.submissions.receipts["subject"] = f"材料{PHONE}"
    receipts = table_of(panels.show_intake(session), "收件登记")
    book = openpyxl.load_workbook(io.BytesIO(receipts.export(receipts.rows))).active
    cells = [str(cell.value) for row in book.iter_rows() for cell in row]
    mail = state.submissions.intake.mails[0]
    file = SimpleNamespace(kind=next(iter(FILE_TITLES)), path=f"{PHONE}.docx")
    page = render_template(
        "message_detail",
        row=receipts.rows[0],
        mail=replace(mail, subject=PHONE, sender=f"{PHONE}@example.com", files=(file,)),
        kinds=FILE_TITLES,
    )
    finding = replace(state.screening.findings[0], source=f"{PHONE}.docx")
    found = render_template("finding_detail", finding=finding, severity="提示", unit_name="")
    for shown in (*cells, text(receipts), page, found):
        assert PHONE not in shown
    assert page.count(PHONE[:3]) == 3 and PHONE[:3] in found


def test_unit_that_recommended_nobody_is_shown_in_neutral_grey():
    assert '<span class="kj-chip plain">未推荐</span>' in render_chip("未推荐")


@pytest.mark.slow
def test_start_says_when_a_decision_came_after_the_list(session):
    score(session)
    inside = session.current_state().decision.shortlist.query("status == 'listed'")
    names = {kind: tuple(rows["case"]) for kind, rows in inside.groupby("kind")}
    session.record(ShortlistComputed(digest="0" * 64, **names))
    assert "须重新生成" not in text(panels.show_start(session))
    case = names["team"][0]
    session.record(CaseVetoed(case=case, clause="二", document="文件1", by=("甲", "乙")))
    assert "须重新生成" in text(panels.show_start(session))


def test_vetoed_case_leaves_the_choices(session):
    score(session)
    widget = panels.show_results(session)
    whom, outside, *_ = of_kind(widget, widgets.Dropdown)
    assert whom.label == outside.label == "请选择"
    case = whom.options[1][1]
    whom.value = case
    for entry, words in zip(form_of(widget, "一票否决"), ("二", "文件1", "甲", "乙"), strict=True):
        entry.value = words
    confirm(widget, "一票否决")
    assert whom.value == "" and case not in {value for _, value in whom.options}
    assert "到“开始与进度”生成名单" in text(widget)


def test_findings_name_the_nominee_not_the_case_id(session):
    table = table_of(panels.show_intake(session), "核对发现")
    rows = [
        (row["finding"].case, "".join(cell[0] for cell in shown["cells"]))
        for row, shown in zip(table.rows, table.describe()["rows"], strict=True)
        if row["finding"].case
    ]
    assert rows and not any(case in words for case, words in rows)


@pytest.mark.slow
def test_plots_are_drawn_when_their_tab_is_looked_at_and_say_what_is_missing(session):
    screens = (panels.show_stocktake(session), panels.show_results(session))
    for screen, shown in zip(screens, ("<figure", "有了评分以后"), strict=True):
        tabs = next(one for one in of_kind(screen, widgets.Tab) if "图" in one.titles)
        page = tabs.children[-1]
        assert tabs.titles[-1] == "图" and "正在画图" in page.value
        tabs.selected_index = len(tabs.children) - 1
        assert shown in page.value and "正在画图" not in page.value
