"""Plots: Chinese glyphs, missing apart, same bytes, the rehearsal mark, nobody's settings changed."""

import io
import warnings

import matplotlib as mpl
import pytest
from PIL import Image

from kjfp_helpers.reports.charts import chart, fonts, tile_map
from kjfp_helpers.reports.charts.target_completion_chart import (
    draw_completion_bars,
)
from kjfp_helpers.reports.data import overall_data
from kjfp_helpers.reports.sections import overall_report
from support.rounds.report_round import shared_state


@pytest.fixture(scope="module")
def state():
    return shared_state()


@pytest.fixture(scope="module")
def whole(state):
    return overall_data.build_overall_data(state)


@pytest.fixture(autouse=True)
def _glyphs():
    with warnings.catch_warnings():
        warnings.filterwarnings("error", message="Glyph")
        yield


PLOTS = {
    "map": lambda whole: overall_report.plot_map(whole),
    "completion": lambda whole: overall_report.plot_completion(whole),
    "panel": lambda whole: overall_report.plot_member_scores(whole, "team"),
    "cut": lambda whole: overall_report.plot_cutoff(whole, "individual"),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", PLOTS)
def test_every_plot_is_drawn_with_all_glyphs_and_the_same_bytes_twice(whole, name):
    one, two = PLOTS[name](whole), PLOTS[name](whole)
    assert one.png == two.png
    assert one.alt


@pytest.mark.slow
@pytest.mark.parametrize("name", PLOTS)
def test_a_rehearsal_plot_carries_the_mark_and_another_does_not(whole, name):
    real = whole | {"round": whole["round"] | {"rehearsal": False}}
    assert _alert(PLOTS[name](whole)) > 200
    # the cut itself is drawn in the same red, as a thin dashed line
    corner = _alert(PLOTS[name](real), corner=True)
    assert corner == 0


def _alert(picture, *, corner=True):
    image = Image.open(io.BytesIO(picture.png)).convert("RGB")
    box = (image.width - 220, 0, image.width, 60) if corner else None
    red = tuple(int(chart.ALERT[place : place + 2], 16) for place in (1, 3, 5))
    return sum(pixel == red for pixel in image.crop(box).get_flattened_data())


@pytest.mark.slow
def test_plots_carry_no_time_and_no_software(whole):
    image = Image.open(io.BytesIO(overall_report.plot_map(whole).png))
    assert set(image.info) <= {"dpi"}


@pytest.mark.slow
def test_drawing_changes_nobodys_settings_and_imports_no_pyplot_font_package(whole):
    import sys

    before = dict(mpl.rcParams)
    overall_report.plot_map(whole)
    assert dict(mpl.rcParams) == before
    assert "zhplot" not in sys.modules


def test_fonts_are_installed_names_with_the_chinese_one_first():
    assert fonts.register_fonts()[0] == "Noto Sans SC"
    assert fonts.find_chinese_font_file().exists()


def test_every_provincial_office_has_a_tile_of_its_own(state):
    codes = [unit.code for unit in state.round.units if unit.kind == "province"]
    assert set(codes) == set(tile_map.TILES)
    assert len(set(tile_map.TILES.values())) == 32


@pytest.mark.slow
def test_the_map_says_why_a_unit_has_no_rate_in_the_words_of_its_state():
    rows = [
        {"unit": code, "short_name": name, "rate": None, "state": state}
        for code, name, state in (
            ("11", "甲", "未报送"),
            ("12", "乙", "未报齐"),
            ("13", "丙", "目标未下达"),
        )
    ]
    alt = tile_map.draw_tile_map(rows, heading="图", note="").alt
    assert alt == "图：未完成无；未报送甲；未报齐乙；目标未下达丙"


def test_a_rate_just_below_target_is_not_coloured_as_done():
    assert tile_map.colour_step(0.9999)[2] != tile_map.colour_step(1.0)[2]


def test_plots_stand_any_value():
    rows = [
        {"short_name": "很长很长很长的单位名称", "rate": 9.0}
        | {f"{name}_rate": 9.0 for name in ("assoc", "experts", "people")}
        | {f"{name}_state": "已完成" for name in ("assoc", "experts", "people")}
        | {"state": "已完成"}
    ]
    assert draw_completion_bars(rows, heading="甲").png
