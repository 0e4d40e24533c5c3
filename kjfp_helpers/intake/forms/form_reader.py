"""Recommendation forms (Annex 1 and 2) from the blocks of a document.

Labels are found by their words, never by fixed coordinates: a box's value is what stands to
the right of its label, or below it where nothing does. A form may be spread over several
tables, stand inside one, or be typed as lines of the body.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from kjfp_helpers.core.findings import Finding
from kjfp_helpers.core.form_schema import Field, Form
from kjfp_helpers.core.records import Individual, Team
from kjfp_helpers.intake.common import inline_markers
from kjfp_helpers.intake.common.label_matching import LONG_FIELDS
from kjfp_helpers.intake.common.parsed_value import make_findings
from kjfp_helpers.intake.common.text_cleanup import strip_whitespace
from kjfp_helpers.intake.documents.document_model import Document
from kjfp_helpers.intake.fields.field_readers import read_field
from kjfp_helpers.intake.forms.form_assembly import FormBoxes, assemble_forms
from kjfp_helpers.intake.forms.form_checks import AssembledForm, check_form
from kjfp_helpers.intake.forms.form_table_reader import FieldBox

_LEAST_TELLING = 7


@dataclass(frozen=True, slots=True)
class ParsedForm:
    """A form as read: where its boxes stood and what was not plain (no source, no unit yet)."""

    form: Form
    body: Team | Individual
    provenance: Mapping[str, str]
    findings: tuple[Finding, ...]


def read_forms(document: Document, name: str = "") -> list[ParsedForm]:
    """Read every recommendation form of a document, in order; ``name`` is the file's."""
    reads = [_read(sheet, document, name) for sheet in assemble_forms(document)]
    if len(reads) > 1:
        several = make_findings("multiple_records", "一个文件一份推荐表", f"{len(reads)}份")
        reads = [replace(one, findings=(*one.findings, *several)) for one in reads]
    return reads


def _read(sheet: FormBoxes, document: Document, name: str) -> ParsedForm:
    values: dict[str, Any] = {}
    provenance: dict[str, str] = {}
    findings: list[Finding] = []
    for item in sheet.form.fields:
        box = sheet.boxes.get(item.name)
        read = read_field(item, box.marked_text if box else "")
        values |= read.value
        place = box.location if box else ""
        provenance |= dict.fromkeys(read.value, place) if place else {}
        notes = (*read.findings, *_seen(item.kind, box), *_swallowed(sheet.form, item, box))
        findings += [replace(one, field=one.field or item.name, place=place) for one in notes]
    body = Team(**values) if sheet.form.kind == "team" else Individual(**values)
    found = AssembledForm(
        sheet.form,
        body,
        sheet.boxes,
        tuple(sheet.unassigned_cells),
        tuple(sheet.added_labels),
        tuple(sheet.paragraphs_above),
        tuple(sheet.paragraphs_below),
        document.markers,
        name,
    )
    findings += check_form(found, tuple(findings))
    return ParsedForm(sheet.form, body, provenance, tuple(findings))


def _seen(kind: str, box: FieldBox | None) -> tuple[Finding, ...]:
    """Say what only the eye sees in a box: changes, comments, hidden and struck-out words."""
    if box is None:
        return ()
    findings: tuple[Finding, ...] = ()
    words = box.label + box.marked_text
    for sign, code, expected, found in (
        (inline_markers.TRACKED_CHANGE, "tracked_changes", "定稿", "留有修订痕迹，按接受修订读取"),
        (inline_markers.COMMENT, "comments", "没有批注", "留有批注"),
        (inline_markers.HIDDEN_TEXT, "hidden_text", "没有隐藏文字", "有隐藏文字，未计入"),
    ):
        if sign in words:
            findings += make_findings(code, expected, found)
    if kind != "options" and inline_markers.struck_out_text(box.marked_text):
        findings += make_findings("ambiguous", "一个明确的内容", "有划去的文字，未计入")
    if box.is_continued:
        findings += make_findings("story_in_attachment", "事迹写在表内", "表后另有附页，已并入")
    if box.has_conflicting_repeat:
        findings += make_findings("ambiguous", "一栏一项内容", "同一栏目出现两次，内容不同")
    if box.has_extra_text:
        findings += make_findings("ambiguous", "一格一个内容", "右侧另有未标明的内容")
    return findings


def _swallowed(form: Form, item: Field, box: FieldBox | None) -> tuple[Finding, ...]:
    """Say that a value holds labels of the form: boxes ran together where the file was made."""
    words = strip_whitespace(inline_markers.strip_markers(box.marked_text)) if box else ""
    held = [strip_whitespace(one.label) for one in form.fields if one is not item]
    own = words.startswith(strip_whitespace(item.label)) and item.kind not in LONG_FIELDS
    if own or any(len(word) >= _LEAST_TELLING and word in words for word in held):
        return make_findings("ambiguous", "一栏一项内容", "栏内含有其他栏的名称")
    return ()
