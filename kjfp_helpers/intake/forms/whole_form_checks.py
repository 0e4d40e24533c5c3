"""Checks of a whole form: layout, pictures, kind, and consistency between fields."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise

from kjfp_helpers.core.findings import Finding, Problem
from kjfp_helpers.core.form_schema import Form
from kjfp_helpers.core.records import Individual, Team
from kjfp_helpers.intake.common import text_markers
from kjfp_helpers.intake.common.label_matching import (
    BIRTH_LABELS,
    EXTRA_LABELS,
    normalize_form_label,
)
from kjfp_helpers.intake.common.parsed_value import has_identity_length, make_problems
from kjfp_helpers.intake.common.text_cleanup import quote_for_finding, strip_whitespace
from kjfp_helpers.intake.documents.document_model import Cell, Document, Paragraph
from kjfp_helpers.intake.forms.field_box import FieldBox, is_photo_label
from kjfp_helpers.intake.forms.form_titles import find_form_title, is_form_title

_YEAR = re.compile(r"20\d\d年(?!以来)|20\d\d年度")
_NEUTRAL_TITLE = re.compile(
    r"(?:附件[\d一二]?|[:：()（）]|(?:先进)?(?:团队|个人)|(?:推荐|申报)表|如下|正文)+"
)
"""A title that names no award."""
_MIN_UNASSIGNED_CHARS = 60
"""Unassigned text from this length on is more than a title or a remark."""
_PICTURED_FORM = re.compile("(?:推荐|申报|盘点)表|[见如]下图|[见如]附图|扫描件|拍照")
"""Words of a letter above the picture of a form."""
_EXHIBIT_WORDS = re.compile("展览|展示|注释|图片说明|摄影|总结")
_MAX_LETTER_CHARS = 400
_MIN_FORM_CHARS = 120
"""Less text than this is a title above the image of a form, not a form."""
_GROUP_NAME = re.compile(
    r"(?:团队|服务团|服务队|工作队|工作站|小组|课题组|专家组|工作组|协会|中心)$"
)


@dataclass(frozen=True, slots=True)
class AssembledForm:
    """An assembled form: its fields, unassigned cells, and the lines around it."""

    form: Form
    body: Team | Individual
    boxes: Mapping[str, FieldBox]
    unassigned_cells: tuple[Cell, ...]
    added_labels: tuple[str, ...]
    paragraphs_above: tuple[Paragraph, ...]
    paragraphs_below: tuple[Paragraph, ...]
    markers: frozenset[str]
    file_name: str


def check_form(form: AssembledForm, field_findings: tuple[Problem, ...]) -> Iterator[Problem]:
    """Yield the findings on a form as a whole, given the findings on its fields."""
    yield from _check_blank(form)
    yield from _check_layout(form)
    yield from _check_pictures(form)
    yield from _check_kind(form)
    yield from _check_markers(form, {finding.code for finding in field_findings})
    if isinstance(form.body, Individual):
        yield from check_identity(form.body, form.unassigned_cells, field_findings)


def _check_blank(form: AssembledForm) -> Iterator[Problem]:
    if not any(value not in (None, ()) for value in vars(form.body).values()):
        yield from make_problems("blank_form", "填写完整的推荐表", "空白表")


def _check_layout(form: AssembledForm) -> Iterator[Problem]:
    """Yield findings on missing, displaced and added fields and on unassigned text."""
    expected = f"{form.form.annex}原表各栏"
    for deviation in _layout_deviations(form):
        yield from make_problems("layout_changed", expected, deviation)


def _layout_deviations(form: AssembledForm) -> Iterator[str]:
    """Yield the deviations of a form from its printed layout, in Chinese."""
    boxes = form.boxes
    fields = form.form.fields
    missing = [field.label for field in fields if field.name not in boxes]
    displaced = [
        field.label for field in fields if field.name in boxes and boxes[field.name].is_displaced
    ]
    if missing:
        yield f"没有{quote_for_finding('、'.join(missing), 80)}"
    if displaced:
        yield f"{quote_for_finding('、'.join(displaced), 80)}不在原位"
    texts = [cell.text for cell in form.unassigned_cells]
    long_texts = [text for text in texts if len(text) >= _MIN_UNASSIGNED_CHARS]
    if long_texts:
        yield f"有文字不属于任何一栏：{quote_for_finding(long_texts[0], 40)}"
    extra_labels = [
        text for text in texts if len(text) <= 12 and normalize_form_label(text) in EXTRA_LABELS
    ]
    if form.added_labels or extra_labels:
        added = "、".join(dict.fromkeys((*extra_labels, *form.added_labels)))
        yield f"多出{quote_for_finding(added, 80)}"


def _check_pictures(form: AssembledForm) -> Iterator[Problem]:
    """Yield findings on a missing seal in or below the opinion, and on a missing photo."""
    opinion = form.boxes.get("recommendation")
    pictures_below = sum(paragraph.picture_count for paragraph in form.paragraphs_below)
    if not (opinion and opinion.picture_count) and not pictures_below:
        location = opinion.location if opinion else ""
        findings = make_problems("seal_missing", "推荐意见栏有印章图片", "没有图片")
        yield from (finding.at("recommendation", location) for finding in findings)
    pictures_above = sum(paragraph.picture_count for paragraph in form.paragraphs_above)
    if (
        form.form.photo
        and not pictures_above
        and not any(cell.picture_count for cell in form.unassigned_cells)
    ):
        cell = next((cell for cell in form.unassigned_cells if is_photo_label(cell)), None)
        findings = make_problems("photo_missing", "照片栏有照片", "没有图片")
        yield from (finding.at("photo", cell.location if cell else "") for finding in findings)


def _check_kind(form: AssembledForm) -> Iterator[Problem]:
    """Yield a finding on a form of another kind, year or award."""
    other_kind = "先进个人" if form.form.kind == "team" else "先进团队"
    own_kind = "先进团队" if form.form.kind == "team" else "先进个人"
    inner_texts = (cell.text for cell in form.unassigned_cells if len(cell.text) < 80)
    title = find_form_title((line.text for line in form.paragraphs_above[-6:]), inner_texts)
    has_title = is_form_title(title)
    expected = f"{form.form.annex} {own_kind}推荐表"
    mismatch = ""
    for text in (title, form.file_name):
        if other_kind in text and own_kind not in text:
            mismatch = f"标为“{other_kind}”的表" if text is title else f"文件名为“{other_kind}”"
    if (
        has_title
        and not _NEUTRAL_TITLE.fullmatch(title)
        and ("科技助力" not in title or _YEAR.search(title))
    ):
        mismatch = mismatch or quote_for_finding(title, 40)
    if isinstance(form.body, Individual) and _GROUP_NAME.search(form.body.name or ""):
        mismatch = mismatch or "姓名栏填的是团队"
    if (
        isinstance(form.body, Team)
        and form.body.team_name
        and (form.body.team_name == form.body.leader_name)
    ):
        mismatch = mismatch or "团队名称栏填的是个人"
    if mismatch:
        yield from make_problems("wrong_form", expected, mismatch)


def _check_markers(form: AssembledForm, known_codes: set[str]) -> Iterator[Problem]:
    """Yield findings on formatting in the document that no field has reported."""
    for marker, code, expected, actual in (
        (text_markers.TRACKED_CHANGE, "tracked_changes", "定稿", "留有修订痕迹，按接受修订读取"),
        (text_markers.COMMENT, "comments", "没有批注", "留有批注"),
        (text_markers.HIDDEN_TEXT, "hidden_text", "没有隐藏文字", "有隐藏或被遮盖的文字，未计入"),
    ):
        if marker in form.markers and code not in known_codes:
            yield from make_problems(code, expected, actual)


def check_identity(
    person: Individual,
    unassigned_cells: tuple[Cell, ...],
    field_findings: tuple[Problem | Finding, ...],
) -> Iterator[Problem]:
    """Compare gender and birth date with the identity number; findings do not quote the number."""
    number = person.id_number or ""
    codes = {finding.code for finding in field_findings if finding.field == "id_number"}
    if codes & {"id_length", "id_birth", "id15"} or not has_identity_length(number):
        return
    if person.gender in ("男", "女") and (int(number[16]) % 2 == 1) != (person.gender == "男"):
        yield Problem(
            code="id_gender",
            expected="身份证号码与性别相符",
            found=f"性别填“{person.gender}”",
            field="gender",
        )
    birth_date = _added_birth_date(unassigned_cells)
    if birth_date and birth_date != (number[6:10], number[10:12]):
        actual = f"出生年月填{birth_date[0]}年{int(birth_date[1])}月"
        yield Problem(
            code="id_birth", expected="身份证号码与出生年月相符", found=actual, field="id_number"
        )
    if not 1920 <= int(number[6:10]) <= 2004:
        actual = f"出生于{number[6:10]}年"
        yield Problem(code="id_birth", expected="成年且健在", found=actual, field="id_number")


def _added_birth_date(unassigned_cells: tuple[Cell, ...]) -> tuple[str, str] | None:
    """Return year and month from a birth date field that the unit added."""
    for label, value in pairwise(unassigned_cells):
        if normalize_form_label(label.text) in BIRTH_LABELS:
            match = re.search(r"((?:19|20)\d\d)\D{0,3}(\d{1,2})", strip_whitespace(value.text))
            return (match[1], match[2].zfill(2)) if match else None
    return None


def check_missing_form(document: Document) -> tuple[Problem, ...]:
    """Return a finding if a document without readable forms was meant to be a form."""
    picture_count = sum(paragraph.picture_count for paragraph in document.paragraphs)
    picture_count += sum(cell.picture_count for table in document.tables for cell in table.cells)
    titles = [strip_whitespace(paragraph.text) for paragraph in document.paragraphs[:8]]
    titles += [
        strip_whitespace(cell.text) for table in document.tables[:1] for cell in table.cells[:2]
    ]
    form_titles = [line for line in titles if is_form_title(line)]
    text = strip_whitespace(document.text).strip("｜")
    is_letter = _PICTURED_FORM.search(text) is not None and not _EXHIBIT_WORDS.search(text)
    is_pictured = is_letter and not document.tables and len(text) < _MAX_LETTER_CHARS
    if picture_count and (not text or is_pictured or (form_titles and len(text) < _MIN_FORM_CHARS)):
        return make_problems("scanned", "可编辑的文字", "只有图片")
    if form_titles and document.tables:
        return make_problems(
            "wrong_form", "附件1、附件2 的推荐表", quote_for_finding(form_titles[0], 40)
        )
    return ()
