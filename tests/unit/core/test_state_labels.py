"""A state word has one meaning and one colour, whatever page, workbook, screen or plot shows it."""

import re
from pathlib import Path

import pytest
from openpyxl import load_workbook

import kjfp_helpers
from kjfp_helpers import reports
from kjfp_helpers.core import state_labels
from kjfp_helpers.core.state_labels import DARK_TONE_COLOURS, TONE_BY_LABEL, TONE_COLOURS
from kjfp_helpers.panels.widgets import html_templates
from kjfp_helpers.reports import html_blocks
from kjfp_helpers.reports.charts import chart
from kjfp_helpers.reports.data.deadline_texts import build_dossiers
from kjfp_helpers.reports.data.state_index import StateIndex
from kjfp_helpers.reports.data.unit.unit_facts import build_unit_data
from kjfp_helpers.reports.office.writers.xlsx_writer import Column, Sheet, write_workbook
from kjfp_helpers.reports.page_style import read_style_sheet
from kjfp_helpers.reports.peer_comparison import MIN_PEERS, PeerFigures
from kjfp_helpers.reports.sections import unit_report
from support.rounds.report_round import shared_state

PACKAGE = Path(kjfp_helpers.__file__).parent


@pytest.fixture(scope="module")
def state():
    return shared_state()


def test_a_state_word_has_the_same_tone_on_screens_and_pages():
    for word, tone in TONE_BY_LABEL.items():
        assert f'class="kj-chip {tone}"' in html_templates.render_chip(word)
        assert f'class="chip {tone}"' in html_blocks.render_chip(word)


def test_no_word_is_listed_under_two_tones():
    listed = [word for words in state_labels.LABELS_BY_TONE.values() for word in words]
    assert len(listed) == len(set(listed)) == len(TONE_BY_LABEL)


def test_screens_pages_and_plots_take_the_colours_of_one_table():
    panel = (PACKAGE / "panels/widgets/panel.css").read_text("utf-8").lower()
    report = read_style_sheet()
    light, dark = panel.split("data-jp-theme-light", 1)
    for screen, page, colours in (
        (light, report.split("@media screen")[0], TONE_COLOURS),
        (dark, report.split("@media screen")[1], DARK_TONE_COLOURS),
    ):
        for tone, (ink, ground, *_) in colours.items():
            for name, colour in ((tone, ink.lower()), (f"{tone}-soft", ground.lower())):
                assert f"--kj-{name}: {colour};" in screen and f"--{name}: {colour};" in page, name
            assert (
                f".chip.{tone} {{ color: var(--{tone}); background: var(--{tone}-soft); }}"
                in report
            )
    assert (chart.GOOD, chart.UNMET) == (TONE_COLOURS["good"][2], TONE_COLOURS["bad"][2])


def test_a_workbook_colours_the_cell_of_a_state_word(tmp_path):
    columns = (Column("said", "情况", state_key="state"),)
    rows = [{"said": f"{word}，8月1日", "state": word} for word in ("逾期", "按期", "别的")]
    write_workbook(tmp_path / "a.xlsx", [Sheet("表", "表", columns, rows)], rehearsal=True)
    cells = load_workbook(tmp_path / "a.xlsx")["表"]["A"][3:6]
    colours = [cell.font.color and cell.font.color.rgb[-6:] for cell in cells]
    assert colours[:2] == [TONE_COLOURS[TONE_BY_LABEL[word]][0][1:] for word in ("逾期", "按期")]
    assert colours[2] not in {ink[1:] for ink, _, _ in TONE_COLOURS.values()}


def test_the_old_words_for_two_states_are_gone():
    """未收 and 已收 said two things at once, 未报 three."""
    old = re.compile(r"[\"“]未收[\"”]|[\"“]已收[\"”]|[\"“]未报[\"”]|部分未填|无目标数")
    for path in [*PACKAGE.rglob("*.py"), *PACKAGE.rglob("*.j2")]:
        lines = path.read_text("utf-8").splitlines()
        assert not [line for line in lines if old.search(line)], path.name


def test_every_paper_tells_a_material_in_order_only_where_its_letter_asks_nothing_of_it(state):
    """Register, reports and letters rest on one table."""
    sources = StateIndex(state)
    for dossier in build_dossiers(state):
        unit = build_unit_data(sources, dossier.unit)
        faulty = {found.case for found in dossier.faults if found.code != "late"} - {""}
        kinds = {state.screening.case_by_id[case].kind for case in faulty}
        states = unit["completeness"]
        assert all(states[kind]["order"] == "不全" for kind in kinds), dossier.unit.code
        for kind, cell in states.items():
            assert bool(cell["faults"]) == (cell["order"] == "不全"), (dossier.unit.code, kind)
            assert bool(cell["order"]) == (cell["state"] in ("按期", "逾期", "已收到")), kind
        assert unit["exhibition"]["state"] == (states["exhibit"]["order"] or "未报送")


def test_counts_hold_what_must_be_answered_and_no_more(state):
    sources = StateIndex(state)
    for dossier in build_dossiers(state):
        unit = build_unit_data(sources, dossier.unit)
        counts, duties = unit["counts"], unit["duties"]
        asked = sum(duty["count"] for duty in duties if duty["letter"].startswith("《退回"))
        assert asked == counts["faults"] + counts["questions"], dossier.unit.code
        assert (
            counts["owed"]
            == len(dossier.owed)
            == len(duties) - len([duty for duty in duties if duty["number"].startswith("补正")])
        )


def test_peers_are_compared_from_six_units_on_and_their_number_is_said(state, monkeypatch):
    sources = StateIndex(state)
    unit = state.round.units[0]
    told = build_unit_data(sources, unit)
    count = told["figures"][0]["peers"]["n"]
    assert count >= MIN_PEERS and f"{count}个单位" in unit_report.render_scorecard(told).text
    rates = [(unit.quota, 1.0)] * (MIN_PEERS - 1)
    few = dict.fromkeys(sources.rate_peers, PeerFigures(rates, 0.01))
    monkeypatch.setattr(sources, "rate_peers", few)
    alone = build_unit_data(sources, unit)
    assert alone["figures"][0]["peers"] == {"n": MIN_PEERS - 1, "range": None, "place": None}
    assert f"不作比较（{MIN_PEERS - 1}个单位）" in unit_report.render_scorecard(alone).text


def test_the_index_and_the_register_tell_arrived_and_in_order_apart(state, tmp_path):
    reports.write_register(state, tmp_path / "register.xlsx")
    rows = list(load_workbook(tmp_path / "register.xlsx")["材料齐全表"].values)
    heads = rows[2]
    assert "工作总结：收到" in heads and "工作总结：是否合格" in heads
    arrived, order = (heads.index(f"先进团队推荐表：{what}") for what in ("收到", "是否合格"))
    late = [row for row in rows[3:] if "收到，逾期" in str(row[arrived])]
    assert late and all(row[order] for row in late)
    assert any(str(row[order]).startswith("不全：") for row in rows[3:])
