"""Words, tables and pages: nothing raw, nothing invented, nothing executed."""

from types import SimpleNamespace
from typing import get_args

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup

from kjfp_helpers.core.findings import FINDING_TYPES
from kjfp_helpers.reports import formatting, html_blocks
from kjfp_helpers.rules.rulings import Rulings


def _literals(kind):
    for part in get_args(kind):
        if isinstance(part, str | int) and not isinstance(part, bool):
            yield part
        elif part is not Ellipsis:
            yield from _literals(part)


@pytest.mark.parametrize("name", list(Rulings.model_fields))
def test_every_value_a_ruling_can_take_has_chinese_words(name):
    kind = Rulings.model_fields[name].annotation.__pydantic_generic_metadata__["args"]
    for value in (one for arg in kind for one in _literals(arg)):
        shown = (
            formatting.format_ruling(name, value)
            if name != "keeps_out"
            else FINDING_TYPES[value].title
        )
        assert shown != str(value)


@pytest.mark.parametrize("value", [None, float("nan"), ""])
def test_missing_is_a_dash_and_never_zero(value):
    assert (
        formatting.format_number(value)
        == formatting.format_percent(value)
        == formatting.format_probability(value)
        == formatting.MISSING
    )
    assert formatting.format_number(0) == "0" and formatting.format_percent(0) == "0%"


def test_a_missed_target_is_never_rounded_up_to_done():
    assert formatting.format_percent(0.9999) == "不足100%"
    assert formatting.format_percent(1.0) == "100%"


@given(st.text(min_size=1))
def test_text_from_submissions_stays_text_in_a_table(text):
    html = str(html_blocks.render_table(["名称"], [[text]]).html)
    inner = html.split("<td>")[1].split("</td>")[0]
    assert "<" not in inner.replace('<span class="chip ', "").replace("</span>", "") or inner == "—"


def test_script_in_a_name_is_shown_and_not_run():
    html = str(html_blocks.render_table(["姓名"], [["<script>alert(1)</script>"]]).html)
    assert "&lt;script&gt;" in html and "<script" not in html


def test_an_empty_table_says_so():
    assert "没有发现问题。" in html_blocks.render_table(["问题"], [], empty="没有发现问题。").html


def test_a_column_in_which_nothing_stands_leaves_its_room_to_others():
    rows = [["甲", "", 0], ["乙", None, 1]]
    made = html_blocks.render_table(
        ["名称", "备注", "件数"], rows, optional_columns=("备注", "件数")
    )
    assert "备注" not in made.html and "备注" not in made.text and "件数" in made.html
    rows[1][1] = "补报"
    made = html_blocks.render_table(["名称", "备注", "件数"], rows, optional_columns=("备注",))
    assert "备注" in made.html and made.html.count("<td") == 6 and "—" not in made.html


def test_a_shown_piece_has_the_same_text_every_time():
    piece = html_blocks.render_note("完成")
    assert piece._repr_mimebundle_()["text/plain"] == "完成"
    assert isinstance(piece.html, Markup)


YUNNAN = SimpleNamespace(short_name="云南", name="云南省科技助力精准扶贫领导小组办公室")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (
            "与云南雷同19%（“几点做法”）、与本单位旧稿雷同",
            "与其他单位雷同19%（“几点做法”）、与本单位旧稿雷同",
        ),
        (f"与{YUNNAN.name}先报送的图片是同一文件", "与其他单位先报送的图片是同一文件"),
        ("与本单位先报送的“云南.jpg”是同一文件", "与本单位先报送的“云南.jpg”是同一文件"),
    ],
)
def test_another_unit_is_not_named_to_a_unit(text, told):
    round = SimpleNamespace(unit_by_code={"53": YUNNAN})
    state = SimpleNamespace(screening=SimpleNamespace(cases=()), round=round)
    assert formatting.redact_for_unit(text, state, "52") == told
    assert formatting.redact_for_unit(text, state, "53") == text


@pytest.mark.parametrize(
    ("kinds", "told"),
    [
        (["team"], "与其他单位推荐的团队雷同80%"),
        (["team", "team"], "与其他单位推荐的团队雷同80%、与另一团队雷同80%"),
        (["individual", "team"], "与其他单位推荐的个人雷同80%、与另一团队雷同80%"),
    ],
)
def test_the_nominees_of_other_units_are_counted_not_named(kinds, told):
    cases = [SimpleNamespace(unit="53", kind=kind, name=f"甲{i}") for i, kind in enumerate(kinds)]
    state = SimpleNamespace(
        screening=SimpleNamespace(cases=cases),
        round=SimpleNamespace(unit_by_code={"53": YUNNAN}),
    )
    text = "、".join(
        f"与云南推荐的{'团队' if case.kind == 'team' else ''}“{case.name}”雷同80%" for case in cases
    )
    assert formatting.redact_for_unit(text, state, "52") == told
    assert formatting.redact_for_unit(text, state, "53").count("云南推荐的") == len(kinds)


@pytest.mark.parametrize(
    ("source", "told"),
    [("抽查 people", "抽查 带动脱贫"), ("抽查 3", "抽查 3"), ("a people.docx", "a people.docx")],
)
def test_a_figure_of_the_spot_check_is_named_in_chinese(source, told):
    assert formatting.format_source(source) == told


def test_rows_of_a_frame_have_the_values_that_pandas_hands_out_and_their_types():
    frame = pd.DataFrame(
        {
            "text": pd.Series(["甲", None, ""], dtype="str"),
            "mixed": pd.Series(["乙", 2, None], dtype=object),
            "listed": [[1], [], [2, 3]],
            "count": [1, 2, 3],
            "maybe": pd.array([1, None, 3], dtype="Int64"),
            "share": [0.5, float("nan"), 1.0],
            "said": [True, False, True],
            "day": pd.to_datetime(["2020-10-01", None, "2020-10-03"]),
            5: [b"", b"a", b"b"],
        }
    )
    expected = [
        {str(name): value for name, value in row.items()} for row in frame.to_dict("records")
    ]
    assert _kinds(formatting.frame_rows(frame)) == _kinds(expected)
    assert formatting.frame_rows(frame[:0]) == []


def _kinds(rows):
    return [{name: (type(value), repr(value)) for name, value in row.items()} for row in rows]
