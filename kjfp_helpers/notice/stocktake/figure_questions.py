"""All questions on the units' figures, and the table of what stands where."""

from collections.abc import Iterator, Mapping, Sequence
from operator import attrgetter
from typing import TYPE_CHECKING

from kjfp_helpers.core.findings import Finding
from kjfp_helpers.core.records import Record
from kjfp_helpers.notice.stocktake.plausibility import question_returns
from kjfp_helpers.notice.stocktake.reconciliation import (
    ReconciledFigure,
    find_disagreements,
    reconcile_round,
    reconcile_unit,
)
from kjfp_helpers.notice.stocktake.stated_figures import StatedFigure
from kjfp_helpers.notice.stocktake.target_comparison import indicators_of
from kjfp_helpers.rules import Round

if TYPE_CHECKING:
    import pandas as pd

FIGURE_COLUMNS = tuple(StatedFigure.__dataclass_fields__)
"""Columns of the table of stated figures."""
_COUNTS = ("value", "low", "high", "year")


def programme_years(round: Round) -> tuple[int, ...]:
    """Return the years from the first of the programme to that of the notice."""
    about = round.notice.round
    return tuple(range(about.since, about.issued.year + 1))


def question_figures(
    round: Round,
    stocktakes: Mapping[str, Record],
    figures: Mapping[str, Sequence[StatedFigure]],
) -> list[Finding]:
    """Return the questions on the figures of all units: plausibility, then disagreements."""
    indicators = indicators_of(round)
    units = [unit.code for unit in round.units]
    reconciled = reconcile_round(figures, units, indicators, programme_years(round))
    return [
        *question_returns(round, stocktakes, indicators),
        *find_disagreements(reconciled),
    ]


def tabulate_figures(round: Round, figures: Mapping[str, Sequence[StatedFigure]]) -> "pd.DataFrame":
    """Return what every unit states of every indicator, in every place.

    Returns
    -------
    DataFrame
        One row a figure, the columns of
        :class:`~kjfp_helpers.notice.stocktake.stated_figures.StatedFigure`, in the order of the
        units.
    """
    import pandas as pd

    row_of = attrgetter(*FIGURE_COLUMNS)
    rows = [row_of(one) for unit in round.units for one in figures.get(unit.code, ())]
    table = pd.DataFrame(rows, columns=list(FIGURE_COLUMNS))
    return table.astype({name: "int64" for name in _COUNTS} | {"is_explicit": bool})


def reconcile_table(round: Round, table: "pd.DataFrame") -> dict[str, tuple[ReconciledFigure, ...]]:
    """Return the reconciliation of every unit, see :func:`reconcile_each_unit`."""
    return dict(reconcile_each_unit(round, table))


def reconcile_each_unit(
    round: Round, table: "pd.DataFrame"
) -> Iterator[tuple[str, tuple[ReconciledFigure, ...]]]:
    """Yield the reconciliation of every unit, from the table of stated figures.

    Parameters
    ----------
    round : Round
        Its units, indicators and years.
    table : DataFrame
        What :func:`tabulate_figures` returned, ``state.screening.stated_figures``.

    Yields
    ------
    tuple of str and tuple of ReconciledFigure
        Code of a unit, and one for each indicator of the round, see
        :func:`~kjfp_helpers.notice.stocktake.reconciliation.reconcile_unit`. They are made unit by
        unit: those of all together take as much memory as all that arrived.
    """
    plain = table.astype(object).where(table.notna(), "")  # numbers of Python's own
    columns = [plain[name].to_numpy() for name in FIGURE_COLUMNS]
    places: dict[str, list[int]] = {unit.code: [] for unit in round.units}
    for place, unit in enumerate(table["unit"]):
        places[unit].append(place)
    indicators, years = indicators_of(round), programme_years(round)
    for unit, own in places.items():
        rows = ((column[place] for column in columns) for place in own)
        figures = [StatedFigure(**dict(zip(FIGURE_COLUMNS, row, strict=True))) for row in rows]
        yield unit, reconcile_unit(figures, indicators, years)
