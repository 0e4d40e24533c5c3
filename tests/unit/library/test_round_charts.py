"""Figures: drawn from the frames at every stage, or one sentence that says what is missing."""

import inspect

import pytest

from kjfp_helpers.library.charts.stocktake_proportion_chart import FAR, find_unusual_ratios
from kjfp_helpers.library.round_charts import RoundCharts
from kjfp_helpers.reports.charts.chart import RenderedChart
from support.library_stages import KINDS, STAGES, library_at

pytestmark = pytest.mark.slow

DRAWN = {
    name: [{"kind": kind} for kind in KINDS]
    if "kind" in inspect.signature(method).parameters
    else [{}]
    for name, method in inspect.getmembers(RoundCharts, inspect.isfunction)
    if not name.startswith("_")
}
NEED_SCORES = {"score_distribution", "member_scores", "member_agreement", "ranking_intervals"}
NEED_TIMES = {"reading_times"}
"""The made-up scores all have one time."""


@pytest.mark.parametrize(
    "stage", [*(pytest.param(stage, marks=pytest.mark.slow) for stage in STAGES[:-1]), STAGES[-1]]
)
@pytest.mark.parametrize("name", DRAWN)
def test_a_figure_is_drawn_or_says_in_a_sentence_what_is_missing(name, stage):
    for words in DRAWN[name]:
        shown = getattr(library_at(stage).figures, name)(**words)
        if name in NEED_TIMES or (name in NEED_SCORES and stage != "after the list"):
            assert "\n" not in shown.text and shown.text.endswith("。")
        else:
            assert isinstance(shown, RenderedChart)
            assert shown.png.startswith(b"\x89PNG") and shown.alt


@pytest.mark.slow
def test_a_figure_is_the_same_bytes_every_time():
    figures = library_at("after the list").figures
    assert figures.coverage().png == figures.coverage().png
    assert figures.member_agreement("team").png == figures.member_agreement("team").png


@pytest.mark.parametrize("name", ["score_distribution", "member_scores", "ranking_intervals"])
def test_an_unknown_kind_is_explained(name):
    told = getattr(library_at("after the list").figures, name)("teams").text
    assert "team（先进团队）" in told and "teams" in told


def test_members_are_shown_under_neutral_numbers():
    library = library_at("after the list")
    told = library.figures.member_agreement("team").alt
    assert "M0" in told or "M1" in told
    assert not any(member.member in told for member in library.rules.panel)


def test_ratios_are_held_against_their_own_spread():
    usual = [10.0, 11, 9, 10.5, 9.5]
    assert find_unusual_ratios([]) == []
    assert not any(find_unusual_ratios(usual))
    assert find_unusual_ratios([*usual, 10 * 2.7**FAR])[-1]
