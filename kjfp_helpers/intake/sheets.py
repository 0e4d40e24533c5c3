"""The stock-take of the two numbers from a workbook or a table; labels are found by their words.

A figure is the cell whose labels, left of it and above it, name one of the quantities and whether
target or done is meant: quantities may stand in rows or in columns, under one heading or two.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from kjfp_helpers.findings import Finding
from kjfp_helpers.forms import STOCKTAKE_COLUMNS, STOCKTAKE_ROWS
from kjfp_helpers.intake.grids import Grid, Square
from kjfp_helpers.intake.numbers import PEOPLE, read_count
from kjfp_helpers.intake.values import note
from kjfp_helpers.intake.words import fold, is_blank, quote
from kjfp_helpers.names import even
from kjfp_helpers.records import Stocktake

QUANTITIES = {
    "assoc": re.compile("(?<!中国)农技协|(?<!科学)(?<!中国农村专业)技术协会"),
    "experts": re.compile("专家"),
    "people": re.compile("贫困户|脱贫|贫困人口|贫困群众|建档立卡"),
}
"""Words that name each quantity in a label; 科学技术协会 and 中国农技协 are units."""
_ASIDE = re.compile("率|比|差|缺|未完成|备注|说明|是否|[%％]")
_DONE = re.compile("完成|实际|实绩|已")
_TARGET = re.compile("目标|任务|计划|下达")
_TOTAL = re.compile("(?:全省|全区|全市|本单位|累计)?(?:合计|总计|共计|总数|汇总)")
_SUMMED = re.compile("累计|合计|总计|共计|总[数量]")
_YEARLY = re.compile(r"\d{4}\s*年(?!.*(?:以来|至今|底))")
_TITLE = re.compile("表$|“两数”|通知")
_ASIDE_WORDS = re.compile(
    r"^\d+[.、]|(?:截至|截止)?\d{4}年?(?:[-至]\d{4}年?)?(?:\d{1,2}月)?[底末]?(?:以来)?"
)
"""A number before a label, and the years it speaks of."""
_LONGEST = 30
_UNIT = re.compile(r"(?:填报|报送|推荐)?单位(?:名称|全称)?")
_MEASURES = {"户": re.compile(r"户数|\(户\)"), "万": re.compile(r"[(:/]万|万[人名户]"),
             "人次": re.compile("人次")}  # fmt: skip
"""Measures that are not the form's own, as a label says them (evened)."""
_MEASURE = re.compile("万?(?:人次|[人名户个家])")
"""A cell that says in what a row is counted."""
_LARGEST = 10**10


@dataclass(frozen=True, slots=True)
class SheetRead:
    """A stock-take as read, with the spot of each figure."""

    body: Stocktake
    provenance: Mapping[str, str]
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class _Label:
    """What a cell says of the figures beside or below it; ``measure`` where not the form's own."""

    square: Square
    quantity: str
    suffix: str
    measure: str


@dataclass(frozen=True, slots=True)
class _Figure:
    """A cell that the labels around it explain; ``words`` are those of the nearest two."""

    square: Square
    name: str
    measure: str
    words: str


def read_stocktake(grids: Iterable[Grid], around: Iterable[str] = ()) -> SheetRead | None:
    """Read a stock-take from the sheets of a workbook; ``None`` when none has its labels.

    ``around`` are the lines beside the table, of which one may name the unit.

    A blank cell is ``None``, a zero is ``0``; words in a figure's cell raise ``numeric_cell``, a
    figure in ten thousands or households ``unit_mismatch``, several rows without a total
    ``ambiguous``, a formula without a saved result ``formula_no_cache``, a sheet out of sight
    ``hidden_sheet``.
    """
    for grid in grids:
        sheet = _Sheet(grid)
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
        if place in grid.uncounted:
            found = note("formula_no_cache", "保存过计算结果的数字", "公式没有结果")
            yield from (replace(one, field=name, place=place) for one in found)
    if grid.hidden:
        yield from note("hidden_sheet", "看得见的工作表", f"工作表{quote(grid.name)}被隐藏")


@dataclass(frozen=True)
class _Sheet:
    """A grid with its labels found."""

    grid: Grid

    @cached_property
    def labels(self) -> list[_Label]:
        """Cells that name a quantity, or target, or done."""
        found = [label for square in self.grid.filled if (label := _label(square))]
        named = {one.square.row for one in found if one.quantity and one.square.depth == 1}
        headed = {(one.square.column, one.square.row) for one in found if not one.quantity}

        def answers(label: _Label) -> bool:  # 已完成 typed where the figure belongs
            at = label.square
            above = any(column == at.column and row < at.row for column, row in headed)
            return not label.quantity and at.row in named and above

        return [label for label in found if not answers(label)]

    def figures(self) -> Iterator[_Figure]:
        """Yield the cells that the labels explain, blank ones too, in reading order."""
        taken = {label.square for label in self.labels}
        for square in self.grid.squares:
            if square in taken:
                continue
            beside, above = self._beside(square), self._above(square)
            quantity = _only(label.quantity for label in (*beside, *above))
            suffix = _only(label.suffix for label in (*beside, *above))
            if quantity and suffix:
                said = (*(one.measure for one in (*beside, *above)), self._measures.get(square.row))
                measure = next((one for one in said if one), "")
                words = _said(beside, above, quantity, suffix)
                yield _Figure(square, f"{quantity}_{suffix}", measure, words)

    def _beside(self, square: Square) -> list[_Label]:
        """Return the labels left of a cell, the nearest first."""
        row = [
            label for label in self.labels
            if label.square.row <= square.row < label.square.row + label.square.depth
            and label.square.column < square.column
        ]  # fmt: skip
        return sorted(row, key=lambda label: -label.square.column)

    def _above(self, square: Square) -> list[_Label]:
        """Return the labels above a cell, the nearest first."""
        column = [
            label for label in self.labels
            if label.square.row < square.row and self._covers(label.square, square.column)
        ]  # fmt: skip
        return sorted(column, key=lambda label: -label.square.row)

    def _covers(self, head: Square, column: int) -> bool:
        """Whether a heading stands over a column: merged, or with blanks over the heads below."""
        if head.column <= column < head.column + head.width:
            return True
        below = {label.square.column for label in self.labels if label.square.row == head.row + 1}
        between = range(head.column + 1, column + 1)
        return column > head.column and column in below and not any(
            (head.row, at) in self._filled for at in between
        )  # fmt: skip

    @cached_property
    def _measures(self) -> dict[int, str]:
        """Measures that rows say in a cell of their own."""
        words = {one.row: even(one.text) for one in self.grid.filled if _is_measure(one)}
        return {row: _measure(f"({word})") for row, word in words.items()}

    @cached_property
    def _filled(self) -> set[tuple[int, int]]:
        return {(one.row, one.column) for one in self.grid.filled}

    def is_total(self, row: int) -> bool:
        """Whether a row is marked as the sum of others."""
        return any(one.row == row and _TOTAL.fullmatch(fold(one.text)) for one in self.grid.filled)


def _label(square: Square) -> _Label | None:
    if not isinstance(square.value, str):
        return None
    whole, word = even(square.value), _ASIDE_WORDS.sub("", fold(square.value))
    if not 0 < len(word) <= _LONGEST or _TITLE.search(word) or re.search(r"\d", word):
        return None
    quantity = next((name for name, words in QUANTITIES.items() if words.search(word)), "")
    suffix = ""
    if not _ASIDE.search(word):
        suffix = "done" if _DONE.search(word) else "target" if _TARGET.search(word) else ""
    elif not quantity:
        suffix = "aside"
    return _Label(square, quantity, suffix, _measure(whole)) if quantity or suffix else None


def _measure(words: str) -> str:
    return next((word for word, shown in _MEASURES.items() if shown.search(words)), "")


def _is_measure(square: Square) -> bool:
    return _MEASURE.fullmatch(even(square.text)) is not None


def _said(beside: Iterable[_Label], above: Iterable[_Label], quantity: str, suffix: str) -> str:
    """Return the words of the labels that name a figure's quantity, and its target or done."""
    labels = (*beside, *above)
    named = (one for one in labels if one.quantity == quantity)
    meant = (one for one in labels if one.suffix == suffix)
    chosen = dict.fromkeys(one for one in (next(named, None), next(meant, None)) if one)
    return " ".join(one.square.text for one in chosen)


def _only(words: Iterable[str]) -> str:
    """Return the first word that is said, ``""`` where none is or the labels disagree."""
    said = [word for word in words if word]
    return said[0] if said and said[0] != "aside" else ""


def _read(sheet: _Sheet, found: list[_Figure]) -> SheetRead:
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
                wrong = note("ambiguous", "一个合计数", "分列多处，没有合计")
            place = chosen.square.place if chosen else ""
            provenance |= {name: place} if place else {}
            findings += [replace(one, field=name, place=place) for one in wrong]
    unit = _unit(sheet)
    if unit:
        provenance["unit"] = unit.place
    values["unit"] = _after_label(str(unit.value)) if unit else None
    return SheetRead(Stocktake(**values), provenance, tuple(findings))


def _chosen(sheet: _Sheet, own: list[_Figure]) -> tuple[_Figure | None, bool]:
    """Return the cell of a figure, the total's where there are several, and whether none is."""
    filled = _whole([one for one in own if not is_blank(one.square.text)])
    total = next((one for one in filled if sheet.is_total(one.square.row)), None)
    if total or not filled:
        return total or (own[0] if own else None), False
    apart = len({one.square.row for one in filled}) > 1
    yearly = len(filled) > 1 and any(_YEARLY.search(one.words) for one in filled)
    return filled[0], apart or yearly


def _whole(figures: list[_Figure]) -> list[_Figure]:
    """Leave out households beside persons, parts beside the whole, years beside their sum."""
    for is_less in (
        lambda one: one.measure == "户",
        lambda one: "其中" in one.words,
        lambda one: not _SUMMED.search(one.words),
    ):
        figures = [one for one in figures if not is_less(one)] or figures
    return figures


def _figure(figure: _Figure) -> tuple[int | None, tuple[Finding, ...]]:
    """Return a figure and what is wrong with it."""
    value, expected = figure.square.value, "阿拉伯数字"
    if value is None or (isinstance(value, str) and is_blank(value)):
        return None, ()
    if figure.measure and isinstance(value, int | float | str):
        told = note("unit_mismatch", "按表中单位", f"以“{figure.measure}”计：{quote(str(value))}")
        times = figure.measure if figure.measure not in str(value) else ""
        return read_count(f"{value}{times}").value, told
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None, note("numeric_cell", expected, quote(str(value)))
    if isinstance(value, str):
        counted = read_count(value, (*PEOPLE, "个", "家"))
        plain = re.fullmatch(r"\d+", value.strip()) is not None
        return counted.value, counted.findings or (
            () if plain else note("numeric_cell", expected, quote(value))
        )
    if value != value or abs(value) >= _LARGEST or value != int(value) or value < 0:
        return None, note("numeric_cell", "不小于0的整数", quote(str(value)))
    return int(value), ()


def _unit(sheet: _Sheet) -> Square | None:
    """Return the cell that names the unit: with the label in it, behind it, or below it."""
    cells, taken = sheet.grid.filled, {label.square for label in sheet.labels}
    for index, cell in enumerate(cells):
        head, colon, rest = cell.text.replace(":", "：").partition("：")
        if not _UNIT.fullmatch(fold(head)):
            continue
        if colon and rest.strip():
            return cell
        after = cells[index + 1 :]
        beside = [one for one in after[:1] if one.row == cell.row and one not in taken]
        below = [one for one in after if one.column == cell.column and isinstance(one.value, str)]
        named = next(iter((*beside, *below)), None)
        if named is None or not _is_measure(named):  # else 单位 stood over 个, 人, 人
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
    name = rest if colon and _UNIT.fullmatch(fold(head)) else text
    return None if is_blank(name) else name.strip()
