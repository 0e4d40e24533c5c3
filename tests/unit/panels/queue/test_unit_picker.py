"""A unit is chosen by as much of its name as means one only."""

from types import SimpleNamespace

import pytest

from kjfp_helpers.panels.queue.unit_picker import UnitPicker

UNITS = [
    SimpleNamespace(code="11", name="北京市扶贫办公室", short_name="北京"),
    SimpleNamespace(code="12", name="天津市扶贫办公室", short_name="天津"),
    SimpleNamespace(code="S011", name="中国天津学会", short_name="天津学会"),
]


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("北京", "11"),
        (" 12 ", "12"),
        ("天津", "12"),
        ("津学", "S011"),
        ("办公室", ""),
        ("上海", ""),
        ("", ""),
        ("北京市扶贫办公室（11）", "11"),
    ],
)
def test_what_is_typed_means_one_unit_or_none_and_is_completed(typed, code):
    picker = UnitPicker(UNITS)
    picker.value = typed
    assert picker.code == code and (not code or f"（{code}）" in picker.value)
