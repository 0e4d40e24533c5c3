"""Frames for people: Chinese headings and words, escaped texts, plain frames after any change."""

import pandas as pd

from kjfp_helpers.library import chinese
from support.library_stages import library_at
from support.rounds.report_round import FORMULA, SCRIPT

FULL = library_at("after the list")


def test_headings_and_words_are_chinese_and_numbers_as_an_office_writes_them():
    shown = chinese(FULL.stocktake[["unit_name", "kind", "people_target", "people_rate"]]).texts
    assert list(shown.columns) == ["单位", "单位类型", "带动脱贫目标（人）", "带动脱贫完成率"]
    assert shown.iloc[0].tolist()[:3] == ["北京", "省级办公室", "50,000"]
    assert shown["带动脱贫完成率"].iloc[0].endswith("%")


def test_what_is_missing_is_a_dash_and_what_is_blank_stays_blank():
    silent = FULL.summaries[FULL.summaries["missing"].isna()]
    shown = chinese(silent).texts
    assert (shown["缺少部分（个）"] == "—").all() and (shown["考核等次"] == "").all()
    assert (shown.iloc[:, 2] == "—").all()


def test_sections_have_the_titles_of_the_notice():
    titles = {head.title for head in FULL.rules.notice.summary.heads}
    assert titles <= {*chinese(FULL.summaries).frame.columns}


def test_unknown_columns_keep_their_names_and_a_named_index_is_shown():
    table = FULL.findings.groupby("clause").size().rename("甲").to_frame().assign(mine=1.5)
    shown = chinese(table).texts
    assert list(shown.columns) == ["条款", "甲", "mine"] and shown["mine"].iloc[0] == "1.50"


def test_texts_from_outside_are_escaped():
    page = chinese(FULL.cases, rows=500)._repr_html_()
    assert SCRIPT not in page and "&lt;script&gt;" in page
    assert FORMULA.split("(")[0] in chinese(FULL.submissions, rows=500)._repr_html_()


def test_long_frames_say_how_much_is_not_shown():
    page = chinese(FULL.units, rows=3)._repr_html_()
    assert page.count("<tr>") == 4 and f"共 {len(FULL.units)} 行，显示前 3 行" in page


def test_a_frame_without_rows_says_so():
    assert "没有内容" in chinese(FULL.overlaps.head(0))._repr_html_()


def test_ranking_and_shortlist_show_as_tables_with_marks_and_are_plain_once_changed():
    ranking = FULL.ranking("team")
    assert "名次" in ranking._repr_html_() and "演练" in ranking._repr_html_()
    assert "草案" in FULL.shortlist._repr_html_()
    assert type(ranking[ranking["rank"] < 5]) is pd.DataFrame
    assert type(ranking.groupby("unit").size().to_frame()) is pd.DataFrame


def test_the_whole_frame_shows_fewer_columns_than_a_chosen_part():
    assert "单位代码" not in FULL.view("findings").frame
    assert "单位代码" in chinese(FULL.findings[["unit", "code"]]).frame


def test_a_view_says_why_there_is_nothing_in_one_sentence():
    told = library_at("before scores").view("ranking", "team").text
    assert told == "先进团队的名次：还没有一份评完的评分。请待评委评分后再看。"
    told = library_at("before check").view("shortlist").text
    assert "还没有分派评阅" in told and "kjfp assign" in told


def test_what_is_saved_keeps_numbers_as_numbers_and_fits_a_workbook(tmp_path):
    for name in ("stocktake", "submissions", "summaries", "shortlist"):
        saved = chinese(getattr(FULL, name)).frame
        saved.to_excel(tmp_path / "表.xlsx", index=False)
        assert len(pd.read_excel(tmp_path / "表.xlsx", engine="openpyxl")) == len(
            getattr(FULL, name)
        )
    assert pd.api.types.is_numeric_dtype(chinese(FULL.stocktake).frame["带动脱贫目标（人）"])
    assert set(chinese(FULL.cases).frame["类别"]) == {"先进团队", "先进个人"}


def test_grouped_frames_of_any_shape_are_shown():
    cases = FULL.cases
    counted = cases.groupby("kind")["kind"].count()
    assert chinese(counted).texts.shape == (2, 2)
    levels = cases.groupby(["kind", "unit_name"])[["people_lifted"]].agg(["min", "max"])
    heads = list(chinese(levels).texts.columns)
    assert heads[:2] == ["类别", "单位"] and heads[2] == "people_lifted·min"
    assert {*chinese(levels).texts["类别"]} == {"先进团队", "先进个人"}
