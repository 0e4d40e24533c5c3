"""What a person decides on a returned workbook: blanks, later declarations, files that are none."""

import io
import shutil
import zipfile

import openpyxl
import pytest

from kjfp_helpers.cli import main
from kjfp_helpers.core.events import ConflictsDeclared, PacketSealed, ScoreGiven
from kjfp_helpers.panel_review.conflicts.declaration import normalize_declaration
from kjfp_helpers.panels.scoring.scoring_handler import ScoringHandler
from kjfp_helpers.state.panel.member_progress import describe_members
from kjfp_helpers.state.panel.packet_building import build_packet
from support.rounds.packet_files import bodies, fill, held, mark, opened, out, row, take_in

pytestmark = pytest.mark.slow


@pytest.fixture
def session(exported, tmp_path):
    return opened(exported, tmp_path)


def scores(session, line):
    return dict(build_packet(session.current_state(), "M01").scores[line.case].scores)


def cleared(line):
    return dict.fromkeys(map(line.place, line.inputs))


def conflicts(session):
    sheet = openpyxl.load_workbook(session.outputs / "packets" / "conflicts.xlsx").active
    head, *rows = [[cell.value for cell in cells] for cells in sheet.iter_rows(min_row=3)]
    return [dict(zip(head, values, strict=True)) for values in rows]


def bring_in(session, capsys, *files, take=()):
    """Import by the command line; return how it ended and what it said."""
    words = ["packet", "import", *map(str, files), "--round", str(session.round.folder)]
    words += ["--outputs", str(session.outputs)] + (["--take", *map(str, take)] if take else [])
    return main(words), capsys.readouterr().out


@pytest.mark.slow
def test_a_mark_cleared_in_the_file_is_a_conflict_and_withdrawn_by_take(session, capsys):
    _, rows = held(session)
    mark(session, rows[0], 60, comment="有出处")
    path, rows = out(session)
    first, line = next(iter(rows[0].marks.items())), rows[0]
    fill(path, {line.place(first[1]): None, **row(rows[1], 70)})
    ended, said = bring_in(session, capsys, path)
    assert ended == 1 and "冲突1件" in said and "清空" in said and "--take" in said
    assert len(scores(session, line)) == 5 and set(scores(session, rows[1]).values()) == {70}
    (told,) = conflicts(session)
    assert told["单元格"] == line.place(first[1]) and told["情形"] == "表中已清空"
    assert (told["导出时"], told["台账现为"], told["表中填写"]) == ("60", "60", "空白")
    ended, said = bring_in(session, capsys, path, take=[path])
    assert ended == 0 and "撤回1件" in said and first[0] not in scores(session, line)
    state = session.current_state()
    unfinished = state.scores.tables.unfinished.set_index("case")["missing"]
    assert "、" not in unfinished[line.case] and line.case not in set(
        state.scores.tables.totals["case"]
    )
    head = session.ledger.head()
    assert bring_in(session, capsys, path, take=[path])[0] == 0 and session.ledger.head() == head


@pytest.mark.slow
def test_a_cleared_comment_is_a_conflict_too(session):
    _, rows = held(session)
    mark(session, rows[0], 60, comment="有出处")
    path, rows = out(session)
    fill(path, {rows[0].place(rows[0].comment): None})
    outcome = take_in(session, path)
    assert outcome.made == 0 and outcome.failed
    (told,) = conflicts(session)
    assert (told["项目"], told["台账现为"], told["表中填写"]) == ("评语", "有出处", "空白")
    take_in(session, path, prefer_files=[path])
    assert build_packet(session.current_state(), "M01").scores[rows[0].case].comment == ""


@pytest.mark.slow
def test_all_cells_cleared_leave_no_mark_once_taken_and_the_page_can_undo_it(session):
    _, rows = held(session)
    mark(session, rows[0], 60)
    path, rows = out(session)
    fill(path, cleared(rows[0]))
    assert take_in(session, path).failed and len(scores(session, rows[0])) == 5
    assert len(conflicts(session)) == 5
    assert not take_in(session, path, prefer_files=[path]).failed and scores(session, rows[0]) == {}
    page = ScoringHandler(session, session.current_state(), "M01")
    packet = page.handle({"type": "hello", "window": "w"})
    case = next(
        one for one in packet["cases"] if one["key"] == str(page.packet.numbers[rows[0].case])
    )
    page.handle(
        {
            "type": "undo",
            "window": "w",
            "packet": packet["packet"],
            "request_id": "u",
            "case": case["key"],
            "base_seq": case["event_seq"],
        }
    )
    assert set(scores(session, rows[0]).values()) == {60}


@pytest.mark.slow
def test_a_second_copy_cleared_to_what_was_exported_is_told_and_withdrawn_by_take(session, capsys):
    path, rows = held(session)
    blank = path.with_name("M01 第二份.xlsx")
    blank.write_bytes(path.read_bytes())
    assert take_in(session, fill(path, row(rows[0], 60))).made == 1
    fill(blank, {})
    label = build_packet(session.current_state(), "M01").label(rows[0].case)
    ended, said = bring_in(session, capsys, blank)
    assert ended == 0 and label in said and "未动" in said and len(scores(session, rows[0])) == 5
    ended, said = bring_in(session, capsys, blank, take=[blank])
    assert ended == 0 and "撤回1件" in said and scores(session, rows[0]) == {}


def test_marks_of_the_page_are_not_touched_by_rows_that_stayed_blank(session):
    path, rows = held(session)
    mark(session, rows[0], 60)
    fill(path, row(rows[1], 70))
    outcome = take_in(session, path, prefer_files=[path])
    assert (
        outcome.made == 1 and not outcome.failed and set(scores(session, rows[0]).values()) == {60}
    )


def test_what_shells_hand_in_beside_the_workbooks_is_passed_over(session, capsys):
    path, rows = held(session)
    fill(path, row(rows[0], 60))
    others = ["conflicts.xlsx", "~$M01.xlsx", ".~lock.M01.xlsx#", "._M01.xlsx", ".~M01.xlsx"]
    files = [path.with_name(name) for name in others]
    for file in files:
        file.write_bytes(b"\5 M")
    ended, said = bring_in(session, capsys, *files, path)
    assert ended == 0 and "记入评分1件，未导入5个文件（" in said
    assert all(f"未导入 {name}：" in said for name in others)


STRICT = (
    (
        "http://schemas.openxmlformats.org/spreadsheetml/2006/main",
        "http://purl.oclc.org/ooxml/spreadsheetml/main",
    ),
    (
        "http://schemas.openxmlformats.org/officeDocument/2006/",
        "http://purl.oclc.org/ooxml/officeDocument/",
    ),
)


def strict(data):
    """The same workbook in the namespaces in which Excel saves Strict Open XML."""
    saved = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(saved, "w") as new:
        for name in old.namelist():
            part = old.read(name).decode("utf-8")
            for this, that in STRICT:
                part = part.replace(this, that)
            new.writestr(name, part)
    return saved.getvalue()


def test_a_strict_or_locked_workbook_is_named_with_the_way_out(session, capsys):
    path, rows = held(session)
    fill(path, row(rows[0], 60))
    path.write_bytes(strict(path.read_bytes()))
    ended, said = bring_in(session, capsys, path)
    assert ended == 1 and "Strict Open XML" in said and "另存为“Excel 工作簿（*.xlsx）”" in said
    ole = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)
    path.write_bytes(ole + "EncryptedPackage".encode("utf-16-le") + bytes(480))
    ended, said = bring_in(session, capsys, path)
    assert ended == 1 and "打开密码" in said and "取消" in said
    assert not bodies(session, ScoreGiven)


@pytest.mark.parametrize(
    "text",
    [
        "无",
        "无。",
        " 没有 ",
        "没有。",
        "無",
        "N/A",
        "Ｎ／Ａ",
        "n.a.",
        "否",
        "/",
        "-",
        "——",
        "无其他",
        "（无）",
        "无 其他。",
        "没有其他利害关系。",
    ],
)
def test_ways_of_writing_that_there_is_no_tie_are_none(text):
    assert normalize_declaration(text) == ""


@pytest.mark.parametrize(
    "text",
    ["无锡市果树所顾问", "没有，但曾指导测试团队", "否认", "？", "与N/A公司合作", "无\n曾任顾问"],
)
def test_what_is_a_tie_stays_with_its_words(text):
    assert normalize_declaration(f" {text} ") == text


def test_no_tie_is_none_on_import_and_on_the_page(session):
    path, _ = held(session)
    take_in(session, fill(path, {}, declared="没有。"))
    page = ScoringHandler(session, session.current_state(), "M02")
    packet = page.handle({"type": "hello", "window": "w"})["packet"]
    say = {"type": "declare", "window": "w", "packet": packet, "request_id": "a"}
    assert page.handle({**say, "statement": "Ｎ／Ａ"})["type"] == "saved"
    assert [body.statement for body in bodies(session, ConflictsDeclared)] == ["", ""]


TIE = "与测试研究所有合作研究，电话13912345678"


def shown_ties(session, member="M01"):
    row = next(row for row in describe_members(session.current_state()) if row["member"] == member)
    return row["ties"] or ""


@pytest.mark.slow
def test_a_second_workbook_that_declares_more_is_recorded_told_and_shown(session, capsys):
    path, _ = held(session)
    take_in(session, fill(path, {}, declared="无"))
    assert shown_ties(session) == ""
    fill(path, {}, declared=TIE)
    ended, said = bring_in(session, capsys, path)
    assert ended == 0 and "有合作研究" in said and "13912345678" not in said
    assert [body.statement for body in bodies(session, ConflictsDeclared)] == ["", TIE]
    assert "有合作研究" in shown_ties(session) and "13912345678" not in shown_ties(session)
    head = session.ledger.head()
    take_in(session, path)
    assert session.ledger.head() == head
    fill(path, {}, declared="无")
    outcome = take_in(session, path)
    assert session.ledger.head() == head and "仍然有效" in "".join(outcome.notes)
    assert "有合作研究" in shown_ties(session)


def test_a_tie_that_comes_after_sealing_is_heard_and_no_mark_is(session):
    path, rows = held(session)
    take_in(session, fill(path, {}, declared="无"))
    sealed = build_packet(session.current_state(), "M01")
    session.record(PacketSealed(member="M01", packet=sealed.code, digest=sealed.digest()))
    fill(path, row(rows[0], 70), declared=TIE)
    outcome = take_in(session, path)
    assert [body.statement for body in bodies(session, ConflictsDeclared)] == ["", TIE]
    assert not bodies(session, ScoreGiven) and "评分未采用" in "".join(outcome.notes)


def test_a_second_declaration_on_the_page_adds_to_the_first_and_a_repeated_one_does_not(session):
    page = ScoringHandler(session, session.current_state(), "M01")
    packet = page.handle({"type": "hello", "window": "w"})["packet"]
    say = {"type": "declare", "window": "w", "packet": packet}
    first = page.handle({**say, "request_id": "a", "none": True})
    second = page.handle({**say, "request_id": "b", "statement": TIE})
    third = page.handle({**say, "request_id": "c", "statement": "曾任某学会理事"})
    assert first["event_seq"] < second["event_seq"] < third["event_seq"]
    head = session.ledger.head()
    for more in ({"statement": TIE}, {"none": True}, {"statement": "无。"}):
        assert page.handle({**say, "request_id": "d", **more})["type"] == "saved"
    assert session.ledger.head() == head
    assert "有合作研究" in shown_ties(session) and "曾任某学会理事" in shown_ties(session)


def test_who_declared_on_the_page_may_leave_the_workbook_s_cell_blank(session):
    path, rows = held(session)
    page = ScoringHandler(session, session.current_state(), "M01")
    packet = page.handle({"type": "hello", "window": "w"})["packet"]
    page.handle(
        {"type": "declare", "window": "w", "packet": packet, "request_id": "a", "none": True}
    )
    outcome = take_in(session, fill(path, row(rows[0], 60), declared=None))
    assert outcome.made == 1 and not outcome.failed and len(bodies(session, ConflictsDeclared)) == 1


def test_a_preview_tells_what_the_import_does_and_changes_nothing(session, tmp_path):
    path, rows = out(session)
    other = shutil.copy(path, tmp_path / "另一份.xlsx")
    fill(path, row(rows[0], 70) | row(rows[1], 82))
    fill(other, row(rows[0], 75) | row(rows[2], 101))
    head = session.ledger.head()
    told = take_in(session, path, other, is_preview=True)
    assert session.ledger.head() == head and not told.made
    assert not (session.outputs / "packets" / "conflicts.xlsx").exists()
    lines = "\n".join(told.notes)
    assert "可记入2件，与台账冲突1件" in told.notes[0] and "待记入台账" in lines
    assert "评委 M01 " in lines and "75" in lines and "70" in lines  # of two copies, what differs
    (fault,) = told.failed
    assert "101" in fault
    done = take_in(session, path, other)
    assert done.made == 2 and done.failed[0] == fault and "冲突1件" in done.failed[1]
    words = [line for line in done.notes if "台账第" not in line]
    assert words and set(words) <= set(told.notes)
