"""Reader of recommendation forms (Annex 1 and 2) in a document.

Fields are located by their labels, never by fixed coordinates: a value is to the right of its
label, or below it. A form may span several tables, be part of one, or be typed as lines.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from kjfp_helpers.core.findings import Problem
from kjfp_helpers.core.form_schema import Form, FormField
from kjfp_helpers.core.records import Individual, Team
from kjfp_helpers.intake.common import text_markers
from kjfp_helpers.intake.common.label_matching import LONG_FIELDS, is_renamed_label
from kjfp_helpers.intake.common.parsed_value import make_problems
from kjfp_helpers.intake.common.text_cleanup import (
    normalize_label,
    quote_for_finding,
    strip_whitespace,
    to_half_width,
)
from kjfp_helpers.intake.documents.document_model import Document
from kjfp_helpers.intake.fields.field_readers import read_field
from kjfp_helpers.intake.forms.answers.broken_lines import join_broken_lines
from kjfp_helpers.intake.forms.field_box import FieldBox
from kjfp_helpers.intake.forms.form_assembly import FormBoxes, assemble_forms
from kjfp_helpers.intake.forms.whole_form_checks import AssembledForm, check_form

_MIN_TELLING_CHARS, _MIN_TELLING_CHARS_IN_SHORT = 7, 4
"""Length of a label that no running text, and no short value, contains by chance."""

_BARE_NUMBER = re.compile(r"\d[\d,.]*")
_UNIT_OF_LABEL = re.compile(
    r"\((?:单位[:为]?)?(万?[人户名口家天日年月周次]|个月|万|千人|小时|学时|人次|工作日|个工作日)\)$"
)
_UNIT_IN_LABEL = re.compile("(?:累计|总)([年月周户])数?$")
"""Unit that a label names at its end: 累计天数（年）, 脱贫户数（户）."""


@dataclass(frozen=True, slots=True)
class ParsedForm:
    """A parsed form with the locations of its fields and its findings, without source and unit."""

    form: Form
    body: Team | Individual
    provenance: Mapping[str, str]
    findings: tuple[Problem, ...]

    @property
    def is_blank(self) -> bool:
        """Whether no field is filled in."""
        return any(finding.code == "blank_form" for finding in self.findings)


def read_forms(document: Document, name: str = "") -> list[ParsedForm]:
    """Read all recommendation forms of a document in order; ``name`` is the file name."""
    forms = [_parse_form(sheet, document, name) for sheet in assemble_forms(document)]
    if len(forms) > 1:  # a blank form behind a filled one belongs to the template
        forms = [form for form in forms if not form.is_blank] or forms[:1]
    if len(forms) > 1:
        findings = make_problems("multiple_records", "一个文件一份推荐表", f"{len(forms)}份")
        forms = [replace(form, findings=(*form.findings, *findings)) for form in forms]
    return forms


def _parse_form(form_boxes: FormBoxes, document: Document, name: str) -> ParsedForm:
    """Parse the fields of an assembled form and check the form as a whole."""
    values: dict[str, Any] = {}
    provenance: dict[str, str] = {}
    findings: list[Problem] = []
    for form_field in form_boxes.form.fields:
        box = form_boxes.boxes.get(form_field.name)
        parsed = read_field(form_field, _text_with_unit(form_field, box) if box else "")
        values |= {
            name: join_broken_lines(name, value) if isinstance(value, str) else value
            for name, value in parsed.value.items()
        }
        location = box.location if box else ""
        if location:
            provenance |= dict.fromkeys(parsed.value, location)
        field_findings = (
            *parsed.findings,
            *_formatting_findings(form_field.kind, box),
            *_renamed_label_findings(form_boxes.form, form_field, box),
            *_merged_field_findings(form_boxes.form, form_field, box),
        )
        findings += [finding.at(form_field.name, location) for finding in field_findings]
    body = Team(**values) if form_boxes.form.kind == "team" else Individual(**values)
    assembled = AssembledForm(
        form_boxes.form,
        body,
        form_boxes.boxes,
        tuple(form_boxes.unassigned_cells),
        tuple(form_boxes.added_labels),
        tuple(form_boxes.paragraphs_above),
        tuple(form_boxes.paragraphs_below),
        document.markers,
        name,
    )
    findings += check_form(assembled, tuple(findings))
    return ParsedForm(form_boxes.form, body, provenance, tuple(findings))


def _text_with_unit(form_field: FormField, box: FieldBox) -> str:
    """Return the marked text of a field; a bare number gets the unit that the label names."""
    if form_field.kind not in ("count", "days") or not _BARE_NUMBER.fullmatch(
        to_half_width(text_markers.strip_markers(box.marked_text)).strip()
    ):
        return box.marked_text
    label = strip_whitespace(to_half_width(text_markers.strip_markers(box.label)))
    unit = _UNIT_OF_LABEL.search(label) or _UNIT_IN_LABEL.search(label)
    return f"{box.marked_text.rstrip()}{unit[1]}" if unit else box.marked_text


def _formatting_findings(kind: str, box: FieldBox | None) -> tuple[Problem, ...]:
    """Return findings on formatting: tracked changes, comments, hidden and struck-out text."""
    if box is None:
        return ()
    findings: tuple[Problem, ...] = ()
    marked_text = box.label + box.marked_text
    for marker, code, expected, actual in (
        (text_markers.TRACKED_CHANGE, "tracked_changes", "定稿", "留有修订痕迹，按接受修订读取"),
        (text_markers.COMMENT, "comments", "没有批注", "留有批注"),
        (text_markers.HIDDEN_TEXT, "hidden_text", "没有隐藏文字", "有隐藏文字，未计入"),
    ):
        if marker in marked_text:
            findings += make_problems(code, expected, actual)
    findings += _label_note_findings(box.label)
    if kind != "options" and text_markers.struck_out_text(box.marked_text):
        findings += make_problems("ambiguous", "一个明确的内容", "有划去的文字，未计入")
    if box.is_continued:
        findings += make_problems("story_in_attachment", "事迹写在表内", "表后另有附页，已并入")
    if box.has_conflicting_repeat:
        findings += make_problems("ambiguous", "一栏一项内容", "同一栏目出现两次，内容不同")
    if box.has_extra_text:
        findings += make_problems("ambiguous", "一格一个内容", "右侧另有未标明的内容")
    return findings


def _renamed_label_findings(
    form: Form, form_field: FormField, box: FieldBox | None
) -> tuple[Problem, ...]:
    """Return a finding if the label of a field is the unit's own, which may mean another thing."""
    label = text_markers.strip_markers(box.label) if box else ""
    if not is_renamed_label(form, label):
        return ()
    title = normalize_label(form_field.label)
    found = f"栏目改为{quote_for_finding(label)}，暂按“{title}”读取；不是此意的请更正"
    return make_problems("ambiguous", "原表的栏目名称", found)


def _label_note_findings(label: str) -> tuple[Problem, ...]:
    """Return a finding on each foot- or endnote of a label."""
    return tuple(
        finding
        for note in text_markers.note_texts(label)
        for finding in make_problems(
            "ambiguous",
            "内容全部写在栏内",
            f"栏目名称附有脚注或尾注：{quote_for_finding(note, 40)}",
        )
    )


@cache
def _labels_without_space(form: Form) -> Mapping[str, str]:
    """Return the label of each field by its name."""
    return {form_field.name: strip_whitespace(form_field.label) for form_field in form.fields}


def _merged_field_findings(
    form: Form, form_field: FormField, box: FieldBox | None
) -> tuple[Problem, ...]:
    """Return a finding if a value contains labels of other fields: fields were merged."""
    value = strip_whitespace(text_markers.strip_markers(box.marked_text)) if box else ""
    if not value:
        return ()
    labels = _labels_without_space(form)
    other_labels = (label for name, label in labels.items() if name != form_field.name)
    repeats_own_label = (
        value.startswith(labels[form_field.name]) and form_field.kind not in LONG_FIELDS
    )
    is_long = form_field.name in LONG_FIELDS
    minimum = _MIN_TELLING_CHARS if is_long else _MIN_TELLING_CHARS_IN_SHORT
    if repeats_own_label or any(len(label) >= minimum and label in value for label in other_labels):
        return make_problems("ambiguous", "一栏一项内容", "栏内含有其他栏的名称")
    return ()
