"""Masked form: the recommendation form in its own layout, anonymized."""

from collections.abc import Callable
from dataclasses import dataclass

from kjfp_helpers.core.form_schema import FORMS, FormField
from kjfp_helpers.core.records import Case
from kjfp_helpers.state.anonymization.anonymized_case import build_anonymizer, shown_number
from kjfp_helpers.state.anonymization.anonymizer import MASK, Anonymizer
from kjfp_helpers.state.round_state import RoundState

PRIVATE = frozenset(
    (
        "id_number",
        "email",
        "postcode",
        "address",
        "leader_phone",
        "phone",
        "office_phone",
        "fax",
        "employer_contact",
        "employer_contact_title",
    )
)
"""Fields that no panel member needs, not even when identities are shown."""
IDENTITY = frozenset(
    ("team_name", "leader_name", "expert_names", "name", "gender", "employer", "regions")
)
"""Fields that say who it is: shown once identities are."""
_MEASURES = {"people_lifted": "人", "service_days": "天", "expert_count": "人"}

Read = Callable[[str | None], str | None]


@dataclass(frozen=True, kw_only=True)
class MaskedForm:
    """Title of a form and its rows of labels and texts; None is what was left blank."""

    title: str
    rows: tuple[tuple[tuple[str, str | None], ...], ...]


def mask_form(
    state: RoundState, case: Case, *, named: bool = False, veil: Anonymizer | None = None
) -> MaskedForm:
    """Return the form as it was filled in, with what tells who it is masked.

    ``named`` leaves identities; numbers and addresses stay masked. ``veil`` is that of
    :func:`kjfp_helpers.state.anonymization.anonymized_case.build_anonymizer`, where
    it exists already.
    """
    veil = veil or build_anonymizer(state, case)
    read: Read = veil.contacts if named else veil
    form = next(form for form in FORMS if form.kind == case.kind)
    rows = tuple(
        tuple((_label(field), _text(state, case, field, read, named=named)) for field in row)
        for row in form.rows
    )
    return MaskedForm(title=form.title, rows=rows)


def _label(field: FormField) -> str:
    return f"{field.group}·{field.label}" if field.group else field.label


def _text(
    state: RoundState, case: Case, field: FormField, read: Read, *, named: bool
) -> str | None:
    """Return what stands in a box; of private ones not even whether they were left blank."""
    value = getattr(case.nominee, field.name)
    if field.name in PRIVATE:
        return MASK
    if value is None or value == ():
        return None
    if field.name in IDENTITY and not named:
        many = len(value) if field.name in ("expert_names", "regions") else 1
        return MASK if many == 1 else f"{MASK}（共{many}{'人' if field.kind == 'names' else '处'}）"
    if field.name in _MEASURES:
        return shown_number(state, case, value, _MEASURES[field.name])
    if field.kind == "options":
        return _ticks(field, value, read(getattr(case.nominee, f"{field.name}_other")))
    if field.kind == "regions":
        return "；".join("".join(filter(None, region)) for region in value)
    return read("、".join(value) if field.kind == "names" else value)


def _ticks(field: FormField, ticked: tuple[str, ...], other: str | None) -> str:
    words = [f"{'☑' if option in ticked else '☐'}{option}" for option in field.options]
    return "　".join(words) + (f"（{other}）" if other else "")
