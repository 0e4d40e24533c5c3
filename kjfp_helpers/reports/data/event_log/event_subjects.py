"""Names of what an event is about: nominees, units, members, records, in the office's words."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, TypeVar

from kjfp_helpers.core.findings import FINDING_TYPES
from kjfp_helpers.core.records import KIND_TITLES, kind_of_case
from kjfp_helpers.intake.field_editing import field_label
from kjfp_helpers.reports import formatting

if TYPE_CHECKING:
    from kjfp_helpers.state import RoundState

Body = TypeVar("Body")
Said = tuple[str, str]
"""What an event is about, and what it says of it; blank where the kind of event says all."""


@dataclass(frozen=True)
class EventNames:
    """Looks up the names that the events of a round speak of."""

    state: "RoundState"

    def case(self, case: str) -> str:
        """Return a nominee with kind, unit and number, the number alone where it is unknown."""
        nominee = self.state.screening.case_by_id.get(case)
        if nominee is None:
            return case
        return f"{KIND_TITLES[nominee.kind]} {nominee.name}（{self.unit(nominee.unit)}，{case}）"

    def cases(self, cases: Iterable[str]) -> str:
        """Return several nominees, by name and number only."""
        by_id = self.state.screening.case_by_id
        return "、".join(
            f"{by_id[case].name}（{case}）" if case in by_id else case for case in cases
        )

    def unit(self, code: str) -> str:
        """Return the short name of a unit."""
        unit = self.state.round.unit_by_code.get(code)
        return unit.short_name if unit else code

    def member(self, member: str) -> str:
        """Return a panel member with name and number."""
        name = self._member_names.get(member)
        return f"{name}（{member}）" if name else member

    def voter(self, voter: str) -> str:
        """Return a voter of the meeting with name and number."""
        name = self._voter_names.get(voter)
        return f"{name}（{voter}）" if name else voter

    def subject(self, subject: str) -> str:
        """Return what a decision on a finding is about: a record, a message or a unit."""
        if subject in self.state.round.unit_by_code:
            return self.unit(subject)
        if subject.isdigit():
            return self.receipt(int(subject))
        return self.record(subject)

    def record(self, record: str) -> str:
        """Return a record as ``记录 12-2（先进个人推荐表）``."""
        kind = self.record_kind(record)
        return f"记录 {record}（{formatting.record_title(kind)}）" if kind else f"记录 {record}"

    def field(self, record: str, field: str) -> str:
        """Return the label of a field of a record."""
        return field_label(self.record_kind(record), field) or field

    def record_kind(self, record: str) -> str:
        """Return the kind of a record, ``""`` where it is unknown."""
        return self._record_kinds.get(record, "")

    def criterion(self, case: str, criterion: str) -> str:
        """Return the title of a question of the rubric."""
        team = kind_of_case(case) == "team"
        questions = self.state.round.rubric.team if team else self.state.round.rubric.individual
        return next((each.title for each in questions if each.id == criterion), criterion)

    @staticmethod
    def receipt(number: int) -> str:
        """Return a message by its receipt number."""
        return f"收讫{formatting.format_receipt_number(number)}"

    @staticmethod
    def finding(code: str) -> str:
        """Return the title of a kind of finding."""
        return FINDING_TYPES[code].title if code in FINDING_TYPES else code

    @cached_property
    def _member_names(self) -> Mapping[str, str]:
        return {row.member: row.name for row in self.state.round.panel}

    @cached_property
    def _voter_names(self) -> Mapping[str, str]:
        return {row.voter: row.name for row in self.state.round.voters}

    @cached_property
    def _record_kinds(self) -> Mapping[str, str]:
        return {record.id: record.kind for record in self.state.submissions.arrived}


Describer = Callable[[EventNames, Body], Said]
"""Says what an event of one kind is about, and what it says of it."""
