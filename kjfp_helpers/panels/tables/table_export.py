"""A table of a screen as a workbook: its rows in the order shown, in the style of all workbooks."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from markupsafe import Markup

from kjfp_helpers.panels.widgets.html_templates import Across, CellFormat, Column
from kjfp_helpers.reports.office.writers import xlsx_writer
from kjfp_helpers.rules import Round

NUMBER_FORMATS: Mapping[CellFormat, str] = {
    "count": xlsx_writer.COUNT_FORMAT,
    "decimal": xlsx_writer.SCORE_FORMAT,
    "rate": "0.0%",
    "percent": "0.0%",
}


def build_table_workbook(
    round_: Round, title: str, columns: Sequence[Column], rows: Sequence[Mapping[str, Any]]
) -> bytes:
    """Return the workbook of a table; text that begins like a formula stays text."""
    sheet = xlsx_writer.Sheet(
        title[:31],
        f"{round_.notice.round.title}{title}",
        [one for column in columns for one in _written(column)],
        [dict(_values(row, columns)) for row in rows],
        f"共{len(rows)}行",
    )
    return xlsx_writer.build_workbook(
        [sheet], rehearsal=round_.rehearsal, amendments=round_.amendments
    )


def _written(column: Column) -> Iterator[xlsx_writer.Column]:
    """Yield what a column becomes in the workbook: two columns for a pair of figures."""
    if column.look in ("pair", "share"):
        done, _, all_ = column.title.partition("／")
        stem = done.removesuffix("完成") if done.endswith("完成") else ""
        yield _count(f"{column.field}_done", done)
        yield _count(f"{column.field}_all", stem + all_)
        return
    yield xlsx_writer.Column(
        column.field,
        column.title,
        NUMBER_FORMATS.get(column.look, ""),
        state_key=column.field if column.look == "chip" else "",
        blank=column.blank,
    )


def _count(key: str, title: str) -> xlsx_writer.Column:
    return xlsx_writer.Column(key, title, xlsx_writer.COUNT_FORMAT, blank="")


def _values(row: Mapping[str, Any], columns: Sequence[Column]) -> Iterator[tuple[str, Any]]:
    for column in columns:
        value = row.get(column.field)
        if isinstance(value, Across):
            written = next(_written(column))
            yield written.key, _plain(value.words)
            return
        if column.look in ("pair", "share"):
            done, all_ = value[:2] if value else (None, None)
            yield f"{column.field}_done", done
            yield f"{column.field}_all", all_
        else:
            yield column.field, _plain(value)


def _plain(value: Any) -> Any:
    """Return a value without its markup."""
    if not isinstance(value, Markup):
        return value
    return Markup(value.replace("<br>", "，")).striptags()
