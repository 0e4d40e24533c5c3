"""Assign the cells of one table to the fields of a form, by label."""

from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass, field

from kjfp_helpers.core.form_schema import Form, FormField
from kjfp_helpers.infra.lazy_loading import lazy_pattern
from kjfp_helpers.intake.common import text_markers
from kjfp_helpers.intake.common.label_matching import (
    EXTRA_LABELS,
    LONG_FIELDS,
    fields_for_label,
    group_labels,
    normalize_form_label,
)
from kjfp_helpers.intake.common.text_cleanup import normalize_label
from kjfp_helpers.intake.documents.document_model import Cell, Table
from kjfp_helpers.intake.forms.cell_splitting import cell_text_for_form
from kjfp_helpers.intake.forms.field_box import FieldBox, cell_key, is_photo_label, join_row

_DATE_LABELS = ("日期", "时间", "推荐日期", "推荐时间", "签署日期", "盖章日期", "落款日期")
_REMARK = lazy_pattern(r"\s*(?:注|备注|说明|填表说明|填写说明)\s*[:：\d]")
_TRAILING_DATE = lazy_pattern(
    r"(?:^|\n)[\s(（单位公盖章)）:：]*[\d二〇○零]{4}\s*年[^\n]{1,8}月[^\n]{1,8}日\s*$"
)
"""A date line at the end of an opinion."""
_MANY_CELL_KINDS = ("options", "names", "regions")
_UNKNOWN_LABEL = lazy_pattern(
    r"\s*(?!人次|天次|人天|人日|个?工作日|万人|余[人天])[\u4e00-\u9fff](?:\s*[\u4e00-\u9fff()（）/]){1,11}\s*[:：]?\s*"
)
"""A label that no form has; measures of a count are none."""
_SINGLE_CELL_KINDS = ("text", "name", "gender", "email")
"""Kinds whose value is a single cell; values of other kinds may span several."""
_RELABELLED_KINDS = ("text", "name", "email", "story", "opinion")
"""Kinds in whose value the label is sometimes typed again."""
_COLON = lazy_pattern("[:：]")


@dataclass
class FormTableReader:
    """Reads one table row by row, label by label.

    ``known_fields`` are fields that another part of the form contains; ``used_cells`` are the cells
    assigned so far; ``label_spans`` maps a row to the field whose label spans it, with its columns;
    ``open_field`` may continue in the next row, ``single_field`` is the only one of the row above.
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
            has_label = False
            index = 0
            while index < len(cells):
                labelled_field = self._find_field(cells[index], row)
                if labelled_field is None:
                    self._record_repeat(cells, index)
                    index += 1
                    continue
                has_label = True
                self._mark_used(cells[index])
                end = index + 1
                while end < len(cells) and not self._is_label(cells[end], row):
                    end += 1
                self._assign_values(labelled_field, cells[index], cells[index + 1 : end])
                self.single_field = labelled_field.name if not index and end == len(cells) else ""
                index = end
            if row in self.label_spans:
                self._assign_spanned(self.label_spans[row], cells)
            if not has_label:
                self._read_unlabelled_row(row, cells)
        return self

    def unassigned_cells(self) -> list[Cell]:
        """Return the cells that are assigned to no field."""
        return [cell for cell in self.table.cells if cell_key(cell) not in self.used_cells]

    def _mark_used(self, cell: Cell) -> None:
        self.used_cells.add(cell_key(cell))

    def _find_field(self, cell: Cell, row: int) -> FormField | None:
        """Return the field whose label a cell is."""
        if normalize_form_label(cell.text) in group_labels(self.form):
            self._mark_used(cell)
            for spanned_row in cell.row_span:
                self.group_by_row[spanned_row] = normalize_form_label(cell.text)
            return None
        candidates = fields_for_label(self.form, cell.text)
        inside = [
            candidate
            for candidate in candidates
            if candidate.group and normalize_label(candidate.group) == self.group_by_row.get(row)
        ]
        outside = [
            candidate
            for candidate in candidates
            if not candidate.group or row not in self.group_by_row
        ]
        unassigned = [
            candidate
            for candidate in (*inside, *outside)
            if candidate.name not in self.boxes.keys() | self.known_fields
        ]
        return unassigned[0] if unassigned else None

    def _record_repeat(self, cells: tuple[Cell, ...], index: int) -> None:
        """Record that a label occurs a second time with another value."""
        candidates = fields_for_label(self.form, cells[index].text)
        known_box = self.boxes.get(candidates[0].name) if len(candidates) == 1 else None
        next_text = cells[index + 1].text if index + 1 < len(cells) else ""
        if known_box and next_text and candidates[0].name not in LONG_FIELDS:
            known_box.has_conflicting_repeat = (
                known_box.has_conflicting_repeat
                or next_text != text_markers.strip_markers(known_box.marked_text)
            )

    def _is_label(self, cell: Cell, row: int) -> bool:
        """Whether a cell is any label: of a field, of an added row, or of the photo."""
        return (
            self._find_field(cell, row) is not None
            or normalize_form_label(cell.text) in EXTRA_LABELS
            or is_photo_label(cell)
        )

    def _assign_values(
        self, labelled_field: FormField, label: Cell, values: tuple[Cell, ...]
    ) -> None:
        """Assign the cells right of a label, or the cell below if the label ends the row."""
        is_displaced = bool(values and values[0].part and self.table.number)
        if not values or (self._values_are_below(label) and not any(cell.text for cell in values)):
            values = self._cell_below(label) or values
            is_displaced = bool(values)
        filled_cells = [cell for cell in values if cell.text]
        has_extra_text = len(filled_cells) > 1 and (
            labelled_field.kind in _SINGLE_CELL_KINDS or _has_unknown_label(labelled_field, values)
        )
        used = filled_cells[:1] if has_extra_text else filled_cells or list(values[:1])
        for cell in [*used, *values[:1]]:
            self._mark_used(cell)
        self.boxes[labelled_field.name] = FieldBox(
            marked_text=join_row(
                [self._cell_value(labelled_field, cell) for cell in used],
                labelled_field.name in LONG_FIELDS,
            ),
            location=(used[0] if used else label).location,
            picture_count=sum(cell.picture_count for cell in values),
            is_displaced=is_displaced,
            has_extra_text=has_extra_text,
            label=label.marked_text,
        )
        end_column = values[-1].column + 1 if values else label.column + 1
        for row in label.row_span[1:]:
            self.label_spans[row] = (
                labelled_field.name,
                label.column + 1,
                max(end_column, label.column + 2),
            )
        loose = not self.table.number and not filled_cells
        self.open_field = labelled_field.name if labelled_field.name in LONG_FIELDS or loose else ""

    def _cell_value(self, labelled_field: FormField, cell: Cell) -> str:
        """Return the marked text of a cell without a repeated label."""
        if labelled_field.kind in ("names", "regions"):
            return cell.marked_text
        text = cell_text_for_form(cell, self.form)
        parts = (
            _COLON.split(text, maxsplit=1) if labelled_field.kind in _RELABELLED_KINDS else [text]
        )
        repeats_label = len(parts) > 1 and labelled_field in fields_for_label(
            self.form, text_markers.strip_markers(parts[0])
        )
        return parts[1].lstrip() if repeats_label and parts[1].strip() else text

    def _assign_spanned(self, span: tuple[str, int, int], cells: tuple[Cell, ...]) -> None:
        """Assign the cells beside a label that spans several rows."""
        name, start, end = span
        unused = [
            cell
            for cell in cells
            if cell_key(cell) not in self.used_cells
            and start <= cell.column < end
            and (cell.text or cell.picture_count)
            and not self._is_label(cell, cell.row)
        ]
        texts = [cell_text_for_form(cell, self.form) for cell in unused]
        separator = "｜" if name == "regions" else "\n"
        self.boxes[name].append(separator.join(texts), sum(cell.picture_count for cell in unused))
        for cell in unused:
            self._mark_used(cell)

    def _values_are_below(self, label: Cell) -> bool:
        """Whether labels are above their values: the last label of the row has blank neighbours."""
        below = self.table.by_row.get(label.row_span.stop, ())
        has_displaced_above = any(box.is_displaced for box in self.boxes.values()) and bool(
            self.table.number
        )
        return has_displaced_above and not any(self._is_label(cell, cell.row) for cell in below)

    def _cell_below(self, label: Cell) -> tuple[Cell, ...]:
        """Return the cell below a label if it is no label."""
        row_below = self.table.by_row.get(label.row_span.stop, ())
        same_column = [cell for cell in row_below if cell.column == label.column]
        row_cells = self.table.by_row.get(label.row, ())
        if not same_column and len(row_below) == len(row_cells):
            same_column = [row_below[row_cells.index(label)]]
        return tuple(cell for cell in same_column[:1] if not self._is_label(cell, cell.row))

    def _read_unlabelled_row(self, row: int, cells: tuple[Cell, ...]) -> None:
        """Read a row without a known label: the rest of a long field, or an added row."""
        unused = [cell for cell in cells if cell_key(cell) not in self.used_cells]
        filled_cells = [cell for cell in unused if cell.text or cell.picture_count]
        if not filled_cells:
            return
        open_box = self.boxes.get(self.open_field)
        if (
            self.open_field == LONG_FIELDS[-1]
            and open_box is not None
            and self._is_after_opinion(filled_cells, open_box)
        ):
            return
        repeated_fields = fields_for_label(self.form, filled_cells[0].text)
        if (
            repeated_fields
            and repeated_fields[0].name in self.boxes
            and repeated_fields[0].name in LONG_FIELDS
            and len(filled_cells) > 1
        ):
            self._append_continuation(repeated_fields[0].name, filled_cells[1:])
        elif self._is_added_row(filled_cells):
            self.added_labels.append(filled_cells[0].text)
            self.open_field = ""
        elif self.open_field:
            self._append_to(self.open_field, filled_cells)
            self.open_field = self.open_field if self.open_field in LONG_FIELDS else ""
        elif self.single_field and not cells[0].text and filled_cells[0] is not cells[0]:
            self._append_to(self.single_field, filled_cells)

    def _is_after_opinion(self, filled_cells: list[Cell], opinion: FieldBox) -> bool:
        """Whether a row after the opinion does not continue it; a labelled date is assigned."""
        first_text = filled_cells[0].text
        if normalize_form_label(first_text) in _DATE_LABELS and len(filled_cells) > 1:
            self._append_to(self.open_field, filled_cells[1:])
            self._mark_used(filled_cells[0])
            return True
        is_signed = not self.table.number and _TRAILING_DATE.search(
            text_markers.strip_markers(opinion.marked_text)
        )
        return bool(first_text) and (bool(is_signed) or _REMARK.match(first_text) is not None)

    def _append_to(self, name: str, filled_cells: list[Cell]) -> None:
        """Append cells to a field that began in a previous row."""
        box = self.boxes.setdefault(name, FieldBox("", filled_cells[0].location))
        texts = [cell_text_for_form(cell, self.form) for cell in filled_cells]
        box.append(
            join_row(texts, name in LONG_FIELDS), sum(cell.picture_count for cell in filled_cells)
        )
        box.is_displaced = box.is_displaced or not self.table.number or name not in LONG_FIELDS
        for cell in filled_cells:
            self._mark_used(cell)

    def _append_continuation(self, name: str, cells: Iterable[Cell]) -> None:
        """Append to a long field that began before, as in 主要事迹（续）."""
        for cell in cells:
            self.boxes[name].append(cell_text_for_form(cell, self.form), cell.picture_count)
            self._mark_used(cell)

    def _is_added_row(self, filled_cells: list[Cell]) -> bool:
        """Whether a row has a label that is not on the form."""
        label = normalize_form_label(filled_cells[0].text)
        if label in EXTRA_LABELS:
            return True
        is_printed = any(phrase in label for phrase in ("盖章", "年月日", "公章"))
        return (
            len(filled_cells) > 1
            and 1 < len(label) <= 10
            and self.table.number > 0
            and not is_printed
        )


def _has_unknown_label(labelled_field: FormField, values: Sequence[Cell]) -> bool:
    """Whether behind the value of a short field a cell looks like the label of another."""
    if labelled_field.kind in _MANY_CELL_KINDS or labelled_field.name in LONG_FIELDS:
        return False
    return (
        len(values) > 2 and bool(values[0].text) and bool(_UNKNOWN_LABEL.fullmatch(values[1].text))
    )
