"""The stock-take of the two numbers from a workbook or a table: its figures, and whose they are."""

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
_UNIT = re.compile(r"(?:填报|报送|推荐)?单位(?:名称|全称)?")
_LARGEST = 10**10


@dataclass(frozen=True, slots=True)
class SheetRead:
    """A stock-take as read, with the spot of each figure."""

    body: Stocktake
    provenance: Mapping[str, str]
    findings: tuple[Finding, ...]


def read_stocktake(grids: Iterable[Grid], around: Iterable[str] = ()) -> SheetRead | None:
    """Read a stock-take from the sheets of a workbook; ``None`` when none has its labels.

    ``around`` are the lines beside the table, of which one may name the unit.

    A blank cell is ``None``, a zero is ``0``; words in a figure's cell raise ``numeric_cell``, a
    figure in ten thousands or households ``unit_mismatch``, several rows without a total
    ``ambiguous``, a formula without a saved result ``formula_no_cache``, a sheet out of sight
    ``hidden_sheet``.
    """
    for grid in grids:
        sheet = LabelledGrid(grid)
        if len({label.quantity for label in sheet.labels if label.quantity}) >= 2:
            found = list(sheet.figures())
            if len({one.name.partition("_")[2] for one in found}) == len(STOCKTAKE_COLUMNS):
                read = _read(sheet, found)
                if read.body.unit is None:
                    read = replace(read, body=replace(read.body, unit=_unit_in(around)))
                return replace(read, findings=(*read.findings, *_about(grid, read)))
    return None


def _about(grid: Grid, read: SheetRead) -> Iterator[Finding]:
    for name, place in read.provenance.items():
        if place in grid.uncached_formulas:
            found = make_findings("formula_no_cache", "保存过计算结果的数字", "公式没有结果")
            yield from (replace(one, field=name, place=place) for one in found)
    if grid.hidden:
        yield from make_findings(
            "hidden_sheet", "看得见的工作表", f"工作表{quote_for_finding(grid.name)}被隐藏"
        )


def _read(sheet: LabelledGrid, found: list[Figure]) -> SheetRead:
    values: dict[str, Any] = {}
    provenance: dict[str, str] = {}
    findings: list[Finding] = []
    for prefix, _ in STOCKTAKE_ROWS:
        for suffix, _ in STOCKTAKE_COLUMNS:
            name = f"{prefix}_{suffix}"
            own = [figure for figure in found if figure.name == name]
            chosen, doubt = _chosen(sheet, own)
            values[name], wrong = _figure(chosen) if chosen else (None, ())
            if doubt:
                values[name] = None
                wrong = make_findings("ambiguous", "一个合计数", "分列多处，没有合计")
            place = chosen.cell.location if chosen else ""
            provenance |= {name: place} if place else {}
            findings += [replace(one, field=name, place=place) for one in wrong]
    unit = _unit(sheet)
    if unit:
        provenance["unit"] = unit.location
    values["unit"] = _after_label(str(unit.value)) if unit else None
    return SheetRead(Stocktake(**values), provenance, tuple(findings))


def _chosen(sheet: LabelledGrid, own: list[Figure]) -> tuple[Figure | None, bool]:
    """Return the cell of a figure, the total's where there are several, and whether none is."""
    filled = _whole([one for one in own if not is_blank(one.cell.text)])
    total = next((one for one in filled if sheet.is_total(one.cell.row)), None)
    if total or not filled:
        return total or (own[0] if own else None), False
    apart = len({one.cell.row for one in filled}) > 1
    yearly = len(filled) > 1 and any(_YEARLY.search(one.label_text) for one in filled)
    return filled[0], apart or yearly


def _whole(figures: list[Figure]) -> list[Figure]:
    """Leave out households beside persons, parts beside the whole, years beside their sum."""
    for is_less in (
        lambda one: one.measure == "户",
        lambda one: "其中" in one.label_text,
        lambda one: not _SUMMED.search(one.label_text),
    ):
        figures = [one for one in figures if not is_less(one)] or figures
    return figures


def _figure(figure: Figure) -> tuple[int | None, tuple[Finding, ...]]:
    """Return a figure and what is wrong with it."""
    value, expected = figure.cell.value, "阿拉伯数字"
    if value is None or (isinstance(value, str) and is_blank(value)):
        return None, ()
    if figure.measure and isinstance(value, int | float | str):
        told = make_findings(
            "unit_mismatch",
            "按表中单位",
            f"以“{figure.measure}”计：{quote_for_finding(str(value))}",
        )
        times = figure.measure if figure.measure not in str(value) else ""
        return read_count(f"{value}{times}").value, told
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None, make_findings("numeric_cell", expected, quote_for_finding(str(value)))
    if isinstance(value, str):
        counted = read_count(value, (*PEOPLE_MEASURES, "个", "家"))
        plain = re.fullmatch(r"\d+", value.strip()) is not None
        return counted.value, counted.findings or (
            () if plain else make_findings("numeric_cell", expected, quote_for_finding(value))
        )
    if value != value or abs(value) >= _LARGEST or value != int(value) or value < 0:
        return None, make_findings("numeric_cell", "不小于0的整数", quote_for_finding(str(value)))
    return int(value), ()


def _unit(sheet: LabelledGrid) -> GridCell | None:
    """Return the cell that names the unit: with the label in it, behind it, or below it."""
    cells, taken = sheet.grid.filled_cells, {label.square for label in sheet.labels}
    for index, cell in enumerate(cells):
        head, colon, rest = cell.text.replace(":", "：").partition("：")
        if not _UNIT.fullmatch(normalize_label(head)):
            continue
        if colon and rest.strip():
            return cell
        after = cells[index + 1 :]
        beside = [one for one in after[:1] if one.row == cell.row and one not in taken]
        below = [one for one in after if one.column == cell.column and isinstance(one.value, str)]
        named = next(iter((*beside, *below)), None)
        if named is None or not is_measure(named):  # else 单位 stood over 个, 人, 人
            return named
    return None


def _unit_in(lines: Iterable[str]) -> str | None:
    """Return the unit that a line names behind its label, up to the next label."""
    for line in lines:
        for part in re.split(r"\s{2,}|\t", line):
            if re.search("[:：]", part) and (name := _after_label(part)) not in (
                None,
                part.strip(),
            ):
                return name
    return None


def _after_label(text: str) -> str | None:
    head, colon, rest = text.replace(":", "：").partition("：")
    name = rest if colon and _UNIT.fullmatch(normalize_label(head)) else text
    return None if is_blank(name) else name.strip()
