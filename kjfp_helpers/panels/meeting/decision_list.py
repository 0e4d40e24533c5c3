"""List the decisions made, in the words of the log."""

from dataclasses import dataclass

from kjfp_helpers.core.events import (
    AssessmentConfirmed,
    BallotOpened,
    BallotVoided,
    CaseVetoed,
    ConflictRuled,
    DiscussionNoted,
    Event,
    GateWaived,
    IdentitiesRevealed,
    LateScoresRuled,
    LevelConfirmed,
    MeetingHeld,
    MemberReinstated,
    MemberWithdrawn,
    OfficeConflictWaived,
    ScoringClosed,
    SeatAdded,
    SeatsLeftVacant,
    VisitFindingDecided,
    VoterConflictRuled,
)
from kjfp_helpers.core.records import KIND_TITLES
from kjfp_helpers.reports.data.event_log.event_rows import Row, describe_event, event_title
from kjfp_helpers.reports.data.event_log.event_subjects import EventNames
from kjfp_helpers.state import RoundState
from kjfp_helpers.state.access import actor_title
from kjfp_helpers.state.revocations import list_revoked

RECORDED_NOTE = "已生效。请再到“开始与进度”生成名单，更新公示文件"
"""What is said once a decision is in the ledger."""
DECISIONS: tuple[type, ...] = (
    CaseVetoed,
    SeatAdded,
    SeatsLeftVacant,
    LevelConfirmed,
    ConflictRuled,
    OfficeConflictWaived,
    VoterConflictRuled,
    MemberWithdrawn,
    MemberReinstated,
    BallotOpened,
    BallotVoided,
    ScoringClosed,
    LateScoresRuled,
    MeetingHeld,
    DiscussionNoted,
    GateWaived,
    VisitFindingDecided,
    AssessmentConfirmed,
    IdentitiesRevealed,
)
"""What the list of decisions shows; sheets stand with the members."""


@dataclass(frozen=True, kw_only=True)
class ListedDecision:
    """A decision as a line of a screen; ``back`` says what took it back, blank while it stands."""

    seq: int
    what: str
    whom: str
    words: str
    actor: str
    body: object
    back: str


def list_decisions(state: RoundState, kinds: tuple[type, ...] = ()) -> list[ListedDecision]:
    """Return the decisions of some kinds, by default all but sheets taken in, oldest first."""
    wanted, revoked, names = kinds or DECISIONS, list_revoked(state.events), EventNames(state)
    voided = {e.body.ballot: e for e in state.standing_events.of(BallotVoided)}
    rows = []
    for event in state.events:
        if not isinstance(event.body, wanted):
            continue
        back = revoked.get(event.seq)
        if isinstance(event.body, BallotOpened):
            back = voided.get(event.body.ballot)
        row = describe_event(names, event)
        rows.append(
            ListedDecision(
                seq=event.seq,
                what=event_title(event),
                whom=row["about"],
                words=_join(row["words"], row),
                actor=actor_title(event.actor),
                body=event.body,
                back=_taken_back(names, back) if back else "",
            )
        )
    return rows


def _taken_back(names: EventNames, event: Event) -> str:
    said = "已作废" if isinstance(event.body, BallotVoided) else "已撤销"
    return _join(f"{said} #{event.seq}", describe_event(names, event))


def _join(said: str, row: Row) -> str:
    """Return what was decided and why, with the persons where they are named."""
    by = f"经办 {row['by']}" if row["by"] else ""
    return "；".join(filter(None, (said, row["reason"], row["document"], by)))


def case_name(state: RoundState, case: str) -> str:
    """Return what a case is called on the screens of decisions."""
    nominee = state.screening.case_by_id.get(case)
    if nominee is None:
        return case
    unit = state.round.unit_by_code[nominee.unit].short_name
    return f"{KIND_TITLES[nominee.kind]}　{nominee.name}（{unit}，{case}）"
