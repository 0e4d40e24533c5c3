"""Blind reading: what tells who a nominee is gives way to a mask, inside the deeds as well.

What a panel member never needs, numbers and addresses and the ids of cases, is masked always.
"""

import re
from collections.abc import Iterable
from functools import cache

from kjfp_helpers.publication import mask_text
from kjfp_helpers.records import Case, Team
from kjfp_helpers.rules import Round, Unit

MASK = "◯◯"

_TITLES = "老师|教授|同志|专家|研究员|农艺师|工程师|博士|医生|书记|主任|院士|某"
_REGION_END = re.compile(
    r"(特别行政区|维吾尔自治区|壮族自治区|回族自治区|自治区|自治州|自治县|地区|街道|省|市|州|盟|"
    r"县|区|旗|镇|乡|村)$"
)
_CONTACTS = re.compile(
    r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+|(?<!\d)\d{17}[\dXx](?![\dXx])|(?<!\d)1\d{10}(?!\d)"
    r"|(?<!\d)0\d{2,3}[-－ ]?\d{7,8}(?!\d)"
)


class Veil:
    """Masks one case's texts: nominee, leader, experts, employer, unit, places, contacts.

    Ids of other cases go as well: they hold the code of a unit.
    """

    def __init__(self, round_: Round, case: Case) -> None:
        words = {*_names(case), *_unit(round_, case), *_places(case)}
        ordered = sorted(
            (word for word in words if len(word) > 1), key=lambda word: (-len(word), word)
        )
        self._units, self._cases = _every_unit(round_.units), _every_case(round_.units)
        people = "".join(sorted({name[0] for name in _people(case)}))
        patterns = [r"\s*".join(map(re.escape, word)) for word in ordered]
        if people:
            patterns += [f"(?:[老小][{people}]|[{people}](?={_TITLES}))"]
        self._pattern = re.compile("|".join(patterns)) if patterns else None

    def __call__(self, text: str | None) -> str | None:
        """Return the text with every telling word masked; None stays None."""
        if text is None:
            return None
        text = self.contacts(text) or ""
        if self._pattern:
            text = self._pattern.sub(MASK, text)
        return re.sub(f"(?:{MASK}){{2,}}", MASK, self._units.sub(MASK, text))

    def contacts(self, text: str | None) -> str | None:
        """Return the text with contacts and ids of cases masked alone; None stays None."""
        if text is None:
            return None
        return self._cases.sub("另一件", mask_text(_CONTACTS.sub(MASK, text)))


@cache
def _every_unit(units: tuple[Unit, ...]) -> re.Pattern[str]:
    """Return a pattern of every unit's names: copied deeds may still tell another's."""
    names = {
        name for unit in units for name in (unit.name, unit.short_name, *unit.aliases)
        if len(name) > 1
    }  # fmt: skip
    return re.compile("|".join(map(re.escape, sorted(names, key=lambda name: (-len(name), name)))))


@cache
def _every_case(units: tuple[Unit, ...]) -> re.Pattern[str]:
    """Return a pattern of the ids of cases."""
    return re.compile(f"[TP](?:{'|'.join(re.escape(unit.code) for unit in units)})-\\d+")


def _people(case: Case) -> tuple[str, ...]:
    nominee = case.nominee
    if isinstance(nominee, Team):
        names: Iterable[str | None] = (nominee.leader_name, *nominee.expert_names)
    else:
        names = (nominee.name, nominee.employer_contact)
    return tuple(_tight(name) for name in names if name)


def _names(case: Case) -> set[str]:
    people = _people(case)
    given = {name[1:] for name in people if len(name) == 3}
    nominee = case.nominee
    other = nominee.team_name if isinstance(nominee, Team) else nominee.employer
    named = {case.name, other or "", nominee.address or "", *people, *given}
    return {_tight(name) for name in named}


def _unit(round_: Round, case: Case) -> set[str]:
    unit = round_.unit_by_code.get(case.unit)
    if unit is None:
        return set()
    region = {unit.region, _REGION_END.sub("", unit.region)}
    return {_tight(name) for name in (unit.name, unit.short_name, *unit.aliases, *region)}


def _places(case: Case) -> set[str]:
    parts = {part for region in case.nominee.regions for part in region if part}
    return {_tight(part) for part in parts} | {_REGION_END.sub("", _tight(part)) for part in parts}


def _tight(text: str) -> str:
    return re.sub(r"\s+", "", text)
