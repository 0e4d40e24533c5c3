"""Recommendation forms (Annex 1 and 2) from the tables of a document.

Labels are found by their words, never by fixed coordinates: a box's value is what stands to
the right of its label, or below it where nothing does.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any

from kjfp_helpers.findings import Finding
from kjfp_helpers.forms import FORMS, Field, Form
from kjfp_helpers.intake.boxes import read_box
from kjfp_helpers.intake.documents import Cell, Document, Table
from kjfp_helpers.intake.values import note
from kjfp_helpers.intake.words import fold, quote
from kjfp_helpers.records import Individual, Team

_ALIASES: Mapping[str, tuple[str, ...]] = {
    "email": ("e-mail", "电子邮箱", "电子邮件", "邮箱", "电子信箱"),
    "postcode": ("邮编",),
    "id_number": ("身份证号", "身份证", "公民身份号码"),
    "phone": ("联系电话", "手机", "手机号码", "电话"),
    "leader_phone": ("联系电话", "手机", "手机号码", "电话"),
    "leader_name": ("负责人", "团队负责人", "团队负责人姓名"),
    "title": ("职务", "职称", "职务职称", "职称/职务"),
    "leader_title": ("职务", "职称", "职务职称", "职称/职务"),
    "address": ("通信地址", "地址"),
    "fax": ("传真",),
    "employer": ("单位", "工作单位名称"),
    "regions": ("服务的贫困地区", "所服务贫困地区"),
    "people_lifted": ("带动脱贫人口数", "带动贫困人口脱贫数", "带动脱贫人数"),
    "service_days": ("深入贫困地区服务累计天数", "累计服务天数"),
    "expert_count": ("专家总人数", "团队专家人数"),
    "story": ("事迹", "主要事迹材料"),
    "honors": ("获得表扬或荣誉情况", "表扬或荣誉", "获得荣誉"),
    "recommendation": ("推荐意见", "推荐单位意见", "领导小组办公室推荐意见"),
}
_LEAST_LABELS = 5
_LONG = ("story", "opinion")


@dataclass(frozen=True, slots=True)
class FormRead:
    """A form as read: where its boxes stood and what was not plain (no source, no unit yet)."""

    form: Form
    body: Team | Individual
    provenance: Mapping[str, str]
    findings: tuple[Finding, ...]


@dataclass
class _Box:
    """The words and pictures found for one field."""

    text: str
    place: str
    pictures: int = 0
    moved: bool = False


@dataclass
class _Sheet:
    """The boxes of one form, gathered over its tables; ``loose`` are cells of no field."""

    form: Form
    boxes: dict[str, _Box] = field(default_factory=dict)
    loose: list[Cell] = field(default_factory=list)


def read_forms(document: Document) -> list[FormRead]:
    """Read every recommendation form of a document, in order."""
    sheets: list[_Sheet] = []
    for table in document.tables:
        form = form_of(table)
        if form is None:
            continue
        boxes, loose = _boxes(table, form)
        last = sheets[-1] if sheets else None
        if last is not None and last.form is form and not boxes.keys() & last.boxes.keys():
            last.boxes |= boxes
            last.loose += loose
        elif len(boxes) >= _LEAST_LABELS:
            sheets.append(_Sheet(form, boxes, loose))
    return [_read(sheet) for sheet in sheets]


def form_of(table: Table) -> Form | None:
    """Return the form whose labels a table holds, ``None`` when it is no such form."""
    words = {fold(cell.text) for cell in table.cells if len(cell.text) < 60}
    words |= {fold(cell.text.partition("：")[0]) for cell in table.cells}
    scores = {form.kind: len(words & _labels(form).keys()) for form in FORMS}
    own = {form.kind: len(words & _labels(form).keys() - _shared()) for form in FORMS}
    best = max(FORMS, key=lambda form: (own[form.kind], scores[form.kind]))
    return best if scores[best.kind] >= 2 and (own[best.kind] or scores[best.kind] > 3) else None


@cache
def _labels(form: Form) -> dict[str, tuple[Field, ...]]:
    """Map each folded label, and each known variant of it, to the fields it may stand for."""
    labels: dict[str, tuple[Field, ...]] = {}
    for item in form.fields:
        for word in (fold(item.label), *_ALIASES.get(item.name, ())):
            labels[word] = (*labels.get(word, ()), item)
    return labels


@cache
def _shared() -> frozenset[str]:
    first, second = (_labels(form).keys() for form in FORMS)
    return frozenset(first & second)


@dataclass
class _Reader:
    """Reads one table row by row, label by label."""

    table: Table
    form: Form
    boxes: dict[str, _Box] = field(default_factory=dict)
    used: set[tuple[int, int]] = field(default_factory=set)
    groups: dict[int, str] = field(default_factory=dict)
    last: str = ""

    def read(self) -> None:
        for row, cells in self.table.by_row.items():
            labelled = False
            index = 0
            while index < len(cells):
                found = self._label(cells[index], row)
                if found is None:
                    index += 1
                    continue
                labelled = True
                self.used.add((row, cells[index].nth))
                end = index + 1
                while end < len(cells) and not self._is_label(cells[end], row):
                    end += 1
                self._take(found, cells[index], cells[index + 1 : end])
                index = end
            if not labelled:
                self._continue(row, cells)

    def _label(self, cell: Cell, row: int) -> Field | None:
        """Return the field that a cell is the label of."""
        word = fold(cell.text) if len(cell.text) < 60 else ""
        groups = {item.group for item in self.form.fields if item.group}
        if word in {fold(group) for group in groups}:
            self.used.add((row, cell.nth))
            for spanned in cell.rows:
                self.groups[spanned] = word
            return None
        candidates = _labels(self.form).get(word, ())
        inside = [
            item for item in candidates if item.group and fold(item.group) == self.groups.get(row)
        ]
        outside = [item for item in candidates if not item.group or row not in self.groups]
        fresh = [item for item in (*inside, *outside) if item.name not in self.boxes]
        return fresh[0] if fresh else None

    def _is_label(self, cell: Cell, row: int) -> bool:
        return self._label(cell, row) is not None or _is_photo_label(cell)

    def _take(self, item: Field, label: Cell, values: tuple[Cell, ...]) -> None:
        """File the cells right of a label, or the cell below where the label ends the row."""
        moved = False
        if not values:
            below = self.table.by_row.get(label.rows.stop, ())
            values = tuple(
                cell for cell in below
                if cell.column == label.column and not self._is_label(cell, cell.row)
            )[:1]  # fmt: skip
            moved = bool(values)
        for cell in values:
            if moved or cell.text or cell is values[0]:
                self.used.add((cell.row, cell.nth))
        filled = [cell for cell in values if cell.text] or list(values[:1])
        taken = [cell for cell in values if (cell.row, cell.nth) in self.used]
        self.boxes[item.name] = _Box(
            text=("\n" if item.kind in _LONG else " ").join(cell.text for cell in filled),
            place=(values[0] if values else label).place,
            pictures=sum(cell.pictures for cell in taken),
            moved=moved,
        )
        self.last = item.name if item.kind in _LONG or item.name == "honors" else ""

    def _continue(self, row: int, cells: tuple[Cell, ...]) -> None:
        """Read a row without a label: boxes of the kind 标签：内容, or the rest of a long box."""
        for cell in cells:
            if (row, cell.nth) in self.used:
                continue
            head, colon, rest = cell.text.partition("：")
            named = [
                item
                for item in _labels(self.form).get(fold(head), ())
                if item.name not in self.boxes
            ]
            if colon and named:
                self.boxes[named[0].name] = _Box(rest, cell.place, cell.pictures, moved=True)
                self.used.add((row, cell.nth))
            elif self.last and (cell.text or cell.pictures):
                box = self.boxes[self.last]
                box.text = f"{box.text}\n{cell.text}".strip()
                box.pictures += cell.pictures
                self.used.add((row, cell.nth))


def _boxes(table: Table, form: Form) -> tuple[dict[str, _Box], list[Cell]]:
    reader = _Reader(table, form)
    reader.read()
    loose = [cell for cell in table.cells if (cell.row, cell.nth) not in reader.used]
    return reader.boxes, loose


def _is_photo_label(cell: Cell) -> bool:
    return fold(cell.text).startswith("照片")


def _read(sheet: _Sheet) -> FormRead:
    values: dict[str, Any] = {}
    provenance: dict[str, str] = {}
    findings: list[Finding] = []
    for item in sheet.form.fields:
        box = sheet.boxes.get(item.name)
        read = read_box(item, box.text if box else "")
        values |= read.value
        place = box.place if box else ""
        provenance |= dict.fromkeys(read.value, place) if place else {}
        findings += [
            replace(one, field=one.field or item.name, place=place) for one in read.findings
        ]
    findings += _layout(sheet)
    findings += _pictures(sheet)
    body = Team(**values) if sheet.form.kind == "team" else Individual(**values)
    return FormRead(sheet.form, body, provenance, tuple(findings))


def _layout(sheet: _Sheet) -> Iterator[Finding]:
    absent = [item.label for item in sheet.form.fields if item.name not in sheet.boxes]
    moved = [item.label for item in sheet.form.fields
             if item.name in sheet.boxes and sheet.boxes[item.name].moved]  # fmt: skip
    expected = f"{sheet.form.annex}原表各栏"
    if absent:
        yield from note("layout_changed", expected, f"没有{quote('、'.join(absent), 80)}")
    if moved:
        yield from note("layout_changed", expected, f"{quote('、'.join(moved), 80)}不在原位")


def _pictures(sheet: _Sheet) -> Iterator[Finding]:
    """Look for the stamp in the opinion's box and for the photo in a box of no field."""
    opinion = sheet.boxes.get("recommendation")
    if opinion is None or not opinion.pictures:
        place = opinion.place if opinion else ""
        found = note("seal_missing", "推荐意见栏有印章图片", "没有图片")
        yield from (replace(one, field="recommendation", place=place) for one in found)
    if sheet.form.photo and not any(cell.pictures for cell in sheet.loose):
        cell = next((cell for cell in sheet.loose if _is_photo_label(cell)), None)
        found = note("photo_missing", "照片栏有照片", "没有图片")
        yield from (replace(one, field="photo", place=cell.place if cell else "") for one in found)
