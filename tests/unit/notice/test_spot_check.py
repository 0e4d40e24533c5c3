"""The lot anyone can redraw."""

import hashlib
from dataclasses import replace

import pytest

from kjfp_helpers.core.errors import DifferenceError, RuleError
from kjfp_helpers.notice import spot_check
from kjfp_helpers.rules import load_round


@pytest.fixture(scope="module")
def round2020(rules_folder):
    return load_round(rules_folder)


def with_rule(round, **values):
    rule = round.notice.spot_check.model_copy(update=values)
    return replace(round, notice=round.notice.model_copy(update={"spot_check": rule}))


def sha(text):
    return hashlib.sha256(text.encode()).hexdigest()


def test_frame_holds_every_provincial_office_and_no_society(round2020):
    frame = spot_check.freeze_frame(round2020)
    assert len(frame.units) == 32
    assert list(frame.units) == sorted(frame.units)


def test_lot_can_be_redrawn_with_a_hash_tool_alone(round2020):
    frame = spot_check.freeze_frame(round2020)
    units = sorted((u for u in round2020.units if u.kind == "province"), key=lambda u: u.code)
    lines = "".join(f"{u.code} {'priority' if u.priority else 'other'}\n" for u in units)
    seed = sha(sha(lines) + "20200815")
    first = sorted((u.code for u in units if u.priority), key=lambda code: sha(seed + code))
    then = sorted((u.code for u in units if not u.priority), key=lambda code: sha(seed + code))
    drawn = spot_check.draw_units(round2020, frame)
    assert drawn.seed == seed
    assert drawn.units == (*first[:5], *then[:2])  # 20% of 22 and of 10, rounded up


@pytest.mark.parametrize(("share", "number"), [(0.1, 4), (0.3, 10), (0.5, 16), (1.0, 32)])
def test_share_is_rounded_up_exactly_in_each_stratum(round2020, share, number):
    round = with_rule(round2020, share=share)
    drawn = spot_check.draw_units(round, spot_check.freeze_frame(round)).units
    assert len(drawn) == len(set(drawn)) == number


def test_order_of_the_units_file_does_not_matter(round2020):
    turned = replace(round2020, units=round2020.units[::-1])
    assert spot_check.freeze_frame(turned) == spot_check.freeze_frame(round2020)
    frame = spot_check.freeze_frame(round2020)
    assert spot_check.draw_units(turned, frame) == spot_check.draw_units(round2020, frame)


def test_other_public_value_draws_another_lot(round2020):
    other = spot_check.freeze_frame(with_rule(round2020, public_value="20200816"))
    first = spot_check.draw_units(round2020, spot_check.freeze_frame(round2020))
    assert spot_check.draw_units(round2020, other).units != first.units


def test_changed_units_after_freezing_are_refused(round2020):
    frame = spot_check.freeze_frame(round2020)
    changed = tuple(
        replace(u, priority=not u.priority) if u.code == "11" else u for u in round2020.units
    )
    with pytest.raises(DifferenceError, match="抽样框"):
        spot_check.draw_units(replace(round2020, units=changed), frame)


def test_blank_public_value_is_refused(round2020):
    with pytest.raises(RuleError, match="public_value"):
        spot_check.freeze_frame(with_rule(round2020, public_value=" "))
