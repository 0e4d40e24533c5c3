"""Recommendation forms (Annex 1 and 2) from the blocks of a document.

Labels are found by their words, never by fixed coordinates: a box's value is what stands to
the right of its label, or below it where nothing does. A form may be spread over several
tables, stand inside one, or be typed as lines of the body.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from kjfp_helpers.findings import Finding
from kjfp_helpers.forms import FORMS, Field, Form
from kjfp_helpers.intake import marks
from kjfp_helpers.intake.boxes import is_elsewhere, points_on, read_box
from kjfp_helpers.intake.form_checks import Found, check_form
from kjfp_helpers.intake.grids import SpotCell
from kjfp_helpers.intake.labels import LONG, fields_of, label_word, labels, shared
from kjfp_helpers.intake.sheet_reader import Box, TableReader
from kjfp_helpers.intake.splits import as_table, split_cells
from kjfp_helpers.intake.titles import names_a_form
from kjfp_helpers.intake.values import note
from kjfp_helpers.intake.word_pages import Cell, Document, Paragraph, Table
from kjfp_helpers.intake.words import squeeze
from kjfp_helpers.records import Individual, Team

_LEAST_LABELS = 5
_REMARK = re.compile(r"^\s*(?:注|说明|填表说明|备注|填表|附件)[:：\d]?")
_SIGNED = re.compile(r"^[\s\d年月日.\-/（(单位公盖章)）:：]*$")
_ANNEX = re.compile(r"\s*附\s*件\s*[\d一二]?\s*[:：]?\s*$")
_LEAST_REST = 60
_LEAST_TELLING = 7


@dataclass(frozen=True, slots=True)
class FormRead:
    """A form as read: where its boxes stood and what was not plain (no source, no unit yet)."""

    form: Form
    body: Team | Individual
    provenance: Mapping[str, str]
    findings: tuple[Finding, ...]


@dataclass
class _Sheet:
    """The boxes of one form, gathered over its tables and lines."""

    form: Form
    boxes: dict[str, Box] = field(default_factory=dict)
    loose: list[Cell] = field(default_factory=list)
    added: list[str] = field(default_factory=list)
    last: str = ""
    above: list[Paragraph] = field(default_factory=list)
    below: list[Paragraph] = field(default_factory=list)

    def take(self, reader: TableReader) -> None:
        self.boxes |= {name: box for name, box in reader.boxes.items() if name not in self.boxes}
        self.loose += reader.loose()
        self.added += reader.added
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


def read_forms(document: Document, name: str = "") -> list[FormRead]:
    """Read every recommendation form of a document, in order; ``name`` is the file's."""
    gathered = _Gathering()
    for part in _parts(document):
        if isinstance(part, Table):
            gathered.table(part)
        else:
            gathered.lines(part)
    sheets = gathered.sheets
    reads = [_read(sheet, document, name) for sheet in sheets]
    if len(reads) > 1:
        several = note("multiple_records", "一个文件一份推荐表", f"{len(reads)}份")
        reads = [replace(one, findings=(*one.findings, *several)) for one in reads]
    return reads


def _parts(document: Document) -> Iterator[Table | list[Paragraph]]:
    """Yield tables, and runs of paragraphs between them."""
    run: list[Paragraph] = []
    for block in document.blocks:
        if isinstance(block, Paragraph):
            run.append(block)
            continue
        if run:
            yield run
            run = []
        yield block
    if run:
        yield run


@dataclass
class _Gathering:
    """Puts the parts of a document together to forms."""

    sheets: list[_Sheet] = field(default_factory=list)
    waiting: list[Paragraph] = field(default_factory=list)
    small: list[Table] = field(default_factory=list)
    """Tables before the first form that are too small to be one: its first rows, perhaps."""

    def table(self, table: Table) -> None:
        last = self.sheets[-1] if self.sheets else None
        form = form_of(table, last.form if last else None)
        if (form is not None and self._pieces(table, form)) or last is not None:
            self.small = []
            return
        self.small.append(table)
        whole = _stacked(self.small)
        form = form_of(whole)
        if form is not None and len(self.small) > 1 and self._pieces(whole, form):
            self.small = []

    def _pieces(self, table: Table, form: Form) -> bool:
        pieces = _by_first_label(split_cells(table, form), form)
        return any([self._add(piece, form) for piece in pieces])

    def lines(self, paragraphs: list[Paragraph]) -> None:
        typed = [one for one in paragraphs if one.text or one.pictures]
        for run in _by_title(typed):
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
            for piece in _by_first_label(table, form):
                if self._add(piece, form) and last and before:
                    last.below = [one for one in last.below if one not in typed]
            break

    def _add(self, table: Table, form: Form) -> bool:
        """File what a part holds: as a form of its own, or as more of the form before."""
        last = self.sheets[-1] if self.sheets else None
        reader = TableReader(table, form).read()
        if last is not None and not _begins_anew(reader, last):
            return bool(last.go_on(table).boxes)
        if len(reader.boxes) < _LEAST_LABELS:
            return False
        sheet = _Sheet(form, above=self.waiting)
        sheet.take(reader)
        self.sheets.append(sheet)
        return True


def _by_title(paragraphs: list[Paragraph]) -> Iterator[list[Paragraph]]:
    """Cut lines before each title of a form, which an annex's number may stand above."""
    run: list[Paragraph] = []
    for one in paragraphs:
        if names_a_form(one.text):
            at = len(run)
            while at and _ANNEX.match(run[at - 1].text):
                at -= 1
            if at:
                yield run[:at]
            run = run[at:]
        run.append(one)
    if run:
        yield run


def _begins_unlabelled(table: Table) -> bool:
    """Whether a table goes on where the one before was cut: its first label is empty."""
    first = next(iter(table.by_row.values()), ())
    return len(first) > 1 and not first[0].text


def _go_on_behind(story: Box, marked: str, *, told: bool) -> None:
    """Join deeds that go on elsewhere; the words that point there are left out."""
    words = marks.plain(story.marked)
    kept = "\n".join(line for line in story.marked.split("\n") if not points_on(marks.plain(line)))
    story.continued = story.continued or told or kept != story.marked
    story.marked = "" if is_elsewhere(words) else kept
    story.append(marked, 0)


def _stacked(tables: Sequence[Table]) -> Table:
    """Return small tables as one, each below the one before."""
    cells: list[Cell] = []
    for table in tables:
        down = cells[-1].rows.stop - 1 if cells else 0
        cells += [
            SpotCell(
                table=table.number, row=cell.row + down, nth=cell.nth, column=cell.column,
                rows=range(cell.rows.start + down, cell.rows.stop + down), text=cell.text,
                pictures=cell.pictures, marked=cell.marked, part=cell.part, spot=cell.place,
            )
            for cell in table.cells
        ]  # fmt: skip
    return Table(tables[0].number, tuple(cells))


def _begins_anew(reader: TableReader, last: _Sheet) -> bool:
    """Whether a part is another form and not more of the one before."""
    if len(reader.boxes) < _LEAST_LABELS:
        return False
    again = reader.boxes.keys() & last.boxes.keys() - set(LONG)
    return reader.form is not last.form or len(again) >= min(_LEAST_LABELS, len(reader.boxes) // 2)


def form_of(table: Table, before: Form | None = None) -> Form | None:
    """Return the form whose labels a table holds, ``None`` when it is no such form.

    Labels that both forms have tell no kind: such a table is more of the form ``before`` it.
    """
    words = {label_word(cell.text) for cell in table.cells if len(cell.text) < 60}
    for cell in table.cells:
        heads = re.split(r"[\n：:\t]|\s{2,}", cell.marked[:200])
        words |= {label_word(head) for head in heads if len(head) < 40}
    scores = {form.kind: len(words & labels(form).keys()) for form in FORMS}
    own = {form.kind: len(words & labels(form).keys() - shared()) for form in FORMS}
    best = max(FORMS, key=lambda form: (own[form.kind], scores[form.kind], form is before))
    if before is not None and not own[best.kind]:
        return before
    return best if scores[best.kind] >= 2 and (own[best.kind] or scores[best.kind] > 3) else before


def _by_first_label(table: Table, form: Form) -> list[Table]:
    """Cut a table that holds several forms, each beginning with the form's first label."""
    first = form.fields[0]
    starts = [
        row for row, cells in table.by_row.items()
        if any(first in fields_of(form, cell.text) for cell in cells[:2])
    ]  # fmt: skip
    if len(starts) < 2:
        return [table]
    pieces = []
    for at, start in enumerate(starts):
        end = starts[at + 1] if at + 1 < len(starts) else None
        cells = [
            cell for cell in table.cells
            if (cell.row >= start or not at) and (end is None or cell.row < end)
        ]  # fmt: skip
        pieces.append(Table(table.number, tuple(cells)))
    enough = [len(TableReader(piece, form).read().boxes) >= _LEAST_LABELS for piece in pieces]
    return pieces if all(enough) else [table]


def _read(sheet: _Sheet, document: Document, name: str) -> FormRead:
    _join_rest(sheet)
    values: dict[str, Any] = {}
    provenance: dict[str, str] = {}
    findings: list[Finding] = []
    for item in sheet.form.fields:
        box = sheet.boxes.get(item.name)
        read = read_box(item, box.marked if box else "")
        values |= read.value
        place = box.place if box else ""
        provenance |= dict.fromkeys(read.value, place) if place else {}
        notes = (*read.findings, *_seen(item.kind, box), *_swallowed(sheet.form, item, box))
        findings += [replace(one, field=one.field or item.name, place=place) for one in notes]
    body = Team(**values) if sheet.form.kind == "team" else Individual(**values)
    found = Found(
        sheet.form, body, sheet.boxes, tuple(sheet.loose), tuple(sheet.added),
        tuple(sheet.above), tuple(sheet.below), document.signs, name,
    )  # fmt: skip
    findings += check_form(found, tuple(findings))
    return FormRead(sheet.form, body, provenance, tuple(findings))


def _seen(kind: str, box: Box | None) -> tuple[Finding, ...]:
    """Say what only the eye sees in a box: changes, comments, hidden and struck-out words."""
    if box is None:
        return ()
    findings: tuple[Finding, ...] = ()
    words = box.label + box.marked
    for sign, code, expected, found in (
        (marks.TRACKED, "tracked_changes", "定稿", "留有修订痕迹，按接受修订读取"),
        (marks.COMMENT, "comments", "没有批注", "留有批注"),
        (marks.HIDDEN, "hidden_text", "没有隐藏文字", "有隐藏文字，未计入"),
    ):
        if sign in words:
            findings += note(code, expected, found)
    if kind != "options" and marks.struck_words(box.marked):
        findings += note("ambiguous", "一个明确的内容", "有划去的文字，未计入")
    if box.continued:
        findings += note("story_in_attachment", "事迹写在表内", "表后另有附页，已并入")
    if box.twice:
        findings += note("ambiguous", "一栏一项内容", "同一栏目出现两次，内容不同")
    if box.more:
        findings += note("ambiguous", "一格一个内容", "右侧另有未标明的内容")
    return findings


def _swallowed(form: Form, item: Field, box: Box | None) -> tuple[Finding, ...]:
    """Say that a value holds labels of the form: boxes ran together where the file was made."""
    words = squeeze(marks.plain(box.marked)) if box else ""
    held = [squeeze(one.label) for one in form.fields if one is not item]
    own = words.startswith(squeeze(item.label)) and item.kind not in LONG
    if own or any(len(word) >= _LEAST_TELLING and word in words for word in held):
        return note("ambiguous", "一栏一项内容", "栏内含有其他栏的名称")
    return ()


def _join_rest(sheet: _Sheet) -> None:
    """Join further pages behind the form to its story, and a date behind it to the opinion."""
    rest: Sequence[Paragraph] = [one for one in sheet.below if not _REMARK.match(one.text)]
    opinion = sheet.boxes.get("recommendation")
    signed = [one for one in rest if _SIGNED.match(one.text) and one.text]
    if opinion and signed and not re.search(r"\d", marks.plain(opinion.marked)):
        opinion.append("\n".join(one.marked for one in signed), 0)
        opinion.moved = True
    words = [one.marked for one in rest if one not in signed and one.text]
    length = sum(len(marks.plain(one)) for one in words)
    story = sheet.boxes.get("story")
    if story is not None and length >= _LEAST_REST:
        if label_word(marks.plain(words[0])).endswith(("主要事迹", "事迹材料", "事迹", "附页")):
            words = words[1:]
        _go_on_behind(story, "\n".join(words), told=True)
