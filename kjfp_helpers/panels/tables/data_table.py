"""The table of a screen: sorted, searched, narrowed, opened and exported; its rows travel once.

Rows go to the page by message, not as a trait, which would keep them in a saved notebook. What is
shown is drawn there (``infra/page_scripts/data_table``); the kernel answers when a row is opened,
when a total over other rows is asked for, and with a workbook of the rows shown.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import anywidget
import pandas as pd

from kjfp_helpers.core.errors import KjfpError
from kjfp_helpers.core.state_labels import BAD, GOOD, INFO, PLAIN, WARN, tone_of
from kjfp_helpers.infra.missing_values import is_missing
from kjfp_helpers.infra.page_scripts.table_script import table_style, widget_script
from kjfp_helpers.panels.widgets.html_templates import (
    Across,
    Column,
    format_cell,
    read_rows,
    render_message,
)
from kjfp_helpers.state import RoundSession

Row = Mapping[str, Any]
Message = dict[str, Any]

_TONES = (BAD, WARN, INFO, PLAIN, "", GOOD)
"""Tones of a filter's words in the order shown: what waits for somebody first."""


class DataTable(anywidget.AnyWidget):
    """A table of rows; the first column that is a ``heading`` stays in view, as do head and total.

    Parameters
    ----------
    session : RoundSession
        Its round marks the exported workbook.
    title : str
        Name of the table, for screen readers and the exported file.
    columns : sequence of Column
    filters : mapping of str to str, optional
        Title of each filter to the field that holds a row's word, or several words.
    on_open : callable, optional
        Row to title and HTML of what stands behind it, shown over the table; ``None`` when the
        screen shows it itself. Without it rows cannot be opened.
    on_act : callable, optional
        What a button ``<button data-act="...">`` of that HTML does with the row.
    total : callable, optional
        Rows shown to the last row, which stays in view.
    empty : str
        Sentence that stands in place of a table without rows.
    """

    _esm = widget_script()
    _css = table_style()

    def __init__(
        self,
        session: RoundSession,
        title: str,
        columns: Sequence[Column],
        *,
        filters: Mapping[str, str] | None = None,
        on_open: Callable[[Row], tuple[str, str] | None] | None = None,
        on_act: Callable[[Row, str], None] | None = None,
        total: Callable[[Sequence[Row]], Row] | None = None,
        empty: str = "没有内容",
    ) -> None:
        super().__init__()
        self._session, self.title, self.columns = session, title, tuple(columns)
        self._filters, self._empty = dict(filters or {}), empty
        self._on_open, self._on_act, self._total = on_open, on_act, total
        self.rows: list[Row] = []
        self._edition, self._shown = 0, Message()
        self.on_msg(self._on_message)

    def show(
        self, rows: pd.DataFrame | Iterable[Row], columns: Sequence[Column] | None = None
    ) -> None:
        """Show rows in place of those before; order, search and filters stay as chosen.

        Rows that look the same are not sent again.
        """
        self.rows = read_rows(rows)
        self.columns = tuple(columns or self.columns)
        shown = self._describe()
        if shown != self._shown:
            self._edition, self._shown = self._edition + 1, shown
            self.send(self.describe())

    def describe(self) -> Message:
        """Return the table as the page draws it: see ``types.d.ts`` beside the page's script."""
        return {**(self._shown or self._describe()), "edition": self._edition}

    def _describe(self) -> Message:
        headed = [column.heading for column in self.columns]
        return {
            "type": "table",
            "title": self.title,
            "columns": [
                {
                    "title": column.title,
                    "right": column.is_right_aligned,
                    "nowrap": column.look in ("chip", "nowrap"),
                    "heading": at == (headed.index(True) if any(headed) else 0),
                }
                for at, column in enumerate(self.columns)
            ],
            "rows": [
                {
                    "cells": _cells(row, self.columns),
                    "groups": [_words(row.get(field)) for field in self._filters.values()],
                }
                for row in self.rows
            ],
            "filters": [
                {"title": title, "values": self._values(field)}
                for title, field in self._filters.items()
            ],
            "total": self._total_cells(self.rows) if self._total and self.rows else None,
            "totals": self._total is not None,
            "opens": self._on_open is not None,
            "empty": self._empty,
            "chip": "kj-chip",
        }

    def _values(self, field: str) -> list[dict[str, str]]:
        words = dict.fromkeys(word for row in self.rows for word in _words(row.get(field)))
        ordered = sorted(words, key=lambda word: _TONES.index(tone_of(word)))
        return [{"word": word, "tone": tone_of(word)} for word in ordered]

    def _total_cells(self, rows: Sequence[Row]) -> list[str]:
        assert self._total
        total = self._total(rows) if rows else {}
        return [
            str(format_cell(total[column.field], column.look, column.blank))
            if column.field in total
            else ""
            for column in self.columns
        ]

    def _on_message(self, _: object, message: Message, __: object) -> None:
        reply, buffers = self.answer(message)
        if reply:
            self.send({"edition": self._edition, **reply}, buffers)

    def answer(self, message: Message) -> tuple[Message, list[bytes]]:
        """Return the reply to a message of the page, and its buffers; none of earlier rows."""
        kind = message.get("type")
        if kind == "hello":
            return self.describe(), []
        if message.get("edition") != self._edition:
            return {}, []
        rows = self._named(message.get("rows", [message.get("row")]))
        if kind == "open" and self._on_open:
            detail = self._detail(self._on_open, rows[0])
            return detail and {**detail, "row": message["row"]}, []
        if kind == "act" and self._on_act:
            self._on_act(rows[0], str(message.get("act")))
        if kind == "total" and self._total:
            return {"type": "total", "total": self._total_cells(rows)}, []
        if kind == "save":
            return {"type": "file", "name": f"{self.title}.xlsx"}, [self.export(rows)]
        return {}, []

    @staticmethod
    def _detail(describe: Callable[[Row], tuple[str, str] | None], row: Row) -> Message:
        try:
            shown = describe(row)
        except KjfpError as error:
            shown = (
                "不能打开",
                render_message(str(error)),
            )
        return {"type": "detail", "title": shown[0], "html": str(shown[1])} if shown else {}

    def _named(self, places: Any) -> list[Row]:
        """Return the rows that the page names by their places."""
        return [self.rows[place] for place in places if place in range(len(self.rows))]

    def export(self, rows: Sequence[Row]) -> bytes:
        """Return a workbook of rows, in the style of the round's other workbooks."""
        from kjfp_helpers.panels.tables.table_export import build_table_workbook

        return build_table_workbook(self._session.round, self.title, self.columns, rows)


def _words(value: Any) -> list[str]:
    """Return the words of a row under a filter: none, one or several."""
    if isinstance(value, str) or is_missing(value):
        return [value] if value else []
    return [str(word) for word in value if word]


def _cells(row: Row, columns: Sequence[Column]) -> list[list[Any]]:
    """Return HTML and sort key of each cell; a value that goes across fills what is left."""
    cells: list[list[Any]] = []
    for at, column in enumerate(columns):
        value = row.get(column.field)
        if isinstance(value, Across):
            return [*cells, [str(value.words), None, len(columns) - at]]
        html = str(format_cell(value, column.look, column.blank))
        key = column.sort_key(row)
        cells.append([html] if key is ... else [html, key])
    return cells
