"""Names as they stand in every figure: no formula is read into them, and no box drawn for them."""

import io
import shutil
import warnings
import zipfile
from pathlib import Path

import matplotlib as mpl
import openpyxl
import pytest
from matplotlib import font_manager
from matplotlib.ft2font import FT2Font
from matplotlib.text import Text
from matplotlib.ticker import ScalarFormatter
from PIL import Image

from kjfp_helpers.cli import main
from kjfp_helpers.core.events import ScoreGiven
from kjfp_helpers.reports.charts import chart, fonts
from kjfp_helpers.reports.charts.cutoff_chart import draw_cutoff_chart
from kjfp_helpers.reports.charts.missing_glyphs import replace_missing_glyphs
from kjfp_helpers.reports.charts.severity_chart import draw_member_scores
from kjfp_helpers.reports.charts.target_completion_chart import (
    draw_completion_bars,
)
from kjfp_helpers.reports.charts.tile_map import draw_tile_map
from support.project import NOTEBOOKS
from support.rounds.finished_round import waive_gates
from support.rounds.panel_round import open_round

pytestmark = pytest.mark.slow

PLAIN = ("$$", "成本$5与$9", "$\\frac{1}{2}$", "a_b^c\\d%{e}", "_下划线", "\\$5", "#&~", "䶮㛃")
RARE = (
    "𠮷田",
    "龘𪚥𠔻𠅤",
    "བཀྲ་ཤིས",
    "ᠮᠣᠩᠭᠣᠯ",
    "ꆈꌠ",
    "김철수",
    "😀🤝",
    "辻\U000e0101",
    "\ue863生",
    "ئالىم قىزى",
    "𝐀班",
    "\ud83d坏",
    "\u200b空",
)
NAMES = PLAIN + RARE


@pytest.fixture(autouse=True)
def _glyphs():
    with warnings.catch_warnings():
        warnings.filterwarnings("error", message="Glyph")
        yield


def shown(names):
    """Return rows that any of the figures takes, one a name."""
    rates = {
        f"{name}_{end}": value
        for name in ("assoc", "experts", "people")
        for end, value in (("rate", 0.9), ("state", "未完成"))
    }
    return [
        {
            "rank": n,
            "name": name,
            "short_name": name,
            "unit_name": name,
            "unit": f"X{n}",
            "label": name,
            "measure": name,
            "status": "listed",
            "result": "入围",
            "moves": "",
            "value": 90 - n,
            "low": 88 - n,
            "high": 92 - n,
            "p_in": 0.5,
            "rate": 0.9,
            "target": 1,
            "done": 1,
            "peer_rate": 0.5,
            "peer_count": 6,
            "state": "未完成",
            "totals": [80, 90],
            "severity": None,
            "severity_low": None,
            "severity_high": None,
            **rates,
        }
        for n, name in enumerate(names, start=1)
    ]


FIGURES = {
    "cut": lambda names, heading: draw_cutoff_chart(shown(names), places=4, heading=heading),
    "panel": lambda names, heading: draw_member_scores(shown(names), heading=heading),
    "completion": lambda names, heading: draw_completion_bars(shown(names), heading=heading),
    "tiles": lambda names, heading: draw_tile_map(shown(names), heading=heading, note=heading),
}


@pytest.mark.parametrize("kind", FIGURES)
def test_a_name_of_any_characters_is_drawn_without_formula_and_without_box(kind):
    assert FIGURES[kind](NAMES, "成本$5与$9").png
    for name in ("$$", "$\\frac{$"):
        assert FIGURES[kind]([name], name).png


@pytest.mark.parametrize("name", NAMES)
def test_every_character_that_is_drawn_has_a_glyph_in_a_font_of_a_package(name):
    held = {
        chr(code) for file in fonts.list_font_files() for code in FT2Font(str(file)).get_charmap()
    }
    assert set(replace_missing_glyphs(name)) <= held


def test_what_the_fonts_hold_is_drawn_as_it_stands():
    assert [replace_missing_glyphs(name) for name in PLAIN] == list(PLAIN)


def test_what_no_font_holds_is_told_by_code_or_script_and_what_has_no_shape_is_left_out():
    told = dict(zip(RARE, map(replace_missing_glyphs, RARE), strict=True))
    assert told["𠮷田"] == "〔U+20BB7〕田"
    assert told["龘𪚥𠔻𠅤"] == "龘〔U+2A6A5 U+2053B〕𠅤"
    assert [told[name] for name in RARE[2:6]] == [
        "〔藏文〕",
        "〔蒙古文〕",
        "〔彝文〕",
        "〔朝鲜文〕",
    ]
    assert told["😀🤝"] == "😀〔U+1F91D〕" and told["\ue863生"] == "〔U+E863〕生"
    assert told["辻\U000e0101"] == "辻" and told["𝐀班"] == "A班" and told["\ud83d坏"] == "坏"
    assert replace_missing_glyphs("𪚥" * 9) == "〔U+2A6A5等9字〕"
    assert replace_missing_glyphs("甲\n乙\t丙") == "甲\n乙 丙"


def test_words_from_right_to_left_stay_where_they_stand_in_the_line():
    """The rank stands after the name, nearest to the axis, whatever the name is written in."""
    assert replace_missing_glyphs("ئالىم قىزى  7") == "\u200eئالىم قىزى\u200e  7"
    again = replace_missing_glyphs(replace_missing_glyphs("ئالىم قىزى  7"))
    assert again == replace_missing_glyphs("ئالىم قىزى  7")


def test_every_kind_of_text_of_a_figure_is_mended():
    """Tick labels, titles, legends, annotations and axis labels, on either axis."""
    name = "𠮷$$"
    texts = []

    def paint(canvas):
        axes = canvas.subplots()
        axes.plot([0, 1], [0, 1], label=name)
        axes.set_xticks([0, 1], [name, name])
        axes.set_yticks([0, 1], [name, name])
        axes.set_title(name)
        axes.set_xlabel(name)
        axes.annotate(name, (0, 0))
        axes.legend(title=name)
        canvas.suptitle(name)
        texts.append(canvas)

    assert chart.render_chart(paint, width=4, height=3, alt="", rehearsal=True).png
    drawn = [text.get_text() for text in texts[0].findobj(Text)]
    assert not any(text.get_parse_math() for text in texts[0].findobj(Text))
    assert drawn.count("〔U+20BB7〕$$") >= 10
    assert {text for text in drawn if "演练" not in text} == {"", "〔U+20BB7〕$$"}


def test_numbers_on_an_axis_keep_their_own_form():
    held = []

    def paint(canvas):
        axes = canvas.subplots()
        axes.plot([0, 1e9], [-1, 0.5])
        held.append(axes)

    chart.render_chart(paint, width=4, height=3, alt="", rehearsal=False)
    assert isinstance(held[0].xaxis.get_major_formatter(), ScalarFormatter)
    assert held[0].xaxis.get_offset_text().get_text() == "1e9"


def test_the_machine_s_own_fonts_of_the_same_names_change_nothing():
    """The fonts of the packages come first, whatever else is registered under their names."""
    names = fonts.register_fonts()
    found = font_manager.fontManager._find_fonts_by_props(font_manager.FontProperties(family=names))
    assert [Path(file) for file in found] == fonts.list_font_files()
    assert found[1].startswith(mpl.get_data_path())


@pytest.fixture(scope="module")
def named(tmp_path_factory):
    """A scored round whose teams and persons have such names."""
    teams = [f"测试团队{code}" for code in ("13", "34", "52", "62")]
    renamed = dict(zip(teams, ("$$", "成本$5与$9", "𠮷田团队", "a_b^c\\d%{e}"), strict=True))
    renamed |= {"测丁某1": "བཀྲ་ཤིས", "测戊某3": "龘𪚥🤝", "测丙某5": "ئالىم قىزى"}
    session = open_round(tmp_path_factory.mktemp("named"), renamed=renamed)
    state = session.current_state()
    chosen = zip(state.scores.readings["member"], state.scores.readings["case"], strict=True)
    marks = []
    for n, (member, id) in enumerate(chosen):
        case = state.screening.case_by_id[id]
        least = 85.0 if case.name in renamed.values() else 60.0
        scores = {one.id: least + n % 5 for one in session.round.rubric.criteria(case.kind)}
        marks.append(ScoreGiven(member=member, case=id, scores=scores))
    session.record(*marks)
    waive_gates(session)
    return session, renamed


def test_the_list_its_figures_and_the_reports_are_made_with_such_names(named, capsys):
    session, renamed = named
    at = [str(session.round.folder), "--outputs", str(session.outputs)]
    assert main(["shortlist", *at]) == 0, capsys.readouterr()
    book = openpyxl.load_workbook(session.outputs / "shortlist.xlsx")
    cells = {str(cell.value) for tab in book for row in tab.iter_rows() for cell in row}
    assert set(renamed.values()) & cells >= {"$$", "成本$5与$9", "𠮷田团队"}
    with zipfile.ZipFile(session.outputs / "shortlist.xlsx") as package:
        media = [name for name in package.namelist() if name.startswith("xl/media/")]
        pictures = [Image.open(io.BytesIO(package.read(name))) for name in media]
    assert pictures and all(picture.width > 500 for picture in pictures)
    published = openpyxl.load_workbook(session.outputs / "publication.xlsx")
    listed = {str(cell.value) for tab in published for row in tab.iter_rows() for cell in row}
    assert listed & set(renamed.values())
    shutil.copytree(NOTEBOOKS, session.round.folder.parents[1] / "notebooks", dirs_exist_ok=True)
    assert main(["regenerate", *at, "--only", "overall"]) == 0, capsys.readouterr()
    page = (session.outputs / "reports" / "overall.html").read_text("utf-8")
    assert sum(name in page for name in renamed.values()) >= 4
