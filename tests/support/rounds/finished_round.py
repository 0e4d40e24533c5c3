"""A small finished round for tests of its papers, and papers altered or saved by other programs."""

import io
import json
import shutil
import zipfile
from pathlib import Path

import docx
import openpyxl
from PIL import Image

from kjfp_helpers.cli import main
from kjfp_helpers.commands.simulation import simulated_scoring
from support.state.approved_exhibits import approve_everything

LATE = "14"
"""The unit that sends nothing at first, so that a reminder is due to it, and a while later is not."""


def at(root: Path) -> list[str]:
    return [str(root / "rehearsal"), "--outputs", str(root / "outputs")]


def make_finished_round(root: Path, copy_rehearsal) -> None:
    """Run a round of six units end to end; what was superseded on the way is kept in ``earlier``."""
    folder, outputs = root / "rehearsal", root / "outputs"
    copy_rehearsal(folder, units=6)
    notice = folder / "notice.toml"
    text = notice.read_text("utf-8")
    for old, new in (
        ("\nteams = 20\n", "\nteams = 2\n"),
        ("\nindividuals = 50\n", "\nindividuals = 3\n"),
        ('value = "adjusted"', 'value = "mean"'),
    ):
        assert old in text
        text = text.replace(old, new)
    notice.write_text(text, "utf-8")
    held_back = sorted((folder / "inbox").glob(f"{LATE}-*.eml"))
    for path in held_back:
        path.rename(root / path.name)
    for command in ("intake", "check"):
        assert main([command, *at(root)]) == 0
    (root / "earlier").mkdir()
    for name in (f"letters/{LATE}-催报通知.docx", "findings.xlsx"):
        shutil.copy(outputs / name, root / "earlier")
    for path in held_back:
        (root / path.name).rename(path)
    for command in ("intake", "check", "assign"):
        assert main([command, *at(root)]) == 0
    score(root)
    waive_all(root)
    session = open_session(root)
    approve_everything(session)
    session.close()
    for command in ("shortlist", "exhibit"):
        assert main([command, *at(root)]) == 0
    assert main(["regenerate", *at(root), "--only", "11"]) == 0
    assert main(["packet", "export", *at(root), "--member", "M01"]) == 0


def open_session(root: Path):
    from kjfp_helpers.state import RoundSession

    return RoundSession.open(root / "rehearsal", root / "outputs")


def score(root: Path) -> None:

    session = open_session(root)
    simulated_scoring.simulate_readings(session, lambda done, total: None)
    session.close()


def waive_all(root: Path) -> None:
    """Let go everything that is open before the list, so that its notice is made."""
    session = open_session(root)
    waive_gates(session)
    session.close()


def waive_gates(session) -> None:
    from kjfp_helpers.state.secretary.publication_gates import list_gates, make_waiver

    state = session.current_state()
    session.record(
        *(
            make_waiver(
                state, gate.key, reason="演练从简", document="会议纪要1号", by=("测试甲", "测试乙")
            )
            for gate in list_gates(state)
            if gate.blocks
        )
    )


def number_cell(book):
    """Return the first number of a workbook that stands in no title row."""
    cells = (cell for tab in book for row in tab.iter_rows(min_row=3) for cell in row)
    return next(cell for cell in cells if isinstance(cell.value, float))


def alter_number(path):
    """Change a value and keep how it is shown."""
    book = openpyxl.load_workbook(path)
    number_cell(book).value += 1
    book.save(path)


def alter_format(path):
    """Keep every value and have one shown as another."""
    book = openpyxl.load_workbook(path)
    cells = (cell for row in book.worksheets[0].iter_rows() for cell in row)
    next(cell for cell in cells if isinstance(cell.value, int)).number_format = '"99"'
    book.save(path)


def alter_cell(path):
    book = openpyxl.load_workbook(path)
    cells = (cell for row in book.worksheets[-1].iter_rows() for cell in row)
    next(cell for cell in cells if isinstance(cell.value, str)).value += "改"
    book.save(path)


def alter_word(path):
    page = docx.Document(path)
    runs = (run for paragraph in page.paragraphs for run in paragraph.runs)
    next(run for run in runs if len(run.text) > 4).text += "改"
    page.save(path)


def alter_page(path):
    text = path.read_text("utf-8")
    path.write_text(text.replace("</title>", "改</title>", 1), "utf-8")


def alter_data(path):
    data = json.loads(path.read_text("utf-8"))
    data["title"] += "改"
    path.write_text(json.dumps(data, ensure_ascii=False), "utf-8")


def alter_photo(path):
    with Image.open(path) as picture:
        picture.putpixel((0, 0), (255, 0, 0))
        picture.save(path)


def alter_mark(path):
    """Give another mark in a member's workbook, where one may be typed."""
    book = openpyxl.load_workbook(path)
    cells = (cell for row in book.worksheets[1].iter_rows() for cell in row)
    marks = (cell for cell in cells if not cell.protection.locked)
    next(cell for cell in marks if isinstance(cell.value, int | float)).value = 61
    book.save(path)


def alter_fixed(path):
    """Change what a member's workbook says of a case."""
    book = openpyxl.load_workbook(path)
    cells = (cell for row in book.worksheets[1].iter_rows(min_row=3) for cell in row)
    fixed = (cell for cell in cells if cell.protection.locked)
    next(cell for cell in fixed if isinstance(cell.value, str)).value += "改"
    book.save(path)


def alter_figure(path):
    """Put another picture into a workbook, all cells as they were."""
    pack = io.BytesIO()
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(pack, "w") as new:
        for name in old.namelist():
            data = old.read(name)
            if name.startswith("xl/media/"):
                drawn = io.BytesIO()
                Image.new("RGB", (20, 20), "red").save(drawn, "PNG")
                data = drawn.getvalue()
            new.writestr(name, data)
    path.write_bytes(pack.getvalue())


def save_again(path):
    """Save a paper by another program, its content as it was."""
    if path.suffix == ".xlsx":
        openpyxl.load_workbook(path).save(path)
    elif path.suffix == ".docx":
        docx.Document(path).save(path)
    else:  # as an editor of Windows does
        path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))
