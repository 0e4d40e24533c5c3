"""Reader of the stock-take of the two numbers from workbooks and tables."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from kjfp_helpers.core.findings import Problem
from kjfp_helpers.core.form_schema import INDICATORS, STOCKTAKE_COLUMNS
from kjfp_helpers.core.records import Stocktake
from kjfp_helpers.intake.common import text_markers
from kjfp_helpers.intake.common.parsed_value import make_problems
from kjfp_helpers.intake.common.text_cleanup import is_blank, normalize_label, quote_for_finding
from kjfp_helpers.intake.documents.grid_model import Grid, GridCell
from kjfp_helpers.intake.fields.quantities import FIGURE_MEASURES, read_count
from kjfp_helpers.intake.stocktake.labelled_figure_search import (
    Figure,
    LabelledGrid,
    is_measure,
    plain_text,
)
from kjfp_helpers.intake.stocktake.stocktake_tables import StocktakeTable, find_tables

_SUMMED = re.compile("累计|合计|总计|共计|总[数量]")
_YEARLY = re.compile(r"\d{4}\s*年(?!.*(?:以来|至今|底))")
_UNIT_LABEL = re.compile(r"(?:填报|报送|推荐)?单位(?:名称|全称)?")
_PART_NAME = re.compile(r"\d|[年月季省市县区州]|上半|下半")
"""Heads of parts, which need a total: 2019年完成, 一季度, 城区."""
_MAX_VALUE = 10**10
NO_TOTAL, NO_CHOICE = "没有标明合计", "没有标明以何为准"
"""What a finding on figures in several places says before it quotes them."""
_MAX_NAMED_PLACES = 4
_MAX_QUOTED_FIGURES = 6
_SAYS_NONE = re.compile(r"[/／\\＼—–―\-－]{1,3}|无|没有|不适用|N/?A|n/?a")
"""What a unit writes that has no such figure; a blank cell says nothing."""


@dataclass(frozen=True, slots=True)
class ParsedStocktake:
    """A stock-take as read, with the location of each figure."""

    body: Stocktake
    provenance: Mapping[str, str]
    findings: tuple[Problem, ...]


def read_stocktake(
    grids: Iterable[Grid], lines_around: Iterable[str] = ()
) -> ParsedStocktake | None:
    """Read a stock-take from the sheets of a workbook.

    Parameters
    ----------
    grids : Iterable of Grid
        Sheets or tables, visible ones first; of several tables the one marked as total counts.
    lines_around : Iterable of str
        Lines around the table, one of which may name the unit.

    Returns
    -------
    ParsedStocktake or None
        ``None`` if no grid has the labels. Blank cells are ``None``, and so are those that say that
        there is none, whose words are kept as ``marks``. Findings: ``numeric_cell`` for
        text in a figure, ``unit_mismatch`` for figures in 万 or households, ``ambiguous`` for
        several tables, rows or columns without a total (the value is ``None``),
        ``formula_no_cache`` for a formula without a cached result, ``hidden_sheet``,
        ``hidden_text`` for hidden rows and columns, ``comments``.
    """
    all_grids = list(grids)
    tables = find_tables(grid.without_hidden_cells() for grid in all_grids)
    if not tables:
        tables = find_tables(all_grids)  # what is hidden is better than nothing
    if not tables:
        return None
    parsed = _read_tables(tables)
    if parsed.body.unit is None:
        unit = _find_unit_in_lines(lines_around)
        parsed = replace(parsed, body=replace(parsed.body, unit=unit))
    used = {table.labelled_grid.grid.name for table in tables}
    used_grids = [grid for grid in all_grids if grid.name in used]
    findings = (*parsed.findings, *_cell_findings(used_grids, parsed))
    return replace(parsed, findings=findings)


def _cell_findings(grids: Sequence[Grid], parsed: ParsedStocktake) -> Iterator[Problem]:
    """Yield findings on uncached formulas, comments, hidden cells and hidden sheets."""
    field_by_location = {location: name for name, location in parsed.provenance.items()}
    uncached = {location for grid in grids for location in grid.uncached_formulas}
    hidden = {cell.location for grid in grids for cell in grid.cells if cell.is_hidden}
    for location, name in field_by_location.items():
        findings: tuple[Problem, ...] = ()
        if location in uncached:
            findings += make_problems("formula_no_cache", "保存过计算结果的数字", "公式没有结果")
        if location in hidden and name != "unit":
            findings += make_problems("hidden_text", "看得见的数字", "数字所在的行或列被隐藏")
        yield from (finding.at(name, location) for finding in findings)
    yield from _marker_findings(grids, field_by_location)
    for grid in grids:
        if grid.hidden:
            yield from make_problems(
                "hidden_sheet", "看得见的工作表", f"工作表{quote_for_finding(grid.name)}被隐藏"
            )


def _marker_findings(
    grids: Sequence[Grid], field_by_location: Mapping[str, str]
) -> Iterator[Problem]:
    """Yield a finding on comments, notes and hidden cells, at a figure where one carries them."""
    for code, marker, expected, found in (
        ("comments", text_markers.COMMENT, "没有批注", "单元格留有批注"),
        ("ambiguous", text_markers.NOTE, "数字不附说明", "附有脚注或尾注，未计入"),
        ("hidden_text", text_markers.HIDDEN_TEXT, "没有隐藏的内容", "有隐藏的行、列或文字，未计入"),
    ):
        places = [
            cell.location
            for grid in grids
            for cell in grid.without_hidden_cells().cells
            if marker in cell.markers
        ]
        at_figures = [place for place in places if place in field_by_location]
        for place in (at_figures or places)[:1]:
            (finding,) = make_problems(code, expected, found)
            yield finding.at(field_by_location.get(place, ""), place)


def _read_tables(tables: Sequence[StocktakeTable]) -> ParsedStocktake:
    """Read the figures and the unit of the tables that may count; several leave doubt."""
    values: dict[str, Any] = {}
    provenance: dict[str, str] = {}
    marks: dict[str, str] = {}
    findings: list[Problem] = []
    tables = tables[:1] if _agree(tables) else tables
    for indicator in INDICATORS:
        for suffix, _ in STOCKTAKE_COLUMNS:
            name = f"{indicator.name}_{suffix}"
            choices = [_choose_figure(table, name) for table in tables]
            rivals = [figure for choice in choices for figure in choice]
            figure = rivals[0] if rivals else None
            values[name], value_findings = _figure_value(figure) if figure else (None, ())
            if len(rivals) > 1:
                values[name], value_findings = None, _rival_findings(rivals, len(tables))
            location = figure.cell.location if figure else ""
            if location:
                provenance[name] = location
            if figure and len(rivals) == 1 and _SAYS_NONE.fullmatch(figure.text.strip()):
                marks[name] = figure.text.strip()
            findings += [finding.at(name, location) for finding in value_findings]
    unit_cells = [cell for table in tables if (cell := _find_unit_cell(table.labelled_grid))]
    units = {_text_after_label(plain_text(cell)) for cell in unit_cells}
    if len(units) == 1:
        provenance["unit"] = unit_cells[0].location
    values["unit"] = next(iter(units)) if len(units) == 1 else None
    values["marks"] = marks
    findings += _serial_findings(values, provenance)
    if all(table.is_sample for table in tables):
        findings += make_problems("ambiguous", "本单位填写的盘点表", "表名标为示例或作废")
    return ParsedStocktake(Stocktake(**values), provenance, tuple(findings))


def _serial_findings(values: Mapping[str, Any], provenance: Mapping[str, str]) -> Iterator[Problem]:
    """Yield a finding on each figure of a column that only counts its rows."""
    for suffix, _ in STOCKTAKE_COLUMNS:
        names = [f"{one.name}_{suffix}" for one in INDICATORS if not one.optional]
        if [values[name] for name in names] == list(range(1, len(names) + 1)):
            for name in names:
                (finding,) = make_problems("ambiguous", "实际数", "各行依次为1、2、3，像是序号")
                yield finding.at(name, provenance.get(name, ""))


def _agree(tables: Sequence[StocktakeTable]) -> bool:
    """Whether every table gives the same figures, as a table and its details do."""
    answers = {
        tuple(
            tuple(figure.text for figure in _choose_figure(table, f"{indicator.name}_{suffix}"))
            for indicator in INDICATORS
            for suffix, _ in STOCKTAKE_COLUMNS
        )
        for table in tables
    }
    return len(answers) == 1 and all(len(texts) < 2 for answer in answers for texts in answer)


def _rival_findings(rivals: Sequence[Figure], table_count: int) -> tuple[Problem, ...]:
    """Return the finding on figures of which none is marked as the total."""
    quoted = [
        f"{figure.cell.location}（{figure.label_text}）为{figure.text or '空白'}"
        for figure in rivals[:_MAX_QUOTED_FIGURES]
    ]
    more = "等" if len(rivals) > _MAX_QUOTED_FIGURES else ""
    names = _names_of_places(rivals, table_count)
    is_choice = table_count == 1 and bool(names) and not any(map(_PART_NAME.search, names))
    where = f"{table_count}张表" if table_count > 1 else f"{len(rivals)}处"
    shown = "".join(map(quote_for_finding, names)) if len(names) <= _MAX_NAMED_PLACES else ""
    lacking, expected = (NO_CHOICE, "一个数") if is_choice else (NO_TOTAL, "一个合计数")
    found = f"分列{shown}{where}，{lacking}：{'、'.join(quoted)}{more}"
    return make_problems("ambiguous", expected, found)


def _names_of_places(rivals: Sequence[Figure], table_count: int) -> list[str]:
    """Return the sheets or the heads of columns of rival figures, none where they are not told."""
    if table_count > 1:
        sheets = [figure.cell.location.partition("!") for figure in rivals]
        names = [sheet for sheet, mark, _ in sheets if mark]
    else:
        names = [figure.label_text.rpartition(" ")[2] for figure in rivals]
    is_told = len({figure.cell.row for figure in rivals}) == 1 or table_count > 1
    return names if is_told and len(set(names)) == len(rivals) else []


def _choose_figure(table: StocktakeTable, name: str) -> list[Figure]:
    """Return the cell of a figure, the one of the total if there is one; several are rivals."""
    figures = [figure for figure in table.figures if figure.name == name]
    filled = _drop_partial_figures([figure for figure in figures if not is_blank(figure.text)])
    if not filled:
        return figures[:1]
    most_marks = max(figure.total_marks for figure in figures)
    totals = [figure for figure in filled if figure.total_marks == most_marks]
    if not totals:  # the cell of the total is blank, and what is filled are its parts
        blank = next(figure for figure in figures if figure.total_marks == most_marks)
        return [blank, *filled]
    is_one_figure = (
        len({figure.text for figure in totals}) == 1
        and len({figure.cell.row for figure in totals}) == 1
        and not any(_YEARLY.search(figure.label_text) for figure in totals)
    )
    return totals[:1] if is_one_figure else totals


def _drop_partial_figures(figures: list[Figure]) -> list[Figure]:
    """Drop households if there are persons, parts if there is a whole, years if there is a sum.

    Words are dropped where there is a number.
    """
    for is_partial in (
        lambda figure: read_count(figure.text, FIGURE_MEASURES).value is None,
        lambda figure: figure.measure == "户",
        lambda figure: "其中" in figure.label_text,
        lambda figure: not _SUMMED.search(figure.label_text),
    ):
        figures = [figure for figure in figures if not is_partial(figure)] or figures
    return figures


def _figure_value(figure: Figure) -> tuple[int | None, tuple[Problem, ...]]:
    """Return the value of a figure and its findings."""
    value = figure.cell.value
    if isinstance(value, str) or figure.cell.shown:
        return _typed_value(figure)
    if value is None:
        return None, ()
    if figure.measure and isinstance(value, int | float):
        findings = _measure_findings(figure, str(value))
        return read_count(f"{value}{figure.measure}").value, findings
    if isinstance(value, bool) or not isinstance(value, int | float):
        found = quote_for_finding(str(value))
        return None, make_problems("numeric_cell", "阿拉伯数字", found)
    if value != value or abs(value) >= _MAX_VALUE or value != int(value) or value < 0:
        return None, make_problems("numeric_cell", "不小于0的整数", quote_for_finding(str(value)))
    return int(value), ()


def _measure_findings(figure: Figure, text: str) -> tuple[Problem, ...]:
    found = f"以“{figure.measure}”计：{quote_for_finding(text)}"
    return make_problems("unit_mismatch", "按表中单位", found)


def _typed_value(figure: Figure) -> tuple[int | None, tuple[Problem, ...]]:
    """Return the value of a figure typed as text, or shown with a unit by its number format."""
    marked_text, text = figure.cell.text, figure.text
    findings: tuple[Problem, ...] = ()
    if text_markers.struck_out_text(marked_text):
        findings += make_problems("ambiguous", "一个明确的数字", "有划去的数字，未计入")
    if text_markers.strip_raised(marked_text) != marked_text:
        findings += make_problems("ambiguous", "不带注号的数字", "数字后有上标注号，未计入")
    if is_blank(text):
        return None, findings
    if figure.measure:
        scale = figure.measure if figure.measure not in text else ""
        return read_count(f"{text}{scale}").value, _measure_findings(figure, text)
    parsed = read_count(text, FIGURE_MEASURES)
    if figure.cell.shown:
        return parsed.value, (*findings, *parsed.findings, *_format_findings(figure, parsed.value))
    if parsed.findings or re.fullmatch(r"\d+", text.strip()):
        return parsed.value, (*findings, *parsed.findings)
    typed = make_problems("numeric_cell", "阿拉伯数字", quote_for_finding(text))
    return parsed.value, (*findings, *typed)


def _format_findings(figure: Figure, read: int | None) -> tuple[Problem, ...]:
    """Return a finding if a cell shows another number than it contains, and no unit says why."""
    stored = figure.cell.value
    has_unit = re.search("[十百千万亿%]", figure.text) is not None
    if read is None or has_unit or not isinstance(stored, int | float) or read == stored:
        return ()
    found = f"显示为{quote_for_finding(figure.text)}，单元格内为{stored}"
    return make_problems("ambiguous", "显示与内容一致的数字", found)


def _find_unit_cell(labelled_grid: LabelledGrid) -> GridCell | None:
    """Return the cell that names the unit: the label's own cell, the next one, or the one below."""
    cells, label_cells = (
        labelled_grid.grid.filled_cells,
        {label.cell for label in labelled_grid.labels},
    )
    for index, cell in enumerate(cells):
        head, colon, rest = plain_text(cell).replace(":", "：").partition("：")
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
