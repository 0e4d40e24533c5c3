from dataclasses import replace

import pytest

from kjfp_helpers.core.form_schema import INDICATORS
from kjfp_helpers.core.records import Record, Section, Stocktake, Summary
from kjfp_helpers.infra.cache import call_uncached
from kjfp_helpers.intake.text_figures.told_numbers import read_told_numbers
from kjfp_helpers.notice.stocktake import (
    FoundFigure,
    collect_figures,
    question_figures,
    reconcile_table,
    tabulate_figures,
)
from kjfp_helpers.rules import PoorPopulation, Target, load_round

DONE = {"assoc_done": 126, "experts_done": 3427, "people_done": 52_643}


@pytest.fixture(scope="module")
def round(rules_folder):
    base = load_round(rules_folder)
    targets = [
        Target(unit=code, assoc_target=120, experts_target=3000, people_target=50_000, document="")
        for code in ("11", "12", "13")
    ]
    people = PoorPopulation(region="河北省", people=40_000, document="公报")
    return replace(base, targets=tuple(targets), populations=(people,))


def stock(unit="11", **figures):
    return Record(
        id=f"{unit}-1",
        kind="stocktake",
        unit=unit,
        receipt=1,
        source=f"inbox/{unit}.eml/盘点表.xlsx",
        sha256="",
        body=Stocktake(**(DONE | figures)),
        provenance={"assoc_done": "盘点!C4"},
    )


def summary(text, unit="11", kind="summary"):
    return Record(
        id=f"{unit}-2",
        kind="summary",
        unit=unit,
        receipt=1,
        source=f"inbox/{unit}.eml/工作总结.docx",
        sha256="",
        body=Summary(sections=(Section(heading="一、两数", text=text),)),
        provenance={"sections.0": "正文第3段"},
    )


def ask(round, *records, found=()):
    told = read_told_numbers(records, call_uncached)
    figures = collect_figures(records, (), INDICATORS, found, told)
    returns = {one.unit: one for one in records if one.kind == "stocktake"}
    return question_figures(round, returns, figures), figures


def test_a_figure_told_otherwise_is_asked_about_with_file_place_and_words(round):
    text = "五年来，支持建设农技协162个，组织动员专家3427人，带动脱贫5.2万余人。"
    (finding,), figures = ask(round, stock(), summary(text))
    assert (finding.code, finding.field) == ("figure_differs", "assoc_done")
    assert finding.source.endswith("工作总结.docx")
    assert finding.place == "正文第3段“支持建设农技协162个”"
    assert finding.expected == "与盘点表支持建设农技协126个一致"
    assert finding.found == "工作总结写162个"
    table = tabulate_figures(round, figures)
    assoc = next(
        one for one in reconcile_table(round, table)["11"] if one.indicator.name == "assoc"
    )
    assert assoc.reported and assoc.reported.place == "盘点!C4"
    assert [one.stated.value for one in assoc.disagreements] == [162]


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("专家花名册上五年来登记造册3472人。", ["工作总结写3472人"]),
        ("专家花名册上五年来登记造册3427人。", []),
        ("专家队伍不断壮大，花名册里写下3472人。", ["工作总结写3472人"]),
        ("五年来邀请来访专家3472人，共动员专家3427人。", []),
        ("共动员专家3427人。共动员专家3472人。", ["工作总结写3472人"]),
        ("共动员专家3427人。北片共动员专家300人。南片共动员专家410人。", []),
        (
            "共动员专家3427人。秘书处登记，共动员专家3000人。北片共动员专家2410人。",
            ["工作总结写3000人", "工作总结写2410人"],
        ),
        ("专家花名册上五年来登记造册36人。", []),
    ],
)
def test_what_is_like_the_return_is_asked_about_unless_the_return_is_told(round, text, asked):
    findings, _ = ask(round, stock(), summary(text))
    assert [one.found for one in findings] == asked


def test_the_same_question_stands_whichever_paper_tells_it(round):
    text = "共支持建设农技协162个。"
    (first,), _ = ask(round, stock(), summary(text))
    again = replace(summary("前言。" + text), source="inbox/later.eml/总结.docx")
    (second,), _ = ask(round, stock(), again)
    assert first.fingerprint == second.fingerprint and first.source != second.source


def test_years_that_do_not_add_up_are_asked_about_and_the_spot_check_is_shown(round):
    years = "、".join(f"{year}年{10_000 + year}人" for year in range(2016, 2021))
    found = [FoundFigure(unit="11", indicator="experts", value=2900)]
    findings, figures = ask(round, stock(), summary(f"带动脱贫{years}。"), found=found)
    assert [one.found for one in findings] == ["工作总结2016—2020年各年相加为60090人"]
    reconciled = reconcile_table(round, tabulate_figures(round, figures))["11"]
    said = [one.found for figure in reconciled for one in figure.disagreements]
    assert "抽查核实为2900人" in said


def test_another_measure_under_the_same_number_is_asked_about(round):
    findings, _ = ask(round, stock(people_done=9312), summary("带动建档立卡贫困户9312户脱贫。"))
    assert [one.code for one in findings] == ["figure_measure"]


@pytest.mark.parametrize(
    ("figures", "code"),
    [
        ({"assoc_done": 200, "experts_done": 3000, "people_done": 60_000}, "figure_round"),
        ({"experts_done": 52_643}, "figure_repeated"),
        ({"assoc_done": 120, "experts_done": 3000, "people_done": 50_000}, "figure_repeated"),
        ({"people_done": 5_264_311}, "figure_magnitude"),
        ({"people_done": 5_264}, "figure_magnitude"),
    ],
)
def test_what_cannot_well_be_is_a_question(round, figures, code):
    findings, _ = ask(round, stock(**figures))
    assert code in {one.code for one in findings}


def test_sound_figures_raise_no_question(round):
    assert ask(round, stock())[0] == []


def test_two_units_with_the_same_figures_are_both_asked(round):
    findings, _ = ask(round, stock("11"), stock("12"))
    assert [(one.unit, one.code) for one in findings] == [
        ("11", "figure_repeated"),
        ("12", "figure_repeated"),
    ]
    assert "另外1个单位" in findings[0].found and "天津" not in findings[0].found


def test_more_people_than_the_region_has_poor_is_a_question_where_the_table_is_there(round):
    findings, _ = ask(round, stock("13"))
    assert [one.code for one in findings] == ["figure_over_population"]
    assert "40000人（公报）" in findings[0].expected
    assert ask(replace(round, populations=()), stock("13"))[0] == []
