"""The boxes of one form from one table: which words stand in the place of which field."""

import re
from collections.abc import Iterable, Set
from dataclasses import dataclass, field

from kjfp_helpers.core.form_schema import Field, Form
from kjfp_helpers.intake.common import inline_markers
from kjfp_helpers.intake.common.label_matching import LONG, OTHERS, fields_of, groups, label_word
from kjfp_helpers.intake.common.text_cleanup import normalize_label, strip_whitespace
from kjfp_helpers.intake.documents.document_model import Cell, Table
from kjfp_helpers.intake.forms.cell_splitting import own_words

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
class Box:
    """The words and pictures found for one field; ``label`` are the words of its label.

    ``moved`` is whether it stood elsewhere than right of its label, ``more`` whether cells
    behind it held words that no label explains, ``continued`` whether it ran on behind the form,
    ``twice`` whether its label stands again beside another value.
    """

    marked: str
    place: str
    pictures: int = 0
    moved: bool = False
    more: bool = False
    label: str = ""
    continued: bool = False
    twice: bool = False

    def append(self, marked: str, pictures: int) -> None:
        """Take further words, from a row or a line below."""
        self.marked = f"{self.marked}\n{marked}".strip()
        self.pictures += pictures


@dataclass
class TableReader:
    """Reads one table row by row, label by label.

    ``known`` are fields that another part of the form held; ``used`` are the cells taken;
    ``spans`` tells for a row the field whose label reaches down to it, and its columns;
    ``last`` is the field that runs on below, ``single`` the only one of the row above.
    """

    table: Table
    form: Form
    known: Set[str] = frozenset()
    boxes: dict[str, Box] = field(default_factory=dict)
    used: set[tuple[int, int, int]] = field(default_factory=set)
    added: list[str] = field(default_factory=list)
    groups: dict[int, str] = field(default_factory=dict)
    spans: dict[int, tuple[str, int, int]] = field(default_factory=dict)
    last: str = ""
    single: str = ""

    def read(self) -> "TableReader":
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
                self.single = found.name if not index and end == len(cells) else ""
                index = end
            if row in self.spans:
                self._under(self.spans[row], cells)
            if not labelled:
                self._continue(row, cells)
        return self

    def loose(self) -> list[Cell]:
        """Return the cells that no field took."""
        return [cell for cell in self.table.cells if _key(cell) not in self.used]

    def _use(self, cell: Cell) -> None:
        self.used.add(_key(cell))

    def _label(self, cell: Cell, row: int) -> Field | None:
        """Return the field that a cell is the label of."""
        if label_word(cell.text) in groups(self.form):
            self._use(cell)
            for spanned in cell.rows:
                self.groups[spanned] = label_word(cell.text)
            return None
        candidates = fields_of(self.form, cell.text)
        inside = [
            item
            for item in candidates
            if item.group and normalize_label(item.group) == self.groups.get(row)
        ]
        outside = [item for item in candidates if not item.group or row not in self.groups]
        fresh = [
            item for item in (*inside, *outside) if item.name not in self.boxes.keys() | self.known
        ]
        return fresh[0] if fresh else None

    def _twice(self, cells: tuple[Cell, ...], index: int) -> None:
        """Note that a label stands a second time with another value beside it."""
        candidates = fields_of(self.form, cells[index].text)
        box = self.boxes.get(candidates[0].name) if len(candidates) == 1 else None
        beside = cells[index + 1].text if index + 1 < len(cells) else ""
        if box and beside and candidates[0].name not in LONG:
            box.twice = box.twice or beside != inline_markers.plain(box.marked)

    def _is_label(self, cell: Cell, row: int) -> bool:
        return (
            self._label(cell, row) is not None
            or label_word(cell.text) in OTHERS
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
        self.boxes[item.name] = Box(
            marked=_in_row([self._words(item, cell) for cell in taken], item.name in LONG),
            place=(taken[0] if taken else label).place,
            pictures=sum(cell.pictures for cell in values),
            moved=moved,
            more=more,
            label=label.marked,
        )
        end = values[-1].column + 1 if values else label.column + 1
        for row in label.rows[1:]:
            self.spans[row] = (item.name, label.column + 1, max(end, label.column + 2))
        loose = not self.table.number and not filled
        self.last = item.name if item.name in LONG or loose else ""

    def _words(self, item: Field, cell: Cell) -> str:
        if item.kind in ("names", "regions"):
            return cell.marked
        words = own_words(cell, self.form)
        parts = _COLON.split(words, maxsplit=1) if item.kind in _WORDED else [words]
        again = len(parts) > 1 and item in fields_of(self.form, inline_markers.plain(parts[0]))
        return parts[1].lstrip() if again and parts[1].strip() else words

    def _under(self, span: tuple[str, int, int], cells: tuple[Cell, ...]) -> None:
        """Take the cells beside a label that reaches down over several rows."""
        name, start, end = span
        free = [
            cell
            for cell in cells
            if _key(cell) not in self.used
            and start <= cell.column < end
            and (cell.text or cell.pictures)
            and not self._is_label(cell, cell.row)
        ]
        words = [own_words(cell, self.form) for cell in free]
        between = "｜" if name == "regions" else "\n"
        self.boxes[name].append(between.join(words), sum(cell.pictures for cell in free))
        for cell in free:
            self._use(cell)

    def _goes_down(self, label: Cell) -> bool:
        """Whether labels stand over their values: the last of them has blanks beside it."""
        below = self.table.by_row.get(label.rows.stop, ())
        over = any(box.moved for box in self.boxes.values()) and bool(self.table.number)
        return over and not any(self._is_label(cell, cell.row) for cell in below)

    def _below(self, label: Cell) -> tuple[Cell, ...]:
        below = self.table.by_row.get(label.rows.stop, ())
        at = [cell for cell in below if cell.column == label.column]
        same = self.table.by_row.get(label.row, ())
        if not at and len(below) == len(same):
            at = [below[same.index(label)]]
        return tuple(cell for cell in at[:1] if not self._is_label(cell, cell.row))

    def _continue(self, row: int, cells: tuple[Cell, ...]) -> None:
        """Read a row without a label of ours: the rest of a long box, or a row of its own."""
        free = [cell for cell in cells if _key(cell) not in self.used]
        filled = [cell for cell in free if cell.text or cell.pictures]
        if not filled:
            return
        last = self.boxes.get(self.last)
        if self.last == LONG[-1] and last is not None and self._behind(filled, last):
            return
        again = fields_of(self.form, filled[0].text)
        if again and again[0].name in self.boxes and again[0].name in LONG and len(filled) > 1:
            self._again(again[0].name, filled[1:])
        elif self._own_row(filled):
            self.added.append(filled[0].text)
            self.last = ""
        elif self.last:
            self._append(self.last, filled)
            self.last = self.last if self.last in LONG else ""
        elif self.single and not cells[0].text and filled[0] is not cells[0]:
            self._append(self.single, filled)

    def _behind(self, filled: list[Cell], opinion: Box) -> bool:
        """Whether a row behind the opinion is no more of it; its date may have a label."""
        first = filled[0].text
        if label_word(first) in _DATED and len(filled) > 1:
            self._append(self.last, filled[1:])
            self._use(filled[0])
            return True
        signed = not self.table.number and _SIGNED.search(inline_markers.plain(opinion.marked))
        return bool(first) and (bool(signed) or _REMARK.match(first) is not None)

    def _append(self, name: str, filled: list[Cell]) -> None:
        box = self.boxes.setdefault(name, Box("", filled[0].place))
        words = [own_words(cell, self.form) for cell in filled]
        box.append(_in_row(words, name in LONG), sum(cell.pictures for cell in filled))
        box.moved = box.moved or not self.table.number or name not in LONG
        for cell in filled:
            self._use(cell)

    def _again(self, name: str, cells: Iterable[Cell]) -> None:
        """Join a long box that was begun before, as in 主要事迹（续）."""
        for cell in cells:
            self.boxes[name].append(own_words(cell, self.form), cell.pictures)
            self._use(cell)

    def _own_row(self, filled: list[Cell]) -> bool:
        """Whether a row has a label of its own that the form does not know."""
        word = label_word(filled[0].text)
        if word in OTHERS:
            return True
        template = any(sign in word for sign in ("盖章", "年月日", "公章"))
        return len(filled) > 1 and 1 < len(word) <= 10 and self.table.number > 0 and not template


def _in_row(words: list[str], long: bool) -> str:
    """Join the cells of one row: pieces of a date stay together, passages stand apart."""
    short = all(len(inline_markers.plain(one)) <= _PIECE for one in words)
    return ("\n" if long and not short else " ").join(words)


def _key(cell: Cell) -> tuple[int, int, int]:
    return cell.row, cell.nth, cell.part


def is_photo_label(cell: Cell) -> bool:
    """Whether a cell is the place of the photo."""
    words = strip_whitespace(cell.text)
    return len(words) < _PHOTO_WORDS and _PHOTO.search(words) is not None
