"""One figure in several places: what a unit states of an indicator, where, in which words."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from kjfp_helpers.core.form_schema import Indicator
from kjfp_helpers.core.records import (
    KIND_TITLES,
    NOMINEE_KINDS,
    Case,
    Exhibit,
    Record,
    Stocktake,
    Summary,
)
from kjfp_helpers.intake.text_figures.indicator_figures import IndicatorFigure
from kjfp_helpers.intake.text_figures.told_numbers import ToldNumbers, told_text
from kjfp_helpers.notice.stocktake.figure_likeness import ALIKE, is_of_size, is_slip

Where = Literal["stocktake", "summary", "exhibit", "nominees", "spot_check"]
WHERE_TITLES: Mapping[str, str] = {
    "stocktake": "盘点表",
    "summary": "工作总结",
    "exhibit": "展览文本",
    "nominees": "推荐表",
    "spot_check": "抽查",
}
"""Chinese names of the places in which a figure stands, in the order in which they are shown."""
MAX_WORDS = 60
"""Characters of a clause that are quoted."""


@dataclass(frozen=True, kw_only=True)
class StatedFigure:
    """A figure that a unit states, or that the spot check found.

    ``value`` is a count in ``measure`` (that of the sheet, 户 or 人次); ``low`` to ``high`` are the
    counts that its wording allows. ``scope`` is that of
    :class:`~kjfp_helpers.intake.text_figures.indicator_figures.IndicatorFigure`. ``source`` is the
    inbox path, ``place`` the location in it and ``words`` the clause it stands in.
    """

    unit: str
    indicator: str
    where: str
    value: int
    measure: str
    low: int
    high: int
    scope: str = "total"
    year: int = 0
    is_explicit: bool = True
    source: str = ""
    place: str = ""
    words: str = ""


@dataclass(frozen=True, kw_only=True)
class FoundFigure:
    """A figure as the spot check found it on the spot; ``document`` says where that is recorded."""

    unit: str
    indicator: str
    value: int
    document: str = "抽查记录"
    place: str = ""


def collect_figures(
    records: Iterable[Record],
    cases: Sequence[Case],
    indicators: Sequence[Indicator],
    found: Iterable[FoundFigure],
    told: Mapping[str, ToldNumbers],
) -> dict[str, list[StatedFigure]]:
    """Return the figures of each unit in every place, by unit code.

    Parameters
    ----------
    records : iterable of Record
        Current records; of texts, summaries and exhibits are read.
    cases : sequence of Case
        Nominations; their people are summed by kind.
    indicators : sequence of Indicator
        Those that the round asks for.
    found : iterable of FoundFigure
        What the spot check found.
    told : Mapping
        What the texts tell, as
        :func:`~kjfp_helpers.intake.text_figures.told_numbers.read_told_numbers` returns it.
    """
    by_unit: dict[str, list[StatedFigure]] = {}
    measures = {one.name: one.measure for one in indicators}
    read = list(records)
    for record in read:
        by_unit.setdefault(record.unit, []).extend(_return_figures(record, measures))
    reported = {
        (one.unit, one.indicator): one.value for own in by_unit.values() for one in reversed(own)
    }
    for record in read:
        by_unit[record.unit] += _text_figures(record, told, measures, reported)
    for claim in _nominee_sums(cases):
        by_unit.setdefault(claim.unit, []).append(claim)
    for one in found:
        by_unit.setdefault(one.unit, []).append(
            StatedFigure(
                unit=one.unit,
                indicator=one.indicator,
                where="spot_check",
                value=one.value,
                measure=measures.get(one.indicator, ""),
                low=one.value,
                high=one.value,
                source=one.document,
                place=one.place,
            )
        )
    order = list(WHERE_TITLES)
    return {
        unit: sorted(figures, key=lambda one: order.index(one.where))
        for unit, figures in by_unit.items()
    }


def _return_figures(record: Record, measures: Mapping[str, str]) -> Iterator[StatedFigure]:
    if not isinstance(record.body, Stocktake):
        return
    for name, measure in measures.items():
        done = getattr(record.body, f"{name}_done")
        if done is not None:
            yield StatedFigure(
                unit=record.unit,
                indicator=name,
                where="stocktake",
                value=done,
                measure=measure,
                low=done,
                high=done,
                source=record.source,
                place=record.provenance.get(f"{name}_done", ""),
            )


def _text_figures(
    record: Record,
    told: Mapping[str, ToldNumbers],
    measures: Mapping[str, str],
    reported: Mapping[tuple[str, str], int],
) -> Iterator[StatedFigure]:
    if record.id not in told or not isinstance(record.body, Summary | Exhibit):
        return
    counts = {name: reported.get((record.unit, name)) for name in measures}
    sections = zip(record.body.sections, told[record.id].figures, strict=True)
    for index, (section, figures) in enumerate(sections):
        place = record.provenance.get(f"sections.{index}", "") or section.heading
        for one in _held_against(figures, counts):
            yield StatedFigure(
                unit=record.unit,
                indicator=one.indicator,
                where=record.kind,
                value=one.value,
                measure=_common_measure(one, measures[one.indicator]),
                low=one.low,
                high=one.high,
                scope=one.scope,
                year=one.year,
                is_explicit=one.is_explicit,
                source=record.source,
                place=place,
                words=_quote(told_text(section), one),
            )


def _held_against(
    figures: Iterable[IndicatorFigure], counts: Mapping[str, int | None]
) -> Iterator[IndicatorFigure]:
    """Yield the figures of a section, read by what the return says of each indicator.

    Of counts that are only mentioned those like the return's are kept. A sentence tells the whole
    once: what stands beside the return's figure is something else, whatever its words.
    """
    read = [one for one in figures if one.indicator in counts]
    agreeing = {
        (one.indicator, one.sentence)
        for one in read
        if one.scope != "target" and _agrees(one, counts[one.indicator])
    }
    for one in read:
        count = counts[one.indicator]
        if one.scope == "mentioned" and not _is_like(one, count):
            continue
        is_beside = (one.indicator, one.sentence) in agreeing and not _agrees(one, count)
        yield replace(one, scope="part") if is_beside and one.scope == "total" else one


def _agrees(figure: IndicatorFigure, count: int | None) -> bool:
    return count is not None and figure.agrees_with(count)


def _is_like(figure: IndicatorFigure, count: int | None) -> bool:
    """Whether a count that is only mentioned may be the return's figure, or was meant to be."""
    return count is not None and (
        figure.agrees_with(count)
        or is_slip(figure.low, figure.high, count)
        or (figure.is_explicit and is_of_size(figure.value, count, ALIKE))
    )


def _common_measure(figure: IndicatorFigure, own: str) -> str:
    """Return the measure of the sheet for words that mean it: 名 and 位 are 人, 家 is 个."""
    return figure.measure if figure.measure in ("户", "人次") else own


def _quote(text: str, figure: IndicatorFigure) -> str:
    """Return the clause of a figure, cut around it where it is long."""
    words = " ".join(figure.words.split())
    if len(words) <= MAX_WORDS:
        return words
    start = max(figure.start - MAX_WORDS // 2, 0)
    return "…" + " ".join(text[start : figure.end + MAX_WORDS // 3].split()) + "…"


def _nominee_sums(cases: Sequence[Case]) -> Iterator[StatedFigure]:
    """Yield the people that a unit's nominees claim, summed by kind: they may be the same ones."""
    sums: dict[tuple[int, str], list[int]] = {}
    for case in cases:
        if case.nominee.people_lifted is not None:
            key = NOMINEE_KINDS.index(case.kind), case.unit
            sums.setdefault(key, []).append(case.nominee.people_lifted)
    for (order, unit), claims in sorted(sums.items()):
        kind = NOMINEE_KINDS[order]
        yield StatedFigure(
            unit=unit,
            indicator="people",
            where="nominees",
            value=sum(claims),
            measure="人",
            low=sum(claims),
            high=sum(claims),
            scope="part",
            source=f"{KIND_TITLES[kind]}推荐表{len(claims)}份",
            words=f"各件带动脱贫人数合计{sum(claims)}人",
        )
