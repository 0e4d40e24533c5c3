"""A packet as a workbook: blind, locked, the same bytes; and issued by the command line."""

import shutil
import zipfile

import openpyxl
import pytest

from kjfp_helpers.cli import main
from kjfp_helpers.commands import export_workbooks, issue_notebooks
from kjfp_helpers.core.events import (
    MemberRecused,
    ScoreGiven,
)
from kjfp_helpers.panel_review.scoring.member_packet import COMMENT_LIMIT
from kjfp_helpers.state import RoundSession
from kjfp_helpers.state.panel.packet_building import build_packet
from support.project import NOTEBOOKS
from support.rounds.packet_files import (
    FORMULA,
    bodies,
    fill,
    mark,
    opened,
    out,
    row,
    silent,
    take_in,
)
from support.rounds.panel_round import PHONE, make_round

pytestmark = pytest.mark.slow


@pytest.fixture
def session(assigned, tmp_path):
    return opened(assigned, tmp_path)


def test_same_ledger_gives_the_same_bytes(session):
    path, _ = out(session)
    first = path.read_bytes()
    path.unlink()
    again = RoundSession.open(session.round.folder, session.outputs)
    assert out(again)[0].read_bytes() == first


def text_of(path):
    with zipfile.ZipFile(path) as archive:
        return "\n".join(archive.read(name).decode("utf-8") for name in archive.namelist())


def test_workbook_tells_no_name_unit_place_case_id_or_mark_of_another(session):
    _, rows = out(session, "M02")
    mark(session, rows[0], 61, member="M02", comment="另一评委的评语")
    text = text_of(out(session)[0])
    state = session.current_state()
    for case in state.screening.cases:
        unit = state.round.unit_by_code[case.unit]
        telling = [case.id, case.name, unit.name, unit.short_name]
        assert [word for word in telling if word in text] == []
    assert PHONE not in text and "另一评委的评语" not in text and "M02" not in text


def test_everything_but_the_inputs_is_locked_and_the_sheets_are_protected(session):
    path, rows = out(session)
    book = openpyxl.load_workbook(path)
    assert book.security.lockStructure and all(tab.protection.sheet for tab in book)
    inputs = {line.place(at) for line in rows for at in line.inputs} | {"说明!B9"}
    free = {
        f"{tab.title}!{cell.coordinate}"
        for tab in book
        for cells in tab.iter_rows()
        for cell in cells
        if not cell.protection.locked
    }
    assert free == inputs
    assert {book[line.tab].freeze_panes for line in rows} == {"B4"}


def test_every_mark_has_its_range_and_an_input_message(session):
    path, rows = out(session)
    book = openpyxl.load_workbook(path)
    rules = {
        at: rule
        for tab in book
        for rule in tab.data_validations.dataValidation
        for cells in rule.sqref
        for at in _cells(tab, cells)
    }
    for line in rows:
        for at in line.marks.values():
            rule = rules[line.place(at)]
            assert (rule.type, rule.formula1, rule.formula2) == ("whole", "0", "100")
            assert "0—100 的整数" in rule.prompt and len(rule.prompt) <= 255
        assert rules[line.place(line.away)].formula1 == '"回避"'
        assert rules[line.place(line.comment)].formula1 == str(COMMENT_LIMIT)


def _cells(tab, area):
    return (
        [f"{tab.title}!{cell.coordinate}" for cells in tab[area.coord] for cell in cells]
        if (area.size["rows"] > 1)
        else [f"{tab.title}!{area.coord}"]
    )


def test_code_head_and_rules_stand_on_the_cover_and_in_the_properties(session):
    path, _ = out(session)
    book, (seq, digest) = openpyxl.load_workbook(path), session.ledger.head()
    code = build_packet(session.current_state(), "M01").code
    cover = [cell.value for cell in book["说明"]["B"]]
    assert {code, str(seq), digest, session.round.digest} <= set(cover)
    told = {prop.name: prop.value for prop in book.custom_doc_props.props}
    assert told == {
        "kjfp-packet": code,
        "kjfp-ledger": f"#{seq} {digest}",
        "kjfp-rules": session.round.digest,
    }


def test_what_looks_like_a_formula_is_text_and_comes_back_unchanged(session):
    _, rows = out(session)
    mark(session, rows[0], 80, comment=FORMULA)
    path, _ = out(session)
    book = openpyxl.load_workbook(path)
    cell = book[rows[0].tab][rows[0].comment]
    assert cell.data_type == "s" and cell.quotePrefix and cell.value == FORMULA
    formulas = {
        f"{tab.title}!{cell.coordinate}"
        for tab in book
        for cells in tab.iter_rows()
        for cell in cells
        if cell.data_type == "f"
    }
    assert formulas == {line.place(line.total) for line in rows}
    take_in(session, fill(path, {}))
    assert len(bodies(session, ScoreGiven)) == 1


def test_a_recused_case_does_not_go_out(session):
    _, rows = out(session)
    session.record(MemberRecused(member="M01", case=rows[2].case, reason="同单位"))
    _, left = out(session)
    assert rows[2].case not in {line.case for line in left} and len(left) == len(rows) - 1


def test_export_leaves_alone_what_is_filled_in_and_not_yet_imported(session):
    path, rows = out(session)
    fill(path, row(rows[0], 77))
    typed = path.read_bytes()
    outcome = export_workbooks(session, silent, members=["M01"])
    assert "尚未导入" in outcome.failed[0] and path.read_bytes() == typed
    take_in(session, path)
    assert (
        not export_workbooks(session, silent, members=["M01"]).failed and path.read_bytes() != typed
    )


def test_issue_export_and_import_through_the_command_line(session, capsys):
    at = ["--outputs", str(session.outputs)]
    shutil.copytree(
        NOTEBOOKS,
        session.round.folder.parents[1] / "notebooks",
        dirs_exist_ok=True,
    )
    assert main(["packet", "issue", str(session.round.folder), *at]) == 0
    packets = session.outputs / "packets"
    assert {path.name for path in packets.iterdir()} == {"M01.ipynb", "M02.ipynb", "M03.ipynb"}
    assert '\\"M02\\"' in (packets / "M02.ipynb").read_text("utf-8")
    assert main(["packet", "export", str(session.round.folder), "--member", "M01", "M03", *at]) == 0
    assert {path.name for path in packets.glob("*.xlsx")} == {"M01.xlsx", "M03.xlsx"}
    _, rows = out(session)
    fill(packets / "M01.xlsx", row(rows[0], 70))
    base = [
        "packet",
        "import",
        str(packets / "M01.xlsx"),
        "--round",
        str(session.round.folder),
        *at,
    ]
    assert main(base) == 0
    assert "记入评分1件（" in capsys.readouterr().out
    mark(session, rows[1], 60)
    fill(packets / "M01.xlsx", row(rows[1], 75))
    assert main(base) == 1
    assert "冲突1件" in capsys.readouterr().out
    assert main([*base, "--take", str(packets / "M01.xlsx")]) == 0
    assert set(bodies(session, ScoreGiven)[-1].scores.values()) == {75}


def test_unknown_member_and_unassigned_round_are_told(session, tmp_path, capsys):
    at = [str(session.round.folder), "--outputs", str(session.outputs)]
    assert main(["packet", "export", *at, "--member", "M1"]) == 1
    assert "是否要写“M0" in capsys.readouterr().err
    fresh = RoundSession.open(
        make_round(tmp_path / "fresh"), tmp_path / "fresh" / "outputs", create=True
    )
    for act in (issue_notebooks, export_workbooks):
        with pytest.raises(Exception, match="kjfp assign"):
            act(fresh, silent)


@pytest.mark.libreoffice
def test_a_workbook_saved_by_libreoffice_comes_back_whole(session, office_convert, tmp_path):
    _, rows = out(session)
    mark(session, rows[1], 70, comment=f"{FORMULA}\n第二行")
    path, _ = out(session)
    fill(path, row(rows[0], 70, "有出处。\n第二行"))
    office_convert("xlsx:Calc MS Excel 2007 XML", tmp_path / "saved", path)
    outcome = take_in(session, tmp_path / "saved" / "M01.xlsx")
    assert not outcome.failed and outcome.made == 1
    assert bodies(session, ScoreGiven)[-1].comment == "有出处。\n第二行"
