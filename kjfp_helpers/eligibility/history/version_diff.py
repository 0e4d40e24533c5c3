"""Differences between two versions of a form: one row a field or a passage."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields
from datetime import date
from difflib import SequenceMatcher
from typing import TYPE_CHECKING

from kjfp_helpers.core.form_schema import FORMS, INDICATORS, STOCKTAKE_COLUMNS
from kjfp_helpers.core.records import Picture, Section
from kjfp_helpers.eligibility.history.versions import ReplacedRecord, nominee_name
from kjfp_helpers.rules import Round

if TYPE_CHECKING:
    import pandas as pd

COLUMNS = (
    "unit unit_name kind name old_receipt new_receipt old_source new_source field title old new"
).split()

PRIVATE_FIELDS = frozenset({"id_number", "phone", "leader_phone", "office_phone", "fax"})
"""Fields whose values are never shown."""

_TITLES: Mapping[str, str] = {
    **{field.name: re.sub(r"\(.*\)", "", field.label) for form in FORMS for field in form.fields},
    **{
        f"{one.name}_{column}": f"{one.label}{heading}"
        for one in INDICATORS
        for column, heading in STOCKTAKE_COLUMNS
    },
    "service_types_other": "服务类别“其他”",
    "service_modes_other": "服务方式“其他”",
    "recommend_date": "推荐日期",
    "unit": "填报单位",
    "sections": "正文",
    "story": "主要事迹",
    "pictures": "图片",
    "captions": "图片注释",
    "others": "其他文件",
}
"""Chinese names of the fields of every kind of record."""

_BLANK = "（空白）"
_SENTENCE = re.compile(r"[^。；！？\n]*[。；！？\n]*")
_LONG = 40
"""Characters from which a text is told passage by passage."""


def tabulate_changes(round: Round, replaced: Iterable[ReplacedRecord]) -> "pd.DataFrame":
    """Return what changed between each replaced record and the one in its place.

    Returns
    -------
    DataFrame
        ``unit unit_name kind name old_receipt new_receipt old_source new_source field title old
        new``: values as text; identity and phone numbers are not shown. Two records of the same
        content are one row with a blank ``field`` whose ``title`` says so.
    """
    import pandas as pd

    rows = []
    for pair in replaced:
        old, new = pair.old, pair.new
        head = {
            "unit": old.unit,
            "unit_name": round.unit_by_code[old.unit].short_name,
            "kind": old.kind,
            "name": nominee_name(new),
            "old_receipt": old.receipt,
            "new_receipt": new.receipt,
            "old_source": old.source,
            "new_source": new.source,
        }
        rows += [
            head | dict(zip(COLUMNS[-4:], change, strict=True)) for change in diff_records(pair)
        ]
    return pd.DataFrame(rows, columns=COLUMNS)


def diff_records(pair: ReplacedRecord) -> Iterator[tuple[str, str, str, str]]:
    """Yield field, Chinese title, old and new text of each change, or that there is none."""
    if pair.same:
        yield "", pair.same, "", ""
        return
    for field in fields(pair.old.body):
        title = field_title(pair.new.kind, field.name)
        old, new = getattr(pair.old.body, field.name), getattr(pair.new.body, field.name)
        if old == new:
            continue
        if field.name in PRIVATE_FIELDS:
            yield field.name, title, _hidden(old), _hidden(new)
        else:
            for was, now in _parts(_text(old), _text(new)):
                yield field.name, title, was or _BLANK, now or _BLANK


def field_title(kind: str, field: str) -> str:
    """Return the Chinese name of a field of a kind of record, the field itself where unknown."""
    return "标题" if (kind, field) == ("summary", "title") else _TITLES.get(field, field)


def _hidden(value: object) -> str:
    return "已填（不显示）" if value else _BLANK


def _parts(old: str, new: str) -> list[tuple[str, str]]:
    """Return what differs: short texts whole, of long ones the sentences that are not in both."""
    if max(len(old), len(new)) < _LONG:
        return [(old, new)]
    was, now = _SENTENCE.findall(old), _SENTENCE.findall(new)
    matcher = SequenceMatcher(None, was, now, autojunk=False)
    parts = [
        ("".join(was[start:end]).strip(), "".join(now[at:to]).strip())
        for tag, start, end, at, to in matcher.get_opcodes()
        if tag != "equal"
    ]
    return [part for part in parts if part[0] != part[1]] or [("", "（仅空格、换行不同）")]


def _text(value: object) -> str:
    """Return a value as a clerk reads it."""
    if value is None:
        return ""
    if isinstance(value, Section):
        return f"{value.heading}\n{value.text}\n" if value.heading else f"{value.text}\n"
    if isinstance(value, Picture):
        return f"{value.name}（{value.size}字节）"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return "\n".join(f"{name}：{text}" for name, text in sorted(value.items()))
    if isinstance(value, tuple) and value and isinstance(value[0], tuple):
        return "；".join(" ".join(part for part in region if part) for region in value)
    if isinstance(value, tuple):
        joint = "" if value and isinstance(value[0], Section) else "、"
        return joint.join(map(_text, value))
    return str(value)
