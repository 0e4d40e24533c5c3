"""The frame commits the office before the value is known; the lot follows from both alone."""

from dataclasses import replace
from datetime import date

import pytest

from kjfp_helpers.core.errors import DifferenceError, ParameterError
from kjfp_helpers.core.events import SamplingFrameFrozen
from kjfp_helpers.notice.spot_check.earlier_lot_procedure import redraw_earlier
from kjfp_helpers.notice.spot_check.lot_drawing import (
    COVERED,
    DRAWN,
    check_public_value,
    draw_lot,
    rank_units,
)
from kjfp_helpers.notice.spot_check.sampling_frame import (
    build_frame,
    freeze_frame,
    parse_frame,
    sha256_text,
)
from kjfp_helpers.rules import load_round

TODAY, DAY = date(2020, 8, 20), date(2020, 8, 28)


@pytest.fixture(scope="module")
def round2020(rules_folder):
    return load_round(rules_folder)


def with_rule(round, **values):
    rule = round.notice.spot_check.model_copy(update=values)
    return replace(round, notice=round.notice.model_copy(update={"spot_check": rule}))


def frame(round, excluded=None, **values):
    named = {"source": "上证综合指数收盘点位", "day": DAY, "today": TODAY} | values
    return build_frame(round, excluded=excluded or {}, **named)


def lot(round, value="3380.68"):
    return draw_lot(freeze_frame(frame(round)), value)


def test_frame_holds_every_provincial_office_but_those_excluded_with_a_reason(round2020):
    made = frame(round2020, {"65": "正在接受巡视"})
    codes = [code for code, _ in made.units]
    assert len(codes) == 31 and codes == sorted(codes) and "65" not in codes
    assert parse_frame(made.lines) == made


@pytest.mark.parametrize(
    ("values", "where"),
    [
        ({"day": TODAY}, "公布日"),
        ({"source": " "}, "来源"),
        ({"excluded": {"99": "无"}}, "排除"),
        ({"excluded": {"65": ""}}, "理由"),
    ],
)
def test_a_frame_without_a_value_to_come_or_with_a_wrong_unit_is_refused(round2020, values, where):
    with pytest.raises(ParameterError, match=where):
        frame(round2020, **values)


@pytest.mark.parametrize(("share", "number"), [(0.1, 4), (0.3, 10), (0.5, 16), (1.0, 32)])
def test_share_is_rounded_up_exactly_in_each_stratum(round2020, share, number):
    rule = {"strata": (), "share": share, "cover": ()}
    drawn = lot(with_rule(round2020, **rule)).units
    assert len(drawn) == len(set(drawn)) == number


@pytest.mark.parametrize("value", ["3380.68", "3350.11", "3368.10", "3404.80"])
def test_the_cover_rule_adds_the_next_of_a_group_that_has_too_few(round2020, value):
    made = frame(round2020)
    drawn = lot(round2020, value)
    rows = {row.code: row for row in rank_units(made, drawn.seed)}
    taken = {code for code in drawn.units if rows[code].how == DRAWN}
    assert len(taken) == 7 and set(drawn.covered) == set(drawn.units) - taken
    for _title, _least, codes in made.cover:
        added = set(codes) & set(drawn.covered)
        if set(codes) & taken:
            assert not added
        else:
            assert added == {min(codes, key=lambda code: rows[code].number)}
    assert {row.how for row in rows.values()} <= {DRAWN, COVERED, ""}


def test_order_of_the_units_file_does_not_matter_and_another_value_draws_another_lot(round2020):
    turned = replace(round2020, units=round2020.units[::-1])
    assert frame(turned) == frame(round2020)
    assert lot(round2020).units != lot(round2020, "3380.69").units


@pytest.mark.parametrize("value", ["  ", "12", "it's", "a\nb\nc", "2020-08-28"])
def test_a_value_that_was_known_or_cannot_be_typed_in_a_shell_is_refused(value):
    with pytest.raises(ParameterError, match="公开值"):
        check_public_value(value, ['note = "2020-08-28"'])
    assert check_public_value(" 3380.68 ", ["x"]) == "3380.68"


def test_a_lot_of_an_earlier_version_is_drawn_as_it_was_then(round2020):
    units = sorted((u for u in round2020.units if u.kind == "province"), key=lambda u: u.code)
    digest = sha256_text("".join(f"{u.code} {u.quota}\n" for u in units))
    codes = tuple(unit.code for unit in units)
    frozen = SamplingFrameFrozen(units=codes, digest=digest, public_value="20200815")
    seed = sha256_text(digest + "20200815")
    first = sorted((u.code for u in units if u.priority), key=lambda c: sha256_text(seed + c))
    then = sorted((u.code for u in units if not u.priority), key=lambda c: sha256_text(seed + c))
    assert redraw_earlier(round2020, frozen).units == (*first[:5], *then[:2])
    changed = replace(round2020, units=round2020.units[1:])
    with pytest.raises(DifferenceError, match="名册"):
        redraw_earlier(changed, frozen)
