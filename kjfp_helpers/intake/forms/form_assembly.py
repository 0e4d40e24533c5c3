"""The parts of a document put together to forms: tables cut in two, lines between and behind.

A part is a form of its own where it has the labels of one; else it is more of the form before.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from kjfp_helpers.core.form_schema import FORMS, Form
from kjfp_helpers.intake.common import inline_markers
from kjfp_helpers.intake.common.label_matching import LONG, is_known, label_word
from kjfp_helpers.intake.documents.document_model import Cell, Document, Paragraph, Table
from kjfp_helpers.intake.fields.field_readers import is_elsewhere, points_on
from kjfp_helpers.intake.forms.cell_splitting import as_table, split_cells
from kjfp_helpers.intake.forms.form_segmentation import (
    LEAST_LABELS,
    by_first_label,
    by_title,
    fit,
    form_of,
    parts_of,
    stacked,
    without_notes,
)
from kjfp_helpers.intake.forms.form_table_reader import Box, TableReader
from kjfp_helpers.intake.forms.form_titles import names_a_form

_REMARK = re.compile(r"^\s*(?:注|说明|填表说明|备注|填表|附件)[:：\d]?")
_NUMBERED = re.compile(r"^\s*[(（]?(?:\d{1,2}|[一二三四五六七八九十]{1,2})[.．、)）]")
_SIGNED = re.compile(r"^[\s\d年月日.\-/（(单位公盖章)）:：]*$")
_LEAST_REST = 60


@dataclass
class Sheet:
    """The boxes of one form, gathered over its tables and lines."""

    form: Form
    boxes: dict[str, Box] = field(default_factory=dict)
    loose: list[Cell] = field(default_factory=list)
    added: list[str] = field(default_factory=list)
    last: str = ""
    above: list[Paragraph] = field(default_factory=list)
    below: list[Paragraph] = field(default_factory=list)

    def take(self, reader: TableReader) -> None:
        """File what a part of the form held."""
        self.boxes |= {name: box for name, box in reader.boxes.items() if name not in self.boxes}
        self.loose += reader.loose()
        self.added += reader.added
        if reader.table.number or reader.boxes:
            self.last = reader.last if reader.table.number else ""

    def go_on(self, table: Table) -> TableReader:
        """Take a further part of the form; deeds behind the table are told of."""
        known = self.boxes.keys() - set(LONG)
        last = self.last if table.number and _begins_unlabelled(table) else ""
        more = TableReader(table, self.form, known=known, last=last).read()
        for name in more.boxes.keys() & self.boxes.keys():
            box, rest = self.boxes[name], more.boxes[name]
            if name == "story":
                _go_on_behind(box, rest.marked, told=not table.number)
            else:
                box.append(rest.marked, rest.pictures)
        self.take(more)
        return more

    def join_rest(self) -> None:
        """Join further pages behind the form to its story, and a date behind it to the opinion."""
        rest = list(_without_remarks(self.below))
        opinion = self.boxes.get("recommendation")
        signed = [one for one in rest if _SIGNED.match(one.text) and one.text]
        if opinion and signed and not re.search(r"\d", inline_markers.plain(opinion.marked)):
            opinion.append("\n".join(one.marked for one in signed), 0)
            opinion.moved = True
        words = [one.marked for one in rest if one not in signed and one.text]
        length = sum(len(inline_markers.plain(one)) for one in words)
        story = self.boxes.get("story")
        if story is not None and length >= _LEAST_REST:
            if label_word(inline_markers.plain(words[0])).endswith(
                ("主要事迹", "事迹材料", "事迹", "附页")
            ):
                words = words[1:]
            _go_on_behind(story, "\n".join(words), told=True)


def gather(document: Document) -> list[Sheet]:
    """Return the forms of a document in order, each with its boxes and the lines around it."""
    gathered = _Gathering()
    for part in parts_of(document):
        if isinstance(part, Table):
            gathered.table(part)
        else:
            gathered.lines(part)
    for sheet in gathered.sheets:
        sheet.join_rest()
    return gathered.sheets


def _without_remarks(paragraphs: Sequence[Paragraph]) -> Iterator[Paragraph]:
    """Yield lines but the notes on filling in the form, which may be a numbered list."""
    noting = False
    for one in paragraphs:
        noting = bool(_REMARK.match(one.text) or (noting and _NUMBERED.match(one.text)))
        if not noting:
            yield one


@dataclass
class _Gathering:
    """Puts the parts of a document together to forms."""

    sheets: list[Sheet] = field(default_factory=list)
    waiting: list[Paragraph] = field(default_factory=list)
    small: list[Table] = field(default_factory=list)
    """Tables before the first form that are too small to be one: its first rows, perhaps."""

    def table(self, table: Table) -> None:
        """Take a table: a form, more of one, or its first rows where it is too small for one."""
        table = without_notes(table)
        if not table.cells:
            return
        last = self.sheets[-1] if self.sheets else None
        for parts in ([*self.small, table], [table])[not self.small :]:
            whole = stacked(parts)
            form = form_of(whole, last.form if last else None)
            if form is not None and fit(parts, form) and self._pieces(whole, form):
                self.small = []
                return
        if last is None and any(is_known(cell.text) for cell in table.cells):
            self.small.append(table)

    def _pieces(self, table: Table, form: Form) -> bool:
        pieces = by_first_label(split_cells(table, form), form)
        return any([self._add(piece, form) for piece in pieces])

    def lines(self, paragraphs: list[Paragraph]) -> None:
        typed = [one for one in paragraphs if one.text or one.pictures]
        for run in by_title(typed):
            self._lines(run)
        self.waiting = typed or self.waiting

    def _lines(self, typed: list[Paragraph]) -> None:
        last = self.sheets[-1] if self.sheets else None
        if last is not None and not any(names_a_form(one.text) for one in typed[:2]):
            last.below += typed
        forms = [last.form] if last else []
        for form in dict.fromkeys((*forms, *FORMS)):
            table = as_table(typed, form)
            if form is not form_of(table) and not (last and form is last.form):
                continue
            before = len(self.sheets)
            for piece in by_first_label(table, form):
                if self._add(piece, form) and last and before:
                    last.below = [one for one in last.below if one not in typed]
            break

    def _add(self, table: Table, form: Form) -> bool:
        """File what a part holds: as a form of its own, or as more of the form before."""
        last = self.sheets[-1] if self.sheets else None
        reader = TableReader(table, form).read()
        if last is not None and not _begins_anew(reader, last):
            return bool(last.go_on(table).boxes)
        if len(reader.boxes) < LEAST_LABELS:
            return False
        sheet = Sheet(form, above=self.waiting)
        sheet.take(reader)
        self.sheets.append(sheet)
        return True


def _begins_unlabelled(table: Table) -> bool:
    """Whether a table goes on where the one before was cut: its first label is empty."""
    first = next(iter(table.by_row.values()), ())
    return len(first) > 1 and not first[0].text


def _go_on_behind(story: Box, marked: str, *, told: bool) -> None:
    """Join deeds that go on elsewhere; the words that point there are left out."""
    words = inline_markers.plain(story.marked)
    kept = "\n".join(
        line for line in story.marked.split("\n") if not points_on(inline_markers.plain(line))
    )
    story.continued = story.continued or told or kept != story.marked
    story.marked = "" if is_elsewhere(words) else kept
    story.append(marked, 0)


def _begins_anew(reader: TableReader, last: Sheet) -> bool:
    """Whether a part is another form and not more of the one before."""
    if len(reader.boxes) < LEAST_LABELS:
        return False
    again = reader.boxes.keys() & last.boxes.keys() - set(LONG)
    return reader.form is not last.form or len(again) >= min(LEAST_LABELS, len(reader.boxes) // 2)
