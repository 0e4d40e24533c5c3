"""Letters of a season: dated, issued, kept, answered; corrections have a time of their own."""

import shutil
from contextlib import closing
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from docx import Document
from ipywidgets import Checkbox, Dropdown

from kjfp_helpers import commands
from kjfp_helpers.cli import main
from kjfp_helpers.core.errors import RuleError
from kjfp_helpers.core.events import CorrectionDeadlineExtended, DocumentDateSet, LetterIssued
from kjfp_helpers.panels.pages.letters_page import LettersPage
from kjfp_helpers.rules import load_round
from kjfp_helpers.rules.working_days import Calendar
from kjfp_helpers.state import RoundSession
from kjfp_helpers.state.document_dates import set_document_date
from kjfp_helpers.state.secretary import resolutions as say
from kjfp_helpers.state.secretary.audit_trail import item_history
from kjfp_helpers.state.secretary.reversals import revert
from kjfp_helpers.state.secretary.unit_dossiers import build_dossiers, draft_letters
from kjfp_helpers.state.secretary.work_queue import work_items
from support.forms.sample_files import PERSON, TEAM, form, letter
from support.pages.widget_tree import button, form_of, of_kind
from support.pages.widget_tree import text as screen_text
from support.rounds.panel_round import make_round

ZONE = ZoneInfo("Asia/Shanghai")
RETURN, REMINDER, RECEIPT = "退回补正通知", "催报通知", "收讫回执"
MENDED = PERSON | {"name": "测丁某1", "employer": "测试研究所13"}
BLANK = MENDED | {"address": ""}


def ignore_progress(done, total):
    """Take no notice of progress."""


def sent(day, month="Aug"):
    return f"Mon, {day} {month} 2020 09:00:00 +0800"


def deliver(session, name, parts, *, day, number, subject="河北报送材料"):
    data = letter(parts, subject=subject, sent=sent(day), number=number)
    (session.round.inbox / name).write_bytes(data)
    commands.register_mail(session, ignore_progress)


def check(session, day):
    return commands.check(session, ignore_progress, as_of=date.fromisoformat(day))


def turn_to(session, day):
    set_document_date(session, date.fromisoformat(day))


def issue(session, day, *only):
    return commands.issue_letters(
        session, ignore_progress, as_of=date.fromisoformat(day), only=only
    )


def text(path):
    document = Document(path)
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(line.text for line in document.paragraphs), *cells])


def codes(session, name="测丁某1"):
    return next(
        case.reasons for case in session.current_state().screening.cases if case.name == name
    )


def found(session, code):
    return [
        one
        for one in session.current_state().screening.findings
        if one.code == code and one.unit == "13"
    ]


@pytest.fixture(scope="session")
def opened(tmp_path_factory):
    """A round in which one unit sent a form with a blank field and nothing else; copied."""
    root = tmp_path_factory.mktemp("issued")
    folder = make_round(root)
    (folder / "inbox").mkdir(exist_ok=True)
    session = RoundSession.open(folder, root / "outputs" / "practice", create=True)
    deliver(session, "1.eml", {"附件2.docx": form(BLANK)}, day="03", number=1)
    session.close()
    return root


@pytest.fixture
def session(opened, tmp_path):
    shutil.copytree(opened, tmp_path, dirs_exist_ok=True)
    folder = next(path for path in tmp_path.rglob("notice.toml")).parent
    session = RoundSession.open(folder, tmp_path / "outputs" / "practice")
    yield session
    session.close()


@pytest.fixture
def asked(session):
    """The round after the return for correction was issued on Monday 17 August."""
    issue(session, "2020-08-17", "13")
    return session


def issued(session):
    return [e.body for e in session.ledger.events() if isinstance(e.body, LetterIssued)]


def number_of(session, title):
    return next(one.number for one in issued(session) if (one.unit, one.title) == ("13", title))


def test_working_days_pass_over_weekends_holidays_and_count_shifted_days():
    calendar = Calendar(
        holidays=(date(2020, 10, 1), date(2020, 10, 2)), workdays=(date(2020, 9, 27),)
    )
    assert Calendar().add_workdays(date(2020, 8, 14), 1) == date(2020, 8, 17)
    assert calendar.add_workdays(date(2020, 9, 25), 1) == date(2020, 9, 27)
    assert calendar.add_workdays(date(2020, 9, 30), 1) == date(2020, 10, 5)


def test_rules_without_calendar_and_without_the_ruling_still_open(session):
    path = session.round.folder / "notice.toml"
    rules = path.read_text("utf-8")
    start = rules.index("[ruling.correction_days]")
    rules = rules[:start] + rules[rules.index("[ruling.over_quota]") :]
    start = rules.index("\n[calendar]")
    path.write_text(rules[:start] + rules[rules.index("\n# 名单的其他限制") :], "utf-8")
    notice = load_round(session.round.folder).notice
    assert notice.ruling.correction_days.value == 5 and notice.calendar == Calendar()


def test_no_letter_goes_out_while_the_rules_do_not_say_whom_to_ask(session):
    path = session.round.folder / "notice.toml"
    path.write_text(
        path.read_text("utf-8").replace('contact = "测试秘书"', 'contact = ""'), "utf-8"
    )
    with closing(RoundSession.open(session.round.folder, session.outputs)) as again:
        assert "没有联系人" in "".join(check(again, "2020-08-17").notes)
        with pytest.raises(RuleError, match="没有联系人。请补入后再发函"):
            issue(again, "2020-08-17", "13")
        assert not issued(again)
        assert "发出前须补入：联系人" in str(
            [
                line.text
                for line in Document(again.outputs / f"letters/13-{RETURN}.docx")
                .sections[0]
                .header.paragraphs
            ]
        )


def test_papers_bear_the_day_chosen_until_another_is_chosen(session):
    letters = session.outputs / "letters"
    check(session, "2020-08-16")
    assert "2020年8月16日" in text(letters / f"13-{RETURN}.docx")
    assert (letters / f"13-{REMINDER}.docx").exists()
    check(session, "2020-07-15")  # the last day of exhibitions: nothing is late yet
    assert not list(letters.glob(f"*-{REMINDER}.docx"))
    days = [e.body.day for e in session.ledger.events() if isinstance(e.body, DocumentDateSet)]
    assert days == [
        "2020-08-16",
        "2020-07-15",
    ] and session.current_state().submissions.letters.day == date(2020, 7, 15)
    commands.check(
        session, ignore_progress
    )  # a rehearsal without a day has that of its clock again
    assert (
        session.current_state().submissions.letters.day == session.round.notice.round.clock.date()
    )


def test_a_real_round_speaks_of_today_unless_another_day_is_chosen(session):
    path, own = session.round.folder / "notice.toml", session.outputs
    lines = path.read_text("utf-8").replace("rehearsal = true", "rehearsal = false").splitlines()
    path.write_text("\n".join(one for one in lines if not one.startswith("clock = ")), "utf-8")
    session.close()
    real = RoundSession.open(path.parent, own)
    assert real.current_state().submissions.letters.day == date(
        2020, 8, 3
    )  # nothing is dated: the last message
    today = datetime.now(ZONE).date()
    commands.check(real, ignore_progress)
    assert today <= real.current_state().submissions.letters.day <= datetime.now(ZONE).date()
    check(real, "2020-08-16")
    assert real.current_state().submissions.letters.day == date(2020, 8, 16)
    commands.issue_letters(
        real, ignore_progress
    )  # the day chosen just now holds for what is issued today
    assert {one.body.day for one in real.current_state().submissions.letters.letters} == {
        "2020-08-16"
    }
    real.close()


def test_a_day_that_is_none_is_refused_in_chinese(capsys):
    with pytest.raises(SystemExit):
        main(["check", "--as-of", "8月16日"])
    assert "--as-of 应为日期（如 2020-08-16），实为“8月16日”" in capsys.readouterr().err


def test_issued_letters_are_kept_numbered_and_recorded_once(session):
    check(session, "2020-08-17")
    issue(session, "2020-08-17", "13")
    own = issued(session)
    assert [one.number for one in own] == [1, 2, 3]
    assert {one.title for one in own} == {RECEIPT, RETURN, REMINDER}
    kept = {one.path: (session.outputs / one.path).read_bytes() for one in own}
    assert all("letters/issued/2020-08-17/" in path for path in kept)
    assert not list((session.outputs / "letters").glob("13-*.docx"))
    issue(session, "2020-08-17", "13")
    check(session, "2020-08-18")
    assert issued(session) == own
    assert {path: (session.outputs / path).read_bytes() for path in kept} == kept
    back = own[[one.title for one in own].index(RETURN)]
    told = text(session.outputs / back.path)
    assert (
        f"科技助力扶贫办函〔2020〕{back.number}号" in told
        and "拟稿" not in told
        and "必填栏空白" in told
    )
    assert "请于2020年8月24日前（含当日）补正" in told and "尚未发出" not in told
    assert back.until == "2020-08-24" and [one[0] for one in back.findings]


def test_verify_tells_an_altered_and_a_missing_letter_and_restore_brings_it_back(asked, capsys):
    round, outputs = str(asked.round.folder), str(asked.outputs)
    first, second, *_ = issued(asked)
    asked.close()
    args = [round, "--outputs", outputs]
    assert main(["verify", round, str(asked.outputs / first.path), *args[1:]]) in (0, 3)
    assert f"第{first.number}号函《{first.title}》相同" in capsys.readouterr().out
    path = asked.outputs / second.path
    document = Document(path)
    document.paragraphs[2].add_run("另有要求")
    document.save(path)
    (asked.outputs / first.path).unlink()
    assert main(["verify", *args]) == 1
    told = capsys.readouterr().out
    assert f"第{second.number}号函" in told and "与发出时不符" in told
    assert f"第{first.number}号函《{first.title}》：已发出的文件不见了" in told
    path.unlink()
    assert main(["letters", "restore", *args]) == 0
    assert main(["verify", *args]) == 0


def test_an_answer_is_linked_to_its_letter_and_the_next_letter_counts_what_came(asked):
    back = number_of(asked, RETURN)
    deliver(
        asked,
        "2.eml",
        {"附件2.docx": form(MENDED | {"postcode": ""})},
        day="20",
        number=2,
        subject="河北补正材料",
    )
    check(asked, "2020-08-21")
    state = asked.current_state()
    assert state.submissions.letters.answered(2) == (back,)
    assert not found(asked, "late") and not found(asked, "correction_late")
    told = text(asked.outputs / "letters" / f"13-{RETURN}.docx")
    assert f"〔2020〕{back}号，2020年8月17日）所列3项，已收到2项，尚余1项未收到。" in told
    receipt = text(asked.outputs / "letters" / f"13-{RECEIPT}.docx")
    assert "补正，不计逾期" in receipt and f"答复第{back}号函" in receipt


@pytest.mark.parametrize("decision", ["admit", "uphold"])
def test_a_correction_after_its_window_is_a_question_that_a_ruling_answers(asked, decision):
    deliver(asked, "2.eml", {"附件2.docx": form(MENDED)}, day="25", number=2)
    turn_to(asked, "2020-08-25")
    assert codes(asked) == ("correction_late",)
    item = next(
        one for one in work_items(asked.current_state()) if one.finding.code == "correction_late"
    )
    assert item.kind == "held" and not item.done
    bodies = (
        say.confirm_finding(asked.current_state(), item, "同意")
        if decision == "admit"
        else say.mark_handled(item, "不予接收")
    )
    asked.record(*bodies)
    assert codes(asked) == (() if decision == "admit" else ("correction_late",))
    unit = next(one for one in build_dossiers(asked.current_state()) if one.unit.code == "13")
    assert "correction_late" not in {one.code for one in (*unit.faults, *unit.questions)}
    done = next(
        one for one in work_items(asked.current_state()) if one.finding.code == "correction_late"
    )
    asked.record(*revert(asked.current_state(), done, "误记"))
    assert codes(asked) == ("correction_late",)


def test_an_extension_counts_for_the_unit_alone_and_is_taken_back(asked):
    deliver(asked, "2.eml", {"附件2.docx": form(MENDED)}, day="25", number=2)
    turn_to(asked, "2020-08-25")
    item = next(
        one for one in work_items(asked.current_state()) if one.finding.code == "correction_late"
    )
    asked.record(*say.extend_correction(item, date(2020, 8, 28), "来函申请"))
    assert codes(asked) == () and not found(asked, "correction_late")
    asked.record(CorrectionDeadlineExtended(unit="13", until="", reason="误记"))
    assert codes(asked) == ("correction_late",)
    again = next(
        one for one in work_items(asked.current_state()) if one.finding.code == "correction_late"
    )
    assert len(item_history(asked.current_state(), again)) == 2


def test_an_extension_covers_a_first_submission_only_where_it_says_so(session):
    team = {"附件1.docx": form(TEAM | {"team_name": "测试团队13"})}
    deliver(session, "2.eml", team, day="20", number=2)
    turn_to(session, "2020-08-21")
    assert codes(session, "测试团队13") == ("late",)
    for first, held in ((False, ("late",)), (True, ())):
        session.record(
            CorrectionDeadlineExtended(unit="13", until="2020-08-20", reason="同意", first=first)
        )
        assert codes(session, "测试团队13") == held


def test_what_is_never_corrected_is_told_after_the_window_and_asked_again(asked):
    turn_to(asked, "2020-08-24")
    assert not found(asked, "correction_absent")
    assert not [
        one for one in draft_letters(asked.current_state()) if one.title == RETURN and one.ready
    ]
    check(asked, "2020-08-25")
    (late,) = found(asked, "correction_absent")
    assert "于2020年8月24日前（含当日）补正" in late.expected and "项未补正" in late.found
    item = next(one for one in work_items(asked.current_state()) if one.finding == late)
    assert item.kind == "held" and not item.done
    told = text(asked.outputs / "letters" / f"13-{RETURN}.docx")
    assert "补正期限（2020年8月24日）已过" in told and "逾期未补正" not in told
    asked.record(*say.extend_correction(item, date(2020, 8, 31), "来函申请"))
    assert not found(asked, "correction_absent")


def test_a_file_that_could_not_be_read_comes_again_and_is_no_late_submission(session):
    broken = form(TEAM | {"team_name": "测试团队13"})[:900]
    deliver(session, "2.eml", {"附件1.docx": broken}, day="04", number=2)
    issue(session, "2020-08-17", "13")
    deliver(
        session,
        "3.eml",
        {"附件1.docx": form(TEAM | {"team_name": "测试团队13"})},
        day="20",
        number=3,
        subject="河北补正材料",
    )
    turn_to(session, "2020-08-21")
    assert "late" not in codes(session, "测试团队13")
    deliver(
        session,
        "4.eml",
        {"附件1乙.docx": form(TEAM | {"team_name": "测试团队13乙"})},
        day="21",
        number=4,
    )
    assert "late" in codes(session, "测试团队13乙")


def test_the_three_letters_are_never_mixed(session):
    check(session, "2020-08-16")
    told = {
        title: text(session.outputs / "letters" / f"13-{title}.docx")
        for title in (RECEIPT, RETURN, REMINDER)
    }
    assert "工作总结" not in told[RETURN] and "必填栏空白" not in told[REMINDER]
    assert "必填栏空白" not in told[RECEIPT] and "展览素材" in told[REMINDER]
    assert "《退回补正通知》" in told[RECEIPT] and "《催报通知》" in told[RECEIPT]


def test_where_the_ledger_refuses_no_letter_is_issued_and_none_is_left(session, monkeypatch):
    def refuse(*_given, **_named):
        raise OSError("disk full")

    monkeypatch.setattr(type(session.ledger), "append_atomically", refuse)
    with pytest.raises(OSError, match="disk full"):
        issue(session, "2020-08-17")
    assert not issued(session) and not list(Path(session.outputs).rglob("issued/*/*.docx"))


def test_the_secretary_ticks_letters_on_the_screen_and_sees_them_numbered(session):
    turn_to(session, "2020-08-17")
    told = []
    screen = LettersPage(session, lambda: told.append(screen.ready_count))
    waiting = screen.ready_count
    titles = next(w for w in of_kind(screen.widget, Dropdown) if RETURN in dict(w.options))
    titles.value = RETURN
    boxes = of_kind(screen.widget, Checkbox)
    assert [box.description.split("　")[:2] for box in boxes] == [["河北", RETURN]]
    button(screen.widget, "发出函件").click()
    (body,) = issued(session)
    assert (body.unit, body.title, body.number) == ("13", RETURN, 1)
    shown = screen_text(screen.widget)
    assert "已登记第1号" in shown and told == [waiting - 1]
    assert "待答复" in shown


def test_longer_time_is_entered_on_the_screen_and_taken_back(session):
    screen = LettersPage(session, lambda: None).widget
    title = "延长补正期限"
    unit, covers = form_of(screen, title, Dropdown)
    until, reason = form_of(screen, title)
    confirm = button(screen, f"确认{title}")
    unit.value, until.value, reason.value = "13", "8月31日", "函"
    confirm.click()
    assert "“延至”请写成“2020-08-31”的样子。" in screen_text(screen)
    until.value, covers.value = "2020-08-31", "首次报送也照此延期"
    confirm.click()
    assert "2020-08-31" in screen_text(screen) and "河北" in screen_text(screen)
    (taken_back,) = form_of(screen, "撤销延期", Dropdown)
    (why,) = form_of(screen, "撤销延期")
    assert [value for _, value in taken_back.options] == ["", "13"]
    taken_back.value, why.value = "13", "函已撤回"
    button(screen, "确认撤销延期").click()
    given = [
        (event.body.until, event.body.first)
        for event in session.ledger.events()
        if isinstance(event.body, CorrectionDeadlineExtended)
    ]
    assert given == [("2020-08-31", True), ("", False)]
    assert "没有延期的单位" in screen_text(screen)
