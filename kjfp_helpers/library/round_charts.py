"""Figures of a round for notebooks; what cannot be drawn yet says so in one sentence.

Members are shown under neutral numbers.
"""

from collections.abc import Callable, Sequence
from functools import wraps
from itertools import combinations
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec

import pandas as pd

from kjfp_helpers.core.errors import KjfpError
from kjfp_helpers.core.records import KIND_TITLES
from kjfp_helpers.core.state_labels import (
    NOT_DUE,
    NOT_SENT,
)
from kjfp_helpers.library.charts import (
    agreement_chart,
    coverage_chart,
    finding_chart,
    reading_time_chart,
    score_distribution_chart,
    stocktake_proportion_chart,
)
from kjfp_helpers.reports import formatting, html_blocks
from kjfp_helpers.reports.charts.cutoff_chart import draw_cutoff_chart
from kjfp_helpers.reports.charts.tile_map import draw_tile_map
from kjfp_helpers.reports.data import overall_data
from kjfp_helpers.reports.formatting import MATERIAL_TITLES, UNIT_GROUPS, member_labels
from kjfp_helpers.reports.html_blocks import HtmlBlock
from kjfp_helpers.reports.sections import overall_report

if TYPE_CHECKING:
    from kjfp_helpers.library.round_frames import RoundFrames
    from kjfp_helpers.reports.charts.chart import RenderedChart

    Shown = RenderedChart | HtmlBlock

Asked = ParamSpec("Asked")
OWED = ("stocktake", "summary", "exhibit")
"""What every unit must send."""
MOST_FINDINGS = 15
"""Types of findings drawn."""


def _explained(
    draw: "Callable[Concatenate[RoundCharts, Asked], Shown]",
) -> "Callable[Concatenate[RoundCharts, Asked], Shown]":
    """Make a figure that cannot be drawn say why."""

    @wraps(draw)
    def drawn(figures: "RoundCharts", /, *args: Asked.args, **words: Asked.kwargs) -> "Shown":
        try:
            return draw(figures, *args, **words)
        except KjfpError as error:
            return html_blocks.render_note(str(error), tone="warn")

    return drawn


class RoundCharts:
    """Figures of one round, drawn anew from its frames at each call."""

    def __init__(self, library: "RoundFrames") -> None:
        self._library = library
        self._overall: tuple[Any, dict[str, Any]] = (None, {})

    @property
    def _mark(self) -> bool:
        return self._library.rules.rehearsal

    def _overall_data(self, screen: str) -> dict[str, Any]:
        """Return the data of the overall report, for an account that may open a screen."""
        self._library.access().require_screen(screen)
        state = self._library.state()
        if self._overall[0] is not state:
            self._overall = (state, overall_data.build_overall_data(state))
        return self._overall[1]

    @_explained
    def coverage(self) -> "Shown":
        """Draw what each group of units sent, by kind of material."""
        table = self._library.completeness.merge(self._library.units[["unit", "group"]], on="unit")
        bars = [
            (f"{title}（{group_title}）", _count(table.loc[table["group"] == group, kind]))
            for kind, title in MATERIAL_TITLES.items()
            for group, group_title in UNIT_GROUPS.items()
            if (table["group"] == group).any()
        ]
        return coverage_chart.draw_coverage_bars(
            bars, heading="各类单位的报送情况", rehearsal=self._mark
        )

    @_explained
    def coverage_map(self) -> "Shown":
        """Draw which part of what it owes each province sent, as tiles."""
        table = self._library.completeness.merge(self._library.units[["unit", "kind"]], on="unit")
        provinces = table[table["kind"] == "province"]
        sent = ~provinces[list(OWED)].isin([NOT_SENT, NOT_DUE])
        rows = [
            {"unit": unit, "short_name": name, "rate": float(rate), "state": ""}
            for unit, name, rate in zip(
                provinces["unit"], provinces["unit_name"], sent.mean(axis=1), strict=True
            )
        ]
        note = "盘点表、工作总结、展览素材三样中已收到的部分。"
        return draw_tile_map(rows, heading="各省报送情况", note=note, rehearsal=self._mark)

    @_explained
    def findings(self) -> "Shown":
        """Draw the most frequent findings, with how many letters each stands in."""
        table, items = self._library.findings, self._library.letter_items
        if table.empty:
            return html_blocks.render_note("没有发现问题。")
        letters = items.drop_duplicates(["unit", "letter", "title", "code"])["code"].value_counts()
        counts = table.groupby(["code", "title"])["open"].agg(["size", "sum"]).reset_index()
        counts = counts.sort_values(["size", "code"], ascending=[False, True]).head(MOST_FINDINGS)
        rows = [
            finding_chart.FindingCount(title, int(number), int(waiting), int(letters.get(code, 0)))
            for code, title, number, waiting in counts.itertuples(index=False, name=None)
        ]
        return finding_chart.draw_finding_bars(rows, heading="最多的问题", rehearsal=self._mark)

    @_explained
    def completion(self) -> "Shown":
        """Draw every province's three completion rates."""
        return overall_report.plot_completion(self._overall_data("stocktake"))

    @_explained
    def completion_map(self) -> "Shown":
        """Draw the provinces as tiles, coloured by completion of the two numbers."""
        return overall_report.plot_map(self._overall_data("stocktake"))

    @_explained
    def stocktake_ratios(self) -> "Shown":
        """Draw the figures of the stock-take against each other; odd proportions are named."""
        done = ["assoc_done", "experts_done", "people_done"]
        table = self._library.stocktake.dropna(subset=done)
        table = table[(table[done] > 0).all(axis=1)]
        if table.empty:
            return html_blocks.render_note("还没有报齐三项完成数的盘点表。")
        rows = table[["unit_name", "kind", *done]].itertuples(index=False, name=None)
        return stocktake_proportion_chart.draw_stocktake_ratios(
            [stocktake_proportion_chart.UnitFigures(*row) for row in rows],
            heading="盘点三项数字之间的比例",
            rehearsal=self._mark,
        )

    @_explained
    def score_distribution(self, kind: str) -> "Shown":
        """Draw how the totals and the criteria of one kind are spread."""
        scores = self._of_kind("scores", kind)
        parts = self._of_kind("criterion_scores", kind).dropna(subset=["score"])
        if scores.empty:
            return self._nothing(kind)
        criteria = {
            str(title): rows["score"].tolist()
            for title, rows in parts.groupby("criterion_title", sort=False)
        }
        return score_distribution_chart.draw_score_distribution(
            scores["total"].tolist(),
            criteria,
            heading=f"{KIND_TITLES[kind]}：评分的分布",
            rehearsal=self._mark,
        )

    @_explained
    def member_scores(self, kind: str) -> "Shown":
        """Draw each member's scores and severity."""
        self._library.require_kind(kind)
        return overall_report.plot_member_scores(self._overall_data("results"), kind)

    @_explained
    def member_agreement(self, kind: str) -> "Shown":
        """Draw how far every two members lie apart on cases both scored, severity taken off."""
        scores = self._of_kind("scores", kind).dropna(subset=["residual"])
        if scores.empty:
            return self._nothing(kind)
        labels = member_labels(self._library.state().round)
        place = {member: index for index, member in enumerate(labels)}
        pairs: dict[tuple[int, int], list[float]] = {}
        for _, rows in scores.groupby("case"):
            marks = sorted(zip(rows["member"].map(place), rows["residual"], strict=True))
            for (one, first), (other, second) in combinations(marks, 2):
                pairs.setdefault((one, other), []).append(abs(first - second))
        return agreement_chart.draw_agreement(
            list(labels.values()),
            pairs,
            heading=f"{KIND_TITLES[kind]}：评委之间的出入",
            rehearsal=self._mark,
        )

    @_explained
    def ranking_intervals(self, kind: str) -> "Shown":
        """Draw the cases around the cut with the uncertainty of each."""
        table = self._library.ranking(kind).dropna(subset=["rank"])
        state = self._library.state()
        status = dict(
            zip(state.decision.shortlist["case"], state.decision.shortlist["status"], strict=True)
        )
        rows = [
            {
                **{name: formatting.json_value(value) for name, value in row.items()},
                "status": status.get(row["case"], ""),
            }
            for row in formatting.frame_rows(table)
        ]
        return draw_cutoff_chart(
            rows,
            places=state.round.notice.commended.seats[kind],
            heading=f"{KIND_TITLES[kind]}名额线",
            rehearsal=self._mark,
        )

    @_explained
    def reading_times(self) -> "Shown":
        """Draw how long the members take for a case."""
        table = self._library.readings.dropna(subset=["seconds"])
        if table.empty:
            return html_blocks.render_note("还没有可计的评阅用时。")
        labels = member_labels(self._library.state().round)
        spans = table.groupby("member")["seconds"].agg(list)
        rows: list[tuple[str, Sequence[float]]] = [
            (labels[str(member)], seconds) for member, seconds in spans.items()
        ]
        return reading_time_chart.draw_reading_times(
            rows, heading="每件评阅用时", rehearsal=self._mark
        )

    def _of_kind(self, name: str, kind: str) -> pd.DataFrame:
        self._library.require_kind(kind)
        table = self._library.frame(name)
        return table[table["kind"] == kind]

    @staticmethod
    def _nothing(kind: str) -> HtmlBlock:
        return html_blocks.render_note(f"{KIND_TITLES[kind]}还没有评分。")


def _count(states: "pd.Series[str]") -> dict[str, int]:
    return {str(state): int(number) for state, number in states.value_counts().items()}
