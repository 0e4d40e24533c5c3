"""Round state: everything derived from mail, decisions and rules, and from nothing else.

The same three inputs give the same state, whoever derives it and whenever. It has four stages; a
stage sees the events of its own kinds only, so that what it depends on is what its digest covers.
"""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from kjfp_helpers.core.events import Event, EventLog, SummaryAssessed, SummaryHeadsRuled
from kjfp_helpers.core.events.assessment import ASSESSMENT_KINDS
from kjfp_helpers.core.events.spot_check import SPOT_CHECK_KINDS
from kjfp_helpers.core.records import Intake
from kjfp_helpers.core.state_labels import LATE
from kjfp_helpers.eligibility import Submissions, collect_submissions
from kjfp_helpers.eligibility.submissions import SUBMISSION_KINDS, SUBMISSION_RULES
from kjfp_helpers.infra.cache import CachedCall, call_uncached, content_digest
from kjfp_helpers.notice.assessment.assessment_progress import Assessment, fold_assessment
from kjfp_helpers.notice.assessment.computed_shares import compute_shares
from kjfp_helpers.notice.assessment.unread_summaries import find_unread_files
from kjfp_helpers.notice.spot_check import SpotCheck, fold_spot_check
from kjfp_helpers.panel_review import fold_roster, with_substitutes
from kjfp_helpers.rules import Round
from kjfp_helpers.state.frozen_rules import rules_in_force, with_amendments
from kjfp_helpers.state.revocations import standing_events
from kjfp_helpers.state.stages.decision import DECISION_KINDS, Decision, derive_decision
from kjfp_helpers.state.stages.scores import SCORE_KINDS, SCORE_RULES, Scores, derive_scores
from kjfp_helpers.state.stages.screening import (
    SCREENING_KINDS,
    SCREENING_RULES,
    Screening,
    derive_screening,
)
from kjfp_helpers.state.stages.screening_file import ScreeningFile
from kjfp_helpers.state.stages.stage_inputs import receipt_numbers
from kjfp_helpers.state.stages.stage_keeping import StageKeep, derive_anew


@dataclass(frozen=True, kw_only=True, eq=False)
class RoundState:
    """The state of a round in four stages, each derived when it is first asked for.

    ``rules`` are the rules as their files have them, ``round`` the same with the substitutes in
    the panel and a line for each amendment; ``events`` are all events, ``original_intake`` is what
    was read from the mail and ``intake_digest`` its digest, worked out where it is blank.
    ``keep`` hands out stages that were derived before from the same inputs, ``cached_call`` the
    results of expensive pure calls, ``screening_file`` the screening of an earlier command.
    """

    rules: Round = field(repr=False)
    round: Round
    events: EventLog = field(repr=False)
    original_intake: Intake = field(repr=False)
    intake_digest: str = ""
    cached_call: CachedCall = field(default=call_uncached, repr=False)
    keep: StageKeep = field(default=derive_anew, repr=False)
    screening_file: ScreeningFile | None = field(default=None, repr=False)

    @cached_property
    def standing_events(self) -> EventLog:
        """The events without revoked decisions."""
        return EventLog(standing_events(self.events))

    @cached_property
    def submissions(self) -> Submissions:
        """What arrived, in its current versions, and the letters about it."""
        return self.keep(
            lambda: self._submissions_key,
            lambda: collect_submissions(
                self.rules, self.original_intake, self._select(SUBMISSION_KINDS)
            ),
        )

    @cached_property
    def screening(self) -> Screening:
        """Cases with their eligibility, all findings, and what each unit sent."""
        return self.keep(
            lambda: self.screening_key,
            lambda: (
                self._read_screening()
                or derive_screening(
                    self.rules, self.submissions, self._select(SCREENING_KINDS), self.cached_call
                )
            ),
        )

    @cached_property
    def scores(self) -> Scores:
        """Conflicts, readings, scores that count and rankings."""
        return self.keep(
            lambda: self._scores_key,
            lambda: derive_scores(
                self.round,
                self.submissions,
                self.screening,
                self._select(SCORE_KINDS),
                self.cached_call,
            ),
        )

    @cached_property
    def decision(self) -> Decision:
        """Votes, shortlist and the table of the public notice."""
        return self.keep(
            lambda: self._decision_key,
            lambda: derive_decision(
                self.round, self.screening, self.scores, self._select(DECISION_KINDS)
            ),
        )

    @cached_property
    def spot_check(self) -> SpotCheck:
        """The spot check as it stands: lot, visits, findings."""
        return fold_spot_check(self.rules, self._select(SPOT_CHECK_KINDS))

    @cached_property
    def assessment(self) -> Assessment | None:
        """The assessment of the units as it stands, None in a round without a scheme."""
        scheme, screening = self.rules.assessment, self.screening
        if scheme is None:
            return None
        arrived = screening.completeness
        shares = compute_shares(
            self.rules,
            stocktake=screening.stocktake,
            stated_figures=screening.stated_figures,
            summaries=screening.summaries,
            late=frozenset(arrived.loc[arrived["summary"] == LATE, "unit"]),
        )
        summaries = self.submissions.record_by_unit("summary")
        events = self._select((SummaryAssessed, SummaryHeadsRuled, *ASSESSMENT_KINDS))
        files = find_unread_files(screening.findings, summaries)
        return fold_assessment(self.rules, scheme, shares, summaries, events, files)

    def write_screening(self) -> None:
        """Write the screening for the next command, if it was derived and has a file."""
        if self.screening_file is not None and "screening" in vars(self):
            self.screening_file.write(
                self.screening_key, self.screening, self.submissions, self.rules.commended
            )

    def _read_screening(self) -> Screening | None:
        file = self.screening_file
        if file is None:
            return None
        return file.read(self.screening_key, self.submissions, self.rules.commended)

    def _select(self, kinds: Iterable[type]) -> EventLog:
        """Return the standing events of these kinds."""
        return EventLog(self.standing_events.of(*kinds))

    @cached_property
    def _submissions_key(self) -> str:
        read = self.intake_digest or content_digest(self.original_intake)
        return self._key("submissions", read, SUBMISSION_RULES, SUBMISSION_KINDS)

    @cached_property
    def screening_key(self) -> str:
        """The name of the stage and the digest of all that the screening depends on."""
        return self._key("screening", self._submissions_key, SCREENING_RULES, SCREENING_KINDS)

    @cached_property
    def _scores_key(self) -> str:
        return self._key("scores", self.screening_key, SCORE_RULES, SCORE_KINDS)

    @cached_property
    def _decision_key(self) -> str:
        return self._key("decision", self._scores_key, (), DECISION_KINDS)

    def _key(self, stage: str, before: str, rules: Iterable[str], kinds: Iterable[type]) -> str:
        """Return the name of a stage and the digest of all that it depends on."""
        parts = [before, *(self.rules.part_digests[part] for part in rules)]
        parts += [event.content_digest for event in self._select(kinds)]
        return f"{stage} {hashlib.sha256(' '.join(parts).encode()).hexdigest()}"


def derive_state(
    rules: Round,
    intake: Intake,
    events: Iterable[Event],
    cached_call: CachedCall = call_uncached,
    *,
    intake_digest: str = "",
    keep: StageKeep = derive_anew,
    screening_file: ScreeningFile | None = None,
) -> RoundState:
    """Return the round state of these inputs; the parameters are those of the class."""
    log = EventLog(events)
    standing = standing_events(log)
    roster = fold_roster(rules.panel, standing)
    return RoundState(
        rules=rules,
        round=with_amendments(with_substitutes(rules, roster), standing),
        events=log,
        original_intake=intake,
        intake_digest=intake_digest,
        cached_call=cached_call,
        keep=keep,
        screening_file=screening_file,
    )


def state_as_of(
    round: Round,
    read: Intake,
    events: Sequence[Event],
    cached_call: CachedCall = call_uncached,
    *,
    read_digest: str = "",
    keep: StageKeep = derive_anew,
    screening_file: ScreeningFile | None = None,
) -> RoundState:
    """Derive the state as of these events, without later messages or rules.

    ``read_digest`` is that of ``read``, worked out where it is blank; the other parameters are
    those of :class:`RoundState`.

    Raises
    ------
    RuleErrors, DifferenceError
        When the rules of that time are not known.
    """
    round = rules_in_force(round, events)
    known = set(receipt_numbers(events).values())
    mails = tuple(mail for mail in read.mails if mail.receipt in known)
    records = tuple(record for record in read.records if record.receipt in known)
    loose = tuple(text for text in read.loose if text.receipt in known)
    return derive_state(
        round,
        Intake(mails=mails, records=records, loose=loose),
        events,
        cached_call,
        intake_digest=content_digest([read_digest, sorted(known)]) if read_digest else "",
        keep=keep,
        screening_file=screening_file,
    )
