"""Fields of a record as a person types them: the same readers as for what the units sent."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from typing import Any

from kjfp_helpers.core.findings import Finding
from kjfp_helpers.core.form_schema import (
    FORMS,
    REGION_LEVELS,
    STOCKTAKE_COLUMNS,
    STOCKTAKE_ROWS,
    Form,
    FormField,
)
from kjfp_helpers.core.records import Individual, Record, Stocktake, Team
from kjfp_helpers.intake.common.parsed_value import Parsed, make_findings, read_text
from kjfp_helpers.intake.common.text_cleanup import is_blank, quote_for_finding
from kjfp_helpers.intake.fields.dates import find_date
from kjfp_helpers.intake.fields.field_readers import read_field
from kjfp_helpers.intake.fields.quantities import PEOPLE_MEASURES, read_count
from kjfp_helpers.intake.fields.regions import read_regions
from kjfp_helpers.intake.forms.form_checks import check_identity
from kjfp_helpers.intake.forms.form_reader import ParsedForm
from kjfp_helpers.intake.forms.range_checks import check_ranges
from kjfp_helpers.rules import Notice

REGION_SEPARATOR = "｜"
"""Between the levels of an area."""
OTHER_SUFFIX = "_other"
PERSONAL_FIELDS = frozenset(("id_number", "phone", "leader_phone", "office_phone", "fax"))
"""Fields that are shown only to who asks for them."""
EDITABLE_RECORD_TYPES: Mapping[str, type[Team] | type[Individual] | type[Stocktake]] = {
    "team": Team,
    "individual": Individual,
    "stocktake": Stocktake,
}
"""Kinds of record that can be typed, with the class of an empty one."""
_OF_THE_BOX = ("seal_missing", "photo_missing")
"""Findings on a field that no other value of it answers."""
_OF_OTHER = ("other_blank", "other_unticked")
_OF_IDENTITY = ("id_gender", "id_birth")


@dataclass(frozen=True, slots=True)
class EditableField:
    """One field to type: ``kind`` is a field kind of the forms, else ``date`` or ``figure``."""

    name: str
    label: str
    kind: str
    options: tuple[str, ...] = ()


@cache
def editable_fields(kind: str) -> tuple[EditableField, ...]:
    """Return what can be typed into a kind of record, in the order of its form."""
    if kind == "stocktake":
        figures = (
            EditableField(f"{name}_{part}", f"{label.partition('（')[0]}·{heading}", "figure")
            for name, label in STOCKTAKE_ROWS
            for part, heading in STOCKTAKE_COLUMNS
        )
        return (EditableField("unit", "填报单位", "text"), *figures)
    form = _form(kind)
    return tuple(entry for item in form.fields for entry in _entries(item)) if form else ()


def editable_field(kind: str, name: str) -> EditableField | None:
    """Return how a field of a kind of record is typed, ``None`` where it cannot be."""
    return next((entry for entry in editable_fields(kind) if entry.name == name), None)


def field_label(kind: str, name: str) -> str:
    """Return a field's Chinese label, ``""`` for a field of no form."""
    entry = editable_field(kind, name)
    return entry.label if entry else {"photo": "照片", "pictures": "图片"}.get(name, "")


def _entries(item: FormField) -> Iterator[EditableField]:
    label = f"{item.group}·{item.label}" if item.group else item.label.partition("(")[0]
    yield EditableField(item.name, label, item.kind, item.options)
    if item.kind == "options":
        yield EditableField(f"{item.name}{OTHER_SUFFIX}", f"{label}·其他", "text")
    if item.kind == "opinion":
        yield EditableField("recommend_date", "推荐意见日期", "date")


def _form(kind: str) -> Form | None:
    return next((form for form in FORMS if form.kind == kind), None)


def format_value(entry: EditableField, value: Any) -> str:
    """Return a value as it is typed, so that ``parse_value`` gives it back."""
    if value is None:
        return ""
    if entry.kind in ("names", "options"):
        return "、".join(value)
    if entry.kind == "regions":
        return "\n".join(REGION_SEPARATOR.join(part or "" for part in region) for region in value)
    return value.isoformat() if isinstance(value, date) else str(value)


def parse_value(entry: EditableField, text: str) -> Parsed[Any]:
    """Read what was typed; blank is ``None``, or ``()`` for a list."""
    if is_blank(text):
        return Parsed(() if entry.kind in ("names", "options", "regions") else None)
    if entry.kind in _READERS:
        return _READERS[entry.kind](entry, text)
    if entry.name.endswith(OTHER_SUFFIX):
        return read_text(text)
    item = FormField(entry.name, entry.label, entry.kind, False, entry.options)  # type: ignore[arg-type]
    box = read_field(item, text)
    return Parsed(box.value[entry.name], box.findings)


def _long(_: EditableField, text: str) -> Parsed[Any]:
    return Parsed(text.strip("\n"))


def _figure(_: EditableField, text: str) -> Parsed[Any]:
    return read_count(text, (*PEOPLE_MEASURES, "个", "家"))


def _date(_: EditableField, text: str) -> Parsed[Any]:
    dated = find_date(text)[0]
    if dated.value is None and not dated.findings:
        return Parsed(None, make_findings("date_invalid", "年月日", quote_for_finding(text)))
    return dated


def _options(entry: EditableField, text: str) -> Parsed[Any]:
    chosen = tuple(part for part in text.split("、") if part)
    odd = [word for word in chosen if word not in entry.options]
    found = make_findings(
        "unknown_option", "、".join(entry.options), quote_for_finding("、".join(odd))
    )
    return Parsed(chosen, found if odd else ())


def _regions(_: EditableField, text: str) -> Parsed[Any]:
    """Read areas, one a line: level by level between bars, or written on as on the forms."""
    lines = [line for line in text.split("\n") if line.strip()]
    if all(REGION_SEPARATOR in line for line in lines):
        return read_regions("\n".join((REGION_SEPARATOR.join(REGION_LEVELS), *lines)))
    return read_regions("\n".join(lines))


_READERS: Mapping[str, Callable[[EditableField, str], Parsed[Any]]] = {
    "regions": _regions,
    "options": _options,
    "date": _date,
    "figure": _figure,
    "story": _long,
    "opinion": _long,
}
"""Kinds that are typed otherwise than they stand on the forms."""


def to_event_value(value: Any) -> Any:
    """Return a value as an event holds it."""
    return value.isoformat() if isinstance(value, date) else value


def revalidate(record: Record, changed: Iterable[str], notice: Notice) -> tuple[Finding, ...]:
    """Return the findings that stand on a record after some of its fields got other values.

    What was found on the old value of a field is gone with it, what the readers find on the new
    one is there; so is what holds it against the calendar, and sex against identity number.
    """
    names = frozenset(changed)
    kept = tuple(found for found in record.findings if _stands(found, names))
    body = record.body
    form = _form(record.kind)
    if not names or form is None or not isinstance(body, Team | Individual):
        return kept
    fresh = [
        found
        for item in form.fields
        for found in _on_box(item, body)
        if found.field.removesuffix(OTHER_SUFFIX) in _stems(names)
        and found.field in _told(names, found)
    ]
    read_anew = ParsedForm(form, body, record.provenance, ())
    fresh += [found for found in check_ranges(read_anew, notice) if found.field in names]
    if isinstance(body, Individual) and names & {"id_number", "gender"}:
        fresh += check_identity(body, (), (*kept, *fresh))
    return (*kept, *(replace(one, source=record.source) for one in fresh))


def _stands(found: Finding, names: frozenset[str]) -> bool:
    if found.code in _OF_THE_BOX:
        return True
    if found.code in _OF_IDENTITY and names & {"id_number", "gender"}:
        return False
    about_other = found.code in _OF_OTHER and found.field.removesuffix(OTHER_SUFFIX) in _stems(
        names
    )
    return found.field not in names and not about_other


def _stems(names: frozenset[str]) -> frozenset[str]:
    return frozenset(name.removesuffix(OTHER_SUFFIX) for name in names)


def _told(names: frozenset[str], found: Finding) -> frozenset[str]:
    """Return the fields a finding may be on: what 其他 says is held against its tick too."""
    others = (
        {f"{stem}{OTHER_SUFFIX}" for stem in _stems(names)} if found.code in _OF_OTHER else set()
    )
    return names | others


def _on_box(item: FormField, body: Team | Individual) -> Iterator[Finding]:
    """Yield what the readers find on a box filled with the values of a record."""
    for entry in _entries(item):
        value = getattr(body, entry.name)
        if value in (None, ()):
            wanted = item.required and not entry.name.endswith(OTHER_SUFFIX)
            found = make_findings("missing", f"填写“{entry.label}”", "空白") if wanted else ()
        else:
            found = parse_value(entry, format_value(entry, value)).findings
        yield from (replace(one, field=entry.name) for one in found)
    if item.kind == "options":
        yield from _other(item, body)


def _other(item: FormField, body: Team | Individual) -> Iterator[Finding]:
    name = f"{item.name}{OTHER_SUFFIX}"
    ticked, said = "其他" in getattr(body, item.name), getattr(body, name)
    found: tuple[Finding, ...] = ()
    if ticked and not said:
        found = make_findings("other_blank", "“其他”后写明内容", "空白")
    elif said and not ticked:
        found = make_findings("other_unticked", "写明内容并勾选“其他”", quote_for_finding(said))
    yield from (replace(one, field=name) for one in found)
