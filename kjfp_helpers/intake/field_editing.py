"""Parse, format and revalidate record fields that the secretary types.

The parsers are those of the received forms.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from typing import Any

from kjfp_helpers.core.findings import Finding, Problem
from kjfp_helpers.core.form_schema import (
    FORMS,
    INDICATORS,
    REGION_LEVELS,
    STOCKTAKE_COLUMNS,
    Form,
    FormField,
)
from kjfp_helpers.core.records import Individual, Record, Stocktake, Team
from kjfp_helpers.intake.common.parsed_value import Parsed, make_problems, read_text
from kjfp_helpers.intake.common.text_cleanup import is_blank, quote_for_finding
from kjfp_helpers.intake.fields.dates import find_date
from kjfp_helpers.intake.fields.field_readers import read_field
from kjfp_helpers.intake.fields.quantities import FIGURE_MEASURES, read_count
from kjfp_helpers.intake.fields.regions import read_regions
from kjfp_helpers.intake.forms.form_reader import ParsedForm
from kjfp_helpers.intake.forms.plausibility.plausibility_checks import (
    check_plausibility,
)
from kjfp_helpers.intake.forms.whole_form_checks import check_identity
from kjfp_helpers.rules import Notice

REGION_SEPARATOR = "｜"
"""Separates the levels of an area."""
OTHER_SUFFIX = "_other"
PERSONAL_FIELDS = frozenset(("id_number", "phone", "leader_phone", "office_phone", "fax"))
"""Fields that are shown only on demand."""
EDITABLE_RECORD_TYPES: Mapping[str, type[Team] | type[Individual] | type[Stocktake]] = {
    "team": Team,
    "individual": Individual,
    "stocktake": Stocktake,
}
"""Kinds of record that can be typed, with the class of their body."""
_PICTURE_CODES = ("seal_missing", "photo_missing")
"""Findings on a field that a new value does not resolve."""
_OTHER_CODES = ("other_blank", "other_unticked")
_IDENTITY_CODES = ("id_gender", "id_birth")


@dataclass(frozen=True, slots=True)
class EditableField:
    """A field that can be typed; ``kind`` is a field kind of the forms, ``date`` or ``figure``."""

    name: str
    label: str
    kind: str
    options: tuple[str, ...] = ()


@cache
def editable_fields(kind: str) -> tuple[EditableField, ...]:
    """Return the fields of a kind of record that can be typed, in form order.

    Examples
    --------
    >>> [field.name for field in editable_fields("stocktake")[:2]]
    ['unit', 'assoc_target']
    """
    if kind == "stocktake":
        figures = (
            EditableField(
                f"{one.name}_{part}", f"{one.label.partition('（')[0]}·{heading}", "figure"
            )
            for one in INDICATORS
            for part, heading in STOCKTAKE_COLUMNS
        )
        return (EditableField("unit", "填报单位", "text"), *figures)
    form = _form_of_kind(kind)
    return (
        tuple(field for form_field in form.fields for field in _fields_of_form_field(form_field))
        if form
        else ()
    )


def editable_field(kind: str, name: str) -> EditableField | None:
    """Return a field of a kind of record by name, ``None`` if it cannot be typed."""
    return next((field for field in editable_fields(kind) if field.name == name), None)


def field_label(kind: str, name: str) -> str:
    """Return the Chinese label of a field, ``""`` for a field that is on no form.

    Examples
    --------
    >>> field_label("individual", "photo")
    '照片'
    """
    field = editable_field(kind, name)
    return field.label if field else {"photo": "照片", "pictures": "图片"}.get(name, "")


def _fields_of_form_field(form_field: FormField) -> Iterator[EditableField]:
    """Yield the record fields of a form field: the value, the text of 其他, the date."""
    label = (
        f"{form_field.group}·{form_field.label}"
        if form_field.group
        else form_field.label.partition("(")[0]
    )
    yield EditableField(form_field.name, label, form_field.kind, form_field.options)
    if form_field.kind == "options":
        yield EditableField(f"{form_field.name}{OTHER_SUFFIX}", f"{label}·其他", "text")
    if form_field.kind == "opinion":
        yield EditableField("recommend_date", "推荐意见日期", "date")


def _form_of_kind(kind: str) -> Form | None:
    return next((form for form in FORMS if form.kind == kind), None)


def format_value(field: EditableField, value: Any) -> str:
    """Format a value as it is typed; ``parse_value`` returns the same value.

    Examples
    --------
    >>> format_value(EditableField("expert_names", "姓名", "names"), ("张三", "李四"))
    '张三、李四'
    """
    if value is None:
        return ""
    if field.kind in ("names", "options"):
        return "、".join(value)
    if field.kind == "regions":
        return "\n".join(REGION_SEPARATOR.join(part or "" for part in region) for region in value)
    return value.isoformat() if isinstance(value, date) else str(value)


def parse_value(entry: EditableField, text: str) -> Parsed[Any]:
    """Parse a typed value; blank is ``None``, or ``()`` for a list.

    Examples
    --------
    >>> parse_value(EditableField("expert_names", "姓名", "names"), "张三、李四").value
    ('张三', '李四')
    """
    if is_blank(text):
        return Parsed(() if entry.kind in ("names", "options", "regions") else None)
    if entry.kind in _PARSERS:
        return _PARSERS[entry.kind](entry, text)
    if entry.name.endswith(OTHER_SUFFIX):
        return read_text(text)
    form_field = FormField(entry.name, entry.label, entry.kind, False, entry.options)  # type: ignore[arg-type]
    parsed = read_field(form_field, text)
    return Parsed(parsed.value[entry.name], parsed.findings)


def _parse_long_text(_: EditableField, text: str) -> Parsed[Any]:
    return Parsed(text.strip("\n"))


def _parse_figure(_: EditableField, text: str) -> Parsed[Any]:
    return read_count(text, FIGURE_MEASURES)


def _parse_date(_: EditableField, text: str) -> Parsed[Any]:
    parsed = find_date(text)[0]
    if parsed.value is None and not parsed.findings:
        return Parsed(None, make_problems("date_invalid", "年月日", quote_for_finding(text)))
    return parsed


def _parse_options(entry: EditableField, text: str) -> Parsed[Any]:
    chosen = tuple(part for part in text.split("、") if part)
    unknown = [option for option in chosen if option not in entry.options]
    findings = make_problems(
        "unknown_option", "、".join(entry.options), quote_for_finding("、".join(unknown))
    )
    return Parsed(chosen, findings if unknown else ())


def _parse_regions(_: EditableField, text: str) -> Parsed[Any]:
    """Parse areas, one per line: levels separated by bars, or as on the forms."""
    lines = [line for line in text.split("\n") if line.strip()]
    if all(REGION_SEPARATOR in line for line in lines):
        return read_regions("\n".join((REGION_SEPARATOR.join(REGION_LEVELS), *lines)))
    return read_regions("\n".join(lines))


_PARSERS: Mapping[str, Callable[[EditableField, str], Parsed[Any]]] = {
    "regions": _parse_regions,
    "options": _parse_options,
    "date": _parse_date,
    "figure": _parse_figure,
    "story": _parse_long_text,
    "opinion": _parse_long_text,
}
"""Parsers of kinds that are typed in another notation than on the forms."""


def to_event_value(value: Any) -> Any:
    """Convert a value to its form in event payloads.

    Examples
    --------
    >>> to_event_value(date(2020, 8, 1))
    '2020-08-01'
    """
    return value.isoformat() if isinstance(value, date) else value


def revalidate(record: Record, changed: Iterable[str], notice: Notice) -> tuple[Finding, ...]:
    """Return the findings on a record after some of its fields were changed.

    Findings on changed fields are replaced by those of the new values, range checks and the
    comparison of gender and identity number included.

    Parameters
    ----------
    record : Record
        The record with the new values.
    changed : Iterable of str
        Names of the changed fields.
    notice : Notice
        Rules of the round.
    """
    names = frozenset(changed)
    remaining = tuple(finding for finding in record.findings if _remains(finding, names))
    body = record.body
    form = _form_of_kind(record.kind)
    if not names or form is None or not isinstance(body, Team | Individual):
        return remaining
    added = [
        problem
        for form_field in form.fields
        for problem in _field_problems(form_field, body)
        if problem.field.removesuffix(OTHER_SUFFIX) in _base_names(names)
        and problem.field in _checked_fields(names, problem)
    ]
    form_values = ParsedForm(form, body, record.provenance, tuple(added))
    added += [
        problem for problem in check_plausibility(form_values, notice) if problem.field in names
    ]
    if isinstance(body, Individual) and names & {"id_number", "gender"}:
        added += check_identity(body, (), (*remaining, *added))
    return (*remaining, *(problem.in_document(record.source) for problem in added))


def _remains(finding: Finding, names: frozenset[str]) -> bool:
    """Whether a finding remains after the named fields were changed."""
    if finding.code in _PICTURE_CODES:
        return True
    if finding.code in _IDENTITY_CODES and names & {"id_number", "gender"}:
        return False
    stem = finding.field.removesuffix(OTHER_SUFFIX)
    about_other = finding.code in _OTHER_CODES and stem in _base_names(names)
    return finding.field not in names and not about_other


def _base_names(names: frozenset[str]) -> frozenset[str]:
    return frozenset(name.removesuffix(OTHER_SUFFIX) for name in names)


def _checked_fields(names: frozenset[str], problem: Problem) -> frozenset[str]:
    """Return the fields that a problem may be on; 其他 and its text are checked together."""
    if problem.code not in _OTHER_CODES:
        return names
    return names | {f"{stem}{OTHER_SUFFIX}" for stem in _base_names(names)}


def _field_problems(form_field: FormField, body: Team | Individual) -> Iterator[Problem]:
    """Yield the problems that the parsers find on the values of a form field."""
    for field in _fields_of_form_field(form_field):
        value = getattr(body, field.name)
        problems: tuple[Problem, ...] = ()
        if value not in (None, ()):
            problems = parse_value(field, format_value(field, value)).findings
        elif form_field.required and not field.name.endswith(OTHER_SUFFIX):
            problems = make_problems("missing", f"填写“{field.label}”", "空白")
        yield from (replace(problem, field=field.name) for problem in problems)
    if form_field.kind == "options":
        yield from _other_problems(form_field, body)


def _other_problems(form_field: FormField, body: Team | Individual) -> Iterator[Problem]:
    """Yield a problem if 其他 and its text do not match."""
    name = f"{form_field.name}{OTHER_SUFFIX}"
    is_ticked = "其他" in getattr(body, form_field.name)
    text = getattr(body, name)
    problems: tuple[Problem, ...] = ()
    if is_ticked and not text:
        problems = make_problems("other_blank", "“其他”后写明内容", "空白")
    elif text and not is_ticked:
        problems = make_problems("other_unticked", "写明内容并勾选“其他”", quote_for_finding(text))
    yield from (replace(problem, field=name) for problem in problems)
