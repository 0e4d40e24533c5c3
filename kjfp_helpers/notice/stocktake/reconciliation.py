"""Reconciliation (数字互核): what a unit states in several places, held against its return.

``reconcile_unit`` is the one function that says for a unit which figures stand where and which of
them disagree; findings, workbook, screen and unit report all ask it.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from kjfp_helpers.core.findings import Finding
from kjfp_helpers.core.form_schema import Indicator
from kjfp_helpers.notice.stocktake.figure_likeness import ALIKE, APART, is_of_size, is_slip
from kjfp_helpers.notice.stocktake.stated_figures import WHERE_TITLES, StatedFigure

_TEXTS = ("summary", "exhibit")
_OPEN = ("unclear", "mentioned")
"""Scopes of figures of which the words do not say enough."""
MIN_YEARS = 3
"""Years whose figures are summed; fewer are no list of years."""


@dataclass(frozen=True, kw_only=True)
class Disagreement:
    """A figure that is not the return's.

    ``code`` is ``figure_differs`` or ``figure_measure``; ``stated`` is what stands in the other
    place, ``expected`` and ``found`` say it in words.
    """

    code: str
    indicator: Indicator
    stated: StatedFigure
    expected: str
    found: str

    def to_finding(self, unit: str) -> Finding:
        """Return it as a question to the unit, with file, place and words as evidence."""
        words = f"“{self.stated.words}”" if self.stated.words else ""
        return Finding(
            code=self.code,
            unit=unit,
            field=f"{self.indicator.name}_done",
            source=self.stated.source,
            place=f"{self.stated.place}{words}",
            expected=self.expected,
            found=self.found,
        )


@dataclass(frozen=True, kw_only=True)
class ReconciledFigure:
    """One indicator of a unit in every place.

    ``reported`` is the return's figure, ``None`` where it has none; ``stated`` are all figures of
    it, the return's and partial ones too; ``disagreements`` those that are not the return's.
    """

    indicator: Indicator
    reported: StatedFigure | None
    stated: tuple[StatedFigure, ...]
    disagreements: tuple[Disagreement, ...]

    def in_place(self, where: str) -> tuple[StatedFigure, ...]:
        """Return the whole figures of a place; of nominees, their sums."""
        return tuple(
            one
            for one in self.stated
            if one.where == where and (one.scope == "total" or where == "nominees")
        )


def reconcile_unit(
    figures: Sequence[StatedFigure],
    indicators: Sequence[Indicator],
    years: Sequence[int],
) -> tuple[ReconciledFigure, ...]:
    """Hold what a unit states of each indicator against its return.

    Parameters
    ----------
    figures : sequence of StatedFigure
        All that one unit states, as :func:`~.stated_figures.collect_figures` returns them.
    indicators : sequence of Indicator
        Those that the round asks for.
    years : sequence of int
        The years of the programme; figures of all of them are summed and held against the return.

    Returns
    -------
    tuple of ReconciledFigure
        One per indicator. Only what is said of the whole unit and period is compared; a rounded
        figure agrees with what its wording allows, and where a text states the return's figure as
        well, another one counts only if it is said to be the whole (累计, 共, 截至).

    Examples
    --------
    >>> from kjfp_helpers.core.form_schema import INDICATORS
    >>> def state(where, value):
    ...     return StatedFigure(unit="11", indicator="assoc", where=where, value=value,
    ...                         measure="个", low=value, high=value)
    >>> stated = [state("stocktake", 126), state("summary", 162)]
    >>> (assoc, *_) = reconcile_unit(stated, INDICATORS, ())
    >>> assoc.disagreements[0].expected, assoc.disagreements[0].found
    ('与盘点表支持建设农技协126个一致', '工作总结写162个')
    """
    return tuple(
        _reconcile(one, [figure for figure in figures if figure.indicator == one.name], years)
        for one in indicators
    )


def _reconcile(
    indicator: Indicator, figures: Sequence[StatedFigure], years: Sequence[int]
) -> ReconciledFigure:
    reported = next((one for one in figures if one.where == "stocktake"), None)
    found = [] if reported is None else [*_disagreements(indicator, reported, figures, years)]
    return ReconciledFigure(
        indicator=indicator,
        reported=reported,
        stated=tuple(figures),
        disagreements=tuple({one.found: one for one in reversed(found)}.values())[::-1],
    )


def _disagreements(
    indicator: Indicator,
    reported: StatedFigure,
    figures: Sequence[StatedFigure],
    years: Sequence[int],
) -> Iterator[Disagreement]:
    count, measure = reported.value, indicator.measure
    expected = f"与盘点表{indicator.title}{count}{measure}一致"

    def differs(stated: StatedFigure, found: str) -> Disagreement:
        return Disagreement(
            code="figure_differs",
            indicator=indicator,
            stated=stated,
            expected=expected,
            found=found,
        )

    for where in _TEXTS:
        own = [one for one in figures if one.where == where]
        for one in _not_of_the_return(count, [one for one in own if one.measure == measure]):
            yield differs(one, f"{WHERE_TITLES[where]}写{_say(one)}")
        yield from _mixed_measures(indicator, count, own)
        total = _sum_of_years(own, measure, years)
        if total and not total.low <= count <= total.high:
            said = f"{years[0]}—{years[-1]}年各年相加为{total.value}{measure}"
            yield differs(total, f"{WHERE_TITLES[where]}{said}")
    for one in figures:
        if one.where == "spot_check" and one.value != count:
            yield differs(one, f"抽查核实为{one.value}{measure}")


def _not_of_the_return(count: int, own: Sequence[StatedFigure]) -> Iterator[StatedFigure]:
    """Yield the figures of a text that are meant to be the return's, and are not.

    How much must say so depends on what the text says besides: where the return's figure stands as
    well, where another figure is told as the whole, or where nothing does.
    """
    agrees = any(one.low <= count <= one.high and one.scope != "target" for one in own)
    open_figures = {one.value for one in own if one.scope in _OPEN and one.is_explicit}
    whole = {one.value for one in own if one.scope == "total" and one.high < count}
    has_parts = agrees and len(whole) > 1 and sum(whole) <= count
    is_told = any(one.scope == "total" and is_of_size(one.value, count, APART) for one in own)
    is_open = not agrees and not is_told and len(open_figures) == 1
    for one in own:
        if one.low <= count <= one.high or one.scope == "target":
            continue
        if one.scope == "total":
            is_whole = one.is_explicit and not (has_parts and one.value < count)
            is_meant = is_whole or not agrees or is_slip(one.low, one.high, count)
        else:
            is_own = is_open and one.is_explicit and one.scope in _OPEN
            is_meant = (is_own and is_of_size(one.value, count, ALIKE)) or (
                not agrees and is_slip(one.low, one.high, count)
            )
        if is_meant:
            yield one


def _say(one: StatedFigure) -> str:
    return f"{one.value}{one.measure}" + ("（约数）" if one.low != one.high else "")


def _mixed_measures(
    indicator: Indicator, count: int, own: Sequence[StatedFigure]
) -> Iterator[Disagreement]:
    """Yield the figures of another measure that are the return's number: households, visits."""
    for one in own:
        is_told = one.scope not in ("target", "mentioned")
        if is_told and one.measure != indicator.measure and one.value == count:
            where = WHERE_TITLES[one.where]
            yield Disagreement(
                code="figure_measure",
                indicator=indicator,
                stated=one,
                expected=f"盘点表{indicator.title}以“{indicator.measure}”计",
                found=f"盘点表填{count}，{where}写{one.value}{one.measure}，两处数字相同而单位不同",
            )


def _sum_of_years(
    own: Sequence[StatedFigure], measure: str, years: Sequence[int]
) -> StatedFigure | None:
    """Return the sum of the figures of every year of the programme, ``None`` where one lacks."""
    by_year: dict[int, StatedFigure] = {}
    for one in own:
        if one.scope == "year" and one.measure == measure and one.year in years:
            if by_year.setdefault(one.year, one).value != one.value:
                return None
    if len(years) < MIN_YEARS or set(by_year) != set(years):
        return None
    parts = [by_year[year] for year in years]
    first = parts[0]
    return StatedFigure(
        unit=first.unit,
        indicator=first.indicator,
        where=first.where,
        value=sum(one.value for one in parts),
        measure=measure,
        low=sum(one.low for one in parts),
        high=sum(one.high for one in parts),
        source=first.source,
        place=first.place,
        words="、".join(f"{one.year}年{one.value}{measure}" for one in parts),
    )


def reconcile_round(
    figures: Mapping[str, Sequence[StatedFigure]],
    units: Sequence[str],
    indicators: Sequence[Indicator],
    years: Sequence[int],
) -> dict[str, tuple[ReconciledFigure, ...]]:
    """Return the reconciliation of every unit, by code, in the order of the units."""
    return {unit: reconcile_unit(figures.get(unit, ()), indicators, years) for unit in units}


def find_disagreements(
    reconciled: Mapping[str, Sequence[ReconciledFigure]],
) -> list[Finding]:
    """Return the disagreements as questions to their units.

    What the spot check found is asked about there, with a reply and a decision of its own.
    """
    return [
        disagreement.to_finding(unit)
        for unit, figures in reconciled.items()
        for figure in figures
        for disagreement in figure.disagreements
        if disagreement.stated.where != "spot_check"
    ]
