"""What a form as a whole shows: its layout, pictures and kind, and fields against each other."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import pairwise

from kjfp_helpers.core.findings import Finding
from kjfp_helpers.core.form_schema import Form
from kjfp_helpers.core.records import Individual, Team
from kjfp_helpers.intake.common import inline_markers
from kjfp_helpers.intake.common.label_matching import (
    BIRTH_LABELS,
    EXTRA_LABELS,
    normalize_form_label,
)
from kjfp_helpers.intake.common.parsed_value import make_findings
from kjfp_helpers.intake.common.text_cleanup import quote_for_finding, strip_whitespace
from kjfp_helpers.intake.documents.document_model import Cell, Document, Paragraph
from kjfp_helpers.intake.forms.form_table_reader import FieldBox, is_photo_label
from kjfp_helpers.intake.forms.form_titles import find_form_title, is_form_title

_YEAR = re.compile(r"20\d\d年(?!以来)|20\d\d年度")
_BARE = re.compile(
    r"(?:附件[\d一二]?|[:：()（）]|(?:先进)?(?:团队|个人)|(?:推荐|申报)表|如下|正文)+"
)
"""A title that names no award and so no other one."""
_LONG_WORDS = 60
"""From this length on, words that no box took are more than a title or a remark."""
_HEAD_WORDS = 120
"""Fewer signs than this are a title above the picture of a form, not a form."""
_GROUP_NAME = re.compile(
    r"(?:团队|服务团|服务队|工作队|工作站|小组|课题组|专家组|工作组|协会|中心)$"
)


@dataclass(frozen=True, slots=True)
class AssembledForm:
    """A form as gathered: its boxes, the cells of no field, and the lines around it."""

    form: Form
    body: Team | Individual
    boxes: Mapping[str, FieldBox]
    unassigned_cells: tuple[Cell, ...]
    added_labels: tuple[str, ...]
    paragraphs_above: tuple[Paragraph, ...]
    paragraphs_below: tuple[Paragraph, ...]
    markers: frozenset[str]
    file_name: str


def check_form(found: AssembledForm, before: tuple[Finding, ...]) -> Iterator[Finding]:
    """Yield what a form as a whole shows, given the findings on its boxes."""
    yield from _blank(found)
    yield from _layout(found)
    yield from _pictures(found)
    yield from _kind(found)
    yield from _anywhere(found, {finding.code for finding in before})
    if isinstance(found.body, Individual):
        yield from check_identity(found.body, found.unassigned_cells, before)


def _blank(found: AssembledForm) -> Iterator[Finding]:
    if not any(value not in (None, ()) for value in vars(found.body).values()):
        yield from make_findings("blank_form", "填写完整的推荐表", "空白表")


def _layout(found: AssembledForm) -> Iterator[Finding]:
    form, boxes = found.form, found.boxes
    absent = [item.label for item in form.fields if item.name not in boxes]
    moved = [
        item.label for item in form.fields if item.name in boxes and boxes[item.name].is_displaced
    ]
    extra = [
        cell.text
        for cell in found.unassigned_cells
        if len(cell.text) <= 12 and normalize_form_label(cell.text) in EXTRA_LABELS
    ]
    expected = f"{form.annex}原表各栏"
    if absent:
        yield from make_findings(
            "layout_changed", expected, f"没有{quote_for_finding('、'.join(absent), 80)}"
        )
    if moved:
        yield from make_findings(
            "layout_changed", expected, f"{quote_for_finding('、'.join(moved), 80)}不在原位"
        )
    unread = [cell.text for cell in found.unassigned_cells if len(cell.text) >= _LONG_WORDS]
    if unread:
        yield from make_findings(
            "layout_changed", expected, f"有文字不属于任何一栏：{quote_for_finding(unread[0], 40)}"
        )
    if found.added_labels or extra:
        words = "、".join(dict.fromkeys((*extra, *found.added_labels)))
        yield from make_findings("layout_changed", expected, f"多出{quote_for_finding(words, 80)}")


def _pictures(found: AssembledForm) -> Iterator[Finding]:
    """Look for the stamp in the opinion's box or below, for the photo in a box of no field."""
    opinion = found.boxes.get("recommendation")
    below = sum(paragraph.picture_count for paragraph in found.paragraphs_below)
    if not (opinion and opinion.picture_count) and not below:
        place = opinion.location if opinion else ""
        noted = make_findings("seal_missing", "推荐意见栏有印章图片", "没有图片")
        yield from (replace(one, field="recommendation", place=place) for one in noted)
    above = sum(paragraph.picture_count for paragraph in found.paragraphs_above)
    if (
        found.form.photo
        and not above
        and not any(cell.picture_count for cell in found.unassigned_cells)
    ):
        cell = next((cell for cell in found.unassigned_cells if is_photo_label(cell)), None)
        noted = make_findings("photo_missing", "照片栏有照片", "没有图片")
        yield from (
            replace(one, field="photo", place=cell.location if cell else "") for one in noted
        )


def _kind(found: AssembledForm) -> Iterator[Finding]:
    """Find a form of another kind, year or award than the one that was asked for."""
    other = "先进个人" if found.form.kind == "team" else "先进团队"
    own = "先进团队" if found.form.kind == "team" else "先进个人"
    inside = (cell.text for cell in found.unassigned_cells if len(cell.text) < 80)
    title = find_form_title((line.text for line in found.paragraphs_above[-6:]), inside)
    named = is_form_title(title)
    expected = f"{found.form.annex} {own}推荐表"
    wrong = ""
    for words in (title, found.file_name):
        if other in words and own not in words:
            wrong = f"标为“{other}”的表" if words is title else f"文件名为“{other}”"
    if named and not _BARE.fullmatch(title) and ("科技助力" not in title or _YEAR.search(title)):
        wrong = wrong or quote_for_finding(title, 40)
    if isinstance(found.body, Individual) and _GROUP_NAME.search(found.body.name or ""):
        wrong = wrong or "姓名栏填的是团队"
    if (
        isinstance(found.body, Team)
        and found.body.team_name
        and (found.body.team_name == found.body.leader_name)
    ):
        wrong = wrong or "团队名称栏填的是个人"
    if wrong:
        yield from make_findings("wrong_form", expected, wrong)


def _anywhere(found: AssembledForm, known: set[str]) -> Iterator[Finding]:
    """Say of the whole document what no box has said."""
    for sign, code, expected, said in (
        (inline_markers.TRACKED_CHANGE, "tracked_changes", "定稿", "留有修订痕迹，按接受修订读取"),
        (inline_markers.COMMENT, "comments", "没有批注", "留有批注"),
        (inline_markers.HIDDEN_TEXT, "hidden_text", "没有隐藏文字", "有隐藏文字，未计入"),
    ):
        if sign in found.markers and code not in known:
            yield from make_findings(code, expected, said)


def check_identity(
    person: Individual, loose: tuple[Cell, ...], before: tuple[Finding, ...]
) -> Iterator[Finding]:
    """Hold sex and birth against the identity number; no finding holds the number."""
    number = person.id_number or ""
    doubted = {finding.code for finding in before if finding.field == "id_number"}
    if doubted & {"id_length", "id_birth", "id15"} or not re.fullmatch(r"\d{17}[\dX]", number):
        return
    if person.gender in ("男", "女") and (int(number[16]) % 2 == 1) != (person.gender == "男"):
        yield replace(
            make_findings("id_gender", "身份证号码与性别相符", f"性别填“{person.gender}”")[0],
            field="gender",
        )
    born = _birth(loose)
    if born and born != (number[6:10], number[10:12]):
        said = f"出生年月填{born[0]}年{int(born[1])}月"
        yield replace(
            make_findings("id_birth", "身份证号码与出生年月相符", said)[0], field="id_number"
        )
    if not 1920 <= int(number[6:10]) <= 2004:
        said = f"出生于{number[6:10]}年"
        yield replace(make_findings("id_birth", "成年且健在", said)[0], field="id_number")


def _birth(loose: tuple[Cell, ...]) -> tuple[str, str] | None:
    """Return year and month from a box that the unit added for the birth date."""
    for label, value in pairwise(loose):
        if normalize_form_label(label.text) in BIRTH_LABELS:
            match = re.search(r"((?:19|20)\d\d)\D{0,3}(\d{1,2})", strip_whitespace(value.text))
            return (match[1], match[2].zfill(2)) if match else None
    return None


def check_missing_form(document: Document) -> tuple[Finding, ...]:
    """Return why a document that holds none of our forms was to be one, if it was."""
    pictures = sum(one.picture_count for one in document.paragraphs)
    pictures += sum(cell.picture_count for table in document.tables for cell in table.cells)
    titles = [strip_whitespace(one.text) for one in document.paragraphs[:8]]
    titles += [
        strip_whitespace(cell.text) for table in document.tables[:1] for cell in table.cells[:2]
    ]
    named = [line for line in titles if is_form_title(line)]
    words = strip_whitespace(document.text).strip("｜")
    if pictures and (not words or (named and len(words) < _HEAD_WORDS)):
        return make_findings("scanned", "可编辑的文字", "只有图片")
    if named and document.tables:
        return make_findings("wrong_form", "附件1、附件2 的推荐表", quote_for_finding(named[0], 40))
    return ()
