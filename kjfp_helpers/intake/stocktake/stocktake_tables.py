"""Find the tables of a stock-take among sheets and tables, and the one that counts.

A unit may send a table for each year or county, a sample, an empty copy and their total. The table
that is marked as total counts, or the one whose figures are the sums of the others; where none is,
all are candidates.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise

from kjfp_helpers.core.form_schema import STOCKTAKE_COLUMNS, STOCKTAKE_ROWS
from kjfp_helpers.core.text_normalization import normalize_text
from kjfp_helpers.infra.lazy_loading import lazy_pattern
from kjfp_helpers.intake.common.text_cleanup import is_blank
from kjfp_helpers.intake.documents.grid_model import Grid
from kjfp_helpers.intake.stocktake.labelled_figure_search import Figure, LabelledGrid, plain_text

_TOTAL = lazy_pattern(
    r"合计|总计|共计|汇总|累计|总表|总数|全部|五年|全[省区市](?:$|情况|数据|总)"
    r"|2016年?[-—–~至到]+2020年?|2016年以来"
)
_PART = lazy_pattern(
    r"[(（]?(?:(?:20)?(?:1[6-9]|20)年?度?(?:[上下]半年|第?[一二三四1-4]季度|\d{1,2}月)?|[上下]半年|[一二三四]季度"
    r"|\d{1,2}月份?|.{1,6}[市县区州])(?:完成|任务)?(?:情况|数据|数|明细|表)?[)）]?"
)
"""Title of a part: a year, a part of one, or one area."""
_TABLE_NAME = lazy_pattern("“?两数”?|盘点|任务目标|填报|单位|填表")
_SAMPLE = lazy_pattern(
    "示例|样例|样表|样本|范例|举例|例表|参考|模板|填[写表报]说明|作废|^例$|^(?:使用|报送)?(?:说明|须知|指南)$"
)
_MAX_TITLE_CHARS = 15
"""Longer lines name the table or explain it."""
_MIN_QUANTITIES = 2
_SUFFIXES = tuple(suffix for suffix, _ in STOCKTAKE_COLUMNS)


@dataclass(frozen=True)
class StocktakeTable:
    """A table with labels of the stock-take.

    ``is_sample`` is whether its titles say that it is an example or void, ``is_total`` whether they
    say that it is the total.
    """

    labelled_grid: LabelledGrid
    is_sample: bool = False
    is_total: bool = False

    @cached_property
    def figures(self) -> list[Figure]:
        """The labelled cells in reading order, blank ones too."""
        return list(self.labelled_grid.figures())

    @property
    def quantities(self) -> set[str]:
        """Quantities that have a figure."""
        return {figure.name.partition("_")[0] for figure in self.figures}

    @property
    def is_complete(self) -> bool:
        """Whether the table has two of the quantities, with target and done."""
        suffixes = {figure.name.partition("_")[2] for figure in self.figures}
        labels = {label.quantity for label in self.labelled_grid.labels if label.quantity}
        return len(labels) >= _MIN_QUANTITIES and suffixes == set(_SUFFIXES)

    @property
    def is_filled(self) -> bool:
        """Whether any figure is filled in."""
        return any(not is_blank(figure.text) for figure in self.figures)

    @cached_property
    def values(self) -> dict[str, tuple[str, ...]]:
        """Texts of the filled figures by name."""
        values: dict[str, tuple[str, ...]] = {}
        for figure in self.figures:
            if not is_blank(figure.text):
                values[figure.name] = (*values.get(figure.name, ()), figure.text)
        return values


def says_sample(title: str) -> bool:
    """Whether the title of a table or sheet says that it is an example, a guide, or void.

    >>> says_sample("填写示例"), says_sample("盘点表")
    (True, False)
    """
    return _SAMPLE.search(normalize_text(title)) is not None


def find_tables(grids: Iterable[Grid]) -> list[StocktakeTable]:
    """Return the tables of the stock-take that may count; several only where none is the total.

    Parameters
    ----------
    grids : Iterable of Grid
        Sheets or tables, visible ones first.

    Returns
    -------
    list of StocktakeTable
        Copies of one table, samples and empty tables are left out. Where each sheet has one
        quantity only, all of them belong together, and one table with all their cells is returned.
    """
    tables = [table for grid in grids for table in _tables_of_grid(grid)]
    complete = [table for table in tables if table.is_complete]
    if not complete:
        joined = _join_tables(tables)
        return [joined] if joined else []
    visible = [table for table in complete if not table.labelled_grid.grid.hidden] or complete
    for is_wanted in (
        lambda table: not table.is_sample,
        lambda table: table.is_filled,
    ):
        visible = [table for table in visible if is_wanted(table)] or visible
    distinct = [
        table
        for index, table in enumerate(visible)
        if all(table.values != earlier.values for earlier in visible[:index])
    ]
    totals = [table for table in distinct if table.is_total]
    if len(totals) == 1:
        return totals
    return [table for table in distinct if _is_sum_of_others(table, distinct)] or distinct


def _tables_of_grid(grid: Grid) -> Iterator[StocktakeTable]:
    """Yield the tables of a sheet, which begin where the head row is repeated."""
    for part, lines in _split_at_heads(grid):
        titles = [normalize_text(text) for text in (*grid.captions, *lines)]
        labelled = LabelledGrid(part)
        if not any(label.suffix in _SUFFIXES for label in labelled.labels):
            labelled = LabelledGrid(part, _suffix_of_title(" ".join((grid.name, *titles))))
        if any(label.quantity for label in labelled.labels):
            name = normalize_text(grid.name)
            short = [name, *(title for title in titles if len(title) <= _MAX_TITLE_CHARS)]
            is_sample = any(map(says_sample, short))
            yield StocktakeTable(labelled, is_sample, _says_total(name, titles))


def _says_total(name: str, titles: Sequence[str]) -> bool:
    """Whether the nearest title that says so calls a table the total, and not a part."""
    for title in reversed(titles):
        if len(title) > _MAX_TITLE_CHARS or _TABLE_NAME.search(title):
            continue
        if _TOTAL.search(title):
            return True
        if _PART.fullmatch(title):
            return False
    has_year = re.search(r"20(?:1[6-9]|20)", _TOTAL.sub("", name)) is not None
    return _TOTAL.search(name) is not None and not has_year


def _suffix_of_title(title: str) -> str:
    is_target = re.search("目标|任务|计划", title) is not None
    is_done = re.search("完成|实际", title) is not None
    if is_target == is_done:
        return ""
    return "target" if is_target else "done"


def _split_at_heads(grid: Grid) -> Iterator[tuple[Grid, list[str]]]:
    """Yield each table of a grid with the lines above its head row."""
    heads = _repeated_heads(LabelledGrid(grid))
    if not heads:
        yield grid, _lines_above_labels(grid)
        return
    starts = [_first_title_row(grid, head) for head in heads]
    last_row = max(cell.row for cell in grid.cells) + 1
    first = min(cell.row for cell in grid.cells)
    bounds = [first, *starts[1:], last_row]
    for (start, end), head in zip(pairwise(bounds), heads, strict=True):
        cells = tuple(cell for cell in grid.cells if start <= cell.row < end)
        lines = [
            plain_text(cell) for cell in cells if cell.row < head and isinstance(cell.value, str)
        ]
        yield replace(grid, cells=cells), lines


def _repeated_heads(labelled: LabelledGrid) -> list[int]:
    """Return the rows of the head that occurs again with the same labels, if one does."""
    rows: dict[int, list[tuple[str, str, str]]] = {}
    for label in labelled.labels:
        key = (label.quantity, label.suffix, normalize_text(plain_text(label.cell)))
        rows.setdefault(label.cell.row, []).append(key)
    by_signature: dict[tuple[tuple[str, str, str], ...], list[int]] = {}
    for row, keys in rows.items():
        quantities = {quantity for quantity, _, _ in keys if quantity}
        suffixes = {suffix for _, suffix, _ in keys if suffix in _SUFFIXES}
        if len(quantities) >= _MIN_QUANTITIES or (not quantities and suffixes == set(_SUFFIXES)):
            by_signature.setdefault(tuple(keys), []).append(row)
    return next((sorted(found) for found in by_signature.values() if len(found) > 1), [])


def _first_title_row(grid: Grid, head: int) -> int:
    """Return the first of the title rows directly above a head row."""
    start = head
    for row in range(head - 1, 0, -1):
        texts = [cell.value for cell in grid.filled_cells if cell.row == row]
        if len(texts) > 1 and any(isinstance(value, int | float) for value in texts):
            break
        if not all(isinstance(value, str | int) for value in texts) or _has_figure(texts):
            break
        start = row
    return start


def _has_figure(texts: Sequence[object]) -> bool:
    """Whether a row has a figure beside its label, typed as text."""
    return len(texts) > 1 and any(
        isinstance(value, str) and re.fullmatch(r"[\d,.]+\D{0,2}", value) for value in texts
    )


def _lines_above_labels(grid: Grid) -> list[str]:
    """Return the texts above the first row with a label of target, done or a quantity."""
    rows = [label.cell.row for label in LabelledGrid(grid).labels]
    first = min(rows, default=0)
    return [
        plain_text(cell)
        for cell in grid.filled_cells
        if cell.row < first and isinstance(cell.value, str)
    ]


def _join_tables(tables: Sequence[StocktakeTable]) -> StocktakeTable | None:
    """Return the tables of single quantities as one, ``None`` if quantities are missing."""
    parts = [table for table in tables if table.is_filled and not table.is_sample]
    figures = [figure for table in parts for figure in table.figures]
    names = {figure.name for figure in figures}
    wanted = {f"{prefix}_{suffix}" for prefix, _ in STOCKTAKE_ROWS for suffix in _SUFFIXES}
    if not wanted <= names or len(parts) < _MIN_QUANTITIES:
        return None
    return _JoinedTable(parts[0].labelled_grid, parts=tuple(parts))


@dataclass(frozen=True)
class _JoinedTable(StocktakeTable):
    """Several tables that hold one quantity each, read as one."""

    parts: tuple[StocktakeTable, ...] = ()

    @cached_property
    def figures(self) -> list[Figure]:
        """The labelled cells of all parts."""
        return [figure for part in self.parts for figure in part.figures]


def _is_sum_of_others(table: StocktakeTable, tables: Sequence[StocktakeTable]) -> bool:
    """Whether every figure of a table is the sum of the same figure in all others."""
    others = [other for other in tables if other is not table]
    for name, texts in table.values.items():
        parts = [text for other in others for text in other.values.get(name, ())]
        if len(texts) != 1 or len(parts) < 2 or _number(texts[0]) != sum(map(_number, parts)):
            return False
    return True


def _number(text: str) -> float:
    """Return a typed number, ``nan`` for any other text."""
    digits = text.replace(",", "").replace("，", "")
    return float(digits) if re.fullmatch(r"\d+(?:\.\d+)?", digits) else float("nan")
