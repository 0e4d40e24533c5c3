"""Figures that stand are shown again, the same bytes as drawn anew, and only where nothing changed."""

import json
import shutil
from pathlib import Path

import nbformat
import pytest

from kjfp_helpers.reports.charts.chart_cache import ChartCache, draw_or_recall
from kjfp_helpers.reports.charts.tile_map import draw_tile_map
from kjfp_helpers.reports.data import overall_data
from kjfp_helpers.reports.sections import overall_report
from support.rounds.report_round import make_state

pytestmark = pytest.mark.slow


def _pieces(whole, show, kinds=("team", "individual")):
    return [
        overall_report.plot_map(whole, show),
        overall_report.plot_completion(whole, show),
        *(overall_report.plot_member_scores(whole, kind, show) for kind in kinds),
        *(overall_report.plot_cutoff(whole, kind, show) for kind in kinds),
    ]


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    state = make_state(tmp_path_factory.mktemp("album") / "round")
    return json.loads(json.dumps(overall_data.build_overall_data(state)))


@pytest.fixture(scope="module")
def drawn(whole, tmp_path_factory):
    """All figures drawn for an album, and the executed notebook that holds them."""
    pictures = _pieces(whole, ChartCache(Path("nowhere"), "one"))
    path = tmp_path_factory.mktemp("album") / "overall.ipynb"
    shown = (picture._repr_mimebundle_() for picture in pictures)
    outputs = [
        nbformat.v4.new_output("display_data", data=data, metadata=metadata)
        for data, metadata in shown
    ]
    cells = [nbformat.v4.new_code_cell(outputs=[output]) for output in outputs]
    nbformat.write(nbformat.v4.new_notebook(cells=cells), path)
    return pictures, path


@pytest.fixture
def notebook(drawn, tmp_path):
    return Path(shutil.copy(drawn[1], tmp_path))


@pytest.fixture
def draws(monkeypatch):
    """What is drawn, by its heading."""
    from kjfp_helpers.reports.charts import (
        cutoff_chart,
        severity_chart,
        target_completion_chart,
    )
    from kjfp_helpers.reports.charts import tile_map as tile_map_module

    seen = []
    for module in (target_completion_chart, cutoff_chart, severity_chart, tile_map_module):

        def counted(paint, *, alt, draw=module.render_chart, **given):
            seen.append(alt.partition("：")[0])
            return draw(paint, alt=alt, **given)

        monkeypatch.setattr(module, "render_chart", counted)
    return seen


def test_what_was_drawn_lately_is_recalled_and_whatever_differs_is_drawn(whole, drawn, draws):
    first = _pieces(whole, draw_or_recall)
    seen = len(draws)
    assert [picture.png for picture in first] == [picture.png for picture in drawn[0]]
    assert _pieces(whole, draw_or_recall) == first and len(draws) == seen
    other = {**whole, "places": {kind: count - 1 for kind, count in whole["places"].items()}}
    changed = _pieces(other, draw_or_recall)
    assert len(draws) == seen + 2
    assert [one == two for one, two in zip(first, changed, strict=True)] == [True] * 4 + [False] * 2


def test_what_stands_is_shown_without_drawing_and_is_the_same_to_the_byte(
    whole, drawn, notebook, draws
):
    assert _pieces(whole, ChartCache(notebook, "one")) == drawn[0]
    assert draws == []


def test_drawn_for_an_album_a_figure_has_the_bytes_of_one_drawn_outside(whole, drawn):
    fresh = _pieces(whole, overall_report.draw_uncached)
    assert [(one.png, one.alt, one.width) for one in fresh] == [
        (one.png, one.alt, one.width) for one in drawn[0]
    ]
    assert all(one.fingerprint for one in drawn[0]) and not any(one.fingerprint for one in fresh)


def test_another_number_draws_the_figures_that_show_it_and_no_other(whole, notebook, draws):
    rows = [dict(row) for row in whole["stocktake"]]
    next(row for row in rows if row["kind"] == "province" and row["rate"])["rate"] = 0.4321
    _pieces(whole | {"stocktake": rows}, ChartCache(notebook, "one"))
    assert draws == ["省级办公室32个单位", "省级办公室32个单位中各项完成的"]  # map and bars


def test_other_code_or_libraries_draw_everything_anew(whole, notebook, draws):
    _pieces(whole, ChartCache(notebook, "another version"))
    assert len(draws) == 6


@pytest.mark.parametrize(
    "harm",
    [
        lambda text: text.replace('"width": ', '"width": 1'),
        lambda text: text.replace("iVBORw0KGgo", "iVBORw0KGgp"),
        lambda text: text.replace('"alt": "', '"alt": "不'),
        lambda text: text[: len(text) // 9],
        lambda text: text.replace('"outputs": [', '"outputs": [null, '),
        lambda text: "[]",
        lambda text: "",
    ],
)
def test_a_notebook_that_was_altered_torn_or_is_none_gives_no_wrong_picture(
    whole, drawn, notebook, draws, harm
):
    text = notebook.read_text("utf-8")
    notebook.write_text(harm(text), "utf-8")
    assert _pieces(whole, ChartCache(notebook, "one"), kinds=()) == drawn[0][:2]
    assert len(draws) == 2


def test_the_order_of_what_is_shown_counts(whole, notebook, draws):
    rows = [row for row in whole["stocktake"] if row["kind"] == "province"]
    album = ChartCache(notebook, "one")
    for order in (rows, rows[::-1]):
        album(draw_tile_map, order, heading="图", note="", rehearsal=True)
    assert draws == ["图", "图"]
