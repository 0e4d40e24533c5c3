"""A packet as a workbook: blind, locked, the same bytes; and issued by the command line."""

import shutil
import subprocess
import zipfile

import openpyxl
import panel_round
import pytest
from packet_files import FORMULA, bodies, fill, mark, opened, out, row, silent, take_in
from panel_round import PHONE, make_round

from kjfp_helpers.cli import main
from kjfp_helpers.commands import export, issue
from kjfp_helpers.core.events import (
    MarkGiven,
    Recused,
)
from kjfp_helpers.panel_review.scoring.member_packet import COMMENT_LIMIT
from kjfp_helpers.state import Desk
from kjfp_helpers.state.panel.packet_building import gather


@pytest.fixture
def desk(assigned, tmp_path):
    return opened(assigned, tmp_path)


def test_same_ledger_gives_the_same_bytes(desk):
    path, _ = out(desk)
    first = path.read_bytes()
    path.unlink()
    again = Desk.open(desk.round.folder, desk.outputs)
    assert out(again)[0].read_bytes() == first


def text_of(path):
    with zipfile.ZipFile(path) as archive:
        return "\n".join(archive.read(name).decode("utf-8") for name in archive.namelist())


def test_workbook_tells_no_name_unit_place_case_id_or_mark_of_another(desk):
    _, rows = out(desk, "M02")
    mark(desk, rows[0], 61, member="M02", comment="另一评委的评语")
    text = text_of(out(desk)[0])
    review = desk.review()
    for case in review.cases:
        unit = review.round.unit_by_code[case.unit]
        telling = [case.id, case.name, unit.name, unit.short_name]
        assert [word for word in telling if word in text] == []
    assert PHONE not in text and "另一评委的评语" not in text and "M02" not in text


def test_everything_but_the_inputs_is_locked_and_the_sheets_are_protected(desk):
    path, rows = out(desk)
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


def test_every_mark_has_its_range_and_an_input_message(desk):
    path, rows = out(desk)
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


def test_code_head_and_rules_stand_on_the_cover_and_in_the_properties(desk):
    path, _ = out(desk)
    book, (seq, digest) = openpyxl.load_workbook(path), desk.ledger.head()
    code = gather(desk.review(), "M01").code
    cover = [cell.value for cell in book["说明"]["B"]]
    assert {code, str(seq), digest, desk.round.digest} <= set(cover)
    told = {prop.name: prop.value for prop in book.custom_doc_props.props}
    assert told == {
        "kjfp-packet": code,
        "kjfp-ledger": f"#{seq} {digest}",
        "kjfp-rules": desk.round.digest,
    }


def test_what_looks_like_a_formula_is_text_and_comes_back_unchanged(desk):
    _, rows = out(desk)
    mark(desk, rows[0], 80, comment=FORMULA)
    path, _ = out(desk)
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
    take_in(desk, fill(path, {}))
    assert len(bodies(desk, MarkGiven)) == 1


def test_a_recused_case_does_not_go_out(desk):
    _, rows = out(desk)
    desk.record(Recused(member="M01", case=rows[2].case, reason="同单位"))
    _, left = out(desk)
    assert rows[2].case not in {line.case for line in left} and len(left) == len(rows) - 1


def test_export_leaves_alone_what_is_filled_in_and_not_yet_imported(desk):
    path, rows = out(desk)
    fill(path, row(rows[0], 77))
    typed = path.read_bytes()
    outcome = export(desk, silent, members=["M01"])
    assert "尚未导入" in outcome.failed[0] and path.read_bytes() == typed
    take_in(desk, path)
    assert not export(desk, silent, members=["M01"]).failed and path.read_bytes() != typed


def test_issue_export_and_import_through_the_command_line(desk, capsys):
    at = ["--outputs", str(desk.outputs)]
    shutil.copytree(
        panel_round.PROJECT / "notebooks",
        desk.round.folder.parents[1] / "notebooks",
        dirs_exist_ok=True,
    )
    assert main(["packet", "issue", str(desk.round.folder), *at]) == 0
    packets = desk.outputs / "packets"
    assert {path.name for path in packets.iterdir()} == {"M01.ipynb", "M02.ipynb", "M03.ipynb"}
    assert '\\"M02\\"' in (packets / "M02.ipynb").read_text("utf-8")
    assert main(["packet", "export", str(desk.round.folder), "--member", "M01", "M03", *at]) == 0
    assert {path.name for path in packets.glob("*.xlsx")} == {"M01.xlsx", "M03.xlsx"}
    _, rows = out(desk)
    fill(packets / "M01.xlsx", row(rows[0], 70))
    base = ["packet", "import", str(packets / "M01.xlsx"), "--round", str(desk.round.folder), *at]
    assert main(base) == 0
    assert "新做1" in capsys.readouterr().out
    mark(desk, rows[1], 60)
    fill(packets / "M01.xlsx", row(rows[1], 75))
    assert main(base) == 1
    assert "冲突1件" in capsys.readouterr().out
    assert main([*base, "--take", str(packets / "M01.xlsx")]) == 0
    assert set(bodies(desk, MarkGiven)[-1].scores.values()) == {75}


def test_unknown_member_and_unassigned_round_are_told(desk, tmp_path, capsys):
    at = [str(desk.round.folder), "--outputs", str(desk.outputs)]
    assert main(["packet", "export", *at, "--member", "M1"]) == 1
    assert "是否要写“M0" in capsys.readouterr().err
    fresh = Desk.open(make_round(tmp_path / "fresh"), tmp_path / "fresh" / "outputs", create=True)
    for act in (issue, export):
        with pytest.raises(Exception, match="kjfp assign"):
            act(fresh, silent)


@pytest.mark.libreoffice
def test_a_workbook_saved_by_libreoffice_comes_back_whole(desk, soffice, tmp_path):
    _, rows = out(desk)
    mark(desk, rows[1], 70, comment=f"{FORMULA}\n第二行")
    path, _ = out(desk)
    fill(path, row(rows[0], 70, "有出处。\n第二行"))
    subprocess.run(
        [
            soffice,
            f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}",
            "--headless",
            "--convert-to",
            "xlsx:Calc MS Excel 2007 XML",
            "--outdir",
            tmp_path / "saved",
            path,
        ],
        check=True,
        capture_output=True,
        timeout=120,
    )
    outcome = take_in(desk, tmp_path / "saved" / "M01.xlsx")
    assert not outcome.failed and outcome.made == 1
    assert bodies(desk, MarkGiven)[-1].comment == "有出处。\n第二行"
