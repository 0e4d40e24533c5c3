"""The printed lot: whoever has the paper and a shell draws the same units."""

import subprocess
from datetime import date

import pytest
from docx import Document

from kjfp_helpers.reports.office.spot_check.check_documents import write_spot_check_documents
from kjfp_helpers.state.spot_check.lot_acts import make_draw, make_freeze
from support.rounds.panel_round import open_round

DAY = date(2020, 8, 28)


@pytest.fixture(scope="module")
def printed(tmp_path_factory):
    """The state of a round that was drawn, and the folder of its papers."""
    session = open_round(tmp_path_factory.mktemp("lot"))
    session.record(
        make_freeze(
            session.current_state(),
            source="上证综合指数收盘点位",
            day=DAY,
            excluded={"62": "正在换届"},
            reason="",
            today=date(2020, 8, 20),
        )
    )
    session.record(make_draw(session.current_state(), value="3380.68", today=DAY))
    folder = session.outputs / "spotcheck"
    write_spot_check_documents(session.current_state(), folder)
    return session.current_state(), folder


def table_below(document, title):
    """The rows of the first table with a heading cell."""
    table = next(one for one in document.tables if one.rows[0].cells[-1].text == title)
    return [[cell.text for cell in row.cells] for row in table.rows][1:]


def test_the_printed_lot_alone_is_drawn_again_with_sha256sum_and_sort(printed, tmp_path):
    state, folder = printed
    document = Document(folder / "lot.docx")
    tables = [[[c.text for c in row.cells] for row in one.rows] for one in document.tables]
    facts, ranks, recipe, lines = tables
    frame = "".join(f"{text}\n" for _, text in lines[1:])
    (tmp_path / "frame.txt").write_text(frame, "utf-8")
    assert frame == (folder / "frame.txt").read_text("utf-8")
    script = "\n".join(text for _, text in recipe[1:])
    shell = subprocess.run(
        ["bash", "-c", script], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    drawn = [line.split() for line in shell.stdout.splitlines()]
    by_stratum = sorted(drawn, key=lambda row: row[0])
    shown = [row for row in ranks[1:] if row[0] != row[-1]]
    assert sorted((row[1], row[4]) for row in shown) == sorted((c, n) for _, n, c in by_stratum)
    places = {row[1]: int(row[0]) for row in shown}
    for stratum in {row[0] for row in drawn}:
        codes = [code for name, _, code in drawn if name == stratum]
        assert [places[code] for code in codes] == list(range(1, len(codes) + 1))
    taken = [row[1] for row in shown if row[3] != "—"]
    assert set(taken) == set(state.spot_check.lot.units) and dict(facts[1:])["公开值"] == "3380.68"


def test_the_frame_is_on_paper_before_the_value_and_names_what_is_left_out(printed):
    _, folder = printed
    text = "\n".join(one.text for one in Document(folder / "frame.docx").paragraphs)
    assert "正在换届" in text and "2020年8月28日公布" in text and "3380.68" not in text
