"""A round larger than the real one: fictitious societies, nobody twice, seats and panel in step."""

import re
from collections import Counter

import pytest

from kjfp_helpers import rehearsal
from kjfp_helpers.cli import main
from kjfp_helpers.core.errors import ParameterError
from kjfp_helpers.core.records import Individual, Team
from kjfp_helpers.infra.bundled_files import DEFAULT_RULES
from kjfp_helpers.rehearsal import rule_files
from kjfp_helpers.rehearsal.generator.fictitious_units import MAX_UNITS, select_units
from kjfp_helpers.rehearsal.round_builder import make_rng, plan_rehearsal
from kjfp_helpers.rules import load_round

RULES = load_round(DEFAULT_RULES)
UNITS = 500
"""More than the register holds, and more people than there are short names."""


@pytest.fixture(scope="module")
def year():
    return plan_rehearsal(RULES, select_units(RULES.units, UNITS), 2020)


def test_a_round_of_real_size_has_the_units_of_the_register():
    for number in (1, 32, 72, len(RULES.units)):
        assert select_units(RULES.units, number) == RULES.units[:number]


def test_further_units_are_societies_in_every_region_with_names_and_codes_of_their_own():
    units = select_units(RULES.units, MAX_UNITS)
    further = units[len(RULES.units) :]
    assert len(units) == MAX_UNITS and units[: len(RULES.units)] == RULES.units
    assert {unit.kind for unit in further} == {"society"}
    assert {unit.region for unit in further} == {
        unit.region for unit in units if unit.kind == "province"
    }
    assert all("虚拟" in unit.name and re.fullmatch(r"S\d{3,4}", unit.code) for unit in further)
    for column in ("code", "name", "short_name"):
        assert len({getattr(unit, column).casefold() for unit in units}) == MAX_UNITS


def test_no_further_units_name_is_part_of_another_name():
    units = select_units(RULES.units, MAX_UNITS)
    names = [(unit.code, name) for unit in units for name in (unit.name, unit.short_name)]
    text = "\n".join(name for _, name in names)
    for unit in units[len(RULES.units) :]:
        assert text.count(unit.short_name) == 2 and text.count(unit.name) == 1


@pytest.mark.parametrize("units", [-1, 0, MAX_UNITS + 1])
def test_other_sizes_are_refused_in_chinese_and_nothing_is_written(units, tmp_path, capsys):
    with pytest.raises(ParameterError, match="1 至 2400 的整数"):
        rehearsal.write_rehearsal(tmp_path / "round", units=units)
    if units > 0:
        assert main(["rehearse", str(tmp_path / "a/round"), "--units", str(units)]) == 1
        assert "1 至 2400 的整数，实为2401" in capsys.readouterr().err
    assert not any(tmp_path.iterdir())


def test_the_help_names_the_largest_size(capsys):
    with pytest.raises(SystemExit):
        main(["rehearse", "--help"])
    assert f"最多{MAX_UNITS}" in "".join(capsys.readouterr().out.split())


@pytest.mark.slow
def test_nobody_in_a_large_year_bears_anothers_name_or_number_but_the_planted(year):
    people, experts = [], []
    for submission in year.submissions:
        for entry in submission.nominations:
            if isinstance(entry.body, Individual):
                people.append(entry.body)
            elif isinstance(entry.body, Team):
                experts += entry.body.expert_names
    twice = {row.case for row in year.planted if row.code == "duplicate_person"}
    for column in ("name", "id_number"):
        counts = Counter(getattr(body, column) for body in people)
        assert {body.name for body in people if counts[getattr(body, column)] > 1} == twice
    assert len(set(experts)) == len(experts)
    assert max(map(len, experts)) == 5, "names of three characters after the word are in use"
    for body in people:
        assert (body.gender == "男") == (int(body.id_number[16]) % 2 == 1)
        assert re.fullmatch(r"1990\d{7}", body.phone)


@pytest.mark.slow
@pytest.mark.parametrize("units", [1, 72, 240])
def test_panel_and_seats_of_a_round_of_real_size_are_those_of_the_notice(units, tmp_path):
    year = plan_rehearsal(RULES, select_units(RULES.units, units), 7)
    panel = rule_files.draw_panel(year, make_rng(7, 1))
    rule_files.write_rules(DEFAULT_RULES, tmp_path, year, panel)
    assert len(panel) == 15
    assert load_round(tmp_path).notice.commended == RULES.notice.commended


@pytest.mark.slow
def test_panel_and_seats_of_a_larger_round_grow_with_its_units(year, tmp_path):
    panel = rule_files.draw_panel(year, make_rng(7, 1))
    rule_files.write_rules(DEFAULT_RULES, tmp_path, year, panel)
    written, usual = load_round(tmp_path), RULES.notice.commended
    assert len(panel) == len({member.name for member in panel}) == 32
    assert len(written.units) == UNITS and written.units[-1].domains
    assert [unit.code for unit in written.units] == [s.unit.code for s in year.submissions]
    seats = written.notice.commended
    assert (seats.teams, seats.individuals) == (
        usual.teams * UNITS // 240,
        usual.individuals * UNITS // 240,
    )
