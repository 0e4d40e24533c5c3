"""Whether what a message brought came after its day, in words and as a mark."""

import pytest

from kjfp_helpers.reports.data.deadline_texts import CORRECTED, DeadlineTexts


@pytest.mark.parametrize(
    ("told", "late"),
    [
        ("", False),
        ("按期", False),
        (CORRECTED, False),
        ("补正逾期", True),
        ("推荐材料逾期2天", True),
    ],
)
def test_a_correction_after_the_day_is_not_marked_as_late(monkeypatch, told, late):
    texts = object.__new__(DeadlineTexts)
    monkeypatch.setattr(DeadlineTexts, "punctuality_text", lambda self, mail: told)
    assert texts.is_late(None) is late
