"""Rows of the stock-take's tables, the same for the workbook and the screen."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from kjfp_helpers.core.form_schema import INDICATORS
from kjfp_helpers.core.privacy import mask_personal_numbers
from kjfp_helpers.core.records import Record
from kjfp_helpers.core.state_labels import BLANK, MET, NO_TASK
from kjfp_helpers.eligibility.history import lateness
from kjfp_helpers.infra.missing_values import is_missing
from kjfp_helpers.notice import stocktake
from kjfp_helpers.notice.stocktake.figure_changes import trace_figures
from kjfp_helpers.notice.stocktake.reconciliation import ReconciledFigure
from kjfp_helpers.notice.stocktake.stated_figures import WHERE_TITLES
from kjfp_helpers.notice.stocktake.totals import overall_rate, rank_within, total_indicators
from kjfp_helpers.reports import formatting
from kjfp_helpers.state.access import actor_title
from kjfp_helpers.state.secretary.figure_questions import (
    SETTLED,
    FigureQuestion,
    list_figure_questions,
)

if TYPE_CHECKING:
    from kjfp_helpers.state import RoundState

Row = dict[str, Any]
RECONCILED = ("figure_differs", "figure_measure")
"""Questions that the reconciliation raises; the others are of plausibility."""
_TITLES = {one.name: one.title for one in INDICATORS}


def total_rows(state: "RoundState") -> Iterator[Row]:
    """Yield the sums by class and region, with and without units that did not report."""
    table = formatting.frame_rows(state.screening.stocktake)
    for one in total_indicators(state.round, list(table)):
        yield {
            "by": one.by,
            "group": one.group,
            "indicator": one.indicator.title,
            "short": one.indicator.short,
            "measure": one.indicator.measure,
            "units": one.units,
            "reporting": one.reporting,
            "silent": one.units - one.reporting,
            "target_of_all": one.target_of_all,
            "target_of_reporting": one.target_of_reporting,
            "done": one.done,
            "rate_of_all": one.rate_of_all,
            "rate_of_reporting": one.rate_of_reporting,
            "national": one.national,
            "rate_of_national": one.rate_of_national,
        }


def rank_units(state: "RoundState") -> dict[str, str]:
    """Return the rank of each unit within its class by its completion of the two numbers."""
    names = [one.name for one in stocktake.indicators_of(state.round)]
    ruling = state.round.notice.ruling.two_numbers.value
    rates = {
        row["unit"]: overall_rate(row, names, ruling)
        for row in formatting.frame_rows(state.screening.stocktake)
    }
    return rank_within(rates, {unit.code: unit.quota for unit in state.round.units})


def figure_rows(state: "RoundState") -> Iterator[Row]:
    """Yield a row for every unit and indicator, with the cell that each figure came from."""
    records = state.submissions.record_by_unit("stocktake")
    came, ranks = _arrivals(state), rank_units(state)
    for row in formatting.frame_rows(state.screening.stocktake):
        unit = state.round.unit_by_code[row["unit"]]
        record = records.get(unit.code)
        for one in stocktake.indicators_of(state.round):
            word = row[f"{one.name}_state"]
            if word == NO_TASK:
                continue
            moment = came.get(record.receipt) if record else None
            yield {
                "code": unit.code,
                "unit": unit.code,
                "unit_name": unit.short_name,
                "class": formatting.unit_group(unit),
                "region": unit.region,
                "indicator": one.title,
                "short": one.short,
                "measure": one.measure,
                **{
                    part: _count(row[f"{one.name}_{part}"])
                    for part in ("target", "own", "done", "gap")
                },
                "rate": formatting.json_value(row[f"{one.name}_rate"]),
                "state": word,
                "rank": ranks.get(unit.code, ""),
                "file": _file_name(record),
                "cell": record.provenance.get(f"{one.name}_done", "") if record else "",
                "arrived": moment.date() if moment else None,
                "sha256": record.sha256[:12] if record else "",
            }


def gap_rows(state: "RoundState") -> list[Row]:
    """Return what is short of target or not told, the widest gap of a class first."""
    rows = [row for row in figure_rows(state) if row["state"] != MET]
    classes = list(formatting.UNIT_GROUPS.values())
    return sorted(
        rows,
        key=lambda row: (
            classes.index(row["class"]),
            row["rate"] is not None,
            row["rate"] or 0,
            row["code"],
            row["indicator"],
        ),
    )


def question_rows(
    state: "RoundState", questions: tuple[FigureQuestion, ...] | None = None
) -> Iterator[Row]:
    """Yield the questions of plausibility, with owner, state and resolution."""
    for one in list_figure_questions(state) if questions is None else questions:
        if one.finding.code not in RECONCILED:
            yield _question_row(state, one)


def reconciliation_rows(
    state: "RoundState", questions: tuple[FigureQuestion, ...] | None = None
) -> Iterator[Row]:
    """Yield every figure that stands in several places, each disagreement in its own row."""
    listed = list_figure_questions(state) if questions is None else questions
    by_words = {
        (one.finding.unit, one.finding.field, one.finding.found): one
        for one in listed
        if one.finding.code in RECONCILED
    }
    reconciled = stocktake.reconcile_table(state.round, state.screening.stated_figures)
    for unit in state.round.units:
        for figure in reconciled[unit.code]:
            if len({one.where for one in figure.stated}) < 2:
                continue
            shared = {
                "unit": unit.code,
                "unit_name": unit.short_name,
                "indicator": figure.indicator.title,
                "short": figure.indicator.short,
                **{where: _told(figure, where) for where in WHERE_TITLES},
            }
            if not figure.disagreements:
                yield shared | {"result": "一致" if figure.reported else BLANK}
            for one in figure.disagreements:
                question = by_words.get((unit.code, f"{figure.indicator.name}_done", one.found))
                yield shared | {
                    "result": "不一致",
                    "found": one.found,
                    "words": mask_personal_numbers(one.stated.words),
                    "file": _short_source(one.stated.source),
                    "place": _short_source(one.stated.place),
                    **_progress(question, one.stated.where),
                }


def correction_rows(state: "RoundState") -> Iterator[Row]:
    """Yield every change of a figure: old, new, who, how, why."""
    units = state.round.unit_by_code
    pairs = [(one.old, one.new) for one in state.submissions.replaced if one.why != "copy"]
    changes = trace_figures(
        [*state.submissions.original_intake.records, *state.submissions.records],
        pairs,
        state.events,
        _arrivals(state),
    )
    for one in changes:
        yield {
            "unit": one.unit,
            "unit_name": units[one.unit].short_name if one.unit in units else one.unit,
            "field": one.title,
            "old": one.old,
            "new": one.new,
            "how": one.how,
            "reason": mask_personal_numbers(one.reason),
            "actor": actor_title(one.actor),
            "day": one.at.date() if one.at else None,
            "seq": one.seq or None,
            "file": _short_source(one.source),
        }


def _question_row(state: "RoundState", one: FigureQuestion) -> Row:
    finding = one.finding
    unit = state.round.unit_by_code[finding.unit]
    return {
        "unit": unit.code,
        "unit_name": unit.short_name,
        "indicator": _TITLES.get(finding.field.removesuffix("_done"), ""),
        "title": finding.finding_type.title,
        "expected": mask_personal_numbers(finding.expected),
        "found": mask_personal_numbers(finding.found),
        "file": _short_source(finding.source),
        "place": mask_personal_numbers(finding.place),
        **_progress(one, ""),
    }


def _progress(question: FigureQuestion | None, where: str) -> Row:
    """Return owner, state and resolution; what the spot check found is settled there."""
    if question is None:
        return {"owner": "", "progress": "见抽查" if where == "spot_check" else ""}
    return {
        "owner": question.owner,
        "progress": question.state,
        "person": mask_personal_numbers(question.person),
        "until": date.fromisoformat(question.until) if question.until else None,
        "letter": question.letter or None,
        "resolution": mask_personal_numbers(question.resolution),
        "actor": question.done.actor if question.done else "",
        "day": question.done.at.date() if question.done and question.state == SETTLED else None,
    }


def _told(figure: ReconciledFigure, where: str) -> int | str | None:
    """Return what stands in a place: a number, or several that differ or have another measure."""
    own, found = figure.indicator.measure, figure.in_place(where)
    told = {(one.value, "" if one.measure == own else one.measure): None for one in found}
    if len(told) == 1 and (single := next(iter(told)))[1] == "":
        return single[0]
    return "、".join(f"{value:,}{measure}" for value, measure in told) or None


def _count(value: Any) -> int | None:
    return None if is_missing(value) else int(value)


def _arrivals(state: "RoundState") -> Mapping[int, datetime | None]:
    mails = state.submissions.intake.mails
    return {mail.receipt: lateness.arrival_time(state.round, mail) for mail in mails}


def _file_name(record: Record | None) -> str:
    return _short_source(record.source) if record else ""


def _short_source(source: str) -> str:
    """Return the name of a file without the folders of the inbox."""
    name = mask_personal_numbers(source.rpartition("/")[2])
    return formatting.remove_control_chars(name)
