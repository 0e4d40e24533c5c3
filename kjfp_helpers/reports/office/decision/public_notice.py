"""The public notice (公示): masked names as a Word document and as a table."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kjfp_helpers.core.records import KIND_MEASURES, KIND_TITLES
from kjfp_helpers.core.text_width import text_width
from kjfp_helpers.infra.missing_values import is_missing
from kjfp_helpers.notice.public_notice import ORDER_NOTE
from kjfp_helpers.reports import formatting
from kjfp_helpers.reports.office.writers.docx_markup import CENTER
from kjfp_helpers.reports.office.writers.docx_writer import OfficialDocument
from kjfp_helpers.reports.office.writers.xlsx_writer import (
    COUNT_FORMAT,
    Column,
    Sheet,
    write_workbook,
)
from kjfp_helpers.state.secretary.publication_gates import draft_line, list_gates, waiver_lines

if TYPE_CHECKING:
    import pandas as pd

    from kjfp_helpers.state import RoundState


_MEASURES = {KIND_TITLES[kind]: measure for kind, measure in KIND_MEASURES.items()}


def write_public_notice(state: "RoundState", folder: Path) -> None:
    """Write ``publication.docx`` and ``publication.xlsx``, marked where the list is not ripe.

    Parameters
    ----------
    state : RoundState
        ``state.decision.publication`` holds masked text under Chinese headings.
    folder : Path
        The outputs of the round.

    Raises
    ------
    OutputError
        When a file cannot be written.
    """
    table = state.decision.publication
    columns = [Column(name, name, COUNT_FORMAT if name == "序号" else "") for name in table.columns]
    sheet = Sheet(
        "公示名单",
        f"{state.round.notice.round.title}公示名单",
        columns,
        formatting.frame_rows(table),
        f"{ORDER_NOTE}。公示期、联系人和联系方式由办公室填写。",
    )
    made = list_gates(state)
    draft, lines = draft_line(made), (*waiver_lines(made), *state.round.amendments)
    write_workbook(
        folder / "publication.xlsx",
        [sheet],
        rehearsal=state.round.rehearsal,
        amendments=lines,
        draft=draft,
    )
    heads = (*filter(None, [draft]), *state.round.amendments)
    _build_document(state, heads, waiver_lines(made)).save(folder / "publication.docx")


def _build_document(
    state: "RoundState", heads: tuple[str, ...], waived: tuple[str, ...]
) -> OfficialDocument:
    """Return the notice; ``heads`` stand on every page, what was let go below the names."""
    notice = state.round.notice
    document = OfficialDocument(rehearsal=state.round.rehearsal, amendments=heads)
    document.add_title(f"{state.round.notice.round.title}\n先进团队、先进个人公示")
    document.add_paragraph(
        f"根据{notice.round.document}，经单位推荐、资格审核和专家评审，拟对下列先进团队、先进个人"
        f"予以表扬（{ORDER_NOTE}），现予公示。公示期为"
        "　　　　年　　月　　日至　　　　年　　月　　日（由办公室填写）。"
    )
    document.add_paragraph(
        "公示期内如有异议，请以书面形式实名反映，写明理由并附证明材料。"
        "联系人、联系电话、电子邮箱：（由办公室填写）。"
    )
    add_name_tables(document, state)
    if waived:
        document.add_paragraph(f"另说明：{'；'.join(waived)}。", keep=True)
    document.add_signature(notice.round.office, formatting.BLANK_DAY)
    return document


def add_name_tables(document: OfficialDocument, state: "RoundState") -> None:
    """Add the names of each kind as a table, without columns that hold nothing."""
    for kind, rows in state.decision.publication.groupby("类别", sort=False):
        document.add_heading(f"{kind}（{len(rows)}{_MEASURES[str(kind)]}）")
        filled = [name for name in rows.columns if name != "类别" and _is_filled(rows[name])]
        cells = [
            ["" if is_missing(cell) else str(cell) for cell in row]
            for row in rows[filled].itertuples(index=False)
        ]
        headings = list(zip(filled, _column_widths(filled, cells), strict=True))
        document.add_table(headings, cells)
    if state.decision.publication.empty:
        document.add_paragraph("（尚未产生入围名单）", align=CENTER, indent=0)


def _is_filled(column: "pd.Series[Any]") -> bool:
    return not all(is_missing(cell) for cell in column)


def _column_widths(names: Sequence[str], rows: Sequence[Sequence[str]]) -> list[int]:
    """Share the page among the columns by their text, none too narrow for its heading."""
    return [
        max(text_width(name) + 4, min(36, max(text_width(row[index]) for row in rows)))
        for index, name in enumerate(names)
    ]
