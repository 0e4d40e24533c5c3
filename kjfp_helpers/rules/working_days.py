"""Working days: Monday to Friday, but for the holidays and the shifted days of the rule file."""

from datetime import date, timedelta

from pydantic import model_validator

from kjfp_helpers.rules.base_model import StrictModel, rule_error

_SATURDAY = 5


class Calendar(StrictModel):
    """``[calendar]`` of ``notice.toml``: days off on weekdays, and weekend days that are worked."""

    holidays: tuple[date, ...] = ()
    workdays: tuple[date, ...] = ()

    @model_validator(mode="after")
    def _no_day_is_both(self) -> "Calendar":
        for day in self.holidays:
            if day in self.workdays:
                raise rule_error("holidays 与 workdays 没有相同的日期", f"{day}")
        return self

    def is_workday(self, day: date) -> bool:
        """Return whether offices work on a day."""
        if day in self.workdays:
            return True
        return day.weekday() < _SATURDAY and day not in self.holidays

    def knows_year(self, year: int) -> bool:
        """Return whether the holidays of a year were entered; every year has some."""
        return any(day.year == year for day in self.holidays)

    def add_workdays(self, day: date, count: int) -> date:
        """Return the last of so many working days, counted from the day after.

        Parameters
        ----------
        day : date
            The day itself does not count.
        count : int
            Working days, at least 1.

        Examples
        --------
        >>> str(Calendar().add_workdays(date(2020, 8, 17), 5))  # a Monday
        '2020-08-24'
        """
        while count:
            day += timedelta(days=1)
            count -= self.is_workday(day)
        return day
