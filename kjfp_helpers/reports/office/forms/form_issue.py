"""The official forms as the office hands them out: blanks for all, each unit's own stock-take."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from kjfp_helpers.core.form_schema import FORMS
from kjfp_helpers.core.records import Stocktake
from kjfp_helpers.infra.atomic_files import atomic_write
from kjfp_helpers.notice import stocktake
from kjfp_helpers.reports.office.forms.blank_forms import build_blank_form
from kjfp_helpers.reports.office.forms.stocktake_sheet import build_stocktake_sheet
from kjfp_helpers.rules import Round


def issue_forms(
    round: Round, folder: Path, on_progress: Callable[[int, int], None] = lambda done, total: None
) -> list[Path]:
    """Write Annex 1 and 2, and per unit a stock-take with its name and targets (clause 一).

    Parameters
    ----------
    round : Round
        Its units and targets; a target that nobody assigned stays an empty cell.
    folder : Path
        ``forms`` below the outputs.
    on_progress : callable
        Called with files done and files in all.

    Returns
    -------
    list of Path
        What was written.

    Raises
    ------
    OutputError
        When a file cannot be written.
    """
    made = []
    for name, data in _build_forms(round):
        made.append(folder / name)
        atomic_write(made[-1], data)
        on_progress(len(made), len(FORMS) + len(round.units))
    return made


def _build_forms(round: Round) -> Iterator[tuple[str, bytes]]:
    targets = {target.unit: target for target in round.targets}
    asked = stocktake.indicators_of(round)
    for form in FORMS:
        yield f"{form.annex} {form.title}.docx", build_blank_form(form)
    for unit in round.units:
        own = targets.get(unit.code)
        aims: dict[str, Any] = {
            f"{one.name}_target": own.count(one.name) if own else None for one in asked
        }
        body = Stocktake(unit=unit.name, **aims)
        name = f"盘点表/{unit.code} {unit.short_name}.xlsx"
        due = [one for one in asked if not (own and own.is_without(one.name))]
        yield name, build_stocktake_sheet(body, due)
