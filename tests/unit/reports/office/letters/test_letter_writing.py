"""Letters: to whom, about what, part by part, masked, the same bytes each time."""

import re
import zipfile
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache

import pytest
from docx import Document

from kjfp_helpers import reports
from kjfp_helpers.core.events import DocumentDateSet, Event, FindingSettled
from kjfp_helpers.core.findings import FINDING_TYPES, Severity
from kjfp_helpers.core.records import Exhibit, Intake
from kjfp_helpers.reports.data.deadline_texts import build_dossiers
from kjfp_helpers.rules import load_round
from kjfp_helpers.state import derive_state
from support.rounds import builders
from support.rounds.builders import intake, record
from support.rounds.busy_unit import IDENTITY, at, mail, make_busy
from support.rounds.report_round import AT, PHONE, SCRIPT, make_round, shared_state

RECEIPT, RETURN, REMINDER = "收讫回执", "退回补正通知", "催报通知"


@pytest.fixture(scope="module")
def state():
    return shared_state()


@pytest.fixture(scope="module")
def folder(state, tmp_path_factory):
    folder = tmp_path_factory.mktemp("written")
    reports.write_letters(state, folder)
    return folder


@pytest.fixture(scope="module")
def busy(tmp_path_factory):
    return make_busy(tmp_path_factory.mktemp("busy") / "round")


@pytest.fixture(scope="module")
def written(busy, tmp_path_factory):
    folder = tmp_path_factory.mktemp("busy_letters")
    reports.write_letters(busy, folder)
    return folder


@cache
def _tables(path):
    return [
        [[cell.text for cell in row.cells] for row in table.rows] for table in Document(path).tables
    ]


@cache
def _text(path):
    document = Document(path)
    header = [line.text for line in document.sections[0].header.paragraphs]
    cells = [cell for table in _tables(path) for row in table for cell in row]
    return "\n".join([*header, *(line.text for line in document.paragraphs), *cells])


def _rows(path, name):
    return [row for table in _tables(path) for row in table if row[0].strip("　") == name]


def test_who_sent_anything_gets_a_receipt_and_who_owes_after_its_day_a_reminder(state, folder):
    sent = {mail.unit for mail in state.submissions.intake.mails}
    owing = {found.unit for found in state.screening.findings if "_absent" in found.code}
    for unit in state.round.units:
        assert (folder / f"{unit.code}-{RECEIPT}.docx").exists() == (unit.code in sent)
        assert (folder / f"{unit.code}-{REMINDER}.docx").exists() == (unit.code in owing)


def test_a_return_goes_to_each_unit_that_must_mend_or_explain_and_to_no_other(state, folder):
    asked = {
        found.unit
        for found in state.screening.findings
        if found.severity is not Severity.WARNING and "_absent" not in found.code
    }
    sent = {mail.unit for mail in state.submissions.intake.mails}
    due = {path.name.partition("-")[0] for path in folder.glob(f"*-{RETURN}.docx")}
    assert due == asked & sent


def test_a_return_tells_every_finding_once_with_clause_place_and_what_to_do(state, folder):
    for path in folder.glob(f"*-{RETURN}.docx"):
        unit, cells = path.name.partition("-")[0], _tables(path)
        told = [row for table in cells for row in table if row[0].isdecimal()]
        own = [
            one
            for one in state.screening.findings
            if one.unit == unit and "_absent" not in one.code and one.code != "superseded"
        ]
        assert [row[0] for row in told] == [str(number + 1) for number in range(len(own))]
        for found in own:
            row = next(
                row
                for row in told
                if row[1] == found.finding_type.title and row[4] in found.expected
            )
            assert (
                row[5]
                and row[6]
                and (found.finding_type.clause[0] in row[2])
                and all(part in row[3] for part in found.place.split("!"))
            )
        for found in state.screening.findings:
            if found.unit == unit and "_absent" in found.code:
                title = {
                    "stocktake_absent": "盘点表",
                    "summary_absent": "工作总结",
                    "exhibit_absent": "展览素材",
                }[found.code]
                assert title not in [row[0] for table in cells for row in table]
                owed = _tables(folder / f"{unit}-{REMINDER}.docx")
                assert title in [row[1] for table in owed for row in table]


def test_no_unit_is_asked_about_a_register_that_nobody_filled(state, folder, tmp_path):
    title = FINDING_TYPES["not_commended"].title
    assert title in "".join(_text(path) for path in folder.glob(f"*-{RETURN}.docx"))
    unfilled = replace(state.round, commended=())
    bare = derive_state(unfilled, state.submissions.original_intake, state.events)
    reports.write_letters(bare, tmp_path)
    assert any(found.code == "not_commended" for found in bare.screening.findings)
    assert title not in "".join(_text(path) for path in tmp_path.glob("*.docx"))


def test_a_letter_names_unit_document_office_and_day(folder):
    for name in (f"15-{RECEIPT}", f"15-{RETURN}"):
        text = _text(folder / f"{name}.docx")
        assert "内蒙古自治区科技助力精准扶贫领导小组办公室：" in text
        assert "科技助力扶贫办发〔2020〕4号" in text and "【演练】" in text
        assert "办公室\n（中国科协计划财务部代章）\n2020年8月20日" in text


def test_a_receipt_lists_each_part_with_kind_size_hash_and_what_became_of_it(written):
    path = written / f"15-{RECEIPT}.docx"
    assert _rows(path, "展览.zip") == [
        ["展览.zip", "压缩文件、展览素材", "5,000", "a" * 16, "采用，须补正"]
    ]
    assert _rows(path, "图/01.jpg")[0][1:] == ["图片", "1,000", "f" * 16, "采用，须补正"]
    assert _rows(path, "加密.zip")[0][1:] == ["未能辨认", "300", "d" * 16, "未能采用：文件有密码"]
    assert _rows(path, "便条.txt")[0][4] == "待人工辨认"
    assert _rows(path, "邮件正文")[0][1:] == [
        f"先进团队推荐表（{SCRIPT}）",
        "—",
        "7" * 16,
        "采用，须补正",
    ]
    assert _rows(path, "（没有附件）")


def test_a_receipt_says_which_version_stands_and_what_is_the_same_file(written):
    path = written / f"15-{RECEIPT}.docx"
    states = [row[4] for row in _rows(path, "乙.docx")]
    assert states == ["已由第0003号来件替换", "采用，须补正"]
    again = [row[4] for row in _rows(path, "甲.docx")]
    assert again[0].startswith("采用；与第0002号来件“甲138") and again[0].endswith("内容相同")
    assert again[1] == "与第3号来件相同"
    assert "重复来件" in _text(path)


def test_a_receipt_says_what_came_late_by_how_much_and_by_which_header(written):
    text = _text(written / f"15-{RECEIPT}.docx")
    assert "第0001号　2020年7月16日0时06分（收件服务器时间）　展览素材逾期7分钟" in text
    assert "第0002号　2020年8月10日10时00分（收件服务器时间）　按期" in text


def test_a_receipt_names_what_has_not_come_with_clause_and_last_day(written):
    path = written / f"15-{RECEIPT}.docx"
    assert _rows(path, "盘点表") == [["盘点表", "第一部分", "—", "未收到"]]
    assert _rows(path, "工作总结") == [
        ["工作总结", "第二部分", "2020年8月15日前（含当日）", "未收到"]
    ]
    assert _rows(path, "展览素材")[0][1:3] == ["第三部分（三）", "2020年7月15日前（含当日）"]
    assert "期限已过、尚未收到：盘点表、工作总结。" in _text(path)


def test_a_receipt_lists_cloud_links_with_the_day_to_fetch_by(written):
    row = _rows(written / f"15-{RECEIPT}.docx", "第0005号")[0]
    assert "https://pan.example.com/s/1a" in row[1] and "2020年7月20日前下载" in row[1]


def test_a_return_sets_corrections_apart_from_questions_and_groups_them_by_nominee(written):
    path = written / f"15-{RETURN}.docx"
    heads = [
        line.text for line in Document(path).paragraphs if re.match("[一二三四五]、", line.text)
    ]
    assert [head[2:5] for head in heads] == ["办理期", "办理方", "须补正", "待核实", "请留意"]
    faults, questions, remarks = _tables(path)
    labels = {found.title: found.severity for found in FINDING_TYPES.values()}
    for table, severity in ((faults, Severity.ERROR), (questions, Severity.QUESTION)):
        assert {labels[row[1]] for row in table if row[0].isdecimal()} == {severity}
    group = next(place for place, row in enumerate(faults) if "（测试乙）" in row[0])
    assert "乙.docx（第0003号来件）" in faults[group][0]
    assert "请于2020年8月27日前（含当日）补正" in _text(path)
    nominee = [row[1] for row in faults[group + 1 :]]
    assert "必填栏空白" in nominee and [row[3] for row in faults if row[1] == "必填栏空白"] == [
        "“通讯地址”栏（表1 第5行第2列）"
    ]
    assert "联系邮箱" not in nominee and any(row[1] == "电子邮箱无效" for row in remarks)


@pytest.mark.slow
def test_no_letter_names_a_nominee_of_another_unit(busy, written, state, folder):
    for one, place in ((busy, written), (state, folder)):
        names = {
            case.name: {other.unit for other in one.screening.cases if other.name == case.name}
            for case in one.screening.cases
        }
        for path in place.glob("*.docx"):
            text, unit = _text(path), path.name.partition("-")[0]
            others = [name for name, units in names.items() if unit not in units]
            assert not [name for name in others if f"“{name}”" in text or f"（{name}）" in text]
    told = _text(written / f"65-{RETURN}.docx")
    assert "与其他单位推荐的个人雷同" in told and "内蒙古" not in told


@pytest.mark.slow
def test_no_letter_holds_an_identity_or_phone_number(state, folder, written):
    numbers = {PHONE, IDENTITY} | {
        case.nominee.id_number for case in state.screening.cases if case.kind == "individual"
    }
    text = "\n".join(_text(path) for place in (folder, written) for path in place.iterdir())
    assert not [number for number in numbers if number in text]


@pytest.mark.slow
def test_no_letter_holds_a_code_a_case_number_or_a_blank_cell(busy, written, state, folder):
    for one, place in ((busy, written), (state, folder)):
        raw = {found.code for found in one.screening.findings} | {
            case.id for case in one.screening.cases
        }
        for path in place.iterdir():
            words = set(re.findall(r"[A-Za-z0-9_-]+", _text(path)))
            assert not words & raw
            assert all(cell.strip() for table in _tables(path) for row in table for cell in row)


def test_what_a_person_has_settled_is_not_asked_again(busy, tmp_path):
    case = next(case.id for case in busy.screening.cases if case.name == "测试乙")
    body = FindingSettled(case=case, code="missing", reason="已电话核实")
    event = Event(seq=1, at=AT, actor="测试", body=body, hash="0" * 64)
    reports.write_letters(derive_state(busy.round, busy.submissions.intake, (event,)), tmp_path)
    assert "必填栏空白" not in _text(tmp_path / f"15-{RETURN}.docx")


def test_headings_repeat_and_no_row_is_cut_by_a_page(folder):
    with zipfile.ZipFile(folder / f"15-{RECEIPT}.docx") as archive:
        xml = archive.read("word/document.xml").decode()
    assert xml.count("<w:tblHeader/>") == xml.count("<w:tbl>") > 0
    assert xml.count("<w:cantSplit/>") == xml.count("<w:tr>")


def test_text_that_turns_around_or_is_no_text_stays_out(tmp_path):
    round = make_round(tmp_path / "round", societies=3)
    sent = mail(1, at((7, 1)), (("a\u202egpj.exe\x07<b>&.docx", "a", 1, "unknown"),))
    reports.write_letters(derive_state(round, Intake(mails=(sent,)), ()), tmp_path / "out")
    assert _rows(tmp_path / "out" / f"15-{RECEIPT}.docx", "agpj.exe<b>&.docx")


def test_a_round_without_mail_reminds_every_unit(tmp_path):
    round = make_round(tmp_path / "round", societies=3)
    made = reports.write_letters(derive_state(round, Intake(), ()), tmp_path / "out")
    assert [path.name for path in made] == [f"{unit.code}-{REMINDER}.docx" for unit in round.units]
    text = _text(made[0])
    assert all(
        word in text for word in ("盘点表", "工作总结", "展览素材", "第三部分（三）", "期限")
    )


def test_a_reminder_says_of_what_the_day_has_passed(folder):
    told = set()
    for path in folder.glob(f"*-{REMINDER}.docx"):
        owed = [row[1] for table in _tables(path) for row in table if row[0].isdigit()]
        dated = [title for title in owed if title != "盘点表"]  # the notice sets no day for it
        which = "" if dated == owed else f"其中{'、'.join(dated)}的"
        told.add(which)
        assert (f"，{which}报送期限已过。" in _text(path)) == bool(dated), (path.name, owed)
    assert "其中工作总结、展览素材的" in told


def test_a_letter_no_longer_due_is_taken_away(state, tmp_path):
    (tmp_path / "gone.docx").write_bytes(b"")
    reports.write_letters(state, tmp_path)
    assert not (tmp_path / "gone.docx").exists()


def test_letters_and_notice_are_the_same_bytes_each_time(state, folder, tmp_path):
    reports.write_letters(state, tmp_path / "letters")
    for path in folder.iterdir():
        assert path.read_bytes() == (tmp_path / "letters" / path.name).read_bytes()
    reports.write_public_notice(state, tmp_path / "a")
    reports.write_public_notice(state, tmp_path / "b")
    for name in ("publication.docx", "publication.xlsx"):
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes()


def test_the_public_notice_lists_every_name_and_has_no_blank_to_fill(state, tmp_path):
    reports.write_public_notice(state, tmp_path)
    document = Document(tmp_path / "publication.docx")
    assert sum(len(table.rows) - 1 for table in document.tables) == 70
    text = _text(tmp_path / "publication.docx")
    assert "20个先进团队、50名先进个人" in text and not re.search("由办公室填写|　年|　月", text)
    assert "公示期为自公布之日起7个工作日" in text


def test_before_its_day_nothing_is_asked_for_that_has_not_come(rules_folder):
    """In July the exhibitions are due; stock-take and summary are due a month later."""
    round = load_round(rules_folder)
    units = [unit.code for unit in round.units[:3]]
    exhibit = record(Exhibit(), unit=units[0], receipt=1)
    mails = [
        builders.mail(1, units[0], at=datetime(2020, 7, 14, 4, tzinfo=UTC)),
        builders.mail(2, units[1], at=datetime(2020, 7, 16, 4, tzinfo=UTC)),
    ]

    def on(day):
        return build_dossiers(derive_state(round, intake(exhibit, mails=mails), (_dated(day),)))

    sent, other, silent = on("2020-07-16")[:3]
    assert sent.owed == [] and sent.awaited == ["stocktake", "summary"]
    assert other.owed == ["exhibit"] and silent.letters == (REMINDER,)
    assert on("2020-08-15")[0].owed == []
    assert on("2020-08-16")[0].owed == ["stocktake", "summary"]
    assert [one.letters for one in on("2020-07-15")[2:]] == [()] * (len(round.units) - 2)


def _dated(day):
    return Event(seq=1, at=AT, actor="测试", body=DocumentDateSet(day=day), hash="0" * 64)
