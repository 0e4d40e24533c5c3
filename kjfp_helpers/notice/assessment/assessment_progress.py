"""The assessment as it stands: readings, points of the units, confirmed results, experiences."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from kjfp_helpers.core.events import AssessmentConfirmed, Event, EventLog, SummaryReadingsAssigned
from kjfp_helpers.core.records import Record
from kjfp_helpers.notice.assessment.computed_shares import Shares
from kjfp_helpers.notice.assessment.typical_experiences import TypicalExperience, fold_experiences
from kjfp_helpers.notice.assessment.unit_assessment import (
    GRADED,
    NO_SUMMARY,
    UnitAssessment,
    assess_units,
)
from kjfp_helpers.rules import AssessmentScheme, Round


@dataclass(frozen=True, kw_only=True)
class Assessment:
    """The assessment of all units.

    ``readings`` maps a reader's account to unit codes, empty before an assignment; ``confirmed`` is
    the last confirmation of results.
    """

    scheme: AssessmentScheme
    units: tuple[UnitAssessment, ...]
    readings: Mapping[str, tuple[str, ...]]
    confirmed: Event[AssessmentConfirmed] | None
    experiences: tuple[TypicalExperience, ...]

    @cached_property
    def by_unit(self) -> Mapping[str, UnitAssessment]:
        """Units by their code."""
        return {one.unit.code: one for one in self.units}

    @cached_property
    def results(self) -> Mapping[str, tuple[float, str]]:
        """Points and grade of every unit that has them now."""
        return {
            one.unit.code: (one.total, one.grade) for one in self.units if one.total is not None
        }

    @property
    def ungraded(self) -> tuple[UnitAssessment, ...]:
        """Units whose summary came and that have no grade yet."""
        return tuple(one for one in self.units if one.state not in (GRADED, NO_SUMMARY))

    @cached_property
    def changed(self) -> tuple[str, ...]:
        """Codes of units whose result is no longer the one confirmed."""
        if self.confirmed is None:
            return ()
        then = self.confirmed.body.results
        codes = (one.unit.code for one in self.units)
        return tuple(code for code in codes if self.results.get(code) != then.get(code))

    def readers_of(self, unit: str) -> tuple[str, ...]:
        """Return the accounts that are to read a unit's summary."""
        return tuple(sorted(who for who, units in self.readings.items() if unit in units))


def fold_assessment(
    round: Round,
    scheme: AssessmentScheme,
    shares: Shares,
    summaries: Mapping[str, Record],
    events: EventLog,
) -> Assessment:
    """Return the assessment that follows from figures and events.

    Parameters
    ----------
    shares : mapping
        Of the computed indicators.
    summaries : mapping
        Unit to the summary that counts.
    events : EventLog
        Standing events.
    """
    assigned = events.last(SummaryReadingsAssigned)
    confirmed = events.of(AssessmentConfirmed)[-1:]
    return Assessment(
        scheme=scheme,
        units=assess_units(round, scheme, shares, summaries, events),
        readings=assigned.readings if assigned else {},
        confirmed=confirmed[0] if confirmed else None,
        experiences=fold_experiences(events, summaries),
    )
