"""Find the figures of the stock-take in a table by its labels.

A figure is a cell whose labels to the left and above name a quantity, and whether it is the target
or the result; quantities may be in rows or in columns, under one or two heading rows.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache

from kjfp_helpers.core.text_normalization import normalize_text
from kjfp_helpers.intake.common import text_markers
from kjfp_helpers.intake.common.text_cleanup import normalize_label
from kjfp_helpers.intake.documents.grid_model import Grid, GridCell

QUANTITIES = {
    "assoc": re.compile("(?<!中国)农技协(?!联合会)|(?<!科学)(?<!中国农村专业)技术协会(?!联合会)"),
    "federations": re.compile("联合会"),
    "experts": re.compile("专家"),
    "people": re.compile("贫困户|脱贫|贫困人口|贫困群众|建档立卡"),
}
"""Patterns of each quantity in a label; 科学技术协会 and 中国农技协 are names of units."""
_IGNORED_LABEL = re.compile(
    "率|比|差|缺|超|未完成|备注|说明|是否|[%％]|时间|时限|日期|措施|原因|责任|名单|排名|进度|佐证|依据|来源"
    "|文件|文号|材料|困难|问题|联系|填报人"
)
_DONE = re.compile("完成|实际|实绩|已|(?:上报|申报|核[实定]|自查|认定|落实)数")
_TARGET = re.compile("目标|任务|计划|下达")
_TOTAL = re.compile(".{0,10}(?:合计|总计|共计|总数|汇总|累计)(?:数|情况)?")
_GRAND_TOTAL = re.compile("总计|总合计|全[省区市州国]")
_YEAR = re.compile("20(?:1[5-9]|20)年?度?")
_TITLE = re.compile("表$|“两数”|通知")
_LABEL_PREFIX = re.compile(
    r"^\d+[.、]|(?:截至|截止)?(?:到|至)?(?:\d{4}年?)?(?:[-至]\d{4}年?)?"
    r"(?:\d{1,2}(?:[-至]\d{1,2})?月(?:\d{1,2}日)?|[上下]半年|第?[一二三四1-4]季度)?[底末初止]?(?:以来|为止)?"
)
"""A number or a period before a label."""
_MAX_LABEL_CHARS = 30
_OTHER_MEASURES = {
    "户": re.compile(r"户数|\(户\)"),
    "万": re.compile(r"[(:/]万|万[人名户]"),
    "人次": re.compile("人次"),
}
"""Patterns of measures other than the form's own in a normalized label."""
_MEASURE_CELL = re.compile("万?(?:人次|[人名户个家])")
"""A cell that contains only a measure."""


@dataclass(frozen=True, slots=True)
class _Label:
    """A label cell: quantity, target or done, and a measure if it is not the form's own."""

    cell: GridCell
    quantity: str
    suffix: str
    measure: str


@dataclass(frozen=True, slots=True)
class Figure:
    """A cell with a figure; ``label_text`` are the labels of its quantity and of target or done.

    ``total_marks`` is how clearly its row and column are labelled as totals: 0 for not at all.
    """

    cell: GridCell
    name: str
    measure: str
    label_text: str
    total_marks: int = 0

    @property
    def text(self) -> str:
        """Text of the cell without inline markers."""
        return plain_text(self.cell)


@dataclass(frozen=True)
class LabelledGrid:
    """A grid with the labels of the stock-take found in it.

    ``default_suffix`` is what its title says of all its figures: ``target``, ``done`` or ``""``.
    """

    grid: Grid
    default_suffix: str = ""

    @cached_property
    def labels(self) -> list[_Label]:
        """Cells that name a quantity, target or done."""
        candidates = [label for cell in self.grid.filled_cells if (label := _label_of_cell(cell))]
        labelled_rows = {
            known.cell.row for known in candidates if known.quantity and known.cell.height == 1
        }
        headings = {
            (known.cell.column, known.cell.row) for known in candidates if not known.quantity
        }

        label_columns = _columns_of_both(candidates)

        def is_result(label: _Label) -> bool:  # 已完成 typed where the figure belongs
            cell = label.cell
            has_heading = any(column == cell.column and row < cell.row for column, row in headings)
            is_alone = not label.quantity and cell.row in labelled_rows and has_heading
            return is_alone and cell.column not in label_columns

        return [label for label in candidates if not is_result(label)]

    def figures(self) -> Iterator[Figure]:
        """Yield the labelled cells in reading order, blank ones too."""
        label_cells = {label.cell for label in self.labels}
        for cell in self.grid.cells:
            if cell in label_cells:
                continue
            left, above = self._labels_left_of(cell), self._labels_above(cell)
            quantity = _first_name(label.quantity for label in (*left, *above))
            suffix = _first_name(label.suffix for label in (*left, *above))
            suffix = (
                suffix or self._suffix_of_total_column(cell) or self._suffix_of_year_column(cell)
            )
            if not suffix and isinstance(cell.value, int | float):
                suffix = self.default_suffix
            if quantity and suffix:
                measures = (
                    *(text.measure for text in (*left, *above)),
                    self._measure_by_row.get(cell.row),
                )
                measure = next((text for text in measures if text), "")
                label_text = _label_text(left, above, quantity, suffix)
                name = f"{quantity}_{suffix}"
                yield Figure(cell, name, measure, label_text, self._total_marks(cell))

    def _labels_left_of(self, cell: GridCell) -> list[_Label]:
        """Return the labels to the left of a cell, nearest first."""
        labels = [
            label
            for label in self.labels
            if label.cell.row <= cell.row < label.cell.row + label.cell.height
            and label.cell.column < cell.column
        ]
        return sorted(labels, key=lambda label: -label.cell.column)

    def _labels_above(self, cell: GridCell) -> list[_Label]:
        """Return the labels above a cell, nearest first."""
        labels = [
            label
            for label in self.labels
            if label.cell.row < cell.row and self._spans_column(label.cell, cell.column)
        ]
        return sorted(labels, key=lambda label: -label.cell.row)

    def _spans_column(self, head: GridCell, column: int) -> bool:
        """Whether a heading spans a column: merged, or followed by blank cells."""
        if head.column <= column < head.column + head.width:
            return True
        below = self._heads_by_row.get(head.row + 1, frozenset())
        between = range(head.column + 1, column + 1)
        return (
            column > head.column
            and column in below
            and not any((head.row, index) in self._filled_positions for index in between)
        )

    @cached_property
    def _heads_by_row(self) -> dict[int, frozenset[int]]:
        """Columns of the labels by row, and of all texts in a second row of heads."""
        labels = self.labels
        rows = {label.cell.row for label in labels}
        with_quantity = {label.cell.row for label in labels if label.quantity}
        return {
            row: frozenset(label.cell.column for label in labels if label.cell.row == row)
            | (frozenset() if row in with_quantity else self._columns_of_words(row))
            for row in rows | {row + 1 for row in rows}
        }

    def _columns_of_words(self, row: int) -> frozenset[int]:
        """Return the columns of a row of words, none where it has a figure."""
        cells = [cell for cell in self.grid.filled_cells if cell.row == row]
        if any(re.search(r"\d", str(cell.value)) for cell in cells):
            return frozenset()
        return frozenset(cell.column for cell in cells)

    def _suffix_of_total_column(self, cell: GridCell) -> str:
        """Return what the columns of years are beside which a column of their total stands."""
        for total, _ in self._totals:
            if total.row < cell.row and total.column <= cell.column < total.column + total.width:
                beside = [
                    label.suffix
                    for label in self._columns_by_row.get(total.row, ())
                    if label.cell.column < total.column
                ]
                if beside[-2:] in (["done"] * 2, ["target"] * 2):
                    return beside[-1]
        return ""

    def _suffix_of_year_column(self, cell: GridCell) -> str:
        """Return ``done`` for the years, and their total, behind a target without any result."""
        for row, years in self._years_by_row.items():
            named = {label.suffix for label in self._columns_by_row.get(row, ())}
            totals = {total.column for total, _ in self._totals if total.row == row}
            if row < cell.row and named == {"target"} and cell.column in years | totals:
                return "done"
        return ""

    @cached_property
    def _years_by_row(self) -> dict[int, set[int]]:
        """Columns headed by nothing but a year, by the row of several such heads."""
        rows: dict[int, set[int]] = {}
        for cell in self.grid.filled_cells:
            if _YEAR.fullmatch(normalize_text(plain_text(cell))):
                rows.setdefault(cell.row, set()).add(cell.column)
        return {row: columns for row, columns in rows.items() if len(columns) > 1}

    @cached_property
    def _columns_by_row(self) -> dict[int, list[_Label]]:
        """Labels of target and done by row, in the order of their columns."""
        rows: dict[int, list[_Label]] = {}
        for label in sorted(self.labels, key=lambda label: label.cell.column):
            if label.suffix and not label.quantity:
                rows.setdefault(label.cell.row, []).append(label)
        return rows

    @cached_property
    def _measure_by_row(self) -> dict[int, str]:
        """Measure of each row that states it in a separate cell."""
        text_by_row = {
            cell.row: normalize_text(plain_text(cell))
            for cell in self.grid.filled_cells
            if is_measure(cell)
        }
        return {row: _measure_in(f"({text})") for row, text in text_by_row.items()}

    @cached_property
    def _filled_positions(self) -> set[tuple[int, int]]:
        return {(cell.row, cell.column) for cell in self.grid.filled_cells}

    def _total_marks(self, cell: GridCell) -> int:
        """Return how clearly the row and the column of a cell are labelled as totals."""
        row_marks = [mark for total, mark in self._totals if total.row == cell.row]
        column_marks = [
            mark
            for total, mark in self._totals
            if total.row < cell.row and self._spans_column(total, cell.column)
        ]
        return max(row_marks, default=0) + max(column_marks, default=0)

    @cached_property
    def _totals(self) -> list[tuple[GridCell, int]]:
        """Cells that mark a total, with 2 for the total of all, 1 for any other."""
        return [
            (cell, 2 if _GRAND_TOTAL.search(label) else 1)
            for cell in self.grid.filled_cells
            if isinstance(cell.value, str)
            and _TOTAL.fullmatch(label := normalize_label(plain_text(cell)))
        ]


def _columns_of_both(labels: Iterable[_Label]) -> set[int]:
    """Return the columns in which target and done take turns, line by line."""
    counts = Counter((label.cell.column, label.suffix) for label in labels if not label.quantity)
    return {
        column
        for (column, suffix), count in counts.items()
        if suffix == "target" and min(count, counts[column, "done"]) > 1
    }


def plain_text(cell: GridCell) -> str:
    """Return the text of a cell without inline markers and without the marks of notes."""
    return text_markers.strip_markers(text_markers.strip_raised(cell.text))


def _label_of_cell(cell: GridCell) -> _Label | None:
    """Return the label that a cell is, ``None`` for other cells."""
    if not isinstance(cell.value, str):
        return None
    named = _names_in_label(plain_text(cell))
    return _Label(cell, *named) if named else None


@lru_cache(maxsize=4096)
def _names_in_label(text: str) -> tuple[str, str, str] | None:
    """Return quantity, suffix and measure that a text names, ``None`` for one that is no label."""
    normalized, label = normalize_text(text), _LABEL_PREFIX.sub("", normalize_label(text))
    if not 0 < len(label) <= _MAX_LABEL_CHARS or _TITLE.search(label) or re.search(r"\d", label):
        return None
    quantity = next((name for name, pattern in QUANTITIES.items() if pattern.search(label)), "")
    suffix = ""
    if not _IGNORED_LABEL.search(label):
        suffix = "done" if _DONE.search(label) else "target" if _TARGET.search(label) else ""
    elif not quantity:
        suffix = "aside"
    return (quantity, suffix, _measure_in(normalized)) if quantity or suffix else None


def _measure_in(text: str) -> str:
    return next(
        (measure for measure, pattern in _OTHER_MEASURES.items() if pattern.search(text)), ""
    )


def is_measure(cell: GridCell) -> bool:
    """Whether a cell contains only a measure."""
    return _MEASURE_CELL.fullmatch(normalize_text(plain_text(cell))) is not None


def _label_text(left: Iterable[_Label], above: Iterable[_Label], quantity: str, suffix: str) -> str:
    """Return the text of the nearest labels that name a figure's quantity and target or done."""
    labels = (*left, *above)
    quantity_labels = (label for label in labels if label.quantity == quantity)
    suffix_labels = (label for label in labels if label.suffix == suffix)
    chosen = dict.fromkeys(
        label for label in (next(quantity_labels, None), next(suffix_labels, None)) if label
    )
    return " ".join(plain_text(label.cell) for label in chosen)


def _first_name(names: Iterable[str]) -> str:
    """Return the first non-empty name, ``""`` if there is none or it is ``aside``."""
    known = [name for name in names if name]
    return known[0] if known and known[0] != "aside" else ""
