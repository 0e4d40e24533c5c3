"""What is read of a summary: outline, figures held against the return, copied passages."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from markupsafe import Markup, escape

from kjfp_helpers.core.form_schema import STOCKTAKE_ROWS
from kjfp_helpers.core.records import Summary
from kjfp_helpers.eligibility.duplicates.copied_summaries import show_passages
from kjfp_helpers.notice.assessment.summary_headings import outline_summary
from kjfp_helpers.notice.stocktake import ReconciledFigure, reconcile_table
from kjfp_helpers.panels.widgets.html_templates import render_template
from kjfp_helpers.state import RoundState

SAME, DIFFERENT = "kj-num same", "kj-differs"
_CUT = re.compile(r"^…|…$")


class SummaryCards:
    """The cards of a round's summaries; what all share is worked out once."""

    def __init__(self, state: RoundState) -> None:
        self._state = state
        self._records = state.submissions.record_by_unit("summary")
        self._figures = {row["unit"]: row for row in state.screening.stocktake.to_dict("records")}
        self._reconciled = reconcile_table(state.round, state.screening.stated_figures)

    def render(self, unit: str) -> str:
        """Return the HTML of a unit's summary."""
        heads, names = self._state.round.notice.summary.heads, self._state.round.unit_by_code
        body = self._records[unit].body
        assert isinstance(body, Summary)
        held = outline_summary(heads, body.sections)
        figures = self._reconciled.get(unit, ())
        marks = _marks(figures)
        return render_template(
            "summary",
            summary=body,
            unit=names[unit],
            figures=self._two_numbers(unit),
            heads=[(head.title, held.get(head.id)) for head in heads],
            differences=list(_differences(figures)),
            copies=list(self._copies(unit)),
            sections=[
                {"heading": one.heading, "text": mark_figures(one.text, marks)}
                for one in body.sections
            ],
        )

    def _two_numbers(self, unit: str) -> list[dict[str, Any]]:
        own, parts = self._figures[unit], ("target", "done", "rate")
        return [
            {"label": label, **{part: own[f"{name}_{part}"] for part in parts}}
            for name, label in STOCKTAKE_ROWS
        ]

    def _copies(self, unit: str) -> Iterable[Mapping[str, Any]]:
        for overlap in self._state.screening.summary_overlaps:
            if unit in (overlap.one, overlap.other):
                other = overlap.other_than(unit)
                one, two = (self._records[name] for name in (overlap.one, overlap.other))
                shown = show_passages(overlap, one, two)
                pairs = [
                    (part.one, part.other) if unit == overlap.one else (part.other, part.one)
                    for part in shown
                ]
                yield {
                    "other": self._state.round.unit_by_code[other].short_name,
                    "share": overlap.share,
                    "passages": [{"one": own, "other": theirs} for own, theirs in pairs],
                }


def _marks(figures: Iterable[ReconciledFigure]) -> dict[str, str]:
    """Return the words in which the summary states a figure, each with how it is to look."""
    marks: dict[str, str] = {}
    for one in figures:
        off = {id(found.stated) for found in one.disagreements}
        for stated in one.in_place("summary"):
            words = _CUT.sub("", stated.words)
            if words:
                look = DIFFERENT if id(stated) in off else SAME
                marks[words] = DIFFERENT if marks.get(words) == DIFFERENT else look
    return marks


def _differences(figures: Iterable[ReconciledFigure]) -> Iterable[str]:
    for one in figures:
        for found in one.disagreements:
            if found.stated.where == "summary":
                yield f"{one.indicator.title}：{found.found}（应{found.expected}）"


def mark_figures(text: str, marks: Mapping[str, str]) -> Markup:
    """Return a text, escaped, with the clauses that state a figure marked.

    >>> str(mark_figures("共支持12个<br>", {"支持12个": "kj-num same"}))
    '共<mark class="kj-num same">支持12个</mark>&lt;br&gt;'
    """
    if not marks:
        return escape(text)
    words: Sequence[str] = sorted(marks, key=len, reverse=True)
    parts, at = [], 0
    for found in re.finditer("|".join(map(re.escape, words)), text):
        parts += [
            escape(text[at : found.start()]),
            Markup('<mark class="{}">{}</mark>').format(marks[found[0]], found[0]),
        ]
        at = found.end()
    return Markup("").join([*parts, escape(text[at:])])
