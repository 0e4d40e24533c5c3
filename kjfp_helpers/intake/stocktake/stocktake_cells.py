"""Which cells of a table are figures of the stock-take: labels are found by their words.

A figure is the cell whose labels, left of it and above it, name one of the quantities and whether
target or done is meant: quantities may stand in rows or in columns, under one heading or two.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from kjfp_helpers.core.normalize import even
from kjfp_helpers.intake.common.text_cleanup import normalize_label
from kjfp_helpers.intake.documents.grid_model import Grid, GridCell

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
_TITLE = re.compile("表$|“两数”|通知")
_ASIDE_WORDS = re.compile(
    r"^\d+[.、]|(?:截至|截止)?\d{4}年?(?:[-至]\d{4}年?)?(?:\d{1,2}月)?[底末]?(?:以来)?"
)
"""A number before a label, and the years it speaks of."""
_LONGEST = 30
_MEASURES = {
    "户": re.compile(r"户数|\(户\)"),
    "万": re.compile(r"[(:/]万|万[人名户]"),
    "人次": re.compile("人次"),
}
"""Measures that are not the form's own, as a label says them (evened)."""
_MEASURE = re.compile("万?(?:人次|[人名户个家])")
"""A cell that says in what a row is counted."""


@dataclass(frozen=True, slots=True)
class _Label:
    """What a cell says of the figures beside or below it; ``measure`` where not the form's own."""

    square: GridCell
    quantity: str
    suffix: str
    measure: str


@dataclass(frozen=True, slots=True)
class Figure:
    """A cell that the labels around it explain; ``label_text`` are those of the nearest two."""

    cell: GridCell
    name: str
    measure: str
    label_text: str


@dataclass(frozen=True)
class LabelledGrid:
    """A grid with its labels found."""

    grid: Grid

    @cached_property
    def labels(self) -> list[_Label]:
        """Cells that name a quantity, or target, or done."""
        found = [label for square in self.grid.filled_cells if (label := _label(square))]
        named = {one.square.row for one in found if one.quantity and one.square.height == 1}
        headed = {(one.square.column, one.square.row) for one in found if not one.quantity}

        def answers(label: _Label) -> bool:  # 已完成 typed where the figure belongs
            at = label.square
            above = any(column == at.column and row < at.row for column, row in headed)
            return not label.quantity and at.row in named and above

        return [label for label in found if not answers(label)]

    def figures(self) -> Iterator[Figure]:
        """Yield the cells that the labels explain, blank ones too, in reading order."""
        taken = {label.square for label in self.labels}
        for square in self.grid.cells:
            if square in taken:
                continue
            beside, above = self._beside(square), self._above(square)
            quantity = _only(label.quantity for label in (*beside, *above))
            suffix = _only(label.suffix for label in (*beside, *above))
            if quantity and suffix:
                said = (*(one.measure for one in (*beside, *above)), self._measures.get(square.row))
                measure = next((one for one in said if one), "")
                words = _said(beside, above, quantity, suffix)
                yield Figure(square, f"{quantity}_{suffix}", measure, words)

    def _beside(self, square: GridCell) -> list[_Label]:
        """Return the labels left of a cell, the nearest first."""
        row = [
            label
            for label in self.labels
            if label.square.row <= square.row < label.square.row + label.square.height
            and label.square.column < square.column
        ]
        return sorted(row, key=lambda label: -label.square.column)

    def _above(self, square: GridCell) -> list[_Label]:
        """Return the labels above a cell, the nearest first."""
        column = [
            label
            for label in self.labels
            if label.square.row < square.row and self._covers(label.square, square.column)
        ]
        return sorted(column, key=lambda label: -label.square.row)

    def _covers(self, head: GridCell, column: int) -> bool:
        """Whether a heading stands over a column: merged, or with blanks over the heads below."""
        if head.column <= column < head.column + head.width:
            return True
        below = {label.square.column for label in self.labels if label.square.row == head.row + 1}
        between = range(head.column + 1, column + 1)
        return (
            column > head.column
            and column in below
            and not any((head.row, at) in self._filled for at in between)
        )

    @cached_property
    def _measures(self) -> dict[int, str]:
        """Measures that rows say in a cell of their own."""
        words = {one.row: even(one.text) for one in self.grid.filled_cells if is_measure(one)}
        return {row: _measure(f"({word})") for row, word in words.items()}

    @cached_property
    def _filled(self) -> set[tuple[int, int]]:
        return {(one.row, one.column) for one in self.grid.filled_cells}

    def is_total(self, row: int) -> bool:
        """Whether a row is marked as the sum of others."""
        return any(
            one.row == row and _TOTAL.fullmatch(normalize_label(one.text))
            for one in self.grid.filled_cells
        )


def _label(square: GridCell) -> _Label | None:
    if not isinstance(square.value, str):
        return None
    whole, word = even(square.value), _ASIDE_WORDS.sub("", normalize_label(square.value))
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


def is_measure(square: GridCell) -> bool:
    """Whether a cell only says in what a row is counted."""
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
