"""Slices: all a report shows and nothing more, masked, the same bytes each time."""

import json

import pytest
from reports_example import PHONE, make_review

from kjfp_helpers import reports
from kjfp_helpers.reports import overall


@pytest.fixture(scope="module")
def review(tmp_path_factory):
    return make_review(tmp_path_factory.mktemp("slices") / "round")


@pytest.fixture(scope="module")
def folder(review, tmp_path_factory):
    folder = tmp_path_factory.mktemp("data")
    reports.slices(review, folder)
    return folder


def test_there_is_one_slice_per_unit_and_one_for_all(review, folder):
    names = {path.stem for path in folder.iterdir()}
    assert names == {unit.code for unit in review.round.units} | {"overall"}


def test_slices_hold_no_identity_no_phone_and_no_members_name(review, folder):
    numbers = {PHONE} | {
        case.nominee.id_number for case in review.cases if case.kind == "individual"
    }
    names = {row.name for row in review.round.panel} | {row.member for row in review.round.panel}
    text = "\n".join(path.read_text("utf-8") for path in folder.iterdir())
    assert not [secret for secret in numbers | names if secret in text]


def test_a_figure_nobody_sent_stays_missing_and_a_zero_stays_zero(folder):
    absent = json.loads((folder / "15.json").read_text("utf-8"))
    assert [row["done"] for row in absent["figures"]] == [None, None, None] and absent[
        "met"
    ] is None
    zero = json.loads((folder / "22.json").read_text("utf-8"))
    assert zero["figures"][2]["done"] == 0 and zero["figures"][2]["rate"] == 0


def test_results_stay_hidden_until_the_list_is_computed(review, tmp_path):
    from dataclasses import replace

    blind = replace(review, events=review.events[:-1])
    reports.slices(blind, tmp_path)
    for unit in review.round.units:
        content = json.loads((tmp_path / f"{unit.code}.json").read_text("utf-8"))
        assert all(nominee["status"] is None for nominee in content["nominees"])


def test_slices_are_the_same_bytes_and_a_unit_that_left_takes_its_slice_along(
    review, folder, tmp_path
):
    (tmp_path / "S999.json").write_text("{}")
    reports.slices(review, tmp_path)
    assert not (tmp_path / "S999.json").exists()
    for path in folder.iterdir():
        assert path.read_bytes() == (tmp_path / path.name).read_bytes()


@pytest.mark.parametrize(("ruling", "rate"), [("all", 0.5), ("mean", 1.0)])
def test_one_rate_for_the_two_numbers_follows_the_ruling(ruling, rate):
    row = {"assoc_rate": 0.5, "experts_rate": 1.0, "people_rate": 1.5}
    assert overall.completion_rate(row, ruling) == rate
    assert overall.completion_rate(row | {"people_rate": None}, ruling) is None


def test_sums_leave_out_units_that_did_not_report_and_say_how_many(review, folder):
    content = json.loads((folder / "overall.json").read_text("utf-8"))
    for row in content["totals"]:
        assert row["units"] + row["absent"] == len(review.round.units)
        assert row["absent"] > 0
