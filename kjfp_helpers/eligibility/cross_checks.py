"""Cross-checks of figures: story and form, nominees and unit, names and number of experts."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from kjfp_helpers.core.findings import Finding
from kjfp_helpers.core.records import (
    KIND_TITLES,
    NOMINEE_KINDS,
    Case,
    Individual,
    Record,
    Stocktake,
    Team,
)
from kjfp_helpers.infra.cache import CachedCall, call_uncached
from kjfp_helpers.infra.lazy_loading import lazy_pattern
from kjfp_helpers.intake.common.text_cleanup import quote_for_finding
from kjfp_helpers.intake.fields.quantities import (
    DAY_MEASURES,
    PEOPLE_MEASURES,
    Quantity,
    find_quantities,
)


def check_figures(
    cases: Iterable[Case],
    records: Iterable[Record],
    cached_call: CachedCall = call_uncached,
) -> list[Finding]:
    """Return the findings on the figures of nominees; the reading of stories is cached."""
    totals = {
        record.unit: record.body.people_done
        for record in records
        if isinstance(record.body, Stocktake) and record.body.people_done is not None
    }
    cases = list(cases)
    told = {case.id: _told_figures(case.nominee) for case in cases}
    differing = cached_call(find_differing_figures, told, decode=_decode_differing)
    findings: list[Finding] = []
    for case in cases:
        findings += _check_story_figures(case, differing.get(case.id, ()))
        findings += _check_expert_names(case)
    return [*findings, *_check_claims(cases, totals)]


def _check_claims(cases: Iterable[Case], totals: dict[str, int]) -> Iterator[Finding]:
    """Find nominees who claim more people than their unit's stock-take, singly or in sum.

    Sums are by kind: a team and a person may have helped the same people.
    """
    sums: dict[tuple[str, str], list[int]] = defaultdict(list)
    for case in cases:
        claim, total = case.nominee.people_lifted, totals.get(case.unit)
        if claim is None or total is None:
            continue
        sums[case.unit, case.kind].append(claim)
        if claim > total:
            expected = f"不大于本单位盘点的{total}人"
            yield case.finding("claim_over_unit", "people_lifted", expected, f"{claim}人")
    for unit, kind in ((unit, kind) for kind in NOMINEE_KINDS for unit in sorted(totals)):
        claims, total = sums.get((unit, kind), []), totals[unit]
        if max(claims, default=total + 1) <= total < sum(claims):
            yield Finding(
                code="claims_over_unit",
                unit=unit,
                field="people_lifted",
                expected=f"{KIND_TITLES[kind]}合计不大于本单位盘点的{total}人",
                found=f"{len(claims)}件合计{sum(claims)}人",
            )


def _check_expert_names(case: Case) -> Iterator[Finding]:
    body = case.nominee
    if isinstance(body, Team) and body.expert_count is not None:
        names = len(set(body.expert_names))
        if names > body.expert_count:
            expected = f"不多于专家总人数{body.expert_count}人"
            yield case.finding("names_over_count", "expert_names", expected, f"{names}个姓名")


@dataclass(frozen=True, slots=True)
class _FigureSubject:
    r"""A number of the form and the patterns of the same quantity in a story.

    ``pattern`` matches a clause in which the figure is replaced by ``\0`` and any other by
    ``\1``; ``whole`` matches where the figure is a total and not a part. ``hint`` occurs in every
    such clause; with ``exceeds``, a figure above the form's is reported without ``whole``.
    """

    field: str
    title: str
    measure: str
    units: tuple[str, ...]
    hint: str
    pattern: re.Pattern[str]
    whole: re.Pattern[str]
    exceeds: bool


_LIFT = r"带动|帮助|帮扶|帮带|助力|[使让]|促使|推动|实现|换来"
_OUT = (
    r"(?:脱贫(?!攻坚|户|地区|[县村乡]|致富[带能]|产业|任务|工作|成效|标准|带头)"
    r"|摘帽|脱了贫|越过贫困线|摆脱贫困|脱离贫困)"
)
_GROUP = r"(?:团队|服务团|服务队|小分队|工作队|专家组|课题组)"
_SITE = r"(?:服务|驻村|驻点|蹲点|下乡|深入|贫困地区|一线|田间|基层)"
_WHOLE = r"累计|总计|合计|总共|一共|(?<![公中])共(?![同产享建识青])"
_SUBJECTS = (
    _FigureSubject(
        "people_lifted",
        "带动脱贫人数",
        "人",
        PEOPLE_MEASURES,
        "贫",
        lazy_pattern(
            rf"(?:{_LIFT})[^\0]*\0[^\0\1]{{0,14}}{_OUT}"
            rf"|(?:{_LIFT})[^\0]{{0,10}}{_OUT}[^\0\1]{{0,8}}\0"
            rf"|\0[^\0\1]{{0,8}}(?:因此|由此|因而)[^\0\1]{{0,6}}{_OUT}"
        ),
        lazy_pattern(_WHOLE),
        True,
    ),
    _FigureSubject(
        "service_days",
        "服务累计天数",
        "天",
        DAY_MEASURES,
        "天",
        lazy_pattern(rf"{_SITE}[^\0\1]{{0,12}}\0|\0[^\0\1]{{0,8}}{_SITE}"),
        lazy_pattern(_WHOLE),
        False,
    ),
    _FigureSubject(
        "expert_count",
        "团队专家总人数",
        "人",
        PEOPLE_MEASURES,
        "团",
        lazy_pattern(
            rf"{_GROUP}[^\0\1]{{0,4}}(?:[现共拥]有|由|汇聚|集聚)[^\0\1]{{0,6}}\0[^\0\1]{{0,6}}"
            rf"(?:专家|成员|组成)|{_GROUP}(?:专家|成员)?(?:共|总人数)?\0[^\0\1]{{0,4}}(?:专家|成员)?$"
            rf"|{_GROUP}\0(?:专家|成员)"
        ),
        lazy_pattern(r"[现共拥]有|由|共|总人数|汇聚|集聚"),
        True,
    ),
)
_SENTENCE = lazy_pattern(r"[^。；！？\n]+")
_CLAUSE = lazy_pattern(r"[^，、：]+")
_PART = lazy_pattern(
    r"其中|平均|[年月人户]均|每|当[年天月]|[次去今前]年|年度|连续(?!.{1,3}年)|又|再|另|还有|仍有|剩余|返贫|未脱贫"
    r"|(?<!截至|截止|自从)(?<![自从到至—\-－~])(?:19|20)\d\d年"
    r"(?!(?:\d+月)?(?:\d+日)?(?:以来|至今|起|至|到|[—\-－~]))"
)
"""Expressions that make a figure a part, a rate or a figure of one year."""
_OTHERS = lazy_pattern(r"全[村县乡镇市省州国]|[该本][村县乡镇]|当地|所在|贫困发生率")
_PLACE = lazy_pattern(r"(?<![个\1驻进入下乡])[省市县区州旗乡镇村]的?\0")
"""Expressions that make it a figure of the place and not of the nominee."""
_DIGITS = str.maketrans("０１２３４５６７８９", "0123456789")
_ROUGHLY = 0.1
"""Maximum relative deviation of a rounded figure from the form's."""
_ASKED = {"approx", "ambiguous", "unit_mismatch", "implausible", "suspicious"}
"""Codes of the intake findings on the number of the form itself."""


def _check_story_figures(case: Case, differing: Iterable[Sequence[str]]) -> Iterator[Finding]:
    """Yield ``claim_differs`` where the story clearly states another number than the form.

    Only if a clause states the quantity as a total, or a number above the form's, and the story
    states the form's number nowhere.
    """
    asked = {finding.field for finding in case.record.findings if finding.code in _ASKED}
    for field, expected, found in differing:
        if field not in asked:
            yield case.finding("claim_differs", field, expected, found)


def _told_figures(nominee: Team | Individual) -> tuple[str, tuple[int | None, ...]]:
    """Return a nominee's story, and the number of the form for each subject."""
    numbers = (getattr(nominee, subject.field, None) for subject in _SUBJECTS)
    return nominee.story or "", tuple(numbers)


def find_differing_figures(
    told: Mapping[str, tuple[str, tuple[int | None, ...]]],
) -> dict[str, tuple[tuple[str, str, str], ...]]:
    """Return the fields of which each story states another number; stories of none are left out.

    ``told`` is story and numbers of the form by case. Each field comes with what was expected and
    what was found.
    """
    found = {case: _differing_figures(story, numbers) for case, (story, numbers) in told.items()}
    return {case: fields for case, fields in found.items() if fields}


def _decode_differing(plain: Any) -> dict[str, Any]:
    """Return what :func:`find_differing_figures` returned from JSON values."""
    return dict(plain)


@lru_cache(maxsize=4096)  # each screening asks for it, and a correction changes one nominee
def _differing_figures(
    story: str, numbers: tuple[int | None, ...]
) -> tuple[tuple[str, str, str], ...]:
    story = story.translate(_DIGITS)
    differing = []
    for subject, value in zip(_SUBJECTS, numbers, strict=True):
        if value is None or subject.hint not in story:
            continue
        clause = next(_find_differing_clauses(story, subject, value), "")
        if clause and not _states_form_value(story, subject, value):
            expected = f"与表内{subject.title}{value}{subject.measure}一致"
            found = f"事迹写{quote_for_finding(clause, 40)}"
            differing.append((subject.field, expected, found))
    return tuple(differing)


def _find_differing_clauses(story: str, subject: _FigureSubject, value: int) -> Iterator[str]:
    """Yield each clause that states another number for the subject."""
    for sentence in _SENTENCE.findall(story):
        if subject.hint not in sentence or _OTHERS.search(sentence):
            continue
        for clause in _CLAUSE.findall(sentence):
            if subject.hint not in clause or _PART.search(clause):
                continue
            figures = find_quantities(clause)
            for figure in figures:
                if _is_about_subject(clause, figure, figures, subject) and not _agrees_with_form(
                    clause, figure, value
                ):
                    number = figure.value or 0
                    if subject.whole.search(clause) or (subject.exceeds and number > value):
                        yield clause.strip()


def _is_about_subject(
    clause: str, figure: Quantity, figures: tuple[Quantity, ...], subject: _FigureSubject
) -> bool:
    """Whether a clause states one of its figures for the subject."""
    if figure.value is None or figure.measure not in subject.units or figure.is_rate:
        return False
    marked = clause
    for other in reversed(figures):
        placeholder = "\0" if other is figure else "\1"
        marked = marked[: other.start] + placeholder + marked[other.end :]
    return subject.pattern.search(marked) is not None and not _PLACE.search(marked)


def _agrees_with_form(text: str, figure: Quantity, value: int) -> bool:
    """Whether a figure equals the form's number; a rounded one may differ by a tenth."""
    number = figure.value or 0
    rounded = figure.is_approximate or re.search("[百千万余多几]", text[figure.start : figure.end])
    return number == value or bool(rounded and abs(number - value) <= _ROUGHLY * value)


def _states_form_value(story: str, subject: _FigureSubject, value: int) -> bool:
    """Whether the story states the form's number anywhere."""
    return any(
        figure.measure in subject.units and _agrees_with_form(story, figure, value)
        for figure in find_quantities(story)
    )
