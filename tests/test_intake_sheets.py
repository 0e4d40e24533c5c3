import io
import subprocess

import pytest
from intake_makers import book

from kjfp_helpers.forms import STOCKTAKE_ROWS, STOCKTAKE_TITLE
from kjfp_helpers.intake.archives import Package
from kjfp_helpers.intake.books import read_old_book, read_xlsx
from kjfp_helpers.intake.documents import Unreadable
from kjfp_helpers.intake.grids import as_text
from kjfp_helpers.intake.sheets import read_stocktake
from kjfp_helpers.records import Stocktake


def stocktake(figures, unit="填报单位：贵州省科协"):
    rows = [[STOCKTAKE_TITLE], [unit], ["指标", "任务目标数", "实际完成数"]]
    return book(
        rows + [[label, *pair] for (_, label), pair in zip(STOCKTAKE_ROWS, figures, strict=True)]
    )


def read(data):
    return read_stocktake(read_xlsx(Package(data), data))


def test_figures_come_with_their_cells():
    got = read(stocktake([(10, 12), (100, 90), (2000, 2400)]))
    assert got.body == Stocktake(
        unit="贵州省科协", assoc_target=10, assoc_done=12, experts_target=100, experts_done=90,
        people_target=2000, people_done=2400,
    )  # fmt: skip
    assert (got.provenance["assoc_done"], got.findings) == ("盘点!C4", ())


def test_blank_is_none_and_zero_is_zero():
    got = read(stocktake([(10, None), (100, 0), (2000, "——")]))
    assert (got.body.assoc_done, got.body.experts_done, got.body.people_done) == (None, 0, None)
    assert got.provenance["assoc_done"] == "盘点!C4"
    assert got.findings == ()


@pytest.mark.parametrize(
    ("cell", "value", "code"),
    [
        ("12", 12, None),
        ("12人", 12, "numeric_cell"),
        ("约12", 12, "approx"),
        (12.5, None, "numeric_cell"),
        (-3, None, "numeric_cell"),
        (True, None, "numeric_cell"),
        ("已完成", None, "ambiguous"),
    ],
)
def test_words_in_a_figures_cell_are_found(cell, value, code):
    got = read(stocktake([(10, 12), (100, cell), (2000, 2400)]))
    assert got.body.experts_done == value
    assert [(one.code, one.field, one.place) for one in got.findings] == (
        [(code, "experts_done", "盘点!C5")] if code else [])  # fmt: skip


def test_another_workbook_is_none():
    assert read(book([["姓名", "电话"], ["甲", 1]])) is None


def test_a_broken_workbook_is_unreadable():
    from intake_makers import archive

    data = archive({"xl/workbook.xml": b"<workbook", "[Content_Types].xml": b"<x/>"})
    with pytest.raises(Unreadable):
        read_xlsx(Package(data), data)


def picture_book(rows, spot):
    import openpyxl
    from intake_makers import picture
    from openpyxl.drawing.image import Image

    workbook = openpyxl.Workbook()
    for cells in rows:
        workbook.active.append(cells)
    workbook.active.add_image(Image(io.BytesIO(picture())), spot)
    target = io.BytesIO()
    workbook.save(target)
    return target.getvalue()


@pytest.mark.libreoffice
def test_a_picture_belongs_to_the_cell_it_lies_in_or_behind(soffice, tmp_path):
    books = {
        spot: picture_book([["推荐意见", "同意"], ["单位", "盖章"]], spot)
        for spot in ("B2", "F2", "B9")
    }
    for spot, data in books.items():
        (tmp_path / f"{spot}.xlsx").write_bytes(data)
    subprocess.run(
        [soffice, f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}", "--headless",
         "--convert-to", "xls", "--outdir", tmp_path, *tmp_path.glob("*.xlsx")],
        check=True, capture_output=True, timeout=120,
    )  # fmt: skip
    for spot, data in books.items():
        old = (tmp_path / f"{spot}.xls").read_bytes()
        for grids in (read_xlsx(Package(data), data), read_old_book(old)):
            shown = [one.place for grid in grids for one in grid.squares if one.pictures]
            assert shown == ["Sheet!B2"]


def test_a_number_of_eighteen_digits_is_shown_as_the_sheet_shows_it():
    assert as_text(1.30624197503124516e17) == "130624197503125000"
    assert as_text(12.0) == "12"
