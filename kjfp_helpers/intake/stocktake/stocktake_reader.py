"""Reader of the stock-take of the two numbers from workbooks and tables."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from kjfp_helpers.core.findings import Finding
from kjfp_helpers.core.form_schema import STOCKTAKE_COLUMNS, STOCKTAKE_ROWS
from kjfp_helpers.core.records import Stocktake
from kjfp_helpers.intake.common.parsed_value import make_findings
from kjfp_helpers.intake.common.text_cleanup import is_blank, normalize_label, quote_for_finding
from kjfp_helpers.intake.documents.grid_model import Grid, GridCell
from kjfp_helpers.intake.fields.quantities import PEOPLE_MEASURES, read_count
from kjfp_helpers.intake.stocktake.stocktake_cells import Figure, LabelledGrid, is_measure

_SUMMED = re.compile("累计|合计|总计|共计|总[数量]")
_YEARLY = re.compile(r"\d{4}\s*年(?!.*(?:以来|至今|底))")
_UNIT_LABEL = re.compile(r"(?:填报|报送|推荐)?单位(?:名称|全称)?")
_MAX_VALUE = 10**10


@dataclass(frozen=True, slots=True)
class ParsedStocktake:
    """A stock-take as read, with the location of each figure."""

    body: Stocktake
    provenance: Mapping[str, str]
    findings: tuple[Finding, ...]


def read_stocktake(
    grids: Iterable[Grid], lines_around: Iterable[str] = ()
) -> ParsedStocktake | None:
    """Read a stock-take from the sheets of a workbook.

    Parameters
    ----------
    grids : Iterable of Grid
        Sheets or tables; the first with the labels of the stock-take is read.
    lines_around : Iterable of str
        Lines around the table, one of which may name the unit.

    Returns
    -------
    ParsedStocktake or None
        ``None`` if no grid has the labels. Blank cells are ``None``. Findings: ``numeric_cell`` for
        text in a figure, ``unit_mismatch`` for figures in 万 or households, ``ambiguous`` for
        several rows without a total, ``formula_no_cache`` for a formula without a cached result,
        ``hidden_sheet``.
    """
    for grid in grids:
        labelled_grid = LabelledGrid(grid)
        if len({label.quantity for label in labelled_grid.labels if label.quantity}) >= 2:
            figures = list(labelled_grid.figures())
            if len({figure.name.partition("_")[2] for figure in figures}) == len(STOCKTAKE_COLUMNS):
                parsed = _read_figures(labelled_grid, figures)
                if parsed.body.unit is None:
                    parsed = replace(
                        parsed, body=replace(parsed.body, unit=_find_unit_in_lines(lines_around))
                    )
                return replace(
                    parsed, findings=(*parsed.findings, *_location_findings(grid, parsed))
                )
    return None


def _location_findings(grid: Grid, parsed: ParsedStocktake) -> Iterator[Finding]:
    """Yield findings on uncached formulas and on a hidden sheet."""
    for name, location in parsed.provenance.items():
        if location in grid.uncached_formulas:
            findings = make_findings("formula_no_cache", "保存过计算结果的数字", "公式没有结果")
            yield from (replace(finding, field=name, place=location) for finding in findings)
    if grid.hidden:
        yield from make_findings(
            "hidden_sheet", "看得见的工作表", f"工作表{quote_for_finding(grid.name)}被隐藏"
        )


def _read_figures(labelled_grid: LabelledGrid, figures: list[Figure]) -> ParsedStocktake:
    """Read the figures and the unit of a stock-take."""
    values: dict[str, Any] = {}
    provenance: dict[str, str] = {}
    findings: list[Finding] = []
    for prefix, _ in STOCKTAKE_ROWS:
        for suffix, _ in STOCKTAKE_COLUMNS:
            name = f"{prefix}_{suffix}"
            candidates = [candidate for candidate in figures if candidate.name == name]
            figure, is_doubtful = _choose_figure(labelled_grid, candidates)
            values[name], value_findings = _figure_value(figure) if figure else (None, ())
            if is_doubtful:
                values[name] = None
                value_findings = make_findings("ambiguous", "一个合计数", "分列多处，没有合计")
            location = figure.cell.location if figure else ""
            if location:
                provenance[name] = location
            findings += [replace(finding, field=name, place=location) for finding in value_findings]
    unit_cell = _find_unit_cell(labelled_grid)
    if unit_cell:
        provenance["unit"] = unit_cell.location
    values["unit"] = _text_after_label(str(unit_cell.value)) if unit_cell else None
    return ParsedStocktake(Stocktake(**values), provenance, tuple(findings))


def _choose_figure(
    labelled_grid: LabelledGrid, figures: list[Figure]
) -> tuple[Figure | None, bool]:
    """Return the cell of a figure, preferably of the total, and whether a total is missing."""
    filled = _drop_partial_figures([figure for figure in figures if not is_blank(figure.cell.text)])
    total = next((figure for figure in filled if labelled_grid.is_total(figure.cell.row)), None)
    if total or not filled:
        return total or (figures[0] if figures else None), False
    is_spread = len({figure.cell.row for figure in filled}) > 1
    is_yearly = len(filled) > 1 and any(_YEARLY.search(figure.label_text) for figure in filled)
    return filled[0], is_spread or is_yearly


def _drop_partial_figures(figures: list[Figure]) -> list[Figure]:
    """Drop households if there are persons, parts if there is a whole, years if there is a sum."""
    for is_partial in (
        lambda figure: figure.measure == "户",
        lambda figure: "其中" in figure.label_text,
        lambda figure: not _SUMMED.search(figure.label_text),
    ):
        figures = [figure for figure in figures if not is_partial(figure)] or figures
    return figures


def _figure_value(figure: Figure) -> tuple[int | None, tuple[Finding, ...]]:
    """Return the value of a figure and its findings."""
    value = figure.cell.value
    expected = "阿拉伯数字"
    if value is None or (isinstance(value, str) and is_blank(value)):
        return None, ()
    if figure.measure and isinstance(value, int | float | str):
        findings = make_findings(
            "unit_mismatch",
            "按表中单位",
            f"以“{figure.measure}”计：{quote_for_finding(str(value))}",
        )
        scale = figure.measure if figure.measure not in str(value) else ""
        return read_count(f"{value}{scale}").value, findings
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None, make_findings("numeric_cell", expected, quote_for_finding(str(value)))
    if isinstance(value, str):
        parsed = read_count(value, (*PEOPLE_MEASURES, "个", "家"))
        is_plain_number = re.fullmatch(r"\d+", value.strip()) is not None
        return parsed.value, parsed.findings or (
            ()
            if is_plain_number
            else make_findings("numeric_cell", expected, quote_for_finding(value))
        )
    if value != value or abs(value) >= _MAX_VALUE or value != int(value) or value < 0:
        return None, make_findings("numeric_cell", "不小于0的整数", quote_for_finding(str(value)))
    return int(value), ()


def _find_unit_cell(labelled_grid: LabelledGrid) -> GridCell | None:
    """Return the cell that names the unit: the label's own cell, the next one, or the one below."""
    cells, label_cells = (
        labelled_grid.grid.filled_cells,
        {label.cell for label in labelled_grid.labels},
    )
    for index, cell in enumerate(cells):
        head, colon, rest = cell.text.replace(":", "：").partition("：")
        if not _UNIT_LABEL.fullmatch(normalize_label(head)):
            continue
        if colon and rest.strip():
            return cell
        following = cells[index + 1 :]
        next_cells = [
            candidate
            for candidate in following[:1]
            if candidate.row == cell.row and candidate not in label_cells
        ]
        cells_below = [
            candidate
            for candidate in following
            if candidate.column == cell.column and isinstance(candidate.value, str)
        ]
        unit_cell = next(iter((*next_cells, *cells_below)), None)
        if unit_cell is None or not is_measure(unit_cell):  # else 单位 stood over 个, 人, 人
            return unit_cell
    return None


def _find_unit_in_lines(lines: Iterable[str]) -> str | None:
    """Return the unit that a line names after its label, up to the next label."""
    for line in lines:
        for part in re.split(r"\s{2,}|\t", line):
            if re.search("[:：]", part) and (name := _text_after_label(part)) not in (
                None,
                part.strip(),
            ):
                return name
    return None


def _text_after_label(text: str) -> str | None:
    """Return the text after the label of the unit, ``None`` if it is blank."""
    head, colon, rest = text.replace(":", "：").partition("：")
    name = rest if colon and _UNIT_LABEL.fullmatch(normalize_label(head)) else text
    return None if is_blank(name) else name.strip()
