"""Packets without Jupyter: workbooks that go out, are filled in, and come back to the ledger."""

import io
import re
import shutil
import subprocess
import zipfile
from datetime import datetime

import openpyxl
import panel_round
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from panel_round import PHONE, make_round

from kjfp_helpers.cli import main
from kjfp_helpers.derivation import Desk
from kjfp_helpers.derivation.packet import gather
from kjfp_helpers.events import (
    ConflictsDeclared,
    MarkGiven,
    MarksClosed,
    PacketReopened,
    PacketSealed,
    ReadingsAssigned,
    Recused,
)
from kjfp_helpers.flow import bring, export, issue
from kjfp_helpers.panels.sitting import Sitting
from kjfp_helpers.reports.office.packet_layout import lines
from kjfp_helpers.review.packet import COMMENT_LIMIT

FORMULA = '=HYPERLINK("http://example.com","点")'


def silent(done, total):
    pass


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A small assigned round, made once; tests take copies."""
    root = tmp_path_factory.mktemp("made")
    small_round(root).ledger.close()
    return root


def small_round(root, **rules):
    """Make a round of eight cases, each read by M01 to M03; rules are replaced as named."""
    folder = make_round(root, units=("13", "34"), societies=1)
    for name, (old, new) in rules.items():
        path = folder / f"{name}.toml"
        path.write_text(path.read_text("utf-8").replace(old, new), "utf-8")
    return panel_round._open(root, folder, None, 0)


@pytest.fixture
def desk(made, tmp_path):
    return opened(made, tmp_path)


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def any_desk(request, tmp_path, monkeypatch):
    """A desk on either database."""
    if request.param == "postgresql":
        monkeypatch.setenv("KJFP_DATABASE_URL", request.getfixturevalue("postgresql_url"))
    desk = small_round(tmp_path)
    yield desk
    desk.ledger.close()


def opened(made, root):
    shutil.copytree(made, root, dirs_exist_ok=True)
    return Desk.open(root / "data" / "practice", root / "outputs" / "practice")


def out(desk, member="M01"):
    """Export a member's workbook; return its path and the rows of its cases."""
    assert not export(desk, silent, members=[member]).failed
    return desk.outputs / "packets" / f"{member}.xlsx", list(lines(gather(desk.review(), member)))


def fill(path, cells, declared="无"):
    """Type into cells named ``sheet!A1``, as a person would; save in place."""
    book = openpyxl.load_workbook(path)
    if declared is not None and not book["说明"]["B9"].protection.locked:
        book["说明"]["B9"] = declared
    for place, value in cells.items():
        tab, _, at = place.partition("!")
        book[tab][at] = value
    book.save(path)
    return path


def row(line, mark=80, comment="", **more):
    """Return what fills a case's row."""
    cells = dict.fromkeys(map(line.place, line.marks.values()), mark)
    named = {"away": line.away, "reason": line.reason} | {}
    cells[line.place(line.comment)] = comment or None
    return cells | {line.place(named[name]): value for name, value in more.items()}


def take_in(desk, *paths, **more):
    return bring(desk, silent, files=paths, **more)


def bodies(desk, kind):
    return [event.body for event in desk.ledger.events() if isinstance(event.body, kind)]


def mark(desk, line, score, member="M01", comment=""):
    """Record a mark, as the page would."""
    (event,) = desk.record(
        MarkGiven(
            member=member, case=line.case, scores=dict.fromkeys(line.marks, score), comment=comment
        )
    )
    return event.seq


def text_of(path):
    with zipfile.ZipFile(path) as archive:
        return "\n".join(archive.read(name).decode("utf-8") for name in archive.namelist())


# going out


def test_same_ledger_gives_the_same_bytes(desk):
    path, _ = out(desk)
    first = path.read_bytes()
    path.unlink()
    again = Desk.open(desk.round.folder, desk.outputs)
    assert out(again)[0].read_bytes() == first


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
    free = {f"{tab.title}!{cell.coordinate}" for tab in book for cells in tab.iter_rows()
            for cell in cells if not cell.protection.locked}  # fmt: skip
    assert free == inputs
    assert {book[line.tab].freeze_panes for line in rows} == {"B4"}


def test_every_mark_has_its_range_and_an_input_message(desk):
    path, rows = out(desk)
    book = openpyxl.load_workbook(path)
    rules = {at: rule for tab in book for rule in tab.data_validations.dataValidation
             for cells in rule.sqref for at in _cells(tab, cells)}  # fmt: skip
    for line in rows:
        for at in line.marks.values():
            rule = rules[line.place(at)]
            assert (rule.type, rule.formula1, rule.formula2) == ("whole", "0", "100")
            assert "0至100的整数" in rule.prompt and len(rule.prompt) <= 255
        assert rules[line.place(line.away)].formula1 == '"回避"'
        assert rules[line.place(line.comment)].formula1 == str(COMMENT_LIMIT)


def _cells(tab, area):
    return [f"{tab.title}!{cell.coordinate}" for cells in tab[area.coord] for cell in cells] if (
        area.size["rows"] > 1) else [f"{tab.title}!{area.coord}"]  # fmt: skip


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
    formulas = {f"{tab.title}!{cell.coordinate}" for tab in book for cells in tab.iter_rows()
                for cell in cells if cell.data_type == "f"}  # fmt: skip
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


# coming back

MARKS = st.one_of(st.none(), st.integers(0, 100))
WORDS = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=12)
ROWS = st.lists(
    st.tuples(st.integers(0, 7), st.lists(MARKS, min_size=5, max_size=5), WORDS), max_size=6
)


@settings(max_examples=4, deadline=None, suppress_health_check=list(HealthCheck))
@given(typed=ROWS)
def test_ledger_holds_exactly_what_was_typed(typed_desk, typed):
    desk = typed_desk
    path, rows = out(desk)
    before = {case: (dict(marks.scores), marks.comment)
              for case, marks in gather(desk.review(), "M01").marks.items()}  # fmt: skip
    cells, wanted = {}, dict(before)
    for place, marks, comment in typed:
        line = rows[place]
        cells |= dict(zip(map(line.place, line.marks.values()), marks, strict=True))
        cells[line.place(line.comment)] = openpyxl_text(comment)
        scores = {name: one for name, one in zip(line.marks, marks, strict=True) if one is not None}
        wanted[line.case] = (
            scores,
            (comment or "").replace("\ufffe", "").replace("\uffff", "").strip(),
        )
    outcome = take_in(desk, fill(path, cells))
    assert not outcome.failed
    packet = gather(desk.review(), "M01")
    assert {c: (dict(m.scores), m.comment) for c, m in packet.marks.items()} == wanted
    changed = {case for case in wanted if wanted[case] != before[case]}
    assert outcome.made == len(changed)
    head = desk.ledger.head()
    assert take_in(desk, path).made == 0 and desk.ledger.head() == head
    desk.ledger.verify()


def openpyxl_text(text):
    """A text that a person typed: never a formula, which Excel keeps out of a text cell."""
    if not text:
        return None
    from openpyxl.cell.rich_text import CellRichText

    return CellRichText(text) if text.startswith("=") else text


@pytest.fixture(scope="module")
def typed_desk(made, tmp_path_factory):
    return opened(made, tmp_path_factory.mktemp("typed"))


def test_only_what_changed_since_the_export_is_recorded(any_desk):
    _, rows = out(any_desk)
    for line in rows[:3]:
        mark(any_desk, line, 70)
    path, rows = out(any_desk)
    assert take_in(any_desk, fill(path, row(rows[1], 71))).made == 1
    (new,) = bodies(any_desk, MarkGiven)[3:]
    assert new.case == rows[1].case and set(new.scores.values()) == {71} and new.member == "M01"
    event = any_desk.ledger.events()[-1]
    assert event.actor == "M01 评分表"
    any_desk.ledger.verify()


def test_importing_twice_adds_nothing_even_after_the_page_went_on(any_desk):
    path, rows = out(any_desk)
    fill(path, row(rows[0], 71))
    assert take_in(any_desk, path).made == 1
    mark(any_desk, rows[0], 90)
    head = any_desk.ledger.head()
    outcome = take_in(any_desk, path)
    assert outcome.made == 0 and not outcome.failed and any_desk.ledger.head() == head


def test_a_newer_mark_of_the_ledger_is_a_conflict_and_stays_until_the_file_is_taken(any_desk):
    desk = any_desk
    path, rows = out(desk)
    mark(desk, rows[0], 60)
    fill(path, {**row(rows[0], 99, "很好"), **row(rows[1], 70)})
    outcome = take_in(desk, path)
    assert outcome.made == 1 and "冲突1件" in outcome.failed[-1]
    table = "\n".join(outcome.notes)
    assert (
        "99" in table and "60" in table and "团队" in table + "个人" and rows[0].case not in table
    )
    packet = gather(desk.review(), "M01")
    assert set(packet.marks[rows[0].case].scores.values()) == {60}
    shown = openpyxl.load_workbook(desk.outputs / "packets" / "conflicts.xlsx").active
    told = [[cell.value for cell in cells] for cells in shown.iter_rows(min_row=4)]
    assert len(told) == 6 and all(line[4] == "60" for line in told[:5]) and told[5][5] == "很好"
    taken = take_in(desk, path, take=[path])
    assert taken.made == 1 and not taken.failed and "代替" in "".join(taken.notes)
    assert set(gather(desk.review(), "M01").marks[rows[0].case].scores.values()) == {99}
    assert not (desk.outputs / "packets" / "conflicts.xlsx").exists()
    head = desk.ledger.head()
    assert take_in(desk, path, take=[path]).made == 0 and desk.ledger.head() == head


def test_a_page_left_open_is_told_what_a_file_brought_and_never_overwrites_it(any_desk):
    path, rows = out(any_desk)
    page = Sitting(any_desk, any_desk.review(), "M01")
    packet = page.hear({"type": "hello", "window": "w"})["packet"]
    assert take_in(any_desk, fill(path, row(rows[0], 70))).made == 1
    say = {"window": "w", "packet": packet, "case": str(page.packet.numbers[rows[0].case])}
    answer = page.hear({"type": "save", "id": "a", "answers": {"outcome": 99}, "base": None, **say})
    assert answer["type"] == "stale" and set(answer["case"]["answers"].values()) == {70}
    assert len(bodies(any_desk, MarkGiven)) == 1


def test_the_same_mark_in_file_and_ledger_is_no_conflict(desk):
    path, rows = out(desk)
    mark(desk, rows[0], 88)
    outcome = take_in(desk, fill(path, row(rows[0], 88)))
    assert outcome.made == 0 and not outcome.failed


def test_a_case_recused_in_the_ledger_stays_recused(desk):
    path, rows = out(desk)
    desk.record(Recused(member="M01", case=rows[0].case, reason="同单位"))
    outcome = take_in(desk, fill(path, row(rows[0], 90)), take=[path])
    assert outcome.made == 0 and "已回避" in "".join(outcome.notes)
    assert not bodies(desk, MarkGiven) and rows[0].case not in gather(desk.review(), "M01").cases


def test_a_recusal_in_the_file_is_recorded_and_its_marks_are_not(desk):
    path, rows = out(desk)
    take_in(desk, fill(path, row(rows[0], 90, away="回避", reason="曾任顾问")))
    assert bodies(desk, Recused) == [Recused(member="M01", case=rows[0].case, reason="曾任顾问")]
    assert not bodies(desk, MarkGiven)
    head = desk.ledger.head()
    take_in(desk, path)
    assert desk.ledger.head() == head


def test_nothing_is_taken_before_the_ties_are_declared(desk):
    path, rows = out(desk)
    outcome = take_in(desk, fill(path, row(rows[0], 90), declared=None))
    assert "说明!B9" in outcome.failed[0] and not bodies(desk, MarkGiven)
    take_in(desk, fill(path, {}, declared="与某学会有合作"))
    (declared,) = bodies(desk, ConflictsDeclared)
    assert declared.statement == "与某学会有合作" and len(bodies(desk, MarkGiven)) == 1


def test_extreme_marks_without_comment_are_taken_and_told(desk):
    path, rows = out(desk)
    outcome = take_in(desk, fill(path, row(rows[0], 97)))
    assert outcome.made == 1 and rows[0].place(rows[0].comment) in "".join(outcome.notes)


def test_marks_after_closing_are_recorded_and_said_not_to_count(desk):
    path, rows = out(desk)
    desk.record(MarksClosed(reason="到期"))
    outcome = take_in(desk, fill(path, row(rows[0], 70)))
    assert outcome.made == 1 and "不计入" in "".join(outcome.notes)


# what is refused


def line_cell(line, which):
    return next(iter(line.marks.values())) if which == "mark" else getattr(line, which)


BAD = [
    ("mark", 101, "“101”"), ("mark", -1, "“-1”"), ("mark", 80.5, "“80.5”"),
    ("mark", "85", "文字“85”"), ("mark", "=40+40", "公式"), ("mark", True, "逻辑值"),
    ("comment", "=1+1", "公式"), ("comment", "长" * (COMMENT_LIMIT + 1), "4001字"),
    ("away", "是", "“是”"), ("away", "回避", "空白"), ("reason", "无", "空白"),
    ("mark", datetime(2020, 7, 1), "日期"),
]  # fmt: skip


@pytest.mark.parametrize("bad", [BAD[:6], BAD[6:]], ids=["first", "second"])
def test_a_bad_cell_is_named_and_nothing_of_its_row_is_taken_others_are(desk, bad):
    path, rows = out(desk)
    good, cells = rows[-1], row(rows[-1], 72)
    for line, (which, value, _) in zip(rows, bad, strict=False):
        cells |= {**row(line, 70), line.place(line_cell(line, which)): value}
    outcome = take_in(desk, fill(path, cells))
    assert len(outcome.failed) == len(bad)
    for line, (_, _, told), fault in zip(rows, bad, outcome.failed, strict=False):
        assert re.search(rf"{line.tab}![A-Z]+{line.row}（", fault) and told in fault
    assert [body.case for body in bodies(desk, MarkGiven)] == [good.case]


def test_a_row_whose_blank_parts_were_altered_is_named_and_not_taken(desk):
    path, rows = out(desk)
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
    outcome = take_in(desk, fill(path, typed | changed))
    assert len(outcome.failed) == 4
    for place, fault in zip(changed, outcome.failed, strict=True):
        assert place in fault and "此行未收" in fault
    assert [body.case for body in bodies(desk, MarkGiven)] == [good.case]


def test_a_row_of_nobody_is_named_and_the_others_are_taken(desk):
    path, rows = out(desk)
    last = max(line.row for line in rows if line.tab == rows[0].tab)
    stray = f"{rows[0].tab}!A{last + 1}"
    outcome = take_in(desk, fill(path, {**row(rows[0], 70), stray: "团队 99 号"}))
    assert outcome.made == 1 and stray in outcome.failed[0]


def test_an_altered_cover_rubric_or_heading_refuses_the_whole_file(desk):
    path, rows = out(desk)
    exported, head = path.read_bytes(), desk.ledger.head()
    for place, value in {
        "说明!B3": "M02", "说明!B4": "M01-0000000000", "说明!B5": "5", "说明!B6": "0" * 64,
        "说明!B7": "0" * 64, "说明!B10": "改了", "评分标准!B3": "改了", "团队评分!C3": None,
    }.items():  # fmt: skip
        path.write_bytes(exported)
        outcome = take_in(desk, fill(path, {**row(rows[0], 70), place: value}))
        assert len(outcome.failed) == 1 and path.name in outcome.failed[0] and not outcome.made
    assert desk.ledger.head() == head


def test_a_sealed_packet_refuses_until_it_is_reopened(desk):
    path, rows = out(desk)
    code = gather(desk.review(), "M01").code
    desk.record(PacketSealed(member="M01", packet=code, digest="0" * 64))
    fill(path, row(rows[0], 70))
    outcome = take_in(desk, path)
    assert "已封存" in outcome.failed[0] and "启封" in outcome.failed[0]
    assert not bodies(desk, MarkGiven)
    desk.record(PacketReopened(member="M01", packet=code, reason="漏评"))
    assert take_in(desk, path).made == 1


def test_a_packet_assigned_anew_refuses_the_old_file(desk):
    path, rows = out(desk)
    cases = tuple(line.case for line in reversed(rows))
    desk.record(ReadingsAssigned(readings={"M01": cases}, seed=2, digest="1" * 64))
    outcome = take_in(desk, fill(path, row(rows[0], 70)))
    assert "分派已有变动" in outcome.failed[0] and not bodies(desk, MarkGiven)


def test_a_file_of_another_ledger_is_refused(desk, tmp_path):
    other = small_round(tmp_path / "other")
    other.record(MarksClosed(reason="到期"))
    path, rows = out(other)
    fill(path, row(rows[0], 70))
    assert "校验值" in take_in(desk, path).failed[0] and not bodies(desk, MarkGiven)


def test_what_is_no_packet_is_refused_in_words(desk, tmp_path):
    book = io.BytesIO()
    openpyxl.Workbook().save(book)
    for content in (None, b"", b"PK\x03\x04", "纯文本".encode(), book.getvalue()):
        path = tmp_path / "来件.xlsx"
        if content is not None:
            path.write_bytes(content)
        (said,) = take_in(desk, path).failed
        assert "来件.xlsx" in said and "请" in said


def test_a_scale_with_half_steps_is_offered_and_held(tmp_path):
    desk = small_round(tmp_path, rubric=("step = 1\n", "step = 0.5\n"))
    path, rows = out(desk)
    book = openpyxl.load_workbook(path)
    first = book[rows[0].tab].data_validations.dataValidation[0]
    assert first.type == "custom" and "每档0.5" in first.prompt
    outcome = take_in(desk, fill(path, {**row(rows[0], 80.5), **row(rows[1], 80.25)}))
    assert outcome.made == 1 and "每档0.5" in outcome.failed[0]


# who acted


def test_beside_the_member_stands_the_hub_or_system_user(tmp_path, monkeypatch):
    made_up = "rehearsal = true\nclock = 2020-08-20T09:00:00+08:00"
    desk = small_round(tmp_path, notice=(made_up, "rehearsal = false"))
    path, rows = out(desk)
    monkeypatch.setenv("JUPYTERHUB_USER", "liu")
    take_in(desk, fill(path, row(rows[0], 70)))
    assert desk.ledger.events()[-1].actor == "M01 评分表（liu）"
    page = Sitting(desk, desk.review(), "M02")
    page.hear({"type": "hello", "window": "w"})
    say = {"window": "w", "packet": page.packet.code, "id": "a"}
    assert page.hear({"type": "declare", "none": True, **say})["type"] == "saved"
    assert desk.ledger.events()[-1].actor == "M02（liu）"


# through the command line, and through another office program


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
    fresh = Desk.open(make_round(tmp_path / "fresh"), tmp_path / "fresh" / "outputs")
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
        [soffice, f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}", "--headless",
         "--convert-to", "xlsx:Calc MS Excel 2007 XML", "--outdir", tmp_path / "saved", path],
        check=True, capture_output=True, timeout=120,
    )  # fmt: skip
    outcome = take_in(desk, tmp_path / "saved" / "M01.xlsx")
    assert not outcome.failed and outcome.made == 1
    assert bodies(desk, MarkGiven)[-1].comment == "有出处。\n第二行"
