"""The assessment as it stands: readings, points of the units, confirmed results, experiences."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from kjfp_helpers.core.events import (
    AssessmentConfirmed,
    Event,
    EventLog,
    SummaryReaderReleased,
    SummaryReadingsAssigned,
    SummarySetAside,
)
from kjfp_helpers.core.records import Record
from kjfp_helpers.notice.assessment.computed_shares import Shares
from kjfp_helpers.notice.assessment.typical_experiences import TypicalExperience, fold_experiences
from kjfp_helpers.notice.assessment.unit_grades import (
    BY_ITSELF,
    GRADED,
    NO_SUMMARY,
    UnitAssessment,
    assess_units,
)
from kjfp_helpers.notice.assessment.unread_summaries import last_set_aside, unread_states
from kjfp_helpers.rules import AssessmentScheme, Round


@dataclass(frozen=True, kw_only=True)
class Assessment:
    """The assessment of all units.

    ``readings`` maps a reader's account to unit codes, empty before an assignment; ``confirmed`` is
    the last confirmation of results; ``released`` are the readers who read no more, ``set_aside``
    what was done about summaries that cannot be read, ``unread_files`` the files of these.
    """

    scheme: AssessmentScheme
    units: tuple[UnitAssessment, ...]
    readings: Mapping[str, tuple[str, ...]]
    confirmed: Event[AssessmentConfirmed] | None
    experiences: tuple[TypicalExperience, ...]
    released: Mapping[str, Event[SummaryReaderReleased]]
    set_aside: Mapping[str, Event[SummarySetAside]]
    unread_files: Mapping[str, tuple[str, ...]]

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
        """Units whose summary can be read and that have no grade yet."""
        return tuple(one for one in self.units if one.state not in (GRADED, *BY_ITSELF))

    @cached_property
    def absent(self) -> tuple[str, ...]:
        """Codes of units that sent no summary and are treated as of the lowest grade by rule."""
        if self.scheme.no_summary != "lowest":
            return ()
        return tuple(one.unit.code for one in self.units if one.state == NO_SUMMARY)

    @cached_property
    def changed(self) -> tuple[str, ...]:
        """Codes of units whose result is no longer the one confirmed."""
        if self.confirmed is None:
            return ()
        then, absent = self.confirmed.body.results, set(self.confirmed.body.absent)
        moved = absent.symmetric_difference(self.absent)
        codes = (one.unit.code for one in self.units)
        return tuple(
            code for code in codes if self.results.get(code) != then.get(code) or code in moved
        )

    def readers_of(self, unit: str) -> tuple[str, ...]:
        """Return the accounts that are to read a unit's summary, and who was released after it."""
        return tuple(
            sorted(
                who
                for who, units in self.readings.items()
                if unit in units and (who not in self.released or who in self.by_unit[unit].readers)
            )
        )


def fold_assessment(
    round: Round,
    scheme: AssessmentScheme,
    shares: Shares,
    summaries: Mapping[str, Record],
    events: EventLog,
    unread_files: Mapping[str, tuple[str, ...]],
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
    unread_files : mapping
        Unit to the files meant as its summary that cannot be read.
    """
    unread = unread_states(unread_files, summaries, events)
    released = {event.body.reader: event for event in events.of(SummaryReaderReleased)}
    assigned = events.last(SummaryReadingsAssigned)
    confirmed = events.of(AssessmentConfirmed)[-1:]
    return Assessment(
        scheme=scheme,
        units=assess_units(round, scheme, shares, summaries, events, unread),
        readings=assigned.readings if assigned else {},
        confirmed=confirmed[0] if confirmed else None,
        experiences=fold_experiences(events, summaries),
        released={who: event for who, event in released.items() if event.body.released},
        set_aside=last_set_aside(events),
        unread_files=unread_files,
    )
