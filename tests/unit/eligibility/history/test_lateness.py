"""Lateness: the last day by the ruling on it, the time by the header that counts."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kjfp_helpers.eligibility.history import lateness
from kjfp_helpers.rules import load_round
from support.project import RULES
from support.rounds.builders import mail, ruling, team

ROUND = load_round(RULES)
BEIJING = ZoneInfo("Asia/Shanghai")


@given(
    came=st.datetimes(datetime(2020, 8, 10), datetime(2020, 8, 20), timezones=st.just(BEIJING)),
    counts=st.sampled_from(["inclusive", "exclusive"]),
)
def test_late_is_what_came_after_the_last_day_and_by_the_minutes_begun(came, counts):
    round = ruling(ROUND, deadline=counts)
    last = lateness.last_day(round, "team")[0]
    late = came.date() > last or (counts == "exclusive" and came.date() == last)
    minutes = lateness.minutes_late(round, "team", came)
    assert late is (minutes > 0)
    one = team("示例甲队")
    assert lateness.late_records(round, [mail(1, at=came)], [one]) == (
        {one.id: minutes} if late else {}
    )
    end = datetime(2020, 8, 16 if counts == "inclusive" else 15, tzinfo=BEIJING)
    if late:
        assert end + timedelta(minutes=minutes - 1) <= came < end + timedelta(minutes=minutes)


@pytest.mark.parametrize(("clock", "other"), [("received", "sent"), ("sent", "received")])
def test_the_other_header_counts_only_where_the_one_of_the_ruling_is_missing(clock, other):
    round = ruling(ROUND, clock=clock)
    both = replace(
        mail(1), sent=datetime(2020, 8, 1, tzinfo=UTC), received=datetime(2020, 8, 2, tzinfo=UTC)
    )
    assert lateness.arrival_evidence(round, both) == clock
    assert lateness.arrival_time(round, both) == getattr(both, clock)
    assert lateness.arrival_evidence(round, replace(both, **{clock: None})) == other
    bare = replace(both, sent=None, received=None)
    assert lateness.arrival_evidence(round, bare) is lateness.arrival_time(round, bare) is None
