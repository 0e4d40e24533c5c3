"""The public notice (公示): masked names as a Word document and as a table."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kjfp_helpers.core.records import KIND_MEASURES, KIND_TITLES
from kjfp_helpers.core.text_width import text_width
from kjfp_helpers.infra.missing_values import is_missing
from kjfp_helpers.notice.public_notice import ORDER_NOTE
from kjfp_helpers.reports import formatting
from kjfp_helpers.reports.office.writers.docx_writer import OfficialDocument
from kjfp_helpers.reports.office.writers.xlsx_writer import (
    COUNT_FORMAT,
    Column,
    Sheet,
    write_workbook,
)
from kjfp_helpers.state.frozen_rules import amendment_titles
from kjfp_helpers.state.secretary.publication_gates import (
    draft_line,
    list_gates,
    public_waivers,
)

if TYPE_CHECKING:
    import pandas as pd

    from kjfp_helpers.state import RoundState


_SHORT_WIDTH, _LONG_WIDTH = 17, 38
"""Columns of text up to which a cell is not broken, and that count at most when space is shared."""
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
        f"{ORDER_NOTE}。{_period_text(state)}",
    )
    draft = draft_line(list_gates(state))
    write_workbook(
        folder / "publication.xlsx",
        [sheet],
        rehearsal=state.round.rehearsal,
        amendments=list_disclosures(state),
        draft=draft,
    )
    _build_document(state, draft).save(folder / "publication.docx")


def list_disclosures(state: "RoundState") -> tuple[str, ...]:
    """Return what a notice says besides the names, by the ruling ``publication_notes``.

    What was let go before the list was final, and how the rules were amended, by its decision; who
    recorded it and where in the ledger is for the office. The same on the draft, on the notice as
    it goes out and on their tables.
    """
    said = state.round.notice.ruling.publication_notes.value
    waived = public_waivers(list_gates(state)) if said == "all" else ()
    return (*waived, *(amendment_titles(state.events) if said != "none" else ()))


def disclosure_text(state: "RoundState") -> str:
    """Return the paragraph of what a notice says besides; blank where there is nothing."""
    lines = list_disclosures(state)
    return f"另说明：{'；'.join(line.rstrip('。') for line in lines)}。" if lines else ""


def _build_document(state: "RoundState", draft: str) -> OfficialDocument:
    """Return the notice; that it is a draft stands on every page."""
    notice = state.round.notice
    document = OfficialDocument(
        rehearsal=state.round.rehearsal, amendments=tuple(filter(None, [draft]))
    )
    document.add_title(f"{notice.round.title}\n先进团队、先进个人公示")
    document.add_paragraph(
        f"根据{notice.round.citation}，经单位推荐、资格审核和专家评审，"
        f"拟对{count_names(state)}予以表扬（名单见附件，{ORDER_NOTE}），"
        f"现予公示。{_period_text(state)}"
    )
    document.add_paragraph(
        "公示期内如有异议，请以书面形式向本办公室实名反映，写明理由并附证明材料"
        f"{contact_text(state)}。"
    )
    if said := disclosure_text(state):
        document.add_paragraph(said)
    document.add_attachment_list(list_titles(state))
    document.add_signature(notice.round.office, "（日期以公布之日为准）", seal=notice.office.seal)
    add_name_lists(document, state)
    return document


def count_names(state: "RoundState") -> str:
    """Return how many of each kind the list holds, in words."""
    counts = state.decision.publication["类别"].value_counts(sort=False)
    counted = [f"{number}{_MEASURES[str(kind)]}{kind}" for kind, number in counts.items()]
    return "、".join(counted) or "先进团队、先进个人"


def contact_text(state: "RoundState") -> str:
    """Return whom to write to, in brackets; blank where the rules do not say."""
    line = state.round.notice.office.contact_line
    return f"（{line}）" if line else ""


def list_titles(state: "RoundState") -> list[str]:
    """Return the titles of the lists of names, which are attached to a notice."""
    return [f"{kind}公示名单" for kind in state.decision.publication["类别"].unique()]


def add_name_lists(document: OfficialDocument, state: "RoundState") -> None:
    """Add the names of each kind as an attachment, without columns that hold nothing."""
    kinds = list(state.decision.publication.groupby("类别", sort=False))
    titles = list_titles(state)
    for number, (title, (kind, rows)) in enumerate(zip(titles, kinds, strict=True), start=1):
        document.start_attachment(f"附件{number}" if len(kinds) > 1 else "附件", title)
        add_name_table(document, str(kind), rows)


def _period_text(state: "RoundState") -> str:
    return f"公示期为自公布之日起{state.round.notice.ruling.publication_days.value}个工作日。"


def add_name_table(document: OfficialDocument, kind: str, rows: "pd.DataFrame") -> None:
    """Write the names of one kind; a column that says nothing is left out."""
    titles, cells = list_names(kind, rows)
    document.add_table(list(zip(titles, _column_widths(titles, cells), strict=True)), cells)


def list_names(kind: str, rows: "pd.DataFrame") -> tuple[list[str], list[list[str]]]:
    """Return headings and cells of the names of one kind, without columns that say nothing."""
    filled = [name for name in rows.columns if name != "类别" and _is_filled(rows[name])]
    cells = [
        ["" if is_missing(cell) else str(cell) for cell in row]
        for row in rows[filled].itertuples(index=False)
    ]
    named = {"名称/姓名": "团队名称" if kind == KIND_TITLES["team"] else "姓名"}
    return [named.get(name, name) for name in filled], cells


def _is_filled(column: "pd.Series[Any]") -> bool:
    return not all(is_missing(cell) for cell in column)


def _column_widths(names: Sequence[str], rows: Sequence[Sequence[str]]) -> list[float]:
    """Share the page among the columns: short texts have a line, the others the rest by length.

    Widths are in columns of text, 84 across the page; 3 of a cell are its margins.
    """
    wanted = [
        3 + max(text_width(text) for text in (name, *(row[index] for row in rows)))
        for index, name in enumerate(names)
    ]
    rest = 84 - sum(width for width in wanted if width <= _SHORT_WIDTH)
    shared = sum(min(width, _LONG_WIDTH) for width in wanted if width > _SHORT_WIDTH)
    return [
        width if width <= _SHORT_WIDTH else max(rest, 40) * min(width, _LONG_WIDTH) / shared
        for width in wanted
    ]
