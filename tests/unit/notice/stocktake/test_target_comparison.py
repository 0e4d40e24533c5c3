import math
from dataclasses import replace

import pytest

from kjfp_helpers.notice.stocktake import has_targets, tabulate_stocktakes
from kjfp_helpers.rules import Target, load_round
from support.rounds.builders import ruling, stocktake


@pytest.fixture
def round(rules_folder):
    target = Target(
        unit="61", assoc_target=10, experts_target=100, people_target=1000, document="样例"
    )
    return replace(load_round(rules_folder), targets=(target,))


def row(table, unit="61"):
    return table.set_index("unit").loc[unit]


def codes(findings, unit="61"):
    return sorted(finding.code for finding in findings if finding.unit == unit)


def test_gap_and_rate_are_taken_against_the_assigned_target(round):
    record = stocktake(assoc_done=12, experts_done=90, people_done=1000)
    table, findings = tabulate_stocktakes(round, {"61": record})
    found = row(table)
    assert (found.assoc_gap, found.experts_gap, found.people_gap) == (2, -10, 0)
    assert found.experts_rate == pytest.approx(0.9) and found.met is False
    assert codes(findings) == ["target_not_met"]
    assert "差10" in next(f for f in findings if f.unit == "61").found


def test_missing_figure_is_not_zero(round):
    table, findings = tabulate_stocktakes(
        round, {"61": stocktake(assoc_done=10, experts_done=None, people_done=0)}
    )
    found = row(table)
    assert math.isnan(found.experts_done) and math.isnan(found.experts_gap)
    assert found.people_done == 0 and found.people_gap == -1000
    assert found.met is None
    assert codes(findings) == ["figure_missing", "target_not_met"]


def test_every_unit_has_a_row_and_the_silent_ones_are_named(round):
    table, findings = tabulate_stocktakes(round, {})
    assert list(table["unit"]) == [unit.code for unit in round.units]
    absent = [one for one in findings if one.code == "stocktake_absent"]
    assert codes(findings) == ["stocktake_absent"] and len(absent) == len(round.units)
    assert set(table["state"]) == {"未报送"}


def test_a_unit_that_states_another_target_is_asked(round):
    record = stocktake(assoc_target=5, assoc_done=10, experts_done=100, people_done=1000)
    _, findings = tabulate_stocktakes(round, {"61": record})
    assert codes(findings) == ["target_disagrees"]


FULL = {"assoc_done": 12, "experts_done": 130, "people_done": 2000}


def test_a_units_own_target_is_its_own_word_and_no_measure(round):
    own = {"assoc_target": 4, "experts_target": 100, "people_target": 1000}
    table, findings = tabulate_stocktakes(round, {"62": stocktake("62", **own, **FULL)})
    found = row(table, "62")
    assert (found.assoc_own, found.state, found.assoc_state) == (4, "目标未下达", "目标未下达")
    assert math.isnan(found.assoc_target) and math.isnan(found.assoc_rate) and found.met is None
    assert codes(findings, "62") == ["target_missing"]


def test_one_blank_target_leaves_the_others_judged(round):
    target = replace(round.targets[0], people_target=None)
    record = stocktake(people_target=1, **FULL)
    table, findings = tabulate_stocktakes(replace(round, targets=(target,)), {"61": record})
    found = row(table)
    assert (found.state, found.assoc_state, found.people_state) == (
        "目标未下达",
        "已完成",
        "目标未下达",
    )
    (told,) = (one for one in findings if one.unit == "61")
    assert told.code == "target_missing" and "带动建档立卡" in told.found
    assert told.finding_type.audience == "office"


def test_a_round_without_any_target_is_told_once_for_all_units(round):
    bare = replace(round, targets=())
    table, findings = tabulate_stocktakes(bare, {"61": stocktake(assoc_target=1, **FULL)})
    (told,) = (one for one in findings if one.code == "target_missing")
    assert told.unit == "" and not has_targets(bare)
    assert row(table).state == "目标未下达" and row(table, "62").state == "未报送"


def test_a_blank_figure_is_told_from_a_target_that_is_not_there(round):
    table, _ = tabulate_stocktakes(round, {"62": stocktake("62", assoc_done=3)})
    assert list(row(table, "62")[["assoc_state", "experts_state", "state"]]) == [
        "目标未下达",
        "未填",
        "未报齐",
    ]


def test_an_optional_figure_without_target_may_stay_blank(round):
    round = replace(round, targets=(replace(round.targets[0], federations_target=5),))
    sent = stocktake("62", assoc_done=3, experts_done=4, people_done=5)
    found = row(tabulate_stocktakes(round, {"62": sent})[0], "62")
    assert (found.federations_state, found.state) == ("未填", "目标未下达")


def test_by_the_other_ruling_the_mean_of_the_rates_decides(round):
    record = stocktake(assoc_done=20, experts_done=90, people_done=1000)
    assert row(tabulate_stocktakes(round, {"61": record})[0]).met is False
    assert (
        row(tabulate_stocktakes(ruling(round, two_numbers="mean"), {"61": record})[0]).met is True
    )


@pytest.mark.parametrize("how", ["all", "mean"])
def test_a_target_of_nothing_has_no_rate_and_is_met(round, how):
    target = replace(round.targets[0], assoc_target=0)
    round = ruling(replace(round, targets=(target,)), two_numbers=how)
    found = row(
        tabulate_stocktakes(
            round, {"61": stocktake(assoc_done=0, experts_done=100, people_done=1000)}
        )[0]
    )
    assert math.isnan(found.assoc_rate) and found.met is True
