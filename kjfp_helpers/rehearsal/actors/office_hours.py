"""Office hours of the simulated year: when people work, so that the ledger's times are likely."""

from datetime import date, datetime, time, timedelta

from kjfp_helpers.rehearsal.generator.faultless_year import CHINA

MORNING, NOON = time(9), time(12)
AFTERNOON, EVENING = time(14), time(17, 30)


def start_of_work(day: date) -> datetime:
    """Return when work begins on a day, or on the next Monday after a weekend.

    Examples
    --------
    >>> start_of_work(date(2020, 8, 22)).isoformat()
    '2020-08-24T09:00:00+08:00'
    """
    weekday = day.weekday()
    return datetime.combine(
        day + timedelta(days=max(7 - weekday, 0) if weekday > 4 else 0), MORNING, CHINA
    )


def next_working_day(at: datetime) -> datetime:
    """Return when work begins on the next working day."""
    return start_of_work(at.date() + timedelta(days=1))


def add_working_seconds(at: datetime, seconds: float) -> datetime:
    """Return the time after so many seconds; what ends outside office hours moves to the next.

    Examples
    --------
    >>> add_working_seconds(datetime(2020, 8, 21, 11, 59, tzinfo=CHINA), 120).isoformat()
    '2020-08-21T14:00:00+08:00'
    """
    later = at + timedelta(seconds=seconds)
    if later.time() < MORNING:
        return start_of_work(later.date())
    if NOON <= later.time() < AFTERNOON:
        return datetime.combine(later.date(), AFTERNOON, CHINA)
    return next_working_day(later) if later.time() >= EVENING else later
