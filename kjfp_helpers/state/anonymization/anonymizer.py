"""Anonymize texts for blind reading: mask whatever identifies the nominee.

Numbers, addresses and case ids are masked always. All masking is done here: names of persons come
from :mod:`.name_variants`, names of places from :mod:`.place_names`, gendered terms from
:mod:`.gendered_terms`, what the unit's public page prints from
:mod:`kjfp_helpers.state.stages.published_unit_texts`.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache

from kjfp_helpers.core.privacy import replace_personal_numbers
from kjfp_helpers.core.records import Case, Team
from kjfp_helpers.core.searchable_text import (
    FoldedText,
    Span,
    TermIndex,
    fold_text,
    replace_spans,
)
from kjfp_helpers.rules import Round, Unit
from kjfp_helpers.state.anonymization.gendered_terms import NEUTRAL, PRONOUN, TELLING
from kjfp_helpers.state.anonymization.name_variants import list_name_variants, person_pattern
from kjfp_helpers.state.anonymization.place_names import (
    ORDINARY_WORDS,
    SHORT_PROVINCES,
    full_names,
    short_names,
)
from kjfp_helpers.state.stages.published_unit_texts import PublicTraces

MASK = "◯◯"

_REGION_END = re.compile(
    r"(特别行政区|维吾尔自治区|壮族自治区|回族自治区|自治区|自治州|自治县|地区|街道|省|市|州|盟|"
    r"县|区|旗|镇|乡|村)$"
)
_EMPLOYER = re.compile(
    r".*?(?:大学|学院|研究院|研究所|科学院|公司|集团|中心|总站|站|局|医院|学校|协会|学会)"
)
_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_LEAST_EMPLOYER = 4
"""Characters of a part of an employer's name that is masked alone."""


class Anonymizer:
    """Masks one case's texts: nominee, leader, experts, employer, unit, places, sex, contacts.

    Ids of other cases go as well: they hold the code of a unit. ``alike`` are nominations that the
    case's deeds may speak of: their names, units and places are masked too. ``traces`` are the
    public pages: a number or a name that a unit's page prints is masked; where the page repeats
    the deeds (``repeated``), of numbers only the unit's totals.
    """

    def __init__(
        self,
        round_: Round,
        case: Case,
        alike: Sequence[Case] = (),
        traces: PublicTraces | None = None,
    ) -> None:
        cases = (case, *alike)
        people = {name for one in cases for name in _people(one)}
        words = {
            word for one in cases for word in (*_names(one), *_unit(round_, one), *_places(one))
        }
        words.update(word for name in people for word in list_name_variants(name))
        provinces = sorted({name for one in cases for name in _provinces(round_, one)})
        self._indexes = (
            TermIndex(words),
            _every_unit(round_.units),
            full_names(),
            *map(short_names, provinces),
        )
        self._patterns = [SHORT_PROVINCES, TELLING]
        self._patterns += filter(None, [person_pattern(people)])
        self._cases = _every_case(round_.units)
        self._traces, self._pages = traces, sorted({one.unit for one in cases})
        self.repeated = traces is not None and traces.repeats_story(case.unit, case.nominee.story)

    def __call__(self, text: str | None) -> str | None:
        """Return the text with every telling word masked; None stays None."""
        if text is None:
            return None
        told = self.contacts(text) or ""
        folded = fold_text(told)
        spans = [*self._words(folded), *self._printed(told)]
        masked = replace_spans(told, spans, MASK)
        return re.sub(f"(?:{MASK}){{2,}}", MASK, PRONOUN.sub(NEUTRAL, masked))

    def contacts(self, text: str | None) -> str | None:
        """Return the text with contacts and ids of cases masked alone; None stays None."""
        if text is None:
            return None
        return self._cases.sub("另一件", replace_personal_numbers(_EMAIL.sub(MASK, text), MASK))

    def _words(self, folded: FoldedText) -> Iterator[Span]:
        for index in self._indexes:
            yield from index.spans(folded)
        for pattern in self._patterns:
            for match in pattern.finditer(folded.text):
                if match.end() > match.start():
                    yield folded.original_span(*match.span())

    def _printed(self, text: str) -> Iterator[Span]:
        for unit in self._pages if self._traces else ():
            assert self._traces is not None
            yield from self._traces.find_spans(unit, text, totals_alone=self.repeated)


@cache
def _every_unit(units: tuple[Unit, ...]) -> TermIndex:
    """Return an index of every unit's names: copied deeds may still tell another's."""
    return TermIndex(name for unit in units for name in (unit.name, unit.short_name, *unit.aliases))


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
    return tuple(name.strip() for name in names if name and name.strip())


def _names(case: Case) -> set[str]:
    nominee = case.nominee
    other = nominee.team_name if isinstance(nominee, Team) else nominee.employer
    return {case.name, nominee.address or "", *_employer_parts(other or "")}


def _employer_parts(employer: str) -> set[str]:
    """Return an employer's name and what stands for it: 某某大学 of 某某大学农学院."""
    beginning = _EMPLOYER.match(employer)
    short = beginning.group() if beginning else ""
    return {employer, short} if len(short) >= _LEAST_EMPLOYER else {employer}


def _unit(round_: Round, case: Case) -> set[str]:
    unit = round_.unit_by_code.get(case.unit)
    if unit is None:
        return set()
    region = {unit.region, _REGION_END.sub("", unit.region)}
    return {unit.name, unit.short_name, *unit.aliases, *region}


def _places(case: Case) -> set[str]:
    parts = {part for region in case.nominee.regions for part in region if part}
    return parts | ({_REGION_END.sub("", _tight(part)) for part in parts} - ORDINARY_WORDS)


def _provinces(round_: Round, case: Case) -> set[str]:
    """Return the provinces that a case is of: where it served, and its unit's own."""
    unit = round_.unit_by_code.get(case.unit)
    served = {region[0] for region in case.nominee.regions if region[0]}
    return served | ({unit.region} if unit is not None and unit.kind == "province" else set())


def _tight(text: str) -> str:
    return re.sub(r"\s+", "", text)
