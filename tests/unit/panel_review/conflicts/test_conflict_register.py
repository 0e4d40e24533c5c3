"""Who may not read what."""

import pytest

from kjfp_helpers.core.events import ConflictRuled, MemberRecused
from kjfp_helpers.panel_review import find_conflicts, settle_conflicts
from kjfp_helpers.rules import load_round
from support.rounds.panels_and_scores import case, events, member, panel


@pytest.fixture(scope="module")
def round2020(rules_folder):
    return load_round(rules_folder)


def found(round, someone, *cases):
    return find_conflicts(panel(round, someone), cases)


def unit_named(round, name):
    return next(unit.code for unit in round.units if unit.name == name)


def test_home_province_keeps_away_from_its_office_but_not_from_societies(round2020):
    society = unit_named(round2020, "中国数学会")
    rows = found(
        round2020, member(1, region="陕西"), case(unit="61"), case(unit="62"), case(unit=society)
    )
    assert list(rows["case"]) == ["T61-1"]
    assert "所在地回避" in rows["reason"].item()


@pytest.mark.parametrize(
    ("employer", "unit"),
    [
        ("中国植物学会", "中国植物学会"),
        ("植物学会", "中国植物学会"),
        ("中国植物学会 秘书处", "中国植物学会"),
        ("西北某大学（兼中国植物学会理事）", "中国植物学会"),
        ("甘肃省科协农技中心", "甘肃省科技助力精准扶贫领导小组办公室"),
        ("中国细胞生物学会", "中国细胞生物学学会"),
    ],
)
def test_employer_that_names_the_unit_conflicts(round2020, employer, unit):
    code = unit_named(round2020, unit)
    rows = found(round2020, member(1, employer=employer), case(unit=code), case(unit="53"))
    assert list(rows["case"]) == [f"T{code}-1"]


@pytest.mark.parametrize(
    ("employer", "unit"),
    [
        ("中国实验动物学会", "中国动物学会"),
        ("中国地球物理学会", "中国物理学会"),
        ("北京大学", "北京市科技助力精准扶贫领导小组办公室"),
        ("青海海南州科协", "海南省科技助力精准扶贫领导小组办公室"),
        ("浙江省植物学会", "中国植物学会"),
        ("", "中国植物学会"),
    ],
)
def test_part_of_another_name_is_no_conflict(round2020, employer, unit):
    code = unit_named(round2020, unit)
    assert found(round2020, member(1, employer=employer), case(unit=code)).empty


@pytest.mark.slow
def test_every_unit_is_recognised_as_its_own_employer_and_no_other(round2020):
    everybody = [member(n, employer=unit.name) for n, unit in enumerate(round2020.units)]
    cases = [case(unit=unit.code) for unit in round2020.units]
    rows = find_conflicts(panel(round2020, *everybody), cases)
    own = {(f"E{n:02}", f"T{unit.code}-1") for n, unit in enumerate(round2020.units)}
    assert set(zip(rows["member"], rows["case"], strict=True)) == own


def test_same_employer_as_the_nominee_conflicts_whatever_the_writing(round2020):
    nominee = case("individual", "53", employer="示例 大学（农学院）")
    rows = found(round2020, member(1, employer="示例大学(农学院)"), nominee)
    assert rows["reason"].str.contains("同一工作单位").any()
    assert found(round2020, member(1, employer=""), case("individual", "53", employer=None)).empty


def test_declared_tie_and_own_name_conflict_with_a_row_each(round2020):
    nominee = case(unit="53", leader_name="评委1", expert_names=("甲", "乙"))
    rows = found(round2020, member(1, ties=("53",)), nominee)
    assert [reason[:4] for reason in rows["reason"]] == ["申报回避", "同名回避"]


CASE = case(unit="61")


def ruled(bars, who="E01"):
    return ConflictRuled(member=who, case="T61-1", bars=bars, reason="核实", by=("甲", "乙"))


def settled(round, *bodies):
    found = find_conflicts(panel(round, member(1, region="陕西"), member(2)), [CASE])
    return settle_conflicts(found, events(*bodies), [CASE])


def away(who="E01"):
    return MemberRecused(member=who, case="T61-1", reason="师生")


@pytest.mark.parametrize(
    ("bodies", "barred"),
    [
        ((), True),
        ((ruled(None),), True),
        ((ruled(False),), False),
        ((ruled(False), ruled(True)), True),
        ((ruled(False), ruled(None)), False),
        ((ruled(False), away()), True),
        ((away(), ruled(False)), False),
    ],
)
def test_the_last_ruling_holds_and_a_dispute_changes_nothing(round2020, bodies, barred):
    assert ("E01" in set(settled(round2020, *bodies)["member"])) == barred


def test_ruled_in_and_declared_conflicts_bar_beside_those_found(round2020):
    rows = settled(round2020, ruled(True, "E02"), away("E02"))
    assert rows.to_numpy().tolist() == [
        ["E01", "T61-1", "所在地回避：评委在陕西省"],
        ["E02", "T61-1", "裁定回避：核实"],
        ["E02", "T61-1", "评委申请回避：师生"],
    ]
    assert settle_conflicts(rows, (), [case(unit="62")]).empty
