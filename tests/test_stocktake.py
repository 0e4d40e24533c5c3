import math
from dataclasses import replace

import pytest
from builders import ruling, stocktake

from kjfp_helpers.rules import Target, load_round
from kjfp_helpers.stocktake import tabulate


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
    table, findings = tabulate(round, {"61": record})
    found = row(table)
    assert (found.assoc_gap, found.experts_gap, found.people_gap) == (2, -10, 0)
    assert found.experts_rate == pytest.approx(0.9) and found.met is False
    assert codes(findings) == ["target_not_met"]
    assert "差10" in next(f for f in findings if f.unit == "61").found


def test_missing_figure_is_not_zero(round):
    table, findings = tabulate(
        round, {"61": stocktake(assoc_done=10, experts_done=None, people_done=0)}
    )
    found = row(table)
    assert math.isnan(found.experts_done) and math.isnan(found.experts_gap)
    assert found.people_done == 0 and found.people_gap == -1000
    assert found.met is None
    assert codes(findings) == ["figure_missing", "target_not_met"]


def test_every_unit_has_a_row_and_the_silent_ones_are_named(round):
    table, findings = tabulate(round, {})
    assert list(table["unit"]) == [unit.code for unit in round.units]
    assert codes(findings) == ["stocktake_absent"] and len(findings) == len(round.units)


def test_a_unit_that_states_another_target_is_asked(round):
    record = stocktake(assoc_target=5, assoc_done=10, experts_done=100, people_done=1000)
    _, findings = tabulate(round, {"61": record})
    assert codes(findings) == ["target_disagrees"]


def test_the_units_own_target_stands_where_the_office_gave_none(round):
    record = stocktake("62", assoc_target=4, assoc_done=3)
    table, findings = tabulate(round, {"62": record})
    assert row(table, "62").assoc_gap == -1
    assert "target_not_met" in codes(findings, "62")


def test_by_the_other_ruling_the_mean_of_the_rates_decides(round):
    record = stocktake(assoc_done=20, experts_done=90, people_done=1000)
    assert row(tabulate(round, {"61": record})[0]).met is False
    assert row(tabulate(ruling(round, two_numbers="mean"), {"61": record})[0]).met is True


@pytest.mark.parametrize("how", ["all", "mean"])
def test_a_target_of_nothing_has_no_rate_and_is_met(round, how):
    target = replace(round.targets[0], assoc_target=0)
    round = ruling(replace(round, targets=(target,)), two_numbers=how)
    found = row(
        tabulate(round, {"61": stocktake(assoc_done=0, experts_done=100, people_done=1000)})[0]
    )
    assert math.isnan(found.assoc_rate) and found.met is True
