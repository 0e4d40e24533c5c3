"""What is missing is missing for screens, reports and data files alike."""

import math
from decimal import Decimal

import numpy as np
import pandas as pd
import pytest

from kjfp_helpers.infra.missing_values import is_missing
from kjfp_helpers.panels.widgets.html_templates import format_cell
from kjfp_helpers.reports import formatting

MISSING = [None, "", math.nan, np.float64("nan"), Decimal("nan"), pd.NA, pd.NaT, "NaT", "<NA>"]
VALUES = [0, 0.0, False, [], (), np.int64(0), "0", "无", " ", np.array([math.nan, 1.0])]


@pytest.mark.parametrize("value", MISSING, ids=repr)
def test_a_missing_value_is_told_everywhere(value):
    assert is_missing(value)
    assert "未填" in format_cell(value)
    assert formatting.format_number(value) == formatting.MISSING
    assert formatting.json_value(value) is None


@pytest.mark.parametrize("value", VALUES, ids=repr)
def test_zero_false_and_what_is_empty_are_values(value):
    assert not is_missing(value)


def test_a_cell_of_a_frame_is_missing_where_pandas_says_so():
    frame = pd.DataFrame(
        {"a": [1, None], "b": pd.to_datetime(["2020-08-01", None]), "c": ["x", None]}
    )
    for column in frame:
        assert [is_missing(cell) for cell in frame[column]] == frame[column].isna().tolist()
