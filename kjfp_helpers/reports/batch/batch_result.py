"""Result of a batch, report by report, and the table of failures."""

from collections.abc import Mapping
from dataclasses import dataclass

from kjfp_helpers.core.text_width import align_columns, terminal_width
from kjfp_helpers.reports.report_types import OVERALL, report_type_of

FAILURE_COLUMNS = ("报告", "笔记本", "位置", "原因", "运行副本")
_WIDEST = 60
"""Columns of a terminal that one cell may take."""


@dataclass(frozen=True, kw_only=True)
class ReportFailure:
    """A report that could not be made: notebook, cell (``第3格``, or ``""``) and reason."""

    name: str
    notebook: str
    cell: str
    reason: str

    @property
    def copy(self) -> str:
        """The executed copy below ``reports/``; ``""`` where no cell had begun."""
        return f"{self.name}.failed.ipynb" if self.cell else ""

    @property
    def row(self) -> tuple[str, ...]:
        """The cells of its row in the table."""
        copy = f"reports/{self.copy}" if self.copy else "（无）"
        return report_title(self.name), self.notebook, self.cell or "未开始", self.reason, copy


Result = Mapping[str, str] | ReportFailure
"""File name below ``reports/`` to SHA-256, or what failed."""


@dataclass(frozen=True, kw_only=True)
class BatchResult:
    """What a batch did, by report name."""

    new: tuple[str, ...] = ()
    unchanged: tuple[str, ...] = ()
    failures: tuple[ReportFailure, ...] = ()

    @property
    def made(self) -> int:
        """How many reports were made."""
        return len(self.new)

    @property
    def skipped(self) -> int:
        """How many stood as they would be made now."""
        return len(self.unchanged)

    @property
    def failed(self) -> tuple[str, ...]:
        """One row of the table per failure: report, notebook, cell, reason, executed copy."""
        return self._table[1:]

    @property
    def notes(self) -> tuple[str, ...]:
        """What stands above the table of failures on a terminal; nothing where none failed."""
        if not self.failures:
            return ()
        return "更正后运行 kjfp regenerate --retry，只重做失败的：", f"  {self._table[0]}"

    @property
    def _table(self) -> tuple[str, ...]:
        rows = [FAILURE_COLUMNS, *(failure.row for failure in self.failures)]
        return tuple(align_columns([[_shorten(cell) for cell in row] for row in rows]))


def report_title(name: str) -> str:
    """Return what a report is called: its kind, and the code of whom it is about."""
    kind = report_type_of(name).title
    return kind if name == OVERALL else f"{kind} {name.rpartition('/')[2]}"


def _shorten(cell: str) -> str:
    plain = "".join(char if char.isprintable() else " " for char in cell)
    while terminal_width(plain) > _WIDEST:
        plain = f"{plain[:-2]}…"
    return plain
