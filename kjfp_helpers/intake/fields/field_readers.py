"""Parse the text of a form field by its kind; report required fields that are blank."""

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from kjfp_helpers.core.findings import Problem
from kjfp_helpers.core.form_schema import FormField
from kjfp_helpers.infra.lazy_loading import lazy_pattern
from kjfp_helpers.intake.common.label_matching import LONG_FIELDS
from kjfp_helpers.intake.common.look_alikes import has_private_use_sign, normalize_look_alikes
from kjfp_helpers.intake.common.parsed_value import (
    Parsed,
    make_problems,
    read_gender,
    read_id_number,
    read_text,
)
from kjfp_helpers.intake.common.text_cleanup import (
    quote_for_finding,
    simplify_label,
    strip_form_hints,
)
from kjfp_helpers.intake.common.text_markers import (
    PICTURE,
    note_texts,
    raised_texts,
    strip_markers,
    strip_note_marks,
    strip_raised,
)
from kjfp_helpers.intake.fields.checkboxes import read_options
from kjfp_helpers.intake.fields.contacts import read_email, read_phone, read_postcode
from kjfp_helpers.intake.fields.dates import find_date
from kjfp_helpers.intake.fields.person_names import read_name, read_names
from kjfp_helpers.intake.fields.quantities import DAY_MEASURES, PEOPLE_MEASURES, read_count
from kjfp_helpers.intake.fields.regions import read_regions

Values = dict[str, Any]
TEXT_READERS: dict[str, Callable[[str], Parsed[str | None]]] = {
    "text": read_text,
    "name": read_name,
    "gender": read_gender,
    "id_number": read_id_number,
    "phone": read_phone,
    "email": read_email,
    "postcode": read_postcode,
}
"""Field kind to the parser of fields with a single text value."""

_PRINTED_LINE = lazy_pattern(
    r"^(?!\s*推荐[。.]?\s*$)(?:\s|[(（):：）_]|推荐|填报|单位|主要|负责人|领导|审核人|签字|签名|签章|加?盖章|公章|印章|处|日期|时间)+$",
    re.MULTILINE,
)
"""Printed lines of an opinion that ask for a stamp, a signature or a date."""
_REFERENCE = lazy_pattern(r"(?:详?见|另附|参见|附)[^\n]{0,12}(?:附件|附页|另页|附后|材料|后)?")
_CONTINUATION = lazy_pattern(
    r"[\s(（]*(?:未完|续|以下|下|详|余|其余|具体)?[^\n，。]{0,8}(?:见|接|转)[^\n，。]{0,8}"
    r"(?:附件|附页|附后|附表|另页|后页|续页|下页|次页|背面|材料)[^\n，。]{0,4}[)）。\s]*"
)

_LEADING_COLON = lazy_pattern(r"^[\s:：﹕∶︰ː꞉；;，,、]*[:：﹕∶︰ː꞉；;，,、]\s*")
_LIST_SIGN = lazy_pattern(r"[；;]\s*\Z")
"""What ends an entry of a form typed as a list: 职称：教授；"""
_ONLY_LIST_SIGN = lazy_pattern(r"\A([^；;]*)[；;]\s*\Z")
"""The same behind a text that may be a list itself."""
_SERIAL_BEHIND = lazy_pattern(r"(?<=[。\s])\s+(4[3-5]\d{3})\s*$")
"""The day number of a date whose cell has no date format, behind an opinion."""
_SPLIT_DATE = lazy_pattern(r"(?<=[年月])\s*\n\s*(?=[\d一二三四五六七八九十〇○零]{1,3}\s*[月日])")

_PICTURE_IN_TEXT = lazy_pattern(rf"[^\W_]{PICTURE}[^\W_]")
"""A picture between two characters, as of a rare one that a font lacks."""


def read_field(field: FormField, marked_text: str) -> Parsed[Values]:
    """Parse the text of a form field to the values of its record fields.

    Parameters
    ----------
    field : FormField
        The field of the form.
    marked_text : str
        Its text, with inline markers; only check boxes are parsed with them.

    Returns
    -------
    Parsed
        Record field to value. Findings: ``missing`` for a required field that is blank;
        ``ambiguous`` for raised marks of notes behind a value, for the notes themselves and for
        signs of a font of the office's own.
    """
    typed = normalize_look_alikes(marked_text)
    is_row = field.kind in _KINDS_WITH_MARKERS
    strip_marks = strip_note_marks if field.name in LONG_FIELDS else strip_raised
    seen = typed if is_row else strip_marks(typed)
    text = strip_form_hints(seen if is_row else _LEADING_COLON.sub("", strip_markers(seen)))
    parsed = _READERS[field.kind](field, text)
    findings = [*parsed.findings, *_sign_findings(field, typed, seen, parsed.findings)]
    fields_with_findings = {finding.field or field.name for finding in parsed.findings}
    for name, value in parsed.value.items():
        required = field.required and not name.endswith("_other")
        if required and value in (None, ()) and name not in fields_with_findings:
            findings += [
                replace(missing, field=name)
                for missing in make_problems("missing", _expected_text(field, name), "空白")
            ]
    return Parsed(parsed.value, tuple(findings))


def _sign_findings(
    field: FormField, typed: str, seen: str, known: tuple[Problem, ...]
) -> tuple[Problem, ...]:
    """Return findings on notes and signs that change what a value says."""
    findings: tuple[Problem, ...] = ()
    if seen != typed:
        marks = Counter(raised_texts(typed)) - Counter(raised_texts(seen))
        mark = quote_for_finding("、".join(marks.elements()), 12)
        found = f"内容前后有上标或下标{mark}，未计入"
        findings += make_problems("ambiguous", "不带注号的内容", found)
    for note in note_texts(typed):
        found = f"附有脚注或尾注：{quote_for_finding(note, 40)}，未计入"
        findings += make_problems("ambiguous", "内容全部写在栏内", found)
    if _PICTURE_IN_TEXT.search(typed) and field.name not in LONG_FIELDS:
        findings += make_problems("ambiguous", "文字", "文字中间夹有图片，图片中的字未读取")
    is_asked = any(finding.code == "ambiguous" for finding in known)
    if has_private_use_sign(typed) and field.kind not in _KINDS_WITH_MARKERS and not is_asked:
        findings += make_problems(
            "ambiguous", "通用字库中的字", "有自造字，换一台电脑即不能显示，请注明读音和字形"
        )
    return findings


def _expected_text(field: FormField, name: str) -> str:
    label = "推荐意见日期" if name == "recommend_date" else re.split("[(（]", field.label)[0]
    return f"填写“{label}”"


def _read_text(field: FormField, text: str) -> Parsed[Values]:
    is_short = field.kind == "text" and field.name not in LONG_FIELDS
    text = _LIST_SIGN.sub("", text) if is_short else _ONLY_LIST_SIGN.sub(r"\1", text)
    parsed = TEXT_READERS[field.kind](text)
    return Parsed({field.name: parsed.value}, parsed.findings)


def _read_gender(field: FormField, marked_text: str) -> Parsed[Values]:
    """Parse the gender, written or ticked in a row of two check boxes."""
    text = strip_markers(marked_text)
    if "男" in text and "女" in text:
        parsed = read_options(marked_text, ("男", "女"))
        if len(parsed.value.ticked) == 1:
            return Parsed({field.name: parsed.value.ticked[0]}, parsed.findings)
    return _read_text(field, text)


def _read_count(field: FormField, text: str) -> Parsed[Values]:
    parsed = read_count(text, DAY_MEASURES if field.kind == "days" else PEOPLE_MEASURES)
    return Parsed({field.name: parsed.value}, parsed.findings)


def _read_names(field: FormField, text: str) -> Parsed[Values]:
    parsed = read_names(text)
    return Parsed({field.name: parsed.value}, parsed.findings)


def _read_regions(field: FormField, text: str) -> Parsed[Values]:
    parsed = read_regions(text)
    return Parsed({field.name: parsed.value}, parsed.findings)


def _read_options(field: FormField, text: str) -> Parsed[Values]:
    parsed = read_options(text, field.options)
    values = {field.name: parsed.value.ticked, f"{field.name}_other": parsed.value.other_text}
    return Parsed(values, _move_to_other(f"{field.name}_other", parsed.findings))


def _move_to_other(other: str, findings: tuple[Problem, ...]) -> tuple[Problem, ...]:
    """Set the field of findings on the text after 其他."""
    codes = ("other_blank", "other_unticked")
    return tuple(
        replace(finding, field=other) if finding.code in codes else finding for finding in findings
    )


def _read_story(field: FormField, text: str) -> Parsed[Values]:
    value = read_text(_ONLY_LIST_SIGN.sub(r"\1", _strip_indents(text))).value
    if value and is_attachment_reference(value):
        return Parsed(
            {field.name: value},
            make_problems("story_in_attachment", "表内填写事迹", quote_for_finding(value)),
        )
    return Parsed({field.name: value})


def is_attachment_reference(text: str) -> bool:
    """Whether a text only refers to another file or page.

    Examples
    --------
    >>> is_attachment_reference("详见附件"), is_attachment_reference("2016年起驻村服务。")
    (True, False)
    """
    return 0 < len(text.strip()) < 40 and _REFERENCE.search(text) is not None


def is_continuation_pointer(line: str) -> bool:
    """Whether a line of a story only says that it continues elsewhere.

    Examples
    --------
    >>> is_continuation_pointer("（下转附页）")
    True
    """
    return len(line) < 40 and _CONTINUATION.fullmatch(strip_form_hints(line)) is not None


def _strip_indents(text: str) -> str:
    """Remove the indentation of paragraphs."""
    return "\n".join(line.strip() for line in text.split("\n")).strip()


def _read_opinion(field: FormField, text: str) -> Parsed[Values]:
    """Parse an opinion and the date below it, which may be spread over lines or cells."""
    typed = _SERIAL_BEHIND.sub(r"\n\1", text.replace("｜", " "))
    dated, rest = find_date(_SPLIT_DATE.sub("", typed))
    findings = tuple(replace(finding, field="recommend_date") for finding in dated.findings)
    answered = [
        line for line in rest.split("\n") if not _PRINTED_LINE.fullmatch(simplify_label(line))
    ]
    lines = _strip_indents("\n".join(answered)).split("\n")
    opinion = read_text("\n".join(line for line in lines if line))
    return Parsed({field.name: opinion.value, "recommend_date": dated.value}, findings)


_KINDS_WITH_MARKERS = ("options", "gender")
_READERS: dict[str, Callable[[FormField, str], Parsed[Values]]] = {
    **dict.fromkeys(TEXT_READERS, _read_text),
    "gender": _read_gender,
    "count": _read_count,
    "days": _read_count,
    "names": _read_names,
    "regions": _read_regions,
    "options": _read_options,
    "story": _read_story,
    "opinion": _read_opinion,
}
