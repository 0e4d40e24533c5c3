"""Checks of values against their neighbours: the same in two fields, or not fitting together."""

import re
from collections.abc import Iterator
from itertools import combinations

from kjfp_helpers.core.form_schema import FORMS
from kjfp_helpers.core.privacy import PROVINCE_CODE
from kjfp_helpers.core.records import Individual, Team
from kjfp_helpers.intake.common.text_cleanup import quote_for_finding, strip_whitespace
from kjfp_helpers.intake.forms.answers.text_kinds import TEXT_KINDS
from kjfp_helpers.intake.forms.plausibility.strange_texts import (
    FOREIGN_KINDS,
    OWN_KINDS,
    POSTCODES,
)

_TEXTS = {
    "team": (
        *("team_name", "research_field", "leader_name", "leader_title", "address"),
        *("honors", "story", "recommendation"),
    ),
    "individual": (
        *("name", "title", "political_status", "address", "employer", "employer_contact"),
        *("employer_contact_title", "honors", "story", "recommendation"),
    ),
}
_TITLES = {field.name: re.split("[(（]", field.label)[0] for form in FORMS for field in form.fields}
_MAY_BE_EQUAL = (
    {"name", "employer_contact"},
    {"title", "employer_contact_title"},
)
_LEAST_SAME = 5
"""Figures below it are often the same by chance."""


def find_disagreements(body: Team | Individual) -> Iterator[tuple[str, str]]:
    """Yield fields whose value only repeats another one or does not fit it, and why in Chinese.

    Examples
    --------
    >>> list(find_disagreements(Individual(employer="测试站", address="测试站")))
    [('address', '“测试站”，与“工作单位”栏相同'), ('employer', '“测试站”，与“通讯地址”栏相同')]
    """
    yield from _repeated_texts(body)
    yield from _repeated_figures(body)
    yield from _exchanged_texts(body)
    if isinstance(body, Team) and body.expert_names == (body.leader_name,):
        if (body.expert_count or 0) > 1:
            yield "expert_names", f"只有负责人一人，总人数为{body.expert_count}"
    prefix, province = (body.postcode or "")[:2], _province_of(body.address or "")
    if len(body.postcode or "") == 6 and province and prefix not in POSTCODES[province].split():
        yield "postcode", f"{quote_for_finding(body.postcode or '')}，不是{province}的邮政编码"
    number = body.id_number if isinstance(body, Individual) else None
    if number and not PROVINCE_CODE.match(number):
        yield "id_number", "开头两位不是省份代码"


def _repeated_texts(body: Team | Individual) -> Iterator[tuple[str, str]]:
    """Yield texts that are word for word those of another field."""
    kind = "team" if isinstance(body, Team) else "individual"
    texts = {
        name: strip_whitespace(value) for name in _TEXTS[kind] if (value := getattr(body, name))
    }
    for one, other in combinations(texts, 2):
        if texts[one] == texts[other] and {one, other} not in _MAY_BE_EQUAL:
            for name, same in ((one, other), (other, one)):
                yield name, f"{quote_for_finding(texts[one])}，与“{_TITLES[same]}”栏相同"


def _exchanged_texts(body: Team | Individual) -> Iterator[tuple[str, str]]:
    """Yield fields whose own kind of text stands in another field, and is not in them."""
    for owner, kind in OWN_KINDS.items():
        value = getattr(body, owner, None)
        if not value or TEXT_KINDS[kind].find(strip_whitespace(value)):
            continue
        for name, foreign in FOREIGN_KINDS.items():
            other = getattr(body, name, None)
            if not isinstance(other, str) or name == owner or kind not in foreign:
                continue
            if TEXT_KINDS[kind].find(strip_whitespace(other)):
                yield owner, f"{quote_for_finding(value)}，与“{_TITLES[name]}”栏像是填反"


def _repeated_figures(body: Team | Individual) -> Iterator[tuple[str, str]]:
    """Yield figures that are that of the other column, or only a year."""
    figures = {"people_lifted": body.people_lifted, "service_days": body.service_days}
    if isinstance(body, Team):
        figures["expert_count"] = body.expert_count
    for one, other in combinations(figures, 2):
        value = figures[one]
        if value is not None and value >= _LEAST_SAME and value == figures[other]:
            for name, same in ((one, other), (other, one)):
                yield name, f"“{value}”，与“{_TITLES[same]}”栏相同"
    for name, value in figures.items():
        if value == 0 and name != "people_lifted":  # who teaches may have lifted nobody
            yield name, "填为0"
        elif value is not None:
            yield from _postcode_as_figure(name, str(value), body.postcode or "")


def _postcode_as_figure(name: str, value: str, postcode: str) -> Iterator[tuple[str, str]]:
    """Yield a figure that is a postcode."""
    if value == postcode:
        yield name, f"“{value}”，与“邮政编码”栏相同"
    elif len(value) == 6 and len(postcode) != 6 and postcode:
        yield name, f"“{value}”，像是邮政编码；“邮政编码”栏为{quote_for_finding(postcode)}"


def _province_of(address: str) -> str:
    """Return the short name of the province that an address begins with, ``""`` for none."""
    compact = strip_whitespace(address)
    return next((province for province in POSTCODES if compact.startswith(province)), "")
