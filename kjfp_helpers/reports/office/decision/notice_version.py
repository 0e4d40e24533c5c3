"""A version of the public notice as it goes out: with its days, and what it changes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from markupsafe import Markup

from kjfp_helpers.infra.atomic_files import atomic_write
from kjfp_helpers.infra.templating import template_environment
from kjfp_helpers.notice.public_notice import ORDER_NOTE
from kjfp_helpers.reports import formatting, html_blocks
from kjfp_helpers.reports.office.decision.public_notice import (
    add_name_lists,
    contact_text,
    count_names,
    disclosure_text,
    list_disclosures,
    list_names,
    list_titles,
)
from kjfp_helpers.reports.office.writers.docx_writer import OfficialDocument
from kjfp_helpers.reports.office.writers.xlsx_writer import (
    COUNT_FORMAT,
    Column,
    Sheet,
    write_workbook,
)
from kjfp_helpers.reports.page_style import read_style_sheet

if TYPE_CHECKING:
    from kjfp_helpers.state import RoundState

DOCUMENT, PAGE, TABLE = "公示.docx", "公示.html", "公示名单.xlsx"
_UNBROKEN = ("姓名", "性别", "职务/职称")
"""Columns of the page whose texts stand on one line."""


@dataclass(frozen=True, kw_only=True)
class NoticeVersion:
    """What a version says besides the names.

    ``before`` is the day of the version that it replaces, ``None`` for the first; ``added`` and
    ``removed`` are names that changed since, ``reason`` is why.
    """

    number: int
    first: date
    last: date
    before: date | None = None
    added: Sequence[str] = ()
    removed: Sequence[str] = ()
    reason: str = ""


def write_published_notice(
    state: "RoundState", version: NoticeVersion, folder: Path
) -> tuple[Path, ...]:
    """Write the notice as a Word document, as a page and as a table; return their paths.

    Raises
    ------
    OutputError
        When a file cannot be written.
    """
    paths = folder / DOCUMENT, folder / PAGE, folder / TABLE
    title, lines = _title(state), _paragraphs(state, version)
    _build_document(state, version, title, lines).save(paths[0])
    atomic_write(paths[1], _render_page(state, version, title, lines).encode())
    _write_table(state, version, paths[2])
    return paths


def _title(state: "RoundState") -> str:
    return f"{state.round.notice.round.title}\n先进团队、先进个人公示"


def _paragraphs(state: "RoundState", version: NoticeVersion) -> list[str]:
    """Return the text of the notice, the same in every form."""
    notice = state.round.notice
    days = notice.ruling.publication_days.value
    first, last = formatting.format_date(version.first), formatting.format_date(version.last)
    lines = [
        f"根据{notice.round.citation}，经单位推荐、资格审核和专家评审，拟对{count_names(state)}"
        f"予以表扬（名单附后，{ORDER_NOTE}），现予公示。公示期为{first}至{last}（{days}个工作日）。",
        "公示期内如有异议，请以书面形式向本办公室实名反映，写明理由并附证明材料"
        f"{contact_text(state)}。对反映人的身份予以保密；匿名反映、公示期外反映的，不予受理。",
    ]
    if version.before is not None:
        lines.append(_change_text(version))
    return [*lines, *filter(None, [disclosure_text(state)])]


def _change_text(version: NoticeVersion) -> str:
    before = formatting.format_date(version.before) if version.before else ""
    changes = [
        f"{title}{'、'.join(names)}"
        for title, names in (("撤下", version.removed), ("增加", version.added))
        if names
    ]
    what = "，".join(changes) or "名单没有变动"
    return f"本次公示替代{before}的公示：{what}。理由：{version.reason}。"


def _build_document(
    state: "RoundState", version: NoticeVersion, title: str, lines: Sequence[str]
) -> OfficialDocument:
    notice = state.round.notice
    document = OfficialDocument(rehearsal=notice.round.rehearsal)
    document.add_title(title)
    for line in lines:
        document.add_paragraph(line)
    document.add_attachment_list(list_titles(state))
    document.add_signature(
        notice.round.office, formatting.format_date(version.first), seal=notice.office.seal
    )
    add_name_lists(document, state)
    return document


def _render_page(
    state: "RoundState", version: NoticeVersion, title: str, lines: Sequence[str]
) -> str:
    tables = [
        (
            str(kind),
            html_blocks.render_table(*list_names(str(kind), rows), nowrap_columns=_UNBROKEN).html,
        )
        for kind, rows in state.decision.publication.groupby("类别", sort=False)
    ]
    template = template_environment(Path(__file__).parent / "templates").get_template(
        "published_notice.html.j2"
    )
    return template.render(
        title=title.replace("\n", ""),
        lines=lines,
        tables=tables,
        office=state.round.notice.round.office,
        day=formatting.format_date(version.first),
        style=Markup(read_style_sheet()),
        rehearsal=state.round.rehearsal,
    )


def _write_table(state: "RoundState", version: NoticeVersion, path: Path) -> None:
    table = state.decision.publication
    columns = [Column(name, name, COUNT_FORMAT if name == "序号" else "") for name in table.columns]
    period = f"公示期 {version.first} 至 {version.last}"
    title = f"{state.round.notice.round.title}公示名单（第{version.number}版）"
    rows = formatting.frame_rows(table)
    sheet = Sheet("公示名单", title, columns, rows, f"{ORDER_NOTE}　{period}")
    write_workbook(
        path, [sheet], rehearsal=state.round.rehearsal, amendments=list_disclosures(state)
    )
