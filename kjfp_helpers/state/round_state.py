"""Round state: everything derived from mail, decisions and rules, and from nothing else.

The same three inputs give the same state, whoever derives it and whenever.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

from kjfp_helpers.core.events import Event
from kjfp_helpers.core.records import Intake
from kjfp_helpers.eligibility import Submissions, collect_submissions
from kjfp_helpers.infra.cache import CachedCall, call_uncached
from kjfp_helpers.panel_review import fold_roster, with_substitutes
from kjfp_helpers.rules import Round
from kjfp_helpers.state.frozen_rules import with_amendments
from kjfp_helpers.state.revocations import standing_events
from kjfp_helpers.state.stages.decision import Decision, derive_decision
from kjfp_helpers.state.stages.scores import Scores, derive_scores
from kjfp_helpers.state.stages.screening import Screening, derive_screening


@dataclass(frozen=True, kw_only=True, eq=False)
class RoundState:
    """The state of a round in four stages, each derived when it is first asked for.

    ``round`` are the rules with the substitutes in their panel and a line for each amendment;
    ``events`` are all events, ``standing_events`` those without revoked decisions.
    """

    round: Round
    events: tuple[Event, ...]
    original_intake: Intake = field(repr=False)
    cached_call: CachedCall = field(default=call_uncached, repr=False)

    @cached_property
    def standing_events(self) -> tuple[Event, ...]:
        """The events without revoked decisions."""
        return standing_events(self.events)

    @cached_property
    def submissions(self) -> Submissions:
        """What arrived, in its current versions, and the letters about it."""
        return collect_submissions(self.round, self.original_intake, self.standing_events)

    @cached_property
    def screening(self) -> Screening:
        """Cases with their eligibility, all findings, and what each unit sent."""
        return derive_screening(
            self.round, self.submissions, self.standing_events, self.cached_call
        )

    @cached_property
    def scores(self) -> Scores:
        """Conflicts, readings, scores that count and rankings."""
        return derive_scores(
            self.round, self.submissions, self.screening, self.standing_events, self.cached_call
        )

    @cached_property
    def decision(self) -> Decision:
        """Votes, shortlist and the table of the public notice."""
        return derive_decision(self.round, self.screening, self.scores, self.standing_events)


def derive_state(
    round: Round,
    intake: Intake,
    events: Sequence[Event],
    cached_call: CachedCall = call_uncached,
) -> RoundState:
    """Return the round state of these inputs.

    ``cached_call`` caches expensive pure calls: the comparison of stories and the rankings.
    """
    standing = standing_events(events)
    roster = fold_roster(round.panel, standing)
    return RoundState(
        round=with_amendments(with_substitutes(round, roster), standing),
        events=tuple(events),
        original_intake=intake,
        cached_call=cached_call,
    )
