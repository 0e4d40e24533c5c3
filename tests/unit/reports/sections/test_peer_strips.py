"""Strips of a unit beside its peers."""

from kjfp_helpers.reports.sections import peer_strips

NAMES = ("low", "first", "median", "third", "high")


def rate_row(*values):
    return {
        "scale": "rate",
        "label": "带动脱贫（人）",
        "own": "19,219",
        "shown": "129%",
        "value": 1.29,
        "peers": {"n": 6, "range": dict(zip(NAMES, values, strict=True))},
    }


def test_a_peer_s_figure_with_two_digits_too_many_does_not_press_the_others_together():
    wild, calm = rate_row(0.95, 1.1, 1.21, 1.3, 101.14), rate_row(0.95, 1.1, 1.21, 1.3, 1.36)
    scale = peer_strips.rate_scale([wild, calm])
    assert (scale.low, scale.high) == (0.8, 2.0)
    assert scale.x(1.29) - scale.x(1.21) > 10
    assert "200%以上" in peer_strips.draw_axis(scale)
    assert 'class="beyond"' in peer_strips.draw_strip(wild, scale)
    assert 'class="beyond"' not in peer_strips.draw_strip(calm, scale)


def test_without_such_a_figure_the_axis_ends_at_the_highest():
    scale = peer_strips.rate_scale([rate_row(0.95, 1.1, 1.21, 1.3, 1.36)])
    assert scale.high == 1.36 and "以上" not in peer_strips.draw_axis(scale)
