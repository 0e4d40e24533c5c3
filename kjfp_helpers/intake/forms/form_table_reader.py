"""The boxes of one form from one table: which words stand in the place of which field."""

import re
from collections.abc import Iterable, Set
from dataclasses import dataclass, field

from kjfp_helpers.core.form_schema import Field, Form
from kjfp_helpers.intake.common import inline_markers
from kjfp_helpers.intake.common.label_matching import (
    EXTRA_LABELS,
    LONG_FIELDS,
    fields_for_label,
    group_labels,
    normalize_form_label,
)
from kjfp_helpers.intake.common.text_cleanup import normalize_label, strip_whitespace
from kjfp_helpers.intake.documents.document_model import Cell, Table
from kjfp_helpers.intake.forms.cell_splitting import cell_text_for_form

_PIECE = 6
_DATED = ("日期", "时间", "推荐日期", "推荐时间", "签署日期", "盖章日期", "落款日期")
_REMARK = re.compile(r"\s*(?:注|备注|说明|填表说明|填写说明)\s*[:：\d]")
_SIGNED = re.compile(
    r"(?:^|\n)[\s(（单位公盖章)）:：]*[\d二〇○零]{4}\s*年[^\n]{1,8}月[^\n]{1,8}日\s*$"
)
"""A line that is all date, with which an opinion ends."""
_SINGLE = ("text", "name", "gender", "email")
"""Kinds whose value is one cell; others may be spread over several."""
_WORDED = ("text", "name", "email", "story", "opinion")
"""Kinds in whose box the label is sometimes typed again."""
_PHOTO = re.compile("照片|相片|[一二两12]寸")
_PHOTO_WORDS = 30
_COLON = re.compile("[:：]")


@dataclass
class FieldBox:
    """The words and pictures found for one field; ``label`` are the words of its label.

    ``is_displaced`` is whether it stood elsewhere than right of its label, ``has_extra_text`` whether cells
    behind it held words that no label explains, ``is_continued`` whether it ran on behind the form,
    ``has_conflicting_repeat`` whether its label stands again beside another value.
    """

    marked_text: str
    location: str
    picture_count: int = 0
    is_displaced: bool = False
    has_extra_text: bool = False
    label: str = ""
    is_continued: bool = False
    has_conflicting_repeat: bool = False

    def append(self, marked: str, pictures: int) -> None:
        """Take further words, from a row or a line below."""
        self.marked_text = f"{self.marked_text}\n{marked}".strip()
        self.picture_count += pictures


@dataclass
class FormTableReader:
    """Reads one table row by row, label by label.

    ``known_fields`` are fields that another part of the form held; ``used_cells`` are the cells taken;
    ``label_spans`` tells for a row the field whose label reaches down to it, and its columns;
    ``open_field`` is the field that runs on below, ``single_field`` the only one of the row above.
    """

    table: Table
    form: Form
    known_fields: Set[str] = frozenset()
    boxes: dict[str, FieldBox] = field(default_factory=dict)
    used_cells: set[tuple[int, int, int]] = field(default_factory=set)
    added_labels: list[str] = field(default_factory=list)
    group_by_row: dict[int, str] = field(default_factory=dict)
    label_spans: dict[int, tuple[str, int, int]] = field(default_factory=dict)
    open_field: str = ""
    single_field: str = ""

    def read(self) -> "FormTableReader":
        """Read the whole table."""
        for row, cells in self.table.by_row.items():
            labelled = False
            index = 0
            while index < len(cells):
                found = self._label(cells[index], row)
                if found is None:
                    self._twice(cells, index)
                    index += 1
                    continue
                labelled = True
                self._use(cells[index])
                end = index + 1
                while end < len(cells) and not self._is_label(cells[end], row):
                    end += 1
                self._take(found, cells[index], cells[index + 1 : end])
                self.single_field = found.name if not index and end == len(cells) else ""
                index = end
            if row in self.label_spans:
                self._under(self.label_spans[row], cells)
            if not labelled:
                self._continue(row, cells)
        return self

    def unassigned_cells(self) -> list[Cell]:
        """Return the cells that no field took."""
        return [cell for cell in self.table.cells if _key(cell) not in self.used_cells]

    def _use(self, cell: Cell) -> None:
        self.used_cells.add(_key(cell))

    def _label(self, cell: Cell, row: int) -> Field | None:
        """Return the field that a cell is the label of."""
        if normalize_form_label(cell.text) in group_labels(self.form):
            self._use(cell)
            for spanned in cell.row_span:
                self.group_by_row[spanned] = normalize_form_label(cell.text)
            return None
        candidates = fields_for_label(self.form, cell.text)
        inside = [
            item
            for item in candidates
            if item.group and normalize_label(item.group) == self.group_by_row.get(row)
        ]
        outside = [item for item in candidates if not item.group or row not in self.group_by_row]
        fresh = [
            item
            for item in (*inside, *outside)
            if item.name not in self.boxes.keys() | self.known_fields
        ]
        return fresh[0] if fresh else None

    def _twice(self, cells: tuple[Cell, ...], index: int) -> None:
        """Note that a label stands a second time with another value beside it."""
        candidates = fields_for_label(self.form, cells[index].text)
        box = self.boxes.get(candidates[0].name) if len(candidates) == 1 else None
        beside = cells[index + 1].text if index + 1 < len(cells) else ""
        if box and beside and candidates[0].name not in LONG_FIELDS:
            box.has_conflicting_repeat = (
                box.has_conflicting_repeat
                or beside != inline_markers.strip_markers(box.marked_text)
            )

    def _is_label(self, cell: Cell, row: int) -> bool:
        return (
            self._label(cell, row) is not None
            or normalize_form_label(cell.text) in EXTRA_LABELS
            or is_photo_label(cell)
        )

    def _take(self, item: Field, label: Cell, values: tuple[Cell, ...]) -> None:
        """File the cells right of a label, or the cell below where the label ends the row."""
        moved = bool(values and values[0].part and self.table.number)
        if not values or (self._goes_down(label) and not any(cell.text for cell in values)):
            values = self._below(label) or values
            moved = bool(values)
        filled = [cell for cell in values if cell.text]
        more = item.kind in _SINGLE and len(filled) > 1
        taken = filled[:1] if more else filled or list(values[:1])
        for cell in [*taken, *values[:1]]:
            self._use(cell)
        self.boxes[item.name] = FieldBox(
            marked_text=_in_row(
                [self._words(item, cell) for cell in taken], item.name in LONG_FIELDS
            ),
            location=(taken[0] if taken else label).location,
            picture_count=sum(cell.picture_count for cell in values),
            is_displaced=moved,
            has_extra_text=more,
            label=label.marked_text,
        )
        end = values[-1].column + 1 if values else label.column + 1
        for row in label.row_span[1:]:
            self.label_spans[row] = (item.name, label.column + 1, max(end, label.column + 2))
        loose = not self.table.number and not filled
        self.open_field = item.name if item.name in LONG_FIELDS or loose else ""

    def _words(self, item: Field, cell: Cell) -> str:
        if item.kind in ("names", "regions"):
            return cell.marked_text
        words = cell_text_for_form(cell, self.form)
        parts = _COLON.split(words, maxsplit=1) if item.kind in _WORDED else [words]
        again = len(parts) > 1 and item in fields_for_label(
            self.form, inline_markers.strip_markers(parts[0])
        )
        return parts[1].lstrip() if again and parts[1].strip() else words

    def _under(self, span: tuple[str, int, int], cells: tuple[Cell, ...]) -> None:
        """Take the cells beside a label that reaches down over several rows."""
        name, start, end = span
        free = [
            cell
            for cell in cells
            if _key(cell) not in self.used_cells
            and start <= cell.column < end
            and (cell.text or cell.picture_count)
            and not self._is_label(cell, cell.row)
        ]
        words = [cell_text_for_form(cell, self.form) for cell in free]
        between = "｜" if name == "regions" else "\n"
        self.boxes[name].append(between.join(words), sum(cell.picture_count for cell in free))
        for cell in free:
            self._use(cell)

    def _goes_down(self, label: Cell) -> bool:
        """Whether labels stand over their values: the last of them has blanks beside it."""
        below = self.table.by_row.get(label.row_span.stop, ())
        over = any(box.is_displaced for box in self.boxes.values()) and bool(self.table.number)
        return over and not any(self._is_label(cell, cell.row) for cell in below)

    def _below(self, label: Cell) -> tuple[Cell, ...]:
        below = self.table.by_row.get(label.row_span.stop, ())
        at = [cell for cell in below if cell.column == label.column]
        same = self.table.by_row.get(label.row, ())
        if not at and len(below) == len(same):
            at = [below[same.index(label)]]
        return tuple(cell for cell in at[:1] if not self._is_label(cell, cell.row))

    def _continue(self, row: int, cells: tuple[Cell, ...]) -> None:
        """Read a row without a label of ours: the rest of a long box, or a row of its own."""
        free = [cell for cell in cells if _key(cell) not in self.used_cells]
        filled = [cell for cell in free if cell.text or cell.picture_count]
        if not filled:
            return
        last = self.boxes.get(self.open_field)
        if self.open_field == LONG_FIELDS[-1] and last is not None and self._behind(filled, last):
            return
        again = fields_for_label(self.form, filled[0].text)
        if (
            again
            and again[0].name in self.boxes
            and again[0].name in LONG_FIELDS
            and len(filled) > 1
        ):
            self._again(again[0].name, filled[1:])
        elif self._own_row(filled):
            self.added_labels.append(filled[0].text)
            self.open_field = ""
        elif self.open_field:
            self._append(self.open_field, filled)
            self.open_field = self.open_field if self.open_field in LONG_FIELDS else ""
        elif self.single_field and not cells[0].text and filled[0] is not cells[0]:
            self._append(self.single_field, filled)

    def _behind(self, filled: list[Cell], opinion: FieldBox) -> bool:
        """Whether a row behind the opinion is no more of it; its date may have a label."""
        first = filled[0].text
        if normalize_form_label(first) in _DATED and len(filled) > 1:
            self._append(self.open_field, filled[1:])
            self._use(filled[0])
            return True
        signed = not self.table.number and _SIGNED.search(
            inline_markers.strip_markers(opinion.marked_text)
        )
        return bool(first) and (bool(signed) or _REMARK.match(first) is not None)

    def _append(self, name: str, filled: list[Cell]) -> None:
        box = self.boxes.setdefault(name, FieldBox("", filled[0].location))
        words = [cell_text_for_form(cell, self.form) for cell in filled]
        box.append(_in_row(words, name in LONG_FIELDS), sum(cell.picture_count for cell in filled))
        box.is_displaced = box.is_displaced or not self.table.number or name not in LONG_FIELDS
        for cell in filled:
            self._use(cell)

    def _again(self, name: str, cells: Iterable[Cell]) -> None:
        """Join a long box that was begun before, as in 主要事迹（续）."""
        for cell in cells:
            self.boxes[name].append(cell_text_for_form(cell, self.form), cell.picture_count)
            self._use(cell)

    def _own_row(self, filled: list[Cell]) -> bool:
        """Whether a row has a label of its own that the form does not know."""
        word = normalize_form_label(filled[0].text)
        if word in EXTRA_LABELS:
            return True
        template = any(sign in word for sign in ("盖章", "年月日", "公章"))
        return len(filled) > 1 and 1 < len(word) <= 10 and self.table.number > 0 and not template


def _in_row(words: list[str], long: bool) -> str:
    """Join the cells of one row: pieces of a date stay together, passages stand apart."""
    short = all(len(inline_markers.strip_markers(one)) <= _PIECE for one in words)
    return ("\n" if long and not short else " ").join(words)


def _key(cell: Cell) -> tuple[int, int, int]:
    return cell.row, cell.position, cell.part


def is_photo_label(cell: Cell) -> bool:
    """Whether a cell is the place of the photo."""
    words = strip_whitespace(cell.text)
    return len(words) < _PHOTO_WORDS and _PHOTO.search(words) is not None
