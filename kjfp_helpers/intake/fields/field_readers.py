"""One box of a form to field values: the reader of each kind, and what a blank box means."""

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from kjfp_helpers.core.findings import Finding
from kjfp_helpers.core.form_schema import Field
from kjfp_helpers.intake.common.inline_markers import strip_markers
from kjfp_helpers.intake.common.parsed_value import (
    Parsed,
    make_findings,
    read_gender,
    read_id_number,
    read_text,
)
from kjfp_helpers.intake.common.text_cleanup import (
    normalize_label,
    quote_for_finding,
    strip_form_hints,
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
"""Field kind to the reader of a box that holds one string."""

_PRINTED = re.compile(
    r"^(?!\s*推荐[。.]?\s*$)(?:\s|[(（):：）_]|推荐|填报|单位|主要|负责人|领导|审核人|签字|签名|签章|加?盖章|公章|印章|处|日期|时间)+$",
    re.MULTILINE,
)
"""Lines of an opinion that ask for a stamp, a signature or a date and have none."""
_ELSEWHERE = re.compile(r"(?:详?见|另附|参见|附)[^\n]{0,12}(?:附件|附页|另页|附后|材料|后)?")
_POINTER = re.compile(
    r"[\s(（]*(?:未完|续|以下|下|详|余|其余|具体)?[^\n，。]{0,8}(?:见|接|转)[^\n，。]{0,8}"
    r"(?:附件|附页|附后|附表|另页|后页|续页|下页|次页|背面|材料)[^\n，。]{0,4}[)）。\s]*"
)

_CUT_DATE = re.compile(r"(?<=[年月])\s*\n\s*(?=[\d一二三四五六七八九十〇○零]{1,3}\s*[月日])")


def read_field(field: Field, marked: str) -> Parsed[Values]:
    """Read a box to the values of its fields; a required one left blank raises ``missing``.

    ``marked`` may hold the signs of ``marks``; only what is ticked is read with them.
    """
    words = strip_form_hints(marked if field.kind in _SEEN else strip_markers(marked))
    read = _READERS[field.kind](field, words)
    findings = list(read.findings)
    doubted = {finding.field or field.name for finding in read.findings}
    for name, value in read.value.items():
        required = field.required and not name.endswith("_other")
        if required and value in (None, ()) and name not in doubted:
            findings += [
                replace(one, field=name)
                for one in make_findings("missing", _label(field, name), "空白")
            ]
    return Parsed(read.value, tuple(findings))


def _label(field: Field, name: str) -> str:
    words = "推荐意见日期" if name == "recommend_date" else normalize_label(field.label)
    return f"填写“{words}”"


def _text(field: Field, text: str) -> Parsed[Values]:
    read = TEXT_READERS[field.kind](text)
    return Parsed({field.name: read.value}, read.findings)


def _gender(field: Field, marked: str) -> Parsed[Values]:
    """Read the sex, written or chosen from the two words as from a row of boxes."""
    words = strip_markers(marked)
    if "男" in words and "女" in words:
        read = read_options(marked, ("男", "女"))
        if len(read.value.ticked) == 1:
            return Parsed({field.name: read.value.ticked[0]}, read.findings)
    return _text(field, words)


def _count(field: Field, text: str) -> Parsed[Values]:
    read = read_count(text, DAY_MEASURES if field.kind == "days" else PEOPLE_MEASURES)
    return Parsed({field.name: read.value}, read.findings)


def _names(field: Field, text: str) -> Parsed[Values]:
    read = read_names(text)
    return Parsed({field.name: read.value}, read.findings)


def _regions(field: Field, text: str) -> Parsed[Values]:
    read = read_regions(text)
    return Parsed({field.name: read.value}, read.findings)


def _options(field: Field, text: str) -> Parsed[Values]:
    read = read_options(text, field.options)
    values = {field.name: read.value.ticked, f"{field.name}_other": read.value.other_text}
    return Parsed(values, _under(f"{field.name}_other", read.findings))


def _under(other: str, findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """File findings on the words after 其他 under their own field."""
    codes = ("other_blank", "other_unticked")
    return tuple(replace(one, field=other) if one.code in codes else one for one in findings)


def _story(field: Field, text: str) -> Parsed[Values]:
    value = read_text(_unindented(text)).value
    if value and is_attachment_reference(value):
        return Parsed(
            {field.name: value},
            make_findings("story_in_attachment", "表内填写事迹", quote_for_finding(value)),
        )
    return Parsed({field.name: value})


def is_attachment_reference(text: str) -> bool:
    """Whether a box only says that its words stand in another file or on another page."""
    return 0 < len(text.strip()) < 40 and _ELSEWHERE.search(text) is not None


def is_continuation_pointer(line: str) -> bool:
    """Whether a line of deeds only says that they go on elsewhere."""
    return len(line) < 40 and _POINTER.fullmatch(strip_form_hints(line)) is not None


def _unindented(text: str) -> str:
    """Return text without the two ideographic spaces that begin a Chinese paragraph."""
    return "\n".join(line.strip() for line in text.split("\n")).strip()


def _opinion(field: Field, text: str) -> Parsed[Values]:
    """Read an opinion and the date below it, which may lie in several lines or cells."""
    dated, rest = find_date(_CUT_DATE.sub("", text.replace("｜", " ")))
    findings = tuple(replace(one, field="recommend_date") for one in dated.findings)
    lines = _unindented(_PRINTED.sub("", rest)).split("\n")
    opinion = read_text("\n".join(line for line in lines if line))
    return Parsed({field.name: opinion.value, "recommend_date": dated.value}, findings)


_SEEN = ("options", "gender")
_READERS: dict[str, Callable[[Field, str], Parsed[Values]]] = {
    **dict.fromkeys(TEXT_READERS, _text),
    "gender": _gender,
    "count": _count,
    "days": _count,
    "names": _names,
    "regions": _regions,
    "options": _options,
    "story": _story,
    "opinion": _opinion,
}
