"""The desk of the exhibition as a person uses it: keys decide, the next open item stands at once."""

import io

import ipywidgets as widgets
import openpyxl
import pytest

from kjfp_helpers import panels
from kjfp_helpers.core.events import ExhibitionItemsDecided
from kjfp_helpers.panels.queue.item_list import ListWidget
from support.pages.widget_tree import everything, of_kind, press_in_list, text
from support.rounds.panel_round import open_round


class Desk:
    def __init__(self, session):
        self.session, self.screen = session, panels.show_exhibition(session)
        self.walk = next(w for w in everything(self.screen) if isinstance(w, ListWidget))
        self.acts = next(
            one
            for one in of_kind(self.screen, widgets.ToggleButtons)
            if one.options and one.options[0] == "1 批准"
        )

    @property
    def page(self):
        return text(self.screen)

    def labelled(self, words):
        return next(
            one
            for one in everything(self.screen)
            if words in (getattr(one, "description", ""), getattr(one, "placeholder", ""))
        )

    def press(self, number):
        self.acts.value = self.acts.options[number - 1]

    def decisions(self):
        return [event.body for event in self.session.events().of(ExhibitionItemsDecided)]


@pytest.fixture
def desk(tmp_path):
    return Desk(open_round(tmp_path))


def test_a_key_decides_is_kept_in_the_ledger_and_the_next_open_item_is_shown(desk):
    first = desk.walk.current
    desk.labelled("理由").value = "待核"
    desk.press(2)
    (held,) = desk.decisions()
    assert (held.decision, held.reason) == ("hold", "待核") and first.endswith(held.items[0][0])
    assert desk.walk.current != first and "已保存 #" in desk.page and desk.acts.value is None


def test_one_key_approves_all_that_is_unremarkable_of_the_unit_and_one_takes_it_back(desk):
    unit = desk.walk.current.partition(" ")[0]
    desk.press(7)
    (batch,) = desk.decisions()
    assert batch.unit == unit and len(batch.items) > 1
    assert not any(row["key"].partition(" ")[2] in dict(batch.items) for row in desk.walk.rows)
    unit_choice = next(
        one for one in everything(desk.screen) if getattr(one, "description", "") == "单位"
    )
    unit_choice.value = unit
    of_kind(desk.screen, widgets.ToggleButtons)[0].value = "已审定"
    desk.press(8)
    assert desk.decisions()[-1].decision == "" and desk.decisions()[-1].items == batch.items


def test_what_may_not_be_recorded_is_said_and_the_item_stays(desk):
    here = desk.walk.current
    desk.labelled("理由").value = ""
    desk.press(3)
    desk.press(4)
    assert not desk.decisions() and desk.walk.current == here and "未保存" in desk.page


def test_every_item_shows_what_is_missing_of_it(desk):
    desk.labelled("单位").value = "*"
    pages = []
    for row in list(desk.walk.rows):
        press_in_list(desk.walk, row["key"])
        pages.append(desk.page)
    assert any("图片不能显示" in page for page in pages)
    assert any("没有同名注释" in page for page in pages)


def test_a_digit_decides_nothing_but_the_item_that_it_was_pressed_for(desk):
    first = desk.walk.current
    desk.labelled("理由").value = "待核"
    press_in_list(desk.walk, first, 2)
    press_in_list(desk.walk, first, 2)  # pressed again before the next one stood
    (held,) = desk.decisions()
    assert first.endswith(held.items[0][0])


def test_the_table_of_units_tells_where_each_part_stands_and_goes_out_as_a_workbook(desk):
    (tabs,) = of_kind(desk.screen, widgets.Tab)
    unit, _, first = desk.walk.current.partition(" ")
    part = first.removeprefix("text:")
    table = next(
        one for one in everything(desk.screen) if getattr(one, "title", "") == "各单位展览素材"
    )

    def stands():
        tabs.selected_index = 0
        tabs.selected_index = 1
        return next(row for row in table.rows if row["unit"] == unit)

    assert stands()[part] == "待审定"
    desk.labelled("理由").value = "须改写"
    desk.press(3)
    row = stands()
    assert (row[part], row["returned"]) == ("已退回", 1)
    assert "已退回" in row["part_states"]
    assert any(one["part_states"] == () for one in table.rows if one["order"] == "未报送")
    sheet = openpyxl.load_workbook(io.BytesIO(table.export(table.rows))).active
    written = [str(cell.value) for line in sheet.iter_rows() for cell in line]
    assert {"已退回", "待审定"} <= set(written)
