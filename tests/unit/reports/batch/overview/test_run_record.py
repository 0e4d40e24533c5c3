"""What changed since: refused where runs of that time are no longer kept."""

import pytest

from kjfp_helpers.core.errors import ParameterError
from kjfp_helpers.reports.batch.overview.run_record import (
    MAX_RUNS,
    RunRecord,
    reports_changed_since,
)


def test_a_time_before_the_first_run_kept_is_refused_and_no_other():
    runs = [
        RunRecord(at=f"2020-08-{1 + number // 2:02d} 09:00", by="甲", head=f"{number}:a", made={})
        for number in range(10, 10 + MAX_RUNS)
    ]
    for since in ("9", "2020-08-06"):
        with pytest.raises(ParameterError, match="只保存最近"):
            reports_changed_since(runs, since)
        assert reports_changed_since(runs[1:], since) == set()
    for since in ("10", "2020-08-07"):
        assert reports_changed_since(runs, since) == set()
